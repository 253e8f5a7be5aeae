internal import EventLoop
internal import Resilience
internal import Telemetry

/// The way of one call through concurrency and breaker, in that order, and out again. Belongs to its loop's thread;
/// used for one call at a time.
final class CallGate {
    /// How entering went.
    enum Entry {
        /// The call may be made.
        case admitted
        /// `opened` will be called.
        case waiting
        /// It may not.
        case refused(CallFailure)
    }

    private enum State {
        case outside
        case queued(Bulkhead.Ticket)
        case inside(CircuitBreaker.Admission?)
        /// The breaker knows the call's result; its place is still taken.
        case recorded
    }

    private let loop: EventLoop
    /// Called once there is a place for a call that had to wait: it goes on with `admit`.
    var opened: () -> Void = {}
    private var state = State.outside
    private var route: UpstreamRoute?

    init(_ loop: EventLoop) {
        self.loop = loop
    }

    /// Asks for a place among the calls of `route`, and then its breaker.
    func enter(_ route: UpstreamRoute, now: MonotonicTime) -> Entry {
        self.route = route
        let bulkhead = route.bulkhead
        let entry = bulkhead.enter {
            SharedBulkhead.Waiter(loop) { [weak self] ticket in
                guard let self, self.takePlace(ticket) else { return bulkhead.leave() }
                self.opened()
            }
        }
        switch entry {
        case .admitted:
            return admit(now: now)
        case .queued(let ticket):
            state = .queued(ticket)
            return .waiting
        case .refused:
            self.route = nil
            route.upstream.metrics.overloaded.add()
            return .refused(CallFailure(.overloaded, attempts: 0, source: .internal, retryAfterSeconds: 1))
        }
    }

    private func takePlace(_ ticket: Bulkhead.Ticket) -> Bool {
        guard case .queued(ticket) = state else { return false }
        state = .inside(nil)
        return true
    }

    /// Whether the call is one of a half-open breaker's probes.
    var isProbe: Bool {
        if case .inside(let admission?) = state { admission.isProbe } else { false }
    }

    /// Asks the breaker, the place being there. A refusal gives the place back.
    func admit(now: MonotonicTime) -> Entry {
        state = .inside(nil)
        switch route?.breaker?.admit(now: now) {
        case .allowed(let admission):
            state = .inside(admission)
            return .admitted
        case nil:
            return .admitted
        case .refused(let nanoseconds):
            route?.upstream.metrics.breakerOpen.add()
            leave(.neutral, now: now)
            let seconds = max(Int(clamping: (nanoseconds / 1_000_000 + 999) / 1000), 1)
            return .refused(
                CallFailure(.breakerOpen, attempts: 0, source: .internal, retryAfterSeconds: seconds))
        }
    }

    /// Tells the breaker what the call counts as; its place stays taken.
    func record(_ outcome: CircuitBreaker.Outcome, now: MonotonicTime) {
        guard case .inside(let admission) = state else { return }
        if let admission { route?.breaker?.record(outcome, admission, now: now) }
        state = .recorded
    }

    /// Ends the call: tells the breaker unless that has been done, and gives the place or the wait for it up.
    /// - Parameter latency: how long its last try took; nil where that says nothing of the upstream.
    func leave(
        _ outcome: CircuitBreaker.Outcome, _ latency: AdaptiveLimit.Latency? = nil, now: MonotonicTime
    ) {
        record(outcome, now: now)
        switch state {
        case .outside: break
        case .queued(let ticket): route?.bulkhead.cancel(ticket)
        case .inside, .recorded: route?.bulkhead.leave(latency, now: now)
        }
        state = .outside
        route = nil
    }
}
