internal import Synchronization

/// Durations counted in fixed buckets. Any thread; no lock.
public final class Histogram: Sendable {
    /// The upper bounds of a histogram's buckets; values above the last count as +Inf.
    public struct Bounds: Hashable, Sendable {
        /// Nanoseconds, ascending; at most 23.
        let nanoseconds: [UInt64]

        /// From half a millisecond to ten seconds: requests and upstream calls.
        public static let latency = Bounds(microseconds: [
            500, 1000, 2500, 5000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000,
            10_000_000,
        ])
        /// From ten microseconds to a second: time spent by the gateway itself.
        public static let overhead = Bounds(microseconds: [
            10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000,
        ])

        private init(microseconds: [UInt64]) {
            nanoseconds = microseconds.map { $0 * 1000 }
        }
    }

    /// One reading of all buckets.
    struct Reading {
        /// Values in each bucket, the last one +Inf; not cumulative.
        var buckets: [UInt64]
        /// Nanoseconds of all values together.
        var sum: UInt64
    }

    let bounds: Bounds
    private let buckets: InlineArray<24, Atomic<UInt64>>
    private let sum = Atomic<UInt64>(0)

    init(_ bounds: Bounds) {
        self.bounds = bounds
        buckets = InlineArray { _ in Atomic(0) }
    }

    /// Counts one duration.
    public func record(nanoseconds: UInt64) {
        var index = 0
        while index < bounds.nanoseconds.count, nanoseconds > bounds.nanoseconds[index] { index += 1 }
        buckets[index].wrappingAdd(1, ordering: .relaxed)
        sum.wrappingAdd(nanoseconds, ordering: .relaxed)
    }

    /// Durations counted so far.
    public var count: UInt64 { reading.buckets.reduce(0, &+) }

    /// Nanoseconds of all durations together.
    public var sumNanoseconds: UInt64 { sum.load(ordering: .relaxed) }

    var reading: Reading {
        let counts = (0...bounds.nanoseconds.count).map { buckets[$0].load(ordering: .relaxed) }
        return Reading(buckets: counts, sum: sumNanoseconds)
    }
}
