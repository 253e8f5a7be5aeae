/// Decides which traces are recorded: a caller's decision holds; without a caller, a share of them.
public struct TraceSampler: Sendable {
    private let bound: UInt64

    /// - Parameter share: from 0 (none) to 1 (all).
    public init(share: Double) {
        bound = share >= 1 ? 1 << 63 : UInt64(max(share, 0) * 0x1p63)
    }

    /// Whether a new trace is recorded. By its identity, so that all services with this rule and share decide alike
    /// (OpenTelemetry's `TraceIdRatioBased`).
    public func isSampled(_ traceLow: UInt64) -> Bool { traceLow >> 1 < bound }
}
