/// A circuit breaker: stops calling what keeps failing, and finds out by a few probes when it works again.
///
/// A value without clock or lock: times are nanoseconds of one monotonic clock, and the owner serialises the calls.
/// The states and what may follow:
/// - *closed*: calls pass and their results are counted. When the window holds `minimumCalls` results and the share of
///   failures reaches `failureRatio`: open.
/// - *open*: every call is refused. `openFor` later: half-open.
/// - *half-open*: at most `probes` calls at once pass. After `closeAfter` successes: closed, with an empty window.
///   After one failure: open again, for another `openFor`.
/// - *forced* open or closed by an operator: nothing is counted and nothing follows until `force(nil)`, which starts
///   closed with an empty window.
///
/// A result only counts in the state that admitted its call: each change begins a new epoch, and an admission carries
/// its own. The place of a probe is given back whatever the epoch, so that `probes` bounds what is truly under way.
public struct CircuitBreaker: Sendable {
    /// What a breaker is configured with; the defaults are those of a `breaker` block.
    public struct Settings: Hashable, Sendable {
        /// Nanoseconds that results count for.
        public var window: UInt64
        /// Share of failures, above 0 to 1, that opens.
        public var failureRatio: Double
        /// Results the window must hold before the share means anything.
        public var minimumCalls: Int
        /// Nanoseconds from opening to the first probe.
        public var openFor: UInt64
        /// Calls under way at once while half-open.
        public var probes: Int
        /// Successful probes that close.
        public var closeAfter: Int
        /// What counts as a failure. A status from 400 to 499 never does.
        public var failures: FailureSet
        /// Nanoseconds above which an answer counts as a failure too; nil = none does.
        public var slowerThan: UInt64?

        /// Settings; times in nanoseconds.
        public init(
            window: UInt64 = 30_000_000_000, failureRatio: Double = 0.65, minimumCalls: Int = 20,
            openFor: UInt64 = 10_000_000_000, probes: Int = 5, closeAfter: Int = 3,
            failures: FailureSet = FailureSet(classes: [.connect, .reset, .timeout, .serverError]),
            slowerThan: UInt64? = nil
        ) {
            self.window = window
            self.failureRatio = failureRatio
            self.minimumCalls = minimumCalls
            self.openFor = openFor
            self.probes = probes
            self.closeAfter = closeAfter
            self.failures = failures
            self.slowerThan = slowerThan
        }

        /// What a call counts as whose last try failed this way, or answered with this status.
        /// - Parameter nanoseconds: how long that try took.
        public func outcome(of failure: TryFailure, took nanoseconds: UInt64 = 0) -> Outcome {
            guard case .status(let code) = failure else { return failures.contains(failure) ? .failure : .success }
            if (400..<500).contains(code) { return .success }
            if let slowerThan, nanoseconds > slowerThan { return .failure }
            return code >= 500 && failures.contains(failure) ? .failure : .success
        }
    }

    /// What a call counts as, judged by its last try.
    public enum Outcome: Hashable, Sendable {
        /// The upstream did its part.
        case success
        /// It did not.
        case failure
        /// The client cancelled the call or the whole deadline cut it: says nothing about the upstream.
        case neutral
    }

    /// The state as shown to operators.
    public enum State: Int, Hashable, Sendable, CustomStringConvertible {
        /// Calls pass.
        case closed = 0
        /// A few probes pass.
        case halfOpen = 1
        /// Calls are refused.
        case open = 2

        /// `closed`, `half-open` or `open`. The raw value is the metric's.
        public var description: String {
            switch self {
            case .closed: "closed"
            case .halfOpen: "half-open"
            case .open: "open"
            }
        }
    }

    /// What an operator may hold a breaker in.
    public enum Override: Hashable, Sendable {
        /// Refuse every call.
        case open
        /// Let every call pass.
        case closed
    }

    /// The right to make one call; goes back to `record` exactly once.
    public struct Admission: Hashable, Sendable {
        /// Whether it takes one of the half-open state's places.
        public let isProbe: Bool
        let epoch: UInt64
    }

    /// The answer to a call that wants to pass.
    public enum Decision: Hashable, Sendable {
        /// Make the call and `record` how it ended.
        case allowed(Admission)
        /// Don't; asking again makes sense after that many nanoseconds.
        case refused(retryAfterNanoseconds: UInt64)
    }

