internal import Bytes
internal import EventLoop
internal import HTTP
internal import Resilience

/// One request of a try on the wire. A try has one, and a hedged try two, of which the first good answer counts. Used
/// again and again; belongs to its loop's thread.
final class TryLeg: TransportReceiver {
    private unowned let run: CallRun
    private unowned let call: UpstreamCall
    private unowned let client: UpstreamClient
    private unowned let attempts: Attempts
    private var request: TransportRequest?
    private var exchange: (any TransportCall)?
    private var body: ByteBuffer?
    /// Whether it goes over a fresh connection because a used one was lost.
    private var isResent = false
    /// Where it goes.
    private(set) var target: Target?
    /// Whether the target's part in it is over.
    private var isSettled = true

    init(_ run: CallRun, _ call: UpstreamCall, _ attempts: Attempts) {
        self.run = run
        self.call = call
        self.attempts = attempts
        client = call.client
    }

    /// Whether it is on the wire.
    var isUnderWay: Bool { exchange != nil }

    /// Whether an answer has begun to come.
    var hasHead: Bool { body != nil }

    /// The answer's head, once it has come.
    var answerHead: ResponseHead? { body == nil ? nil : request?.head }

    /// Sends the call's request to `target`. The run hears `legAnswered` or `legFailed`, unless it `stop`s the leg.
    func send(to target: Target, now: MonotonicTime) {
        self.target = target
        isSettled = false
        isResent = false
        transmit(to: target.endpoint, now)
    }

    /// Tells what came of the target's part in it.
    private func settle(_ outcome: TargetSet.Outcome) {
        guard !isSettled, let target else { return }
        isSettled = true
        attempts.ended(target, outcome, now: run.loop.now)
    }

    private func transmit(to endpoint: Endpoint, _ now: MonotonicTime) {
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
        request.needsFreshConnection = isResent
        exchange = client.transport(for: endpoint, of: attempts.route.upstream).start(request, self)
    }

    /// Ends it on the wire, if it is there, and drops what has come of an answer.
    /// - Parameter outcome: what its target is thought of for it.
    func stop(_ outcome: TargetSet.Outcome = .neutral) {
        settle(outcome)
        exchange?.cancel()
        exchange = nil
        dropAnswer()
    }

    /// Drops what has come of an answer.
    func dropAnswer() {
        guard let body else { return }
        self.body = nil
        client.buffers.give(body)
    }

    /// Hands the answer's content over.
    func takeBody() -> ByteBuffer? {
        defer { body = nil }
        return body
    }

    /// Lets go of what belongs to the caller.
    func forget() {
        stop()
        request?.body = .none
    }

    // MARK: What the transport reports

    func head() {
        guard let head = request?.head else { return }
        let body = client.buffers.take()
        self.body = body
        guard case .length(let length) = head.framing else { return }
        if length > attempts.route.bodyLimit { return bodyTooLarge(head.status) }
        body.reserve(length)
    }

    func body(_ bytes: RawSpan) {
        guard let body, let head = request?.head else { return }
        if bytes.byteCount > attempts.route.bodyLimit - body.count { return bodyTooLarge(head.status) }
        body.append(bytes)
    }

    private func bodyTooLarge(_ status: Int) {
        stop(.success)
        run.legTooLarge(status: status)
    }

    func ended() {
        exchange = nil
        settle(.answered(request?.head.status ?? 0))
        run.legAnswered(self)
    }

    func failed(_ failure: TransportFailure) {
        exchange = nil
        dropAnswer()
        if !isResent, let target, failure.isStaleConnection(isRepeatable: attempts.isRepeatable) {
            isResent = true
            return transmit(to: target.endpoint, run.loop.preciseNow())
        }
        settle(.failure)
        run.legFailed(self, failure.tryFailure)
    }

    func readyForBody() {}
}

extension TargetSet.Outcome {
    /// What a target is thought of that answered with this status.
    static func answered(_ status: Int) -> Self { status >= 500 ? .failure : .success }
}
