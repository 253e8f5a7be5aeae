/// Decides when a call that is slow is sent a second time, and how many calls may be.
///
/// Most of a service's slowest answers would have been quick at another try (J. Dean and L. A. Barroso, "The Tail at
/// Scale"). So a call that has no answer after the time that most calls take is doubled, and the first answer counts.
/// Each call earns `atMost` of a hedge, so that hedges never exceed that share of the calls; at most ten are saved up
/// for bad moments. A value without clock or lock: times are nanoseconds of one monotonic clock.
public struct Hedging: Sendable {
    /// When a call is slow.
    public enum Delay: Hashable, Sendable {
        /// After that many nanoseconds.
        case fixed(UInt64)
        /// After the time within which this share of the answers has come lately; 0.95 is `p95`.
        case quantile(Double)
    }

    /// A `hedge` block; the defaults are its own.
    public struct Settings: Hashable, Sendable {
        /// When a call is sent a second time.
        public var after: Delay
        /// Hedges as a share of calls, 0 to 1.
        public var atMost: Double

        /// Settings.
        public init(after: Delay = .quantile(0.95), atMost: Double = 0.05) {
            self.after = after
            self.atMost = atMost
        }
    }

    /// Answers that must have been measured before their quantile means anything.
    public static let leastAnswers = 20
    /// Hedges that may be saved up.
    public static let mostSaved = 10.0
    private static let refreshInterval: UInt64 = 100_000_000

    /// Nanoseconds after which a call is slow; `UInt64.max` while that isn't known.
    public private(set) var delay: UInt64
    private let settings: Settings
    private var latencies = LatencyQuantiles()
    private var saved = 0.0
    private var refreshedAt: UInt64 = 0

    /// Nothing was measured and nothing is saved.
    public init(_ settings: Settings) {
        self.settings = settings
        delay = if case .fixed(let nanoseconds) = settings.after { nanoseconds } else { .max }
    }

    /// Counts a call that ended at `now`.
    /// - Parameter latency: nanoseconds from its first try to its answer; nil where there was none.
    public mutating func callEnded(latency: UInt64?, now: UInt64) {
        saved = min(saved + settings.atMost, Self.mostSaved)
        guard let latency, case .quantile(let quantile) = settings.after else { return }
        latencies.record(latency, now: now)
        let isDue = now >= refreshedAt && now - refreshedAt >= Self.refreshInterval
        guard isDue || latencies.count <= Self.leastAnswers else { return }
        refreshedAt = now
        delay = latencies.count < Self.leastAnswers ? .max : latencies.value(at: quantile, now: now) ?? .max
    }

    /// Takes one hedge, if there is one to take.
    public mutating func take() -> Bool {
        // Twenty times 0.05 is a little less than one in binary.
        guard saved + 1e-9 >= 1 else { return false }
        saved -= 1
        return true
    }
}
