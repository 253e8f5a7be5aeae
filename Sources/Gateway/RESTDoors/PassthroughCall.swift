internal import Bytes
internal import EventLoop
internal import Execution
internal import HTTP
internal import HTTPServer
internal import Telemetry
internal import Upstream

/// One request on its way through a passthrough door: what comes from one side is written to the other, and a side that
/// can't take more pauses the other. Belongs to its shard, which uses it again once the request has ended.
final class PassthroughCall: UpstreamStreamDelegate, BodySink {
    private unowned let shard: Shard
    private var request: GatewayRequest?
    private var exchange: Exchange?
    private var stream: UpstreamStream?
    private var bodyLimit = Int.max
    private var isReadingBody = false
    private var isAnswering = false
    private var isOver = true
    /// Made once, so that a slow client costs no allocation.
    private lazy var writable: () -> Void = { [unowned self] in stream?.resume() }

    init(_ shard: Shard) {
        self.shard = shard
    }

    /// Starts `stream` for `request`.
    /// - Parameter bodyLimit: bytes that the request's content may have.
    func start(_ request: GatewayRequest, _ stream: UpstreamStream, bodyLimit: Int) {
        self.request = request
        self.stream = stream
        self.bodyLimit = bodyLimit
        exchange = request.exchange
        isReadingBody = false
        isAnswering = false
        isOver = false
        stream.delegate = self
        request.passthrough = self
        request.callStarted()
        shard.client.start(stream)
    }

    /// The client is gone.
    func clientLeft() {
        stream?.cancel()
        end()
    }

    /// The request has ended: lets go of everything but the storage.
    func finish() {
        isOver = true
        if let stream { shard.client.recycle(stream) }
        stream = nil
        request = nil
        exchange = nil
        shard.giveBack(self)
    }

    /// The call is over, one way or the other.
    private func end() {
        guard !isOver, let stream else { return }
        isOver = true
        exchange?.onWritable = nil
        request?.callEnded(.init(stream, status: isAnswering ? stream.head.status : nil), tries: stream.tries)
    }

    // MARK: The client's content

    func streamReadyForBody(_ stream: UpstreamStream) {
        guard !isOver else { return }
        if isReadingBody {
            exchange?.resumeBody()
            return
        }
        isReadingBody = true
        exchange?.streamBody(to: self, limit: bodyLimit)
    }

    func body(_ bytes: RawSpan) {
        if let stream, !stream.write(bytes) { exchange?.pauseBody() }
    }

    func bodyEnded() {
        stream?.endBody()
    }

    func bodyFailed(_ failure: BodyFailure) {
        guard !isOver, failure != .disconnected else { return }
        stream?.cancel()
        let wasAnswering = isAnswering
        end()
        if wasAnswering { exchange?.abortResponse() } else { request?.refuse(failure, limit: bodyLimit) }
    }

    // MARK: The upstream's answer

    func streamHead(_ stream: UpstreamStream) {
        guard let request, let exchange else { return }
        isAnswering = true
        let head = stream.head
        let fields = head.fields
        let hasOwnPolicies = request.snapshot.crossOrigin != nil
        for index in 0..<fields.count where !fields.isHopByHop(at: index) {
            if fields.known(at: index) == .xRequestID { continue }
            // Two that say whom an answer is for would say it of nobody: the gateway's word counts.
            if hasOwnPolicies, fields.isCrossOriginPolicy(at: index) { continue }
            request.fields.append(lineAt: index, of: fields)
        }
        var length: Int?
        if case .length(let known) = head.framing { length = known }
        exchange.startResponse(status: head.status, fields: request.fields, length: length)
    }

    func stream(_ stream: UpstreamStream, body bytes: RawSpan) {
        // A write can find the client gone, and the exchange then belongs to another request already.
        guard let exchange, !exchange.write(bytes), !isOver else { return }
        stream.pause()
        exchange.onWritable = writable
    }

    func streamEnded(_ stream: UpstreamStream) {
        end()
        exchange?.endResponse()
    }

    func stream(_ stream: UpstreamStream, failed failure: CallFailure) {
        let wasAnswering = isAnswering
        end()
        if wasAnswering {
            exchange?.abortResponse()
            return
        }
        let status = failure.code.doorStatus
        request?.refuse(
            ErrorCode(failure.code), status: status,
            detail: "The upstream \(stream.route.upstream.name) could not be called: \(failure.code.reason).",
            retryAfter: status == 503 ? failure.retryAfterSeconds ?? 1 : failure.retryAfterSeconds)
    }
}

extension FieldList {
    /// Whether the line is an answer's word to browsers on other origins: `Access-Control-…`.
    fileprivate func isCrossOriginPolicy(at index: Int) -> Bool {
        let name = name(at: index)
        let prefix: StaticString = "access-control-"
        return name.byteCount > prefix.utf8CodeUnitCount
            && name.extracting(0..<prefix.utf8CodeUnitCount).equalsIgnoringCase(prefix)
    }
}
