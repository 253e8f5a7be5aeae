internal import Bytes
internal import EventLoop
internal import Execution
internal import HTTP
internal import HTTPServer
internal import Telemetry
internal import Upstream

/// One request on its way through a passthrough door: what comes from one side is written to the other, and a side that
/// can't take more pauses the other. Belongs to the request's loop; the request keeps it alive.
final class PassthroughCall: UpstreamStreamDelegate, BodySink {
    private let request: GatewayRequest
    private let exchange: Exchange
    private let stream: UpstreamStream
    private let bodyLimit: Int
    private var isReadingBody = false
    private var isAnswering = false
    private var isOver = false

    init(_ request: GatewayRequest, _ stream: UpstreamStream, bodyLimit: Int) {
        self.request = request
        self.stream = stream
        self.bodyLimit = bodyLimit
        exchange = request.exchange
    }

    func start() {
        stream.delegate = self
        request.onDisconnect = { [self] in
            stream.cancel()
            end()
        }
        request.callStarted()
        request.shard.client.start(stream)
    }

    /// The call is over, one way or the other.
    private func end() {
        guard !isOver else { return }
        isOver = true
        request.onDisconnect = nil
        exchange.onWritable = nil
        let status = isAnswering ? stream.head.status : nil
        request.callEnded(
            AccessRecord.UpstreamCall(
                name: stream.route.upstream.name, route: nil, status: status,
                duration: stream.endedAt == .distantFuture ? 0 : stream.endedAt.nanoseconds(since: stream.startedAt),
                attempts: stream.attempts))
    }

    // MARK: The client's content

    func streamReadyForBody(_ stream: UpstreamStream) {
        guard !isOver else { return }
        if isReadingBody { return exchange.resumeBody() }
        isReadingBody = true
        exchange.streamBody(to: self, limit: bodyLimit)
    }

    func body(_ bytes: RawSpan) {
        if !stream.write(bytes) { exchange.pauseBody() }
    }

    func bodyEnded() {
        stream.endBody()
    }

    func bodyFailed(_ failure: BodyFailure) {
        guard !isOver, failure != .disconnected else { return }
        stream.cancel()
        let wasAnswering = isAnswering
        end()
        if wasAnswering { exchange.abortResponse() } else { request.refuse(failure, limit: bodyLimit) }
    }

    // MARK: The upstream's answer

    func streamHead(_ stream: UpstreamStream) {
        isAnswering = true
        let head = stream.head
        let fields = head.fields
        for index in 0..<fields.count where !fields.isHopByHop(at: index) {
            if fields.known(at: index) == .xRequestID { continue }
            request.fields.append(lineAt: index, of: fields)
        }
        var length: Int?
        if case .length(let known) = head.framing { length = known }
        exchange.startResponse(status: head.status, fields: request.fields, length: length)
    }

    func stream(_ stream: UpstreamStream, body bytes: RawSpan) {
        // A write can find the client gone, and the exchange then belongs to another request already.
        guard !exchange.write(bytes), !isOver else { return }
        stream.pause()
        if exchange.onWritable == nil {
            exchange.onWritable = { [weak stream] in stream?.resume() }
        }
    }

    func streamEnded(_ stream: UpstreamStream) {
        end()
        exchange.endResponse()
    }

    func stream(_ stream: UpstreamStream, failed failure: CallFailure) {
        let wasAnswering = isAnswering
        end()
        if wasAnswering { return exchange.abortResponse() }
        let status = failure.code.doorStatus
        request.refuse(
            ErrorCode(failure.code), status: status,
            detail: "The upstream \(stream.route.upstream.name) could not be called: \(failure.code.reason).",
            retryAfter: status == 503 ? failure.retryAfterSeconds ?? 1 : failure.retryAfterSeconds)
    }
}