    private enum Condition: Hashable, Sendable {
        case closed
        case open(since: UInt64)
        case halfOpen(successes: Int)
    }

    private static let slotCount: UInt64 = 10

    /// What it was made with.
    public let settings: Settings
    /// What an operator holds it in; nil = it decides by itself.
    public private(set) var forced: Override?
    /// Probes under way, of this epoch and of earlier ones.
    public private(set) var probesInFlight = 0
    private var condition = Condition.closed
    private var epoch: UInt64 = 0
    private var calls: SlidingCount<10>
    private var failures: SlidingCount<10>

    /// A closed breaker. Counts below 1 are taken as 1.
    public init(_ settings: Settings) {
        var settings = settings
        settings.minimumCalls = max(settings.minimumCalls, 1)
        settings.probes = max(settings.probes, 1)
        settings.closeAfter = max(settings.closeAfter, 1)
        self.settings = settings
        let width = settings.window / Self.slotCount
        calls = SlidingCount(slotWidth: width)
        failures = SlidingCount(slotWidth: width)
    }

    /// The state at `now`; open ends by time alone, also when nobody calls.
    public func state(now: UInt64) -> State {
        switch forced {
        case .open: return .open
        case .closed: return .closed
        case nil: break
        }
        switch condition {
        case .closed: return .closed
        case .open(let since): return openRest(since: since, now: now) > 0 ? .open : .halfOpen
        case .halfOpen: return .halfOpen
        }
    }

    /// Asks to make one call at `now`.
    public mutating func admit(now: UInt64) -> Decision {
        switch forced {
        case .open: return .refused(retryAfterNanoseconds: settings.openFor)
        case .closed: return .allowed(Admission(isProbe: false, epoch: epoch))
        case nil: break
        }
        switch condition {
        case .closed:
            return .allowed(Admission(isProbe: false, epoch: epoch))
        case .open(let since):
            let rest = openRest(since: since, now: now)
            if rest > 0 { return .refused(retryAfterNanoseconds: rest) }
            enter(.halfOpen(successes: 0))
        case .halfOpen:
            break
        }
        // A probe may settle the matter at any moment, so the refused may ask again at once.
        guard probesInFlight < settings.probes else { return .refused(retryAfterNanoseconds: 0) }
        probesInFlight += 1
        return .allowed(Admission(isProbe: true, epoch: epoch))
    }

    /// Takes back an admission with what became of its call.
    /// - Returns: the state that this result led to, if it changed.
    @discardableResult
    public mutating func record(_ outcome: Outcome, _ admission: Admission, now: UInt64) -> State? {
        if admission.isProbe { probesInFlight = max(probesInFlight - 1, 0) }
        guard outcome != .neutral, admission.epoch == epoch, forced == nil else { return nil }
        switch condition {
        case .closed:
            calls.add(at: now)
            if outcome == .failure { failures.add(at: now) }
            guard isFailing(now: now) else { return nil }
            enter(.open(since: now))
            return .open
        case .open:
            return nil
        case .halfOpen(let successes):
            if outcome == .failure {
                enter(.open(since: now))
                return .open
            }
            guard successes + 1 >= settings.closeAfter else {
                condition = .halfOpen(successes: successes + 1)
                return nil
            }
            enter(.closed)
            return .closed
        }
    }

    /// Holds the breaker open or closed, or with nil lets it decide again, from closed with an empty window. Nil where
    /// nothing was forced changes nothing.
    public mutating func force(_ override: Override?) {
        guard override != forced else { return }
        forced = override
        enter(.closed)
    }

    private mutating func enter(_ condition: Condition) {
        self.condition = condition
        epoch &+= 1
        calls.clear()
        failures.clear()
    }

    private func openRest(since: UInt64, now: UInt64) -> UInt64 {
        let elapsed = now > since ? now - since : 0
        return elapsed < settings.openFor ? settings.openFor - elapsed : 0
    }

    private mutating func isFailing(now: UInt64) -> Bool {
        let total = calls.total(at: now)
        guard total >= settings.minimumCalls else { return false }
        // 0.55 · 20 is a little over 11 in binary; eleven of twenty must still reach 55 %.
        return Double(failures.total(at: now)) + 1e-9 >= settings.failureRatio * Double(total)
    }
}
