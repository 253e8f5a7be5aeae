internal import Bytes
internal import EventLoop
internal import HTTP
internal import Resilience

/// A buffered call under way, in the order of the contract: deadline, concurrency, breaker, then tries with timeouts
/// and retries. Belongs to its loop's thread.
final class CallRun: TransportReceiver {
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

    private unowned let call: UpstreamCall
    private unowned let client: UpstreamClient
    private let loop: EventLoop
    private var state = State.idle
    private var attempts: Attempts?
    private var request: TransportRequest?
    private var exchange: (any TransportCall)?
    /// Keeps the call while it is under way.
    private var kept: UpstreamCall?
    private lazy var gate = CallGate(loop) { [unowned self] in gateOpened() }
    private lazy var timer = LoopTimer(loop) { [unowned self] in timeRanOut() }

    init(_ call: UpstreamCall, _ client: UpstreamClient) {
        self.call = call
        self.client = client
        loop = client.loop
    }

    var isUnderWay: Bool { kept != nil }

    // MARK: Beginning and ending

    func start(_ route: UpstreamRoute) {
        let now = loop.preciseNow()
        kept = call
        call.outcome = nil
        call.attempts = 0
        call.startedAt = now
        guard now < call.deadline else { return exceedDeadline() }
        switch gate.enter(route, now: now) {
        case .admitted:
            beginTries(route, now)
        case .waiting:
            state = .queued
            timer.schedule(at: call.deadline)
        case .refused(let failure):
            finish(.failed(failure), .neutral)
        }
    }

    private func gateOpened() {
        let now = loop.preciseNow()
        guard now < call.deadline, let route = call.route else { return exceedDeadline() }
        switch gate.admit(now: now) {
        case .admitted, .waiting: beginTries(route, now)
        case .refused(let failure): finish(.failed(failure), .neutral)
        }
    }

    func cancel() {
        guard isUnderWay else { return }
        let now = loop.preciseNow()
        stopExchange()
        if state == .trying { attempts?.recordDuration(status: nil, now: now) }
        end(.neutral, now)
    }

    private func exceedDeadline() {
        finish(.failed(CallFailure(.deadlineExceeded, attempts: call.attempts, source: .downstream)), .neutral)
    }

    /// Ends the call with `outcome`. The last thing that anything here does: the completion may start it anew.
    private func finish(_ outcome: CallOutcome, _ result: CircuitBreaker.Outcome, at time: MonotonicTime? = nil) {
        let now = time ?? loop.preciseNow()
        call.outcome = outcome
        let call = call
        end(result, now)
        call.completion?(call)
    }

    private func end(_ result: CircuitBreaker.Outcome, _ now: MonotonicTime) {
        state = .idle
        timer.cancel()
        call.endedAt = now
        request?.body = .none
        gate.leave(result, now: now)
        kept = nil
    }

    private func stopExchange() {
        guard let running = exchange else { return }
        exchange = nil
        running.cancel()
        dropBody()
    }

    private func dropBody() {
        if let body = call.takeBody() { client.buffers.give(body) }
    }

    // MARK: Tries

    private func beginTries(_ route: UpstreamRoute, _ now: MonotonicTime) {
        let attempts = self.attempts ?? Attempts(route)
        self.attempts = attempts
        attempts.start(
            route, deadline: call.deadline, isRepeatable: route.isRetryable(call.method), now: now)
        beginTry(now)
    }

    private func beginTry(_ now: MonotonicTime) {
        guard let attempts else { return }
        let endpoint = attempts.begin(now: now)
        call.attempts += 1
        call.endpoint = endpoint
        timer.schedule(at: MonotonicTime(nanoseconds: attempts.limit.nanoseconds))
        send(to: endpoint, now)
    }

    private func send(to endpoint: Endpoint, _ now: MonotonicTime) {
        guard let attempts else { return }
        let request =
            self.request ?? TransportRequest(endpoint: endpoint, target: call.target, fields: call.fields)
        self.request = request
        request.endpoint = endpoint
        request.method = call.method
        request.body = call.body.map { .whole($0) } ?? .none
        request.timeoutMilliseconds = attempts.remainingMilliseconds(now: now)
        request.connectDeadline = now.advanced(byNanoseconds: UpstreamClient.connectTimeout)
        request.headLimit = attempts.route.upstream.settings.headLimit
        request.isRepeatable = attempts.isRepeatable
        request.needsFreshConnection = attempts.isResent
        state = .trying
        exchange = client.transport(for: endpoint, of: attempts.route.upstream).start(request, self)
    }

    private func timeRanOut() {
        let now = loop.preciseNow()
        switch state {
        case .idle: break
        case .queued: exceedDeadline()
        case .waiting: beginTry(now)
        case .trying:
            stopExchange()
            attempts?.recordDuration(status: nil, now: now)
            if attempts?.limit.isWholeDeadline ?? true { return exceedDeadline() }
            tryFailed(.timeout, .upstreamTimeout, now)
        }
    }

    /// Goes on after a try without a whole answer.
    private func tryFailed(_ failure: TryFailure, _ code: FailureCode, _ now: MonotonicTime) {
        guard let attempts else { return }
        if let wait = attempts.wait(
            after: failure, canRepeat: attempts.isRepeatable, retryAfter: nil, now: now)
        {
            return beginWait(wait, now)
        }
        let ending = CallFailure(code, attempts: attempts.count, source: .upstream)
        finish(.failed(ending), attempts.breakerOutcome(of: failure), at: now)
    }

    private func beginWait(_ nanoseconds: UInt64, _ now: MonotonicTime) {
        state = .waiting
        timer.schedule(at: now.advanced(byNanoseconds: nanoseconds))
    }

    // MARK: The answer

    func head() {
        guard let head = request?.head, let attempts else { return }
        let body = client.buffers.take()
        call.answerBody = body
        guard case .length(let length) = head.framing else { return }
        if length > attempts.route.bodyLimit { return bodyTooLarge(head.status) }
        body.reserve(length)
    }

    func body(_ bytes: RawSpan) {
        guard let body = call.answerBody, let attempts else { return }
        if bytes.byteCount > attempts.route.bodyLimit - body.count { return bodyTooLarge(request?.head.status) }
        body.append(bytes)
    }

    private func bodyTooLarge(_ status: Int?) {
        guard let attempts else { return }
        let now = loop.preciseNow()
        stopExchange()
        attempts.recordDuration(status: status, now: now)
        let failure = CallFailure(
            .upstreamInvalidBody, status: status, attempts: attempts.count, source: .upstream)
        finish(.failed(failure), attempts.breakerOutcome(of: .status(status ?? 200)), at: now)
    }

    func ended() {
        exchange = nil
        guard let attempts, let head = request?.head, let body = call.answerBody else { return }
        let now = loop.preciseNow()
        let status = head.status
        attempts.recordDuration(status: status, now: now)
        if attempts.isRetried(status: status),
            let wait = attempts.wait(
                after: .status(status), canRepeat: attempts.isRepeatable, retryAfter: head.retryAfterNanoseconds,
                now: now)
        {
            dropBody()
            return beginWait(wait, now)
        }
        finish(
            .answer(status: status, head: head, body: body), attempts.breakerOutcome(of: .status(status)), at: now)
    }

    func failed(_ failure: TransportFailure) {
        exchange = nil
        dropBody()
        let now = loop.preciseNow()
        if attempts?.resends(after: failure) == true, let endpoint = call.endpoint {
            return send(to: endpoint, now)
        }
        attempts?.recordDuration(status: nil, now: now)
        tryFailed(failure.tryFailure, .upstreamUnreachable, now)
    }

    func readyForBody() {}
}
