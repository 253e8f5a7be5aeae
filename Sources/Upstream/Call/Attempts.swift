internal import EventLoop
internal import HTTP
internal import Resilience
internal import Telemetry

/// The tries of one call: where the next one goes, what bounds it, when it is sent a second time, and whether another
/// one follows. No I/O.
///
/// Made once for a call object that is used again and again; `start` begins a new call.
final class Attempts {
    /// The route of the current call, or of the last one; nil before the first.
    private(set) var route: UpstreamRoute!
    private(set) var deadline: Deadline
    /// Whether the request may be sent twice.
    private(set) var isRepeatable = false
    /// Tries begun.
    private(set) var count = 0
    /// What bounds the current one.
    private(set) var limit: Deadline.TryLimit
    private(set) var startedAt = MonotonicTime.distantFuture
    /// When the current try is slow enough to be hedged; nil = never.
    private var hedgeAt: MonotonicTime?
    /// What the request says of where it goes.
    private var preference = TargetPreference.none
    /// Where it has been, the last one last.
    private var tried: [Target] = []
    /// The tries so far, where they are recorded.
    private(set) var records: [AccessRecord.Try] = []
    private var isRecorded = false

    init() {
        deadline = Deadline(nanoseconds: .max)
        limit = deadline.tryLimit(timeout: nil, now: 0)
    }

    /// Stands before the first try of a call.
    /// - Parameter isRecorded: whether `records` is wanted.
    func start(
        _ route: UpstreamRoute, _ preference: TargetPreference, deadline: MonotonicTime, isRepeatable: Bool,
        isRecorded: Bool, now: MonotonicTime
    ) {
        self.route = route
        self.deadline = Deadline(nanoseconds: deadline.nanoseconds)
        self.isRepeatable = isRepeatable
        count = 0
        self.preference = preference
        tried.removeAll(keepingCapacity: true)
        self.isRecorded = isRecorded
        if !records.isEmpty { records.removeAll(keepingCapacity: true) }
        route.budget?.recordCall(now: now)
    }

    /// Begins a try at `now`.
    /// - Returns: where it goes.
    func begin(now: MonotonicTime) -> Target {
        count += 1
        startedAt = now
        hedgeAt = nil
        limit = deadline.tryLimit(timeout: route.timeout, now: now.nanoseconds)
        if count > 1 { route.upstream.metrics.retries.add() }
        return nextTarget(now: now)
    }

    /// The target whose turn it is, one where the call hasn't been where there is such a one.
    private func nextTarget(now: MonotonicTime) -> Target {
        let pool = route.upstream.pool
        let target = pool.pick(preference, tried: tried, now: now)
        if pool.hasChoice { tried.append(target) }
        return target
    }

    /// A request to `target` has ended.
    func ended(_ target: Target, _ outcome: TargetSet.Outcome, now: MonotonicTime) {
        route.upstream.pool.end(target, outcome, now: now)
    }

    // MARK: Time

    /// When the current try must be looked at next: when it may be hedged, else at its end.
    var nextEvent: MonotonicTime { hedgeAt ?? end }

    /// When the current try is over.
    var end: MonotonicTime { MonotonicTime(nanoseconds: limit.nanoseconds) }

    /// What is left of the deadline for the upstream, in milliseconds; nil where there is none.
    func remainingMilliseconds(now: MonotonicTime) -> UInt64? {
        guard deadline.nanoseconds != .max else { return nil }
        return max(deadline.remainingMilliseconds(now: now.nanoseconds), 1)
    }

    // MARK: Hedging

    /// The current try may be hedged once it is slow: the first one of a call that may be sent twice. A retry isn't,
    /// as the upstream has just failed.
    func allowHedge() {
        guard let hedge = route.hedge, isRepeatable, count == 1 else { return }
        let slow = startedAt.advanced(byNanoseconds: hedge.delay)
        if slow < end { hedgeAt = slow }
    }

    /// Whether the current try has become slow by `now`.
    func isHedgeDue(now: MonotonicTime) -> Bool {
        guard let hedgeAt else { return false }
        return hedgeAt <= now && now < end
    }

    /// Takes the hedge of the current try, which has no other one, if route and retry budget have one left.
    /// - Parameter isWanted: false lets the moment pass.
    /// - Returns: where it goes.
    func takeHedge(isWanted: Bool, now: MonotonicTime) -> Target? {
        hedgeAt = nil
        guard isWanted, let hedge = route.hedge, hedge.take() else { return nil }
        if let budget = route.budget, !budget.take(now: now) { return nil }
        route.upstream.metrics.hedges.add()
        return nextTarget(now: now)
    }

    /// The hedge of the current try had the answer.
    func hedgeWon() { route.upstream.metrics.hedgesWon.add() }

    // MARK: After a try

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

    /// What the breaker makes of a try that ended like this at `now`.
    func breakerOutcome(of failure: TryFailure, now: MonotonicTime) -> CircuitBreaker.Outcome {
        route.breaker?.settings.outcome(of: failure, took: now.nanoseconds(since: startedAt)) ?? .neutral
    }

    /// Counts the current try's duration.
    func recordDuration(status: Int?, now: MonotonicTime) {
        let duration = now.nanoseconds(since: startedAt)
        route.upstream.metrics.record(status: status, nanoseconds: duration)
        if isRecorded {
            records.append(.init(start: startedAt.nanoseconds, duration: duration, status: status))
        }
    }

    /// The call is over, with an answer or without.
    func callEnded(isAnswered: Bool, now: MonotonicTime) {
        route.hedge?.callEnded(latency: isAnswered ? now.nanoseconds(since: startedAt) : nil, now: now)
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

    /// Whether the request is sent once more at once, over a fresh connection: its connection had been used before and
    /// was closed before any byte of the answer. That is no try of its own, and takes nothing from the budget.
    func isStaleConnection(isRepeatable: Bool) -> Bool {
        reused && nothingReceived && (isRepeatable || nothingSent)
    }
}
