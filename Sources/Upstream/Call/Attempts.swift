internal import Bytes
internal import EventLoop
internal import HTTP
internal import Resilience
internal import Telemetry

/// The tries of one call: where the next one goes, what bounds it, and whether another one follows. No I/O.
///
/// Made once for a call object that is used again and again; `start` begins a new call.
final class Attempts {
    private(set) var route: UpstreamRoute
    private(set) var deadline: Deadline
    /// Whether the request may be sent twice.
    private(set) var isRepeatable = false
    /// Tries begun.
    private(set) var count = 0
    /// What bounds the current one.
    private(set) var limit: Deadline.TryLimit
    private(set) var startedAt = MonotonicTime.distantFuture
    private var endpointIndex: Int?
    /// Whether the current try goes over a fresh connection because a used one was lost.
    private(set) var isResent = false

    init(_ route: UpstreamRoute) {
        self.route = route
        deadline = Deadline(nanoseconds: .max)
        limit = deadline.tryLimit(timeout: nil, now: 0)
    }

    /// Stands before the first try of a call.
    func start(_ route: UpstreamRoute, deadline: MonotonicTime, isRepeatable: Bool, now: MonotonicTime) {
        self.route = route
        self.deadline = Deadline(nanoseconds: deadline.nanoseconds)
        self.isRepeatable = isRepeatable
        count = 0
        endpointIndex = nil
        route.budget?.recordCall(now: now)
    }

    /// Begins a try at `now`.
    /// - Returns: where it goes.
    func begin(now: MonotonicTime) -> Endpoint {
        count += 1
        isResent = false
        startedAt = now
        limit = deadline.tryLimit(timeout: route.timeout, now: now.nanoseconds)
        let index = route.upstream.nextEndpoint(after: endpointIndex)
        endpointIndex = index
        if count > 1 { route.upstream.metrics.retries.add() }
        return route.upstream.endpoints[index]
    }

    /// Whether a lost try is sent once more at once: its connection had been used before and was closed before any byte
    /// of the answer. That is no try of its own, and takes nothing from the budget.
    func resends(after failure: TransportFailure) -> Bool {
        guard failure.reused, failure.nothingReceived, !isResent, isRepeatable || failure.nothingSent else {
            return false
        }
        isResent = true
        return true
    }

    /// What follows the current try, which failed as `failure`: nanoseconds to wait before the next one, or nil.
    func wait(
        after failure: TryFailure, canRepeat: Bool, retryAfter: UInt64?, now: MonotonicTime
    ) -> UInt64? {
        guard let policy = route.policy, let budget = route.budget else { return nil }
        let failed = RetryPolicy.FailedTry(
            failure, tries: count, isRepeatable: canRepeat, retryAfter: retryAfter)
        guard case .retry(let nanoseconds) = budget.nextTry(after: failed, policy, now: now, deadline: deadline)
        else { return nil }
        return nanoseconds
    }

    /// Whether a status is worth another try.
    func isRetried(status: Int) -> Bool {
        route.policy?.failures.contains(.status(status)) ?? false
    }

    /// What is left of the deadline for the upstream, in milliseconds; nil where there is none.
    func remainingMilliseconds(now: MonotonicTime) -> UInt64? {
        guard deadline.nanoseconds != .max else { return nil }
        return max(deadline.remainingMilliseconds(now: now.nanoseconds), 1)
    }

    /// What the breaker makes of a try that ended like this.
    func breakerOutcome(of failure: TryFailure) -> CircuitBreaker.Outcome {
        route.breaker?.settings.outcome(of: failure) ?? .neutral
    }

    /// Counts the current try's duration.
    func recordDuration(status: Int?, now: MonotonicTime) {
        route.upstream.metrics.record(status: status, nanoseconds: now.nanoseconds(since: startedAt))
    }
}

extension TransportFailure {
    /// The class that retries and breakers know it by.
    var tryFailure: TryFailure {
        switch kind {
        case .connect: .connect
        case .reset, .protocolError, .headTooLarge: .reset
        }
    }
}

extension ResponseHead {
    /// The wait that Retry-After asks for, in nanoseconds: its form in seconds only, since a date needs two clocks to
    /// agree. Nil where there is none.
    var retryAfterNanoseconds: UInt64? {
        let fields = fields
        guard let index = fields.index(of: .retryAfter) else { return nil }
        let value = fields.value(at: index)
        guard value.byteCount > 0, value.byteCount <= 9 else { return nil }
        var seconds: UInt64 = 0
        for index in 0..<value.byteCount {
            let digit = value.byte(at: index) &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            seconds = seconds * 10 + UInt64(digit)
        }
        return seconds * 1_000_000_000
    }
}
