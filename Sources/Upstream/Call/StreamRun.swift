internal import Bytes
internal import EventLoop
internal import HTTP
internal import Resilience
internal import Telemetry

/// A streamed call under way. Belongs to its loop's thread.
final class StreamRun: TransportReceiver {
    /// Where the call stands, and what may follow.
    private enum State {
        /// Not started; then any other.
        case idle
        /// Waiting for a place; then `trying` or `over`.
        case queued
        /// A try is on the wire, without a head yet; then `waiting`, `answering` or `over`.
        case trying
        /// Between two tries; then `trying` or `over`.
        case waiting
        /// The head has been reported; then `over`.
        case answering
        case over
    }

    private unowned let stream: UpstreamStream
    private let client: UpstreamClient
    private let loop: EventLoop
    private var state = State.idle
    private let attempts = Attempts()
    private var exchange: (any TransportCall)?
    /// Where the current try goes; nil once its end has been told.
    private var target: Target?
    /// What the target of an answer that is coming is thought of.
    private var answerOutcome = TargetSet.Outcome.neutral
    /// Keeps the stream while it is under way.
    private var kept: UpstreamStream?
    private var hasReadBody = false
    private var isPaused = false
    /// How long the head took, for the place's limit.
    private var latency: AdaptiveLimit.Latency?
    /// Whether the current try goes over a fresh connection because a used one was lost.
    private var isResent = false
    private var movedAt = MonotonicTime.distantFuture
    /// What the timer was last set to.
    private var timerEnd = MonotonicTime.distantFuture
    private let request: TransportRequest
    private let gate: CallGate
    private let timer: LoopTimer

    init(_ stream: UpstreamStream, _ client: UpstreamClient) {
        self.stream = stream
        self.client = client
        loop = client.loop
        // Any endpoint: each request names its own.
        request = TransportRequest(
            endpoint: stream.route.upstream.pool.anyEndpoint, target: stream.target, fields: stream.fields)
        gate = CallGate(loop)
        timer = LoopTimer(loop)
        gate.opened = { [unowned self] in gateOpened() }
        timer.onFire { [unowned self] in timeRanOut() }
    }

    var answerHead: ResponseHead { request.head }

    /// The tries of the call, where it is traced.
    var tries: [AccessRecord.Try] { attempts.records }

    // MARK: Beginning and ending

    /// Stands as new. A call under way is cancelled.
    func reset() {
        cancel()
        state = .idle
        hasReadBody = false
        isPaused = false
        latency = nil
        movedAt = .distantFuture
    }

    func start() {
        guard case .idle = state else { return }
        let now = loop.preciseNow()
        let stream = stream
        kept = stream
        stream.startedAt = now
        guard now < stream.deadline else { return exceedDeadline() }
        switch gate.enter(stream.route, now: now) {
        case .admitted:
            beginTries(now)
        case .waiting:
            state = .queued
            setTimer(stream.deadline)
        case .refused(let failure):
            fail(failure, .neutral)
        }
    }

    private func gateOpened() {
        let now = loop.preciseNow()
        guard now < stream.deadline else { return exceedDeadline() }
        switch gate.admit(now: now) {
        case .admitted, .waiting: beginTries(now)
        case .refused(let failure): fail(failure, .neutral)
        }
    }

    func cancel() {
        guard kept != nil else { return }
        let now = loop.preciseNow()
        exchange?.cancel()
        if case .trying = state { attempts.recordDuration(status: nil, now: now) }
        end(.neutral, now)
    }

    private func exceedDeadline() {
        fail(CallFailure(.deadlineExceeded, attempts: stream.attempts, source: .downstream), .neutral)
    }

    private func fail(_ failure: CallFailure, _ result: CircuitBreaker.Outcome) {
        let stream = stream
        end(result, loop.preciseNow())
        stream.delegate?.stream(stream, failed: failure)
    }

    /// Tells what came of the target's part in the current try, unless that has been done.
    private func settle(_ outcome: TargetSet.Outcome) {
        guard let target else { return }
        self.target = nil
        attempts.ended(target, outcome, now: loop.now)
    }

    private func end(_ result: CircuitBreaker.Outcome, _ now: MonotonicTime) {
        settle(state == .answering ? answerOutcome : .neutral)
        state = .over
        exchange = nil
        timer.rest()
        stream.endedAt = now
        gate.leave(result, latency, now: now)
        kept = nil
    }

    // MARK: Tries

    private func beginTries(_ now: MonotonicTime) {
        let stream = stream
        let isRepeatable = !stream.hasBody && stream.route.isRetryable(stream.method)
        attempts.start(
            stream.route, stream.preference, deadline: stream.deadline, isRepeatable: isRepeatable,
            isRecorded: stream.span != 0, now: now)
        beginTry(now)
    }

    private func beginTry(_ now: MonotonicTime) {
        let target = attempts.begin(now: now)
        let stream = stream
        self.target = target
        stream.attempts += 1
        stream.endpoint = target.endpoint
        isResent = false
        setTimer(attempts.end)
        send(stream, to: target.endpoint, now)
    }

