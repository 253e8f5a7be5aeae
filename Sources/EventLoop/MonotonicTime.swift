/// A point on the machine's monotonic clock, in nanoseconds since an arbitrary start.
///
/// The loop's time, and what every state machine above it is fed with. `CLOCK_MONOTONIC`, so it neither jumps nor runs
/// back.
public struct MonotonicTime: Comparable, Hashable, Sendable {
    /// Nanoseconds since the clock's start.
    public var nanoseconds: UInt64

    /// The point `nanoseconds` after the clock's start.
    @inlinable public init(nanoseconds: UInt64) {
        self.nanoseconds = nanoseconds
    }

    /// A point that no clock reaches: "no deadline".
    public static let distantFuture = MonotonicTime(nanoseconds: .max)

    /// Whether `left` comes earlier.
    @inlinable public static func < (left: Self, right: Self) -> Bool { left.nanoseconds < right.nanoseconds }

    /// The point `nanoseconds` later, at most `distantFuture`.
    @inlinable public func advanced(byNanoseconds nanoseconds: UInt64) -> MonotonicTime {
        let (sum, overflow) = self.nanoseconds.addingReportingOverflow(nanoseconds)
        return overflow ? .distantFuture : MonotonicTime(nanoseconds: sum)
    }

    /// Nanoseconds from `earlier` to here; 0 if it isn't earlier.
    @inlinable public func nanoseconds(since earlier: MonotonicTime) -> UInt64 {
        nanoseconds > earlier.nanoseconds ? nanoseconds - earlier.nanoseconds : 0
    }
}
