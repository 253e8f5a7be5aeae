/// How long to wait before a retry: full jitter, so that callers who failed together don't come back together.
///
/// The n-th retry waits a random time from 0 to `base · 2ⁿ⁻¹`, the latter capped by `max`
/// (M. Brooker, "Exponential Backoff And Jitter").
public struct Backoff: Hashable, Sendable {
    /// Nanoseconds the first retry waits at most.
    public var base: UInt64
    /// Nanoseconds any retry waits at most.
    public var max: UInt64

    /// A backoff; times in nanoseconds.
    public init(base: UInt64 = 20_000_000, max: UInt64 = 250_000_000) {
        self.base = base
        self.max = max
    }

    /// The longest that retry number `retry` (from 1) may wait, in nanoseconds.
    public func ceiling(retry: Int) -> UInt64 {
        let doublings = Swift.max(retry, 1) - 1
        guard doublings < base.leadingZeroBitCount else { return base == 0 ? 0 : max }
        return Swift.min(base << UInt64(doublings), max)
    }

    /// Nanoseconds that retry number `retry` (from 1) waits.
    public func delay(retry: Int, using random: inout some RandomNumberGenerator) -> UInt64 {
        let ceiling = ceiling(retry: retry)
        return ceiling == 0 ? 0 : UInt64.random(in: 0...ceiling, using: &random)
    }
}