    private func send(_ stream: UpstreamStream, to endpoint: Endpoint, _ now: MonotonicTime) {
        let upstream: Upstream = attempts.route.upstream
        request.endpoint = endpoint
        request.method = stream.method
        request.body = stream.hasBody ? .stream(length: stream.bodyLength) : .none
        request.timeoutMilliseconds = attempts.remainingMilliseconds(now: now)
        request.connectDeadline = now.advanced(byNanoseconds: UpstreamClient.connectTimeout)
        request.headLimit = upstream.settings.headLimit
        request.isRepeatable = attempts.isRepeatable
        request.needsFreshConnection = isResent
        state = .trying
        exchange = client.send(request, to: upstream, self)
        if isPaused { exchange?.pause() }
    }

    private func timeRanOut() {
        let now = loop.preciseNow()
        switch state {
        case .idle, .over: break
        case .queued: exceedDeadline()
        case .waiting: beginTry(now)
        case .answering: checkMovement(now)
        case .trying:
            stopExchange(now)
            settle(attempts.limit.isWholeDeadline ? .neutral : .failure)
            if attempts.limit.isWholeDeadline { return exceedDeadline() }
            tryFailed(.timeout, .upstreamTimeout, canRepeat: attempts.isRepeatable, now)
        }
    }

    private func stopExchange(_ now: MonotonicTime) {
        exchange?.cancel()
        exchange = nil
        attempts.recordDuration(status: nil, now: now)
    }

    private func tryFailed(_ failure: TryFailure, _ code: FailureCode, canRepeat: Bool, _ now: MonotonicTime) {
        if let wait = attempts.wait(after: failure, canRepeat: canRepeat, retryAfter: nil, now: now) {
            return beginWait(wait, now)
        }
        fail(
            CallFailure(code, attempts: attempts.count, source: .upstream),
            attempts.breakerOutcome(of: failure, now: now))
    }

    private func beginWait(_ nanoseconds: UInt64, _ now: MonotonicTime) {
        state = .waiting
        setTimer(now.advanced(byNanoseconds: nanoseconds))
    }

    private func setTimer(_ end: MonotonicTime) {
        timerEnd = end
        timer.schedule(at: end)
    }

    /// Bounds the time in which nothing moves. It isn't the upstream's silence while the gateway itself has asked for
    /// it.
    private func checkMovement(_ now: MonotonicTime) {
        guard let limit = stream.pauseTimeout else { return }
        if isPaused { movedAt = now }
        let end = movedAt.advanced(byNanoseconds: limit)
        if now < end { return setTimer(end) }
        exchange?.cancel()
        fail(CallFailure(.upstreamTimeout, attempts: stream.attempts, source: .upstream), .neutral)
    }

    // MARK: What the transport reports

    func head() {
        let now = loop.preciseNow()
        let head = request.head
        let status = head.status
        attempts.recordDuration(status: status, now: now)
        if attempts.isRetried(status: status),
            let wait = attempts.wait(
                after: .status(status), canRepeat: attempts.isRepeatable, retryAfter: head.retryAfterNanoseconds,
                now: now)
        {
            exchange?.cancel()
            exchange = nil
            settle(.failure)
            return beginWait(wait, now)
        }
        state = .answering
        answerOutcome = .answered(status)
        if status < 500 { latency = .answered(now.nanoseconds(since: attempts.startedAt)) }
        gate.record(attempts.breakerOutcome(of: .status(status), now: now), now: now)
        movedAt = now
        let stream = stream
        // The try's timer stays where it fires early enough: it then finds how long nothing has moved. So an answer in
        // the usual course moves no timer.
        if let limit = stream.pauseTimeout {
            let end = now.advanced(byNanoseconds: limit)
            if end < timerEnd { setTimer(end) }
        }
        stream.delegate?.streamHead(stream)
    }

    func body(_ bytes: RawSpan) {
        movedAt = loop.now
        let stream = stream
        stream.delegate?.stream(stream, body: bytes)
    }

    func ended() {
        let stream = stream
        end(.neutral, loop.preciseNow())
        stream.delegate?.streamEnded(stream)
    }

    func failed(_ failure: TransportFailure) {
        exchange = nil
        let now = loop.preciseNow()
        if case .answering = state {
            settle(.failure)
            return fail(
                CallFailure(.upstreamUnreachable, attempts: stream.attempts, source: .upstream), .neutral)
        }
        if !hasReadBody, !isResent, let endpoint = stream.endpoint,
            failure.isStaleConnection(isRepeatable: attempts.isRepeatable)
        {
            isResent = true
            return send(stream, to: endpoint, now)
        }
        settle(.failure)
        attempts.recordDuration(status: nil, now: now)
        let canRepeat = attempts.isRepeatable || (failure.kind == .connect && !hasReadBody)
        tryFailed(failure.tryFailure, .upstreamUnreachable, canRepeat: canRepeat, now)
    }

    func readyForBody() {
        movedAt = loop.now
        stream.delegate?.streamReadyForBody(stream)
    }

    // MARK: What the caller does

    func write(_ bytes: RawSpan) -> Bool {
        hasReadBody = true
        movedAt = loop.now
        return exchange?.write(bytes) ?? true
    }

    func endBody() {
        hasReadBody = true
        exchange?.endBody()
    }

    func pause() {
        isPaused = true
        exchange?.pause()
    }

    func resume() {
        guard isPaused else { return }
        isPaused = false
        movedAt = loop.now
        exchange?.resume()
    }
}
