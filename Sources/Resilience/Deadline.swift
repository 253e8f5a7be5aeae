/// The point in time at which a whole request is over, and how its tries share what is left.
///
/// Times are nanoseconds of one monotonic clock.
public struct Deadline: Hashable, Sendable {
    /// When it is over; `UInt64.max` = never.
    public let nanoseconds: UInt64

    /// A deadline at that time.
    public init(nanoseconds: UInt64) {
        self.nanoseconds = nanoseconds
    }

    /// The deadline of a request: the smaller of the gateway's timeout and the client's, from its arrival on.
    /// - Parameters:
    ///   - timeout: the gateway's own, in nanoseconds; nil = none.
    ///   - clientTimeout: what the client asked for, in nanoseconds (see `clientTimeout(_:)`); nil = nothing.
    public init(receivedAt: UInt64, timeout: UInt64?, clientTimeout: UInt64?) {
        let timeout = min(timeout ?? .max, clientTimeout ?? .max)
        let (sum, overflow) = receivedAt.addingReportingOverflow(timeout)
        nanoseconds = overflow ? .max : sum
    }

    /// Nanoseconds left at `now`; 0 when it is over.
    @inlinable public func remaining(now: UInt64) -> UInt64 {
        nanoseconds > now ? nanoseconds - now : 0
    }

    /// Whether it is over at `now`.
    @inlinable public func isOver(now: UInt64) -> Bool { nanoseconds <= now }

    /// What bounds a try that starts now.
    public struct TryLimit: Hashable, Sendable {
        /// When the try ends.
        public let nanoseconds: UInt64
        /// Whether it is the whole deadline that cuts it (`DEADLINE_EXCEEDED`), not its own timeout
        /// (`UPSTREAM_TIMEOUT`).
        public let isWholeDeadline: Bool
    }

    /// The share of a try that starts at `now`: its timeout, or what is left if that is less.
    /// - Parameter timeout: of one try, in nanoseconds; nil = none of its own.
    public func tryLimit(timeout: UInt64?, now: UInt64) -> TryLimit {
        guard let timeout else { return TryLimit(nanoseconds: nanoseconds, isWholeDeadline: true) }
        let (sum, overflow) = now.addingReportingOverflow(timeout)
        guard !overflow, sum < nanoseconds else { return TryLimit(nanoseconds: nanoseconds, isWholeDeadline: true) }
        return TryLimit(nanoseconds: sum, isWholeDeadline: false)
    }

    /// What is left at `now` in whole milliseconds, rounded down: the value of `x-request-timeout-ms` upstream.
    public func remainingMilliseconds(now: UInt64) -> UInt64 { remaining(now: now) / 1_000_000 }

    /// Reads the value of a client's `x-request-timeout-ms`.
    /// - Returns: nanoseconds; nil unless it is a positive integer in plain digits. One too large to count is as good
    ///   as none.
    public static func clientTimeout(_ value: RawSpan) -> UInt64? {
        guard value.byteCount > 0 else { return nil }
        var milliseconds: UInt64 = 0
        for offset in 0..<value.byteCount {
            let digit = value.byte(at: offset) &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            let (shifted, tooLong) = milliseconds.multipliedReportingOverflow(by: 10)
            let (sum, tooLarge) = shifted.addingReportingOverflow(UInt64(digit))
            milliseconds = tooLong || tooLarge ? .max : sum
            if milliseconds == .max { return allDigits(value) ? .max : nil }
        }
        guard milliseconds > 0 else { return nil }
        let (nanoseconds, overflow) = milliseconds.multipliedReportingOverflow(by: 1_000_000)
        return overflow ? .max : nanoseconds
    }

    private static func allDigits(_ value: RawSpan) -> Bool {
        for offset in 0..<value.byteCount where value.byte(at: offset) &- UInt8(ascii: "0") > 9 {
            return false
        }
        return true
    }
}

extension RawSpan {
    /// The byte at `offset`, checked against the span's bounds.
    fileprivate func byte(at offset: Int) -> UInt8 {
        precondition(offset >= 0 && offset < byteCount)
        return unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self)
    }
}
