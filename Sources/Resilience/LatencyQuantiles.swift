/// Quantiles of the latencies of the last ten to twenty seconds, in bounded memory.
///
/// Latencies are counted in log-linear buckets, as HdrHistogram does (G. Tene): each power of two is cut into sixteen
/// equal parts, so a quantile is at most 1/16 above the true one whatever the distribution. Two sets of buckets take
/// turns, each for a period; what is asked for is read from both. A value without clock or lock: times are nanoseconds
/// of one monotonic clock.
public struct LatencyQuantiles: Sendable {
    /// Nanoseconds that one set of buckets is filled.
    public static let period: UInt64 = 10_000_000_000

    // Latencies are counted in units of 1,024 ns: below 32 units one bucket each, up to 2^27 units (137 s) sixteen
    // buckets to a power of two.
    private static let linear = 32
    private static let highestPower = 26
    private static let bucketCount = linear + (highestPower - 4) * 16

    private var current = [UInt32](repeating: 0, count: bucketCount)
    private var previous = [UInt32](repeating: 0, count: bucketCount)
    private var currentCount = 0
    private var previousCount = 0
    private var periodNumber: UInt64 = 0

    /// Nothing was measured yet.
    public init() {}

    /// Latencies that are still counted.
    public var count: Int { currentCount + previousCount }

    /// Counts one latency, in nanoseconds, that was measured at `now`.
    public mutating func record(_ latency: UInt64, now: UInt64) {
        slide(to: now)
        let bucket = Self.bucket(of: latency)
        if current[bucket] < .max { current[bucket] += 1 }
        currentCount += 1
    }

    /// The latency, in nanoseconds, that the share `quantile` of all was not above; nil where nothing is counted.
    /// - Parameter quantile: over 0, up to 1; 0.95 is the 95th percentile.
    public mutating func value(at quantile: Double, now: UInt64) -> UInt64? {
        slide(to: now)
        guard count > 0 else { return nil }
        let rank = max(Int((quantile * Double(count)).rounded(.up)), 1)
        var seen = 0
        for bucket in 0..<Self.bucketCount {
            seen += Int(current[bucket]) + Int(previous[bucket])
            if seen >= rank { return Self.upperBound(of: bucket) }
        }
        return Self.upperBound(of: Self.bucketCount - 1)
    }

    private mutating func slide(to now: UInt64) {
        let number = now / Self.period
        guard number > periodNumber else { return }
        swap(&current, &previous)
        previousCount = currentCount
        if number - periodNumber > 1 {
            clear(&previous)
            previousCount = 0
        }
        clear(&current)
        currentCount = 0
        periodNumber = number
    }

    private func clear(_ buckets: inout [UInt32]) {
        for bucket in buckets.indices { buckets[bucket] = 0 }
    }

    private static func bucket(of latency: UInt64) -> Int {
        let units = latency >> 10
        if units < UInt64(linear) { return Int(units) }
        let power = min(63 - units.leadingZeroBitCount, highestPower + 1)
        guard power <= highestPower else { return bucketCount - 1 }
        return linear + (power - 5) * 16 + Int((units >> UInt64(power - 4)) & 15)
    }

    /// The end of a bucket, in nanoseconds.
    private static func upperBound(of bucket: Int) -> UInt64 {
        if bucket < linear { return UInt64(bucket + 1) << 10 }
        let (power, part) = (bucket - linear).quotientAndRemainder(dividingBy: 16)
        return UInt64(17 + part) << UInt64(power + 1 + 10)
    }
}
