/// Finds out how many calls an upstream takes at once before they begin to wait for one another there.
///
/// Latency tells: while calls don't wait it stays at its base, beyond that it grows with their number. After each sample
/// of a hundred milliseconds and ten answers the limit becomes `limit · gradient + √limit`, where the gradient is
/// `tolerance · base / sample`, from a half to one: the rule of Netflix's concurrency-limits and of Envoy's adaptive
/// concurrency filter. The root is the queue that is put up with, and what lets the limit grow again.
///
/// The base is what calls took in a lull, when at most half of the limit was used: the least of the last half minute.
/// Where no lull comes for two minutes, one is made: the limit falls to its root until ten calls that began then have
/// been answered. A value without clock or lock: times are nanoseconds of one monotonic clock.
public struct AdaptiveLimit: Sendable {
    /// How long a call took.
    public enum Latency: Hashable, Sendable {
        /// Nanoseconds to its answer.
        case answered(UInt64)
        /// Nanoseconds until it was given up: its answer would have taken longer.
        case givenUp(UInt64)
    }

    private static let tolerance = 1.5
    private static let sampleTime: UInt64 = 100_000_000
    private static let sampleSize = 10
    private static let baseLifetime: UInt64 = 30_000_000_000
    private static let longestWithoutLull: UInt64 = 120_000_000_000

    /// What the limit never exceeds.
    public let max: Int
    /// Calls that may be under way at once now, from 1.
    public private(set) var limit: Int
    /// Nanoseconds that a call takes when none waits; nil while that isn't known.
    public private(set) var base: UInt64?
    private var baseTakenAt: UInt64 = 0
    /// While a lull is made: since when, and the limit before it.
    private var lull: (since: UInt64, limit: Int)?

    private var sampleStartedAt: UInt64 = 0
    private var sampleSum: UInt64 = 0
    private var sampleCount = 0
    private var mostInFlight = 0

    /// A limit that begins at 16, or at `max` if that is less.
    public init(max: Int) {
        self.max = Swift.max(max, 1)
        limit = Swift.min(self.max, 16)
    }

    /// Counts a call that ended at `now`.
    /// - Parameter inFlight: calls under way at its end, itself included.
    public mutating func record(_ latency: Latency, inFlight: Int, now: UInt64) {
        mostInFlight = Swift.max(mostInFlight, inFlight)
        let nanoseconds: UInt64
        switch latency {
        case .answered(let time): nanoseconds = time
        case .givenUp(let time):
            // Less than the base says nothing of how long it would have taken.
            guard let base, time > base else { return }
            nanoseconds = time
        }
        // What began before the lull waited with all the others.
        if let lull, now < lull.since || now - lull.since < nanoseconds { return }
        if sampleCount == 0 { sampleStartedAt = now > nanoseconds ? now - nanoseconds : 0 }
        let (sum, overflow) = sampleSum.addingReportingOverflow(nanoseconds)
        sampleSum = overflow ? .max : sum
        sampleCount += 1
        guard sampleCount >= Self.sampleSize, now >= sampleStartedAt, now - sampleStartedAt >= Self.sampleTime else {
            return
        }
        take(sample: Swift.max(sampleSum / UInt64(sampleCount), 1), now: now)
        sampleSum = 0
        sampleCount = 0
        mostInFlight = 0
    }

    private mutating func take(sample: UInt64, now: UInt64) {
        let age = now > baseTakenAt ? now - baseTakenAt : 0
        if let lull {
            self.lull = nil
            limit = lull.limit
            setBase(sample, now)
            return
        }
        let isLull = mostInFlight * 2 <= limit
        guard let known = base, !(isLull && age >= Self.baseLifetime) else { return setBase(sample, now) }
        if isLull || sample < known { setBase(Swift.min(sample, known), now) }
        follow(sample, isUsed: !isLull)
        if age >= Self.longestWithoutLull, !isLull {
            lull = (since: now, limit: limit)
            limit = root(limit)
        }
    }

    private mutating func setBase(_ sample: UInt64, _ now: UInt64) {
        base = sample
        baseTakenAt = now
    }

    /// - Parameter isUsed: whether the calls came near the limit; it doesn't grow where nobody needs it to.
    private mutating func follow(_ sample: UInt64, isUsed: Bool) {
        let gradient = Swift.min(Swift.max(Self.tolerance * Double(base ?? sample) / Double(sample), 0.5), 1)
        let next = Int(Double(limit) * gradient) + root(limit)
        guard next <= limit || isUsed else { return }
        limit = Swift.min(Swift.max(next, 1), max)
    }

    private func root(_ number: Int) -> Int { Swift.max(Int(Double(number).squareRoot()), 1) }
}
