/// A length of time, in nanoseconds: what `250ms`, `5s`, `2m` and `1h` mean.
public struct TimeSpan: Hashable, Comparable, Sendable, CustomStringConvertible {
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

    /// As a configuration writes it: `800ms`, `5s`, `2m`.
    public var description: String {
        let milliseconds = (nanoseconds + 500_000) / 1_000_000
        switch milliseconds {
        case 0: return nanoseconds == 0 ? "0s" : "1ms"
        case let count where count % 60_000 == 0: return "\(count / 60_000)m"
        case let count where count % 1000 == 0: return "\(count / 1000)s"
        default: return "\(milliseconds)ms"
        }
    }

    /// Whether `left` is the shorter.
    public static func < (left: TimeSpan, right: TimeSpan) -> Bool { left.nanoseconds < right.nanoseconds }
}
