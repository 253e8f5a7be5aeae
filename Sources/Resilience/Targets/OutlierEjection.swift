/// Takes a target out for a while after so many of its calls in a row have failed; what the calls themselves say, as
/// against health checks. A value without clock or lock: times are nanoseconds of one monotonic clock.
public struct OutlierEjection: Sendable {
    /// An `ejection` block.
    public struct Settings: Hashable, Sendable {
        /// Failed calls in a row that take a target out.
        public var consecutiveFailures: Int
        /// Nanoseconds that it stays out.
        public var duration: UInt64
        /// The share of all targets that may be out at once, over 0 and up to 1.
        public var max: Double

        /// Settings; the defaults are those of an `ejection` block.
        public init(consecutiveFailures: Int = 5, duration: UInt64 = 10_000_000_000, max: Double = 0.5) {
            self.consecutiveFailures = consecutiveFailures
            self.duration = duration
            self.max = max
        }

        /// How many of `count` targets may be out at once: the share rounded down, but one at least where there is
        /// another to take its calls, and never the only one.
        public func most(of count: Int) -> Int {
            count > 1 ? Swift.max(Int(max * Double(count)), 1) : 0
        }
    }

    /// When it comes back, or came back last; 0 = it was never out.
    public private(set) var until: UInt64 = 0
    private var failures = 0

    /// A target that nothing has been heard of.
    public init() {}

    /// Whether it is out at `now`.
    public func isEjected(now: UInt64) -> Bool { now < until }

    /// Takes the result of one call. While the target is out, results say nothing: they are of calls that began before,
    /// or that nobody else could take.
    /// - Parameter mayEject: whether another target may be out.
    /// - Returns: whether it is out by this.
    public mutating func record(failed: Bool, mayEject: () -> Bool, _ settings: Settings, now: UInt64) -> Bool {
        guard !isEjected(now: now) else { return false }
        guard failed else {
            failures = 0
            return false
        }
        failures += 1
        guard failures >= settings.consecutiveFailures, mayEject() else { return false }
        failures = 0
        let (end, overflow) = now.addingReportingOverflow(settings.duration)
        until = overflow ? .max : end
        return true
    }
}
