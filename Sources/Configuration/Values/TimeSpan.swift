/// A length of time, in nanoseconds: what `250ms`, `5s`, `2m` and `1h` mean.
public struct TimeSpan: Hashable, Comparable, Sendable {
    /// The length in nanoseconds.
    public var nanoseconds: UInt64

    /// A length of so many nanoseconds.
    public init(nanoseconds: UInt64) {
        self.nanoseconds = nanoseconds
    }

    /// A length of so many milliseconds; negative ones count as 0.
    public static func milliseconds(_ count: Int) -> TimeSpan {
        TimeSpan(nanoseconds: UInt64(max(0, count)).multipliedReportingOverflow(by: 1_000_000).partialValue)
    }

    /// A length of so many seconds; negative ones count as 0.
    public static func seconds(_ count: Int) -> TimeSpan {
        TimeSpan(nanoseconds: UInt64(max(0, count)).multipliedReportingOverflow(by: 1_000_000_000).partialValue)
    }

    /// Whether `left` is the shorter.
    public static func < (left: TimeSpan, right: TimeSpan) -> Bool { left.nanoseconds < right.nanoseconds }
}
