internal import EventLoop
internal import Resilience
internal import Synchronization
internal import Telemetry

/// A breaker that all shards share.
final class SharedBreaker: Sendable {
    let name: String
    let settings: CircuitBreaker.Settings
    private let breaker: Mutex<CircuitBreaker>

    init(name: String, settings: CircuitBreaker.Settings) {
        self.name = name
        self.settings = settings
        breaker = Mutex(CircuitBreaker(settings))
    }

    func admit(now: MonotonicTime) -> CircuitBreaker.Decision {
        breaker.withLock { $0.admit(now: now.nanoseconds) }
    }

    func record(_ outcome: CircuitBreaker.Outcome, _ admission: CircuitBreaker.Admission, now: MonotonicTime) {
        breaker.withLock { _ = $0.record(outcome, admission, now: now.nanoseconds) }
    }

    func force(_ override: CircuitBreaker.Override?) {
        breaker.withLock { $0.force(override) }
    }

    func status(now: MonotonicTime) -> BreakerStatus {
        breaker.withLock { breaker in
            BreakerStatus(
                name: name, state: breaker.state(now: now.nanoseconds), isForced: breaker.forced != nil)
        }
    }
}

/// A retry budget that all shards share.
final class SharedBudget: Sendable {
    let share: Double
    private let state: Mutex<State>

    private struct State {
        var budget: RetryBudget
        /// For the jitter: seeded once, so that a retry asks the kernel for nothing.
        var random = IdentifierGenerator()
    }

    init(share: Double) {
        self.share = share
        state = Mutex(State(budget: RetryBudget(share: share)))
    }

    func recordCall(now: MonotonicTime) {
        state.withLock { $0.budget.recordCall(now: now.nanoseconds) }
    }

    /// Retries that would be granted now.
    func left(now: MonotonicTime) -> Int {
        state.withLock { $0.budget.left(now: now.nanoseconds) }
    }

    /// Takes one retry, if there is one to take.
    func take(now: MonotonicTime) -> Bool {
        state.withLock { $0.budget.takeRetry(now: now.nanoseconds) }
    }

    func nextTry(
        after failed: RetryPolicy.FailedTry, _ policy: RetryPolicy, now: MonotonicTime, deadline: Deadline
    ) -> RetryPolicy.Verdict {
        state.withLock { state in
            policy.nextTry(
                after: failed, now: now.nanoseconds, deadline: deadline, budget: &state.budget, using: &state.random)
        }
    }
}

/// When a route's calls are hedged, for all shards.
final class SharedHedge: Sendable {
    let settings: Hedging.Settings
    private let state: Mutex<Hedging>
    /// What `state` says, for who begins a call.
    private let delayNanoseconds: Atomic<UInt64>

    init(settings: Hedging.Settings) {
        self.settings = settings
        let hedging = Hedging(settings)
        delayNanoseconds = Atomic(hedging.delay)
        state = Mutex(hedging)
    }

    /// Nanoseconds after which a call is slow; `UInt64.max` while that isn't known.
    var delay: UInt64 { delayNanoseconds.load(ordering: .relaxed) }

    func take() -> Bool { state.withLock { $0.take() } }

    func callEnded(latency: UInt64?, now: MonotonicTime) {
        state.withLock { state in
            let before = state.delay
            state.callEnded(latency: latency, now: now.nanoseconds)
            if state.delay != before { delayNanoseconds.store(state.delay, ordering: .relaxed) }
        }
    }
}

/// A bulkhead that all shards share. Who waits is called on its own loop.
final class SharedBulkhead: Sendable {
    let settings: ConcurrencySettings
    private let state: Mutex<State>

    private struct State {
        var bulkhead: Bulkhead
        var adaptive: AdaptiveLimit?
        var waiters: [Bulkhead.Ticket: Waiter] = [:]

        mutating func take(_ ticket: Bulkhead.Ticket?) -> (ticket: Bulkhead.Ticket, waiter: Waiter)? {
            guard let ticket, let waiter = waiters.removeValue(forKey: ticket) else { return nil }
            return (ticket, waiter)
        }
    }

    /// Who waits, and what is called there once there is a place.
    struct Waiter: Sendable {
        let loop: EventLoop
        let granted: LoopConfined<(Bulkhead.Ticket) -> Void>

        init(_ loop: EventLoop, _ granted: @escaping (Bulkhead.Ticket) -> Void) {
            self.loop = loop
            self.granted = LoopConfined(granted, to: loop)
        }
    }

    init(settings: ConcurrencySettings) {
        self.settings = settings
        let adaptive = settings.isAdaptive ? AdaptiveLimit(max: settings.max) : nil
        let limit = adaptive?.limit ?? settings.max
        state = Mutex(State(bulkhead: Bulkhead(max: limit, queue: settings.queue), adaptive: adaptive))
    }

    /// Calls that have a place.
    var inFlight: Int { state.withLock { $0.bulkhead.inFlight } }

    /// How it is used now.
    var status: BulkheadStatus {
        state.withLock { state in
            BulkheadStatus(
                inFlight: state.bulkhead.inFlight, queued: state.bulkhead.waitingCount, limit: state.bulkhead.limit)
        }
    }

    /// Asks for a place. Where it is `queued`, the waiter made by `waiter` is called with the ticket once there is one,
    /// unless `cancel` came first; a place that its owner doesn't want any more must be left at once.
    func enter(_ waiter: () -> Waiter) -> Bulkhead.Entry {
        state.withLock { state in
            let entry = state.bulkhead.enter()
            if case .queued(let ticket) = entry { state.waiters[ticket] = waiter() }
            return entry
        }
    }

    /// Gives a place back, to who waits longest if anybody does.
    /// - Parameter latency: how long the call took; nil where that says nothing of the upstream.
    func leave(_ latency: AdaptiveLimit.Latency? = nil, now: MonotonicTime? = nil) {
        let next = state.withLock { state in
            if let latency, let now {
                state.adaptive?.record(latency, inFlight: state.bulkhead.inFlight, now: now.nanoseconds)
                if let adaptive = state.adaptive { state.bulkhead.limit = adaptive.limit }
            }
            return state.take(state.bulkhead.leave())
        }
        wake(next)
        guard settings.isAdaptive else { return }
        // A limit that has grown has places for more than one.
        while let next = state.withLock({ $0.take($0.bulkhead.grant()) }) { wake(next) }
    }

    private func wake(_ next: (ticket: Bulkhead.Ticket, waiter: Waiter)?) {
        guard let next else { return }
        next.waiter.loop.execute { next.waiter.granted.unwrapped(next.ticket) }
    }

    /// Waits no longer. If the ticket has been called already, `granted` comes all the same.
    func cancel(_ ticket: Bulkhead.Ticket) {
        state.withLock { state in
            if state.bulkhead.cancel(ticket) { state.waiters[ticket] = nil }
        }
    }
}
