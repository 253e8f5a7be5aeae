internal import Bytes
internal import EventLoop
internal import HTTP
internal import Resilience

/// One request of a try on the wire. A try has one, and a hedged try two, of which the first good answer counts. Used
/// again and again; belongs to its loop's thread.
final class TryLeg: TransportReceiver {
    private let run: Owner<CallRun>
    private let call: Owner<UpstreamCall>
    private let client: Owner<UpstreamClient>
    private let loop: EventLoop
    private let attempts: Attempts
    private let request: TransportRequest
    private var exchange: (any TransportCall)?
    private var body: ByteBuffer?
    /// Whether it goes over a fresh connection because a used one was lost.
    private var isResent = false
    /// Where it goes.
    private(set) var target: Target?
    /// Whether the target's part in it is over.
    private var isSettled = true

    /// - Parameter endpoint: any: each request names its own.
    init(_ run: CallRun, _ call: UpstreamCall, _ attempts: Attempts, _ endpoint: Endpoint) {
        self.run = Owner(run)
        self.call = Owner(call)
        self.attempts = attempts
        client = Owner(call.client)
        loop = run.loop
        request = TransportRequest(endpoint: endpoint, target: call.target, fields: call.fields)
        request.isGathered = true
    }

    /// Whether it is on the wire.
    var isUnderWay: Bool { exchange != nil }

    /// Whether an answer has begun to come.
    var hasHead: Bool { body != nil }

    /// The answer's head, once it has come.
    var answerHead: ResponseHead? { body == nil ? nil : request.head }

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
        attempts.ended(target, outcome, now: loop.now)
    }

    private func transmit(to endpoint: Endpoint, _ now: MonotonicTime) {
        let upstream: Upstream = attempts.route.upstream
        request.endpoint = endpoint
        call { call in
            request.method = call.method
            request.body = call.body.map { .whole($0) } ?? .none
        }
        request.timeoutMilliseconds = attempts.remainingMilliseconds(now: now)
        request.connectDeadline = now.advanced(byNanoseconds: UpstreamClient.connectTimeout)
        request.headLimit = upstream.settings.headLimit
        request.isRepeatable = attempts.isRepeatable
        request.needsFreshConnection = isResent
        exchange = client { $0.send(request, to: upstream, self) }
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
        client { $0.buffers.give(body) }
    }

    /// Hands the answer's content over.
    func takeBody() -> ByteBuffer? {
        defer { body = nil }
        return body
    }

    /// Lets go of what belongs to the caller.
    func forget() {
        stop()
        request.body = .none
    }

    // MARK: What the transport reports

    func head() {
        let head = request.head
        let body = client { $0.buffers.take() }
        self.body = body
        guard case .length(let length) = head.framing, length > attempts.route.bodyLimit else { return }
        bodyTooLarge(head.status)
    }

    var content: ByteBuffer? {
        guard case .length = request.head.framing else { return nil }
        return body
    }

    func body(_ bytes: RawSpan) {
        guard let body else { return }
        if bytes.byteCount > attempts.route.bodyLimit - body.count { return bodyTooLarge(request.head.status) }
        body.append(bytes)
    }

    private func bodyTooLarge(_ status: Int) {
        stop(.success)
        run { $0.legTooLarge(status: status) }
    }

    func ended() {
        exchange = nil
        settle(.answered(request.head.status))
        run { $0.legAnswered(self) }
    }

    func failed(_ failure: TransportFailure) {
        exchange = nil
        dropAnswer()
        if !isResent, let target, failure.isStaleConnection(isRepeatable: attempts.isRepeatable) {
            isResent = true
            return transmit(to: target.endpoint, loop.preciseNow())
        }
        settle(.failure)
        run { $0.legFailed(self, failure.tryFailure) }
    }

    func readyForBody() {}
}

extension TargetSet.Outcome {
    /// What a target is thought of that answered with this status.
    static func answered(_ status: Int) -> Self { status >= 500 ? .failure : .success }
}
