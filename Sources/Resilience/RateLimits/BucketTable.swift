/// The buckets of one limit by the hash of their key, in a bounded table.
///
/// A bucket can stand at eight places, chosen by its hash. Where all are taken, a new one displaces one that is full,
/// which loses nothing, or else the one that is nearest to it: a flood of new keys eases the limits of others a little,
/// and takes neither memory nor time for it. Hashes are to be keyed with a secret, and two keys of one hash share a
/// bucket.
///
/// A value without clock or lock: times are nanoseconds of one monotonic clock, and the owner serialises the calls.
public struct BucketTable: Sendable {
    private static let ways = 8

    private struct Bucket: Sendable {
        var hash: UInt64 = 0
        /// 0: nothing stands here.
        var fullAt: UInt64 = 0
    }

    private var buckets: [Bucket] = []
    private let sets: Int

    /// An empty table, which takes no memory before its first bucket.
    /// - Parameter capacity: buckets at most, rounded up to 8 times a power of two; 16 bytes each.
    public init(capacity: Int) {
        var sets = 1
        while sets * Self.ways < capacity { sets *= 2 }
        self.sets = sets
    }

    /// Buckets that it can hold.
    public var capacity: Int { sets * Self.ways }

    /// Takes tokens of the bucket of a key, if there are as many.
    public mutating func take(_ tokens: Int, of hash: UInt64, _ limit: RateLimit, now: UInt64) -> RateLimit.Verdict {
        if buckets.isEmpty { buckets = [Bucket](repeating: Bucket(), count: capacity) }
        let first = Int(truncatingIfNeeded: hash & UInt64(sets - 1)) * Self.ways
        var place = first
        for index in first..<(first + Self.ways) {
            if buckets[index].hash == hash {
                place = index
                break
            }
            if buckets[index].fullAt < buckets[place].fullAt { place = index }
        }
        var fullAt = buckets[place].hash == hash ? buckets[place].fullAt : 0
        let verdict = limit.take(tokens, from: &fullAt, now: now)
        buckets[place] = Bucket(hash: hash, fullAt: fullAt)
        return verdict
    }

    /// Buckets that aren't full.
    public func count(now: UInt64) -> Int { buckets.count { $0.fullAt > now } }
}
