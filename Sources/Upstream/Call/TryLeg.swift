internal import Bytes
internal import EventLoop
internal import HTTP

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
    private(set) var endpoint: Endpoint?

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

    /// Sends the call's request to `endpoint`. The run hears `legAnswered` or `legFailed`, unless it `stop`s the leg.
    func send(to endpoint: Endpoint, now: MonotonicTime) {
        self.endpoint = endpoint
        isResent = false
        transmit(to: endpoint, now)
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
    func stop() {
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
        stop()
        run.legTooLarge(status: status)
    }

    func ended() {
        exchange = nil
        run.legAnswered(self)
    }

    func failed(_ failure: TransportFailure) {
        exchange = nil
        dropAnswer()
        if !isResent, let endpoint, failure.isStaleConnection(isRepeatable: attempts.isRepeatable) {
            isResent = true
            return transmit(to: endpoint, run.loop.preciseNow())
        }
        run.legFailed(self, failure.tryFailure)
    }

    func readyForBody() {}
}
