internal import Synchronization

/// Durations or counts, by fixed buckets. Any thread; no lock.
public final class Histogram: Sendable {
    /// The upper bounds of a histogram's buckets; values above the last count as +Inf.
    public struct Bounds: Hashable, Sendable {
        /// What the numbers are.
        enum Unit: Hashable, Sendable {
            /// Nanoseconds, which the page shows in seconds.
            case nanoseconds
            case ones
        }

        /// Ascending; at most 23.
        let values: [UInt64]
        let unit: Unit

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
            values = microseconds.map { $0 * 1000 }
            unit = .nanoseconds
        }

        /// Bounds of counts: ascending, at most 23.
        public init(counts: [UInt64]) {
            values = counts
            unit = .ones
        }
    }

    /// One reading of all buckets.
    struct Reading {
        /// Values in each bucket, the last one +Inf; not cumulative.
        var buckets: [UInt64]
        /// All values together.
        var sum: UInt64
        /// The last exemplar of each bucket; empty where there never was one.
        var exemplars: [Exemplar?] = []

        /// Takes in another one of the same bounds.
        mutating func add(_ other: Reading) {
            for index in buckets.indices { buckets[index] &+= other.buckets[index] }
            sum &+= other.sum
        }
    }

    let bounds: Bounds
    private let buckets: InlineArray<24, Atomic<UInt64>>
    private let sum = Atomic<UInt64>(0)
    /// Of the buckets; empty until the first.
    private let exemplars = Mutex<[Exemplar?]>([])

    init(_ bounds: Bounds) {
        self.bounds = bounds
        buckets = InlineArray { _ in Atomic(0) }
    }

    /// Counts one duration.
    public func record(nanoseconds: UInt64) {
        buckets[bucket(of: nanoseconds)].wrappingAdd(1, ordering: .relaxed)
        sum.wrappingAdd(nanoseconds, ordering: .relaxed)
    }

    /// Counts one duration, and keeps it as the example of its bucket. Takes a short lock.
    public func record(nanoseconds: UInt64, in trace: TraceContext, at time: WallTime) {
        record(nanoseconds: nanoseconds)
        exemplars.withLock { exemplars in
            if exemplars.isEmpty { exemplars = Array(repeating: nil, count: bounds.values.count + 1) }
            exemplars[bucket(of: nanoseconds)] = Exemplar(trace: trace, value: nanoseconds, time: time)
        }
    }

    /// Counts one value in a histogram that no other thread records into: plain loads and stores, so that shards don't
    /// pass cache lines around.
    public func recordAlone(_ value: UInt64) {
        let index = bucket(of: value)
        buckets[index].store(buckets[index].load(ordering: .relaxed) &+ 1, ordering: .relaxed)
        sum.store(sum.load(ordering: .relaxed) &+ value, ordering: .relaxed)
    }

    private func bucket(of value: UInt64) -> Int {
        var index = 0
        while index < bounds.values.count, value > bounds.values[index] { index += 1 }
        return index
    }

    /// Durations counted so far.
    public var count: UInt64 { reading.buckets.reduce(0, &+) }

    /// Nanoseconds of all durations together.
    public var sumNanoseconds: UInt64 { sum.load(ordering: .relaxed) }

    var reading: Reading {
        let counts = (0...bounds.values.count).map { buckets[$0].load(ordering: .relaxed) }
        return Reading(buckets: counts, sum: sumNanoseconds, exemplars: exemplars.withLock { $0 })
    }
}
