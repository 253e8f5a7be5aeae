internal import Bytes
internal import EventLoop
internal import HTTP
internal import Resilience
internal import Telemetry

/// A buffered call under way, in the order of the contract: deadline, concurrency, breaker, then tries with timeouts,
/// hedges and retries. Belongs to its loop's thread.
///
/// A hedged try is one try with two legs: breaker, metrics and retries see how the try ended, which is how its first good
/// leg ended, or else its last. The other leg is cancelled on the wire and counts nowhere.
final class CallRun {
    /// Where the call stands, and what may follow.
    private enum State {
        /// Not under way; then any other.
        case idle
        /// Waiting for a place; then `trying` or `idle`.
        case queued
        /// A try is on the wire; then `waiting`, `trying` or `idle`.
        case trying
        /// Between two tries; then `trying` or `idle`.
        case waiting
    }

    let loop: EventLoop
    private var state = State.idle
    private let attempts = Attempts()
    private var first: TryLeg?
    private var second: TryLeg?
    /// The call, while it is under way.
    private var call: UpstreamCall?
    private let gate: CallGate
    private let timer: LoopTimer

    init(_ loop: EventLoop) {
        self.loop = loop
        gate = CallGate(loop)
        timer = LoopTimer(loop)
        gate.opened = { [unowned self] in gateOpened() }
        timer.onFire { [unowned self] in timeRanOut() }
    }

    /// The tries of the call, where it is traced.
    var tries: [AccessRecord.Try] { attempts.records }

    var isUnderWay: Bool { call != nil }

    // MARK: Beginning and ending

    func start(_ call: UpstreamCall, _ route: UpstreamRoute) {
        let now = loop.preciseNow()
        self.call = call
        call.outcome = nil
        call.attempts = 0
        call.hedges = 0
        call.startedAt = now
        guard now < call.deadline else { return exceedDeadline(call) }
        switch gate.enter(route, now: now) {
        case .admitted:
            beginTries(call, route, now)
        case .waiting:
            state = .queued
            timer.schedule(at: call.deadline)
        case .refused(let failure):
            finish(call, .failed(failure), .neutral, now)
        }
    }

    private func gateOpened() {
        guard let call else { return }
        let now = loop.preciseNow()
        guard now < call.deadline, let route = call.route else { return exceedDeadline(call) }
        switch gate.admit(now: now) {
        case .admitted, .waiting: beginTries(call, route, now)
        case .refused(let failure): finish(call, .failed(failure), .neutral, now)
        }
    }

    func cancel() {
        guard let call else { return }
        let now = loop.preciseNow()
        let latency = state == .trying ? AdaptiveLimit.Latency.givenUp(took(now)) : nil
        if state == .trying { attempts.recordDuration(status: nil, now: now) }
        if call.attempts > 0 { attempts.callEnded(isAnswered: false, now: now) }
        end(call, .neutral, latency, now)
    }

    /// Ends it as one whose deadline has passed.
    func expire() {
        guard let call else { return }
        if state == .trying { attempts.recordDuration(status: nil, now: loop.preciseNow()) }
        exceedDeadline(call)
    }

    private func exceedDeadline(_ call: UpstreamCall) {
        let failure = CallFailure(.deadlineExceeded, attempts: call.attempts, source: .downstream)
        finish(call, .failed(failure), .neutral, loop.preciseNow())
    }

    /// Ends the call with `outcome`. The last thing that anything here does: the completion may start it anew.
    private func finish(
        _ call: UpstreamCall, _ outcome: CallOutcome, _ result: CircuitBreaker.Outcome, _ now: MonotonicTime
    ) {
        if call.attempts > 0 { attempts.callEnded(isAnswered: outcome.isAnswer, now: now) }
        let latency = state == .trying ? latency(of: outcome, now) : nil
        call.outcome = outcome
        end(call, result, latency, now)
        call.runEnded()
    }

    private func end(
        _ call: UpstreamCall, _ result: CircuitBreaker.Outcome, _ latency: AdaptiveLimit.Latency?, _ now: MonotonicTime
    ) {
        state = .idle
        timer.rest()
        call.endedAt = now
        first?.forget()
        second?.forget()
        gate.leave(result, latency, now: now)
        self.call = nil
    }

    /// What a call that ends like this says of how long its upstream takes. A failure that comes at once says nothing.
    private func latency(of outcome: CallOutcome, _ now: MonotonicTime) -> AdaptiveLimit.Latency? {
        switch outcome {
        case .answer(let status, _, _): status < 500 ? .answered(took(now)) : nil
        case .failed(let failure):
            failure.code == .upstreamTimeout || failure.code == .deadlineExceeded ? .givenUp(took(now)) : nil
        }
    }

    /// Nanoseconds since the current try began.
    private func took(_ now: MonotonicTime) -> UInt64 { now.nanoseconds(since: attempts.startedAt) }

