internal import Bytes
internal import EventLoop
internal import HTTP
internal import HTTPServer

/// Hands a server's requests to a service and sends what that answers. Belongs to the loop's thread.
final class DemoHandler: RequestHandler {
    private let service: any DemoService
    private let loop: EventLoop
    private let fields = FieldList()

    init(_ service: any DemoService, _ loop: EventLoop) {
        self.service = service
        self.loop = loop
    }

    func handle(_ exchange: Exchange) {
        exchange.readBody(limit: 1 << 20) { [self] result in
            switch result {
            case .complete(let content):
                let body = unsafe content.withUnsafeBytes { unsafe [UInt8]($0) }
                answer(exchange, service.handle(DemoRequest(exchange.request, body: body)))
            case .failed(.tooLarge): send(.error(413, "at most a megabyte"), on: exchange)
            case .failed(.timedOut): send(.error(408, "too slow"), on: exchange)
            case .failed(.malformed): send(.error(400, "broken content"), on: exchange)
            case .failed(.disconnected): exchange.abortResponse()
            }
        }
    }

    private func answer(_ exchange: Exchange, _ answer: DemoAnswer) {
        guard answer.delay > 0 else { return send(answer, on: exchange) }
        let timer = LoopTimer(loop) { [self] in
            exchange.onDisconnect = nil
            send(answer, on: exchange)
        }
        exchange.onDisconnect = { timer.cancel() }
        timer.schedule(afterNanoseconds: answer.delay * 1_000_000)
    }

    private func send(_ answer: DemoAnswer, on exchange: Exchange) {
        fields.clear()
        fields.append(.contentType, answer.contentType)
        if let allow = answer.allow { fields.append(.allow, allow) }
        if answer.isCut {
            exchange.startResponse(status: answer.status, fields: fields, length: answer.body.count)
            _ = exchange.write(unsafe answer.body.span.extracting(first: answer.body.count / 2).bytes)
            exchange.abortResponse()
            return
        }
        let body = ByteBuffer(capacity: answer.body.count)
        body.append(answer.body)
        exchange.respond(status: answer.status, fields: fields, body: body)
    }
}

extension DemoRequest {
    /// The request of `head`. HEAD is asked as GET: the server leaves the content away.
    init(_ head: RequestHead, body: [UInt8]) {
        method = head.method == .head ? "GET" : head.method.description
        path = Self.text(head.path).split(separator: "/").map { Self.decoded($0) }
        query = Self.text(head.query).split(separator: "&").map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (Self.decoded(parts[0]), parts.count > 1 ? Self.decoded(parts[1], plusIsSpace: true) : "")
        }
        self.body = body
    }

    private static func text(_ bytes: RawSpan) -> String {
        unsafe bytes.withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) }
    }

    /// `text` percent-decoded; as it is where it can't be.
    private static func decoded(_ text: Substring, plusIsSpace: Bool = false) -> String {
        let bytes = Array(text.utf8)
        return unsafe PercentCoding.decode(bytes.span.bytes, plusIsSpace: plusIsSpace) ?? String(text)
    }
}
