internal import Bytes
internal import Configuration
internal import EventLoop
internal import Execution
internal import HTTP
internal import HTTPServer
internal import JSON
internal import Planning

/// The web console, and what it asks for.
extension AdminHandler {
    /// Bytes that an operation with its variables may have.
    private static let contentLimit = 1 << 20

    /// The answer to a request below `/console`; nil where it comes later.
    func console(_ path: String, _ exchange: Exchange, _ body: ByteBuffer) -> Answer? {
        switch path {
        case "/console/query", "/console/explain":
            guard exchange.request.method == .post else { return .onlyPOST }
            readOperation(exchange, path == "/console/query" ? ask : explain)
            return nil
        case "/console", "/console/console.js", "/console/console.css":
            guard exchange.request.method == .get || exchange.request.method == .head else {
                return .refused(405, "Only GET and HEAD are answered here.", allow: "GET, HEAD")
            }
        default: return .refused(404, "The console is at /console.")
        }
        var answer = Answer()
        switch path {
        case "/console":
            body.append(ConsolePage.html)
            answer.contentType = "text/html; charset=utf-8"
            answer.policy = ConsolePage.policy
        case "/console/console.js":
            body.append(ConsolePage.script)
            answer.contentType = "text/javascript; charset=utf-8"
        default:
            body.append(ConsolePage.style)
            answer.contentType = "text/css; charset=utf-8"
        }
        return answer
    }

    private func readOperation(_ exchange: Exchange, _ next: @escaping (ByteBuffer, Exchange) -> Void) {
        exchange.readBody(limit: Self.contentLimit) { [self] result in
            switch result {
            case .complete(let content): next(content, exchange)
            case .failed(.disconnected): return
            case .failed:
                respond(to: exchange, .refused(400, "The content is too large or broken."), ByteBuffer(capacity: 256))
            }
        }
    }

    /// Sends the operation through the gateway's own public door, as a client would, and asks how it went.
    private func ask(_ content: ByteBuffer, _ exchange: Exchange) {
        var fields: [String] = []
        if let profile = Self.values(of: "profile", in: exchange.request).last, Self.isFieldValue(profile) {
            fields.append("\(source.profileField): \(profile)")
        }
        if let token = exchange.request.fields.string(of: .authorization) { fields.append("Authorization: \(token)") }
        let waiting = LoopConfined((self, exchange), to: exchange.loop)
        source.ask(unsafe content.withUnsafeBytes { unsafe Array($0) }, fields: fields) {
            [loop = exchange.loop] reply in
            loop.execute {
                let (handler, exchange) = waiting.unwrapped
                let body = ByteBuffer(capacity: 4096)
                switch reply {
                case .success(let reply):
                    body.append(reply.content)
                    var answer = Answer()
                    answer.shownStatus = reply.status
                    handler.respond(to: exchange, answer, body)
                case .failure(let failure):
                    handler.respond(to: exchange, .refused(502, failure.reason, code: .upstreamUnreachable), body)
                }
            }
        }
    }

    /// Plans the operation and sends nothing.
    private func explain(_ content: ByteBuffer, _ exchange: Exchange) {
        let body = ByteBuffer(capacity: 4096)
        respond(to: exchange, explanation(content, exchange.request, body), body)
    }

    private func explanation(_ content: ByteBuffer, _ request: RequestHead, _ body: ByteBuffer) -> Answer {
        do {
            var cursor = try JSONCursor(content)
            let operation = try OperationRequest(&cursor)
            var asked = ExplainRequest(
                document: operation.query.string(in: content) ?? "",
                operationName: operation.operationName.string(in: content),
                profile: Self.values(of: "profile", in: request).last)
            asked.isText = true
            if operation.variables.kind == .object {
                asked.variables = operation.variables.bytes(in: content).string
            }
            let explained = source.explain(asked)
            guard let explanation = explained.explanation else { return .refused(422, explained.report.text) }
            body.append(explanation.json)
            return Answer()
        } catch let error as OperationRequest.Malformed {
            return .refused(400, error.message)
        } catch {
            return .refused(400, "The content is not JSON: \(error)")
        }
    }

    private static func isFieldValue(_ text: String) -> Bool {
        text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    }
}
