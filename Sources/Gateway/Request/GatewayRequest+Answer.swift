internal import Bytes
internal import Execution
internal import HTTP
internal import HTTPServer

/// Answering.
extension GatewayRequest {
    /// Answers with `body`, which goes back to the shard's pool once it is sent.
    func respond(status: Int, contentType: StaticString?, body: ByteBuffer?) {
        if let contentType { fields.append(.contentType, contentType) }
        if isInspected { addServerTiming() }
        exchange.respond(status: status, fields: fields, body: body, release: shard.releaseBuffer)
    }

    /// Refuses with a problem document.
    func refuse(_ code: ErrorCode, status: Int, detail: String, retryAfter: Int? = nil) {
        guard !exchange.isAnswered else { return }
        if let retryAfter { fields.append(.retryAfter) { $0.append(decimal: max(retryAfter, 1)) } }
        let body = shard.takeBuffer()
        ErrorResponses.appendProblem(code, status: status, detail: detail, to: body)
        respond(status: status, contentType: "application/problem+json", body: body)
    }

    /// Refuses because too many requests are being served.
    func refuseOverload() {
        refuse(.overloaded, status: 503, detail: Self.overload, retryAfter: 1)
    }

    static let overload = "The gateway is serving as many requests as it may."

    /// Refuses a method that isn't offered.
    func refuseMethod(allow: String) {
        fields.append(.allow, allow)
        refuse(
            .badRequest, status: 405, detail: "This method is not offered here. Allowed: \(allow).")
    }

    /// Refuses because the request's content didn't come whole.
    func refuse(_ failure: BodyFailure, limit: Int) {
        switch failure {
        case .tooLarge:
            refuse(.badRequest, status: 413, detail: "The content is larger than the \(limit) bytes allowed here.")
        case .timedOut:
            refuse(.badRequest, status: 408, detail: "The rest of the content did not come in time.")
        case .malformed:
            refuse(.badRequest, status: 400, detail: "The content's chunked framing is broken.")
        case .disconnected: return
        }
    }

    /// Says that the answer depends on the profile, where there is a choice of profiles.
    func addVary() {
        guard let vary = snapshot.varyLine else { return }
        if snapshot.crossOrigin != nil { fields.remove(.vary) }
        fields.append(.vary, vary)
    }
}