    // MARK: Tries

    private func beginTries(_ call: UpstreamCall, _ route: UpstreamRoute, _ now: MonotonicTime) {
        attempts.start(
            route, call.preference, deadline: call.deadline, isRepeatable: route.isRetryable(call.method),
            isRecorded: call.span != 0, now: now)
        beginTry(call, now)
    }

    private func beginTry(_ call: UpstreamCall, _ now: MonotonicTime) {
        let target = attempts.begin(now: now)
        if !gate.isProbe { attempts.allowHedge() }
        call.attempts += 1
        call.endpoint = target.endpoint
        state = .trying
        timer.schedule(at: attempts.nextEvent)
        let leg = first ?? TryLeg(self, call, attempts, target.endpoint)
        first = leg
        leg.send(to: target, now: now)
    }

    private func timeRanOut() {
        guard let call else { return }
        let now = loop.preciseNow()
        switch state {
        case .idle: break
        case .queued: exceedDeadline(call)
        case .waiting: beginTry(call, now)
        case .trying:
            if attempts.isHedgeDue(now: now) { return hedge(call, now) }
            let outcome: TargetSet.Outcome = attempts.limit.isWholeDeadline ? .neutral : .failure
            first?.stop(outcome)
            second?.stop(outcome)
            attempts.recordDuration(status: nil, now: now)
            if attempts.limit.isWholeDeadline { return exceedDeadline(call) }
            tryFailed(call, .timeout, now)
        }
    }

    /// The try is slow: sends it a second time, unless an answer has begun to come.
    private func hedge(_ call: UpstreamCall, _ now: MonotonicTime) {
        timer.schedule(at: attempts.end)
        let isWanted = first?.hasHead == false
        guard let target = attempts.takeHedge(isWanted: isWanted, now: now) else { return }
        call.hedges += 1
        let leg = second ?? TryLeg(self, call, attempts, target.endpoint)
        second = leg
        leg.send(to: target, now: now)
    }

    /// Goes on after a try without a whole answer.
    private func tryFailed(_ call: UpstreamCall, _ failure: TryFailure, _ now: MonotonicTime) {
        if let wait = attempts.wait(
            after: failure, canRepeat: attempts.isRepeatable, retryAfter: nil, now: now)
        {
            return beginWait(wait, now)
        }
        let code: FailureCode = failure == .timeout ? .upstreamTimeout : .upstreamUnreachable
        let ending = CallFailure(code, attempts: attempts.count, source: .upstream)
        finish(call, .failed(ending), attempts.breakerOutcome(of: failure, now: now), now)
    }

    private func beginWait(_ nanoseconds: UInt64, _ now: MonotonicTime) {
        state = .waiting
        timer.schedule(at: now.advanced(byNanoseconds: nanoseconds))
    }

    // MARK: What the legs report

    /// The leg of a hedged try that is still on the wire beside `leg`.
    private func partner(of leg: TryLeg) -> TryLeg? {
        guard let other = leg === first ? second : first, other.isUnderWay else { return nil }
        return other
    }

    /// `leg` has a whole answer.
    func legAnswered(_ leg: TryLeg) {
        guard let head = leg.answerHead else { return }
        let status = head.status
        let isRetried = attempts.isRetried(status: status)
        if let other = partner(of: leg) {
            // The other one may still do better.
            if isRetried || status >= 500 { return leg.dropAnswer() }
            other.stop()
        }
        if leg === second { attempts.hedgeWon() }
        let now = loop.preciseNow()
        attempts.recordDuration(status: status, now: now)
        if isRetried,
            let wait = attempts.wait(
                after: .status(status), canRepeat: attempts.isRepeatable, retryAfter: head.retryAfterNanoseconds,
                now: now)
        {
            leg.dropAnswer()
            return beginWait(wait, now)
        }
        guard let body = leg.takeBody(), let call else { return }
        call.endpoint = leg.target?.endpoint
        call.answerBody = body
        finish(
            call, .answer(status: status, head: head, body: body),
            attempts.breakerOutcome(of: .status(status), now: now), now)
    }

    /// `leg` has come to an end without an answer.
    func legFailed(_ leg: TryLeg, _ failure: TryFailure) {
        guard partner(of: leg) == nil, let call else { return }
        let now = loop.preciseNow()
        attempts.recordDuration(status: nil, now: now)
        tryFailed(call, failure, now)
    }

    /// A leg's answer is larger than allowed: the other one's would be too.
    func legTooLarge(status: Int) {
        guard let call else { return }
        let now = loop.preciseNow()
        attempts.recordDuration(status: status, now: now)
        let failure = CallFailure(
            .upstreamInvalidBody, status: status, attempts: attempts.count, source: .upstream)
        finish(call, .failed(failure), attempts.breakerOutcome(of: .status(status), now: now), now)
    }
}
