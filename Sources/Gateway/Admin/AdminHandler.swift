internal import Bytes
internal import EventLoop
internal import Execution
internal import HTTP
internal import HTTPServer
internal import Resilience
internal import Telemetry
internal import Upstream

/// Answers the admin listener's requests (contract section 8). Errors are problem documents.
///
/// Belongs to the loop of its server. Answers are small and built at once: nothing here waits.
final class AdminHandler: RequestHandler {
    let source: any AdminSource
    private var identifiers = IdentifierGenerator()

    init(_ source: any AdminSource) {
        self.source = source
    }

    func handle(_ exchange: Exchange) {
        let body = ByteBuffer(capacity: 4096)
        if let refusal = AdminGuard(hosts: source.adminHosts).refusal(of: exchange.request) {
            respond(to: exchange, refusal, body)
        } else if let answer = answer(to: exchange, body) {
            respond(to: exchange, answer, body)
        }
    }

    func respond(to exchange: Exchange, _ answer: Answer, _ body: ByteBuffer) {
        let fields = FieldList()
        appendRequestID(of: exchange.request.fields, to: fields)
        if let problem = answer.problem {
            body.clear()
            ErrorResponses.appendProblem(problem.code, status: answer.status, detail: problem.detail, to: body)
        }
        fields.append(.contentType, answer.contentType)
        // What is shown is true for a moment only.
        fields.append(.cacheControl, "no-store")
        // A page of another origin may neither show it, nor load it as something that it isn't.
        fields.append(name: "x-content-type-options", value: "nosniff")
        fields.append(name: "cross-origin-resource-policy", value: "same-origin")
        fields.append(name: "x-frame-options", value: "DENY")
        fields.append(name: "referrer-policy", value: "no-referrer")
        if let policy = answer.policy { fields.append(name: "content-security-policy", value: policy) }
        if let status = answer.shownStatus { fields.append(name: "x-sluice-status") { $0.append(decimal: status) } }
        if let allow = answer.allow { fields.append(.allow, allow) }
        exchange.respond(status: answer.status, fields: fields, body: body)
    }

    func refuse(_ refusal: Refusal, fields: FieldList, body: ByteBuffer) {
        appendRequestID(of: nil, to: fields)
        fields.append(.contentType, Answer.problemType)
        ErrorResponses.appendProblem(
            .badRequest, status: refusal.status, detail: refusal.reason.description, to: body)
    }

    /// Appends the client's own `x-request-id`, or a new one.
    private func appendRequestID(of request: FieldList?, to fields: FieldList) {
        if let own = request?.firstValue(of: .xRequestID), RequestID.isAcceptable(own) {
            fields.append(.xRequestID, own)
        } else {
            let digits = identifiers.requestID().digits
            fields.append(.xRequestID) { $0.append(digits.span) }
        }
    }

    /// What is answered, but for the content of a success.
    struct Answer {
        static let problemType: StaticString = "application/problem+json"

        var status = 200
        var contentType: StaticString = "application/json"
        var allow: StaticString?
        /// What the page may load.
        var policy: StaticString?
        /// The status of an answer that is shown within this one.
        var shownStatus: Int?
        var problem: (code: ErrorCode, detail: String)?

        /// For what changes something, or takes content.
        static let onlyPOST = refused(405, "Only POST is answered here.", allow: "POST")

        static func refused(
            _ status: Int, _ detail: String, code: ErrorCode = .badRequest, allow: StaticString? = nil
        ) -> Answer {
            Answer(status: status, contentType: problemType, allow: allow, problem: (code, detail))
        }
    }

    /// The answer; nil where it comes later.
    private func answer(to exchange: Exchange, _ body: ByteBuffer) -> Answer? {
        let request = exchange.request
        let path = request.path.string
        if path.hasPrefix("/breakers/") { return breaker(String(path.dropFirst(10)), exchange, body) }
        if path == "/reload" { return reload(exchange) }
        if path == "/console" || path.hasPrefix("/console/") { return console(path, exchange, body) }
        if path == "/cache/purge" { return purge(request, body) }
        switch path {
        case "/healthz", "/readyz", "/metrics", "/state": break
        default: return Self.notFound
        }
        guard request.method == .get || request.method == .head else {
            return .refused(405, "Only GET and HEAD are answered here.", allow: "GET, HEAD")
        }
        return switch path {
        case "/healthz": health(exchange, body)
        case "/readyz": readiness(body)
        case "/metrics": metrics(request, body)
        default: state(exchange, body)
        }
    }

    private static var notFound: Answer {
        .refused(
            404,
            "The admin listener answers /healthz, /readyz, /metrics, /state, /reload, /cache/purge, /console and "
                + "/breakers/{name}.")
    }

    // MARK: Pages

    private func health(_ exchange: Exchange, _ body: ByteBuffer) -> Answer {
        if Self.values(of: "full", in: exchange.request).last == "1" {
            AdminDocuments.appendHealth(source.registry, now: exchange.loop.now, to: body)
        } else {
            body.append("{\"status\":\"ok\"}")
        }
        return Answer()
    }

    private func readiness(_ body: ByteBuffer) -> Answer {
        if let unreadiness = source.unreadiness {
            return .refused(503, "The gateway is \(unreadiness).", code: .overloaded)
        }
        body.append("{\"status\":\"ready\"}")
        return Answer()
    }

    /// Exemplars need OpenMetrics, which Prometheus asks for before its own format.
    private func metrics(_ request: RequestHead, _ body: ByteBuffer) -> Answer {
        var format = MetricsRegistry.Format.text
        if source.keepsExemplars,
            AcceptHeader.best(of: ["text/plain", "application/openmetrics-text"], in: request.fields) == 1
        {
            format = .openMetrics
        }
        body.append(source.metrics.page(format))
        return Answer(contentType: format.contentType)
    }

    private func state(_ exchange: Exchange, _ body: ByteBuffer) -> Answer {
        AdminDocuments.appendState(source.state, source.registry, now: exchange.loop.now, to: body)
        return Answer()
    }

    /// Forgets stored answers: `?route=NAME`, and with `&path=` only those to this path and query.
    private func purge(_ request: RequestHead, _ body: ByteBuffer) -> Answer {
        guard request.method == .post else { return .onlyPOST }
        let routes = Self.values(of: "route", in: request)
        let paths = Self.values(of: "path", in: request)
        guard let route = routes.first, routes.count == 1, paths.count <= 1 else {
            return .refused(400, "The query must be route=NAME, and may hold path=/path?query, percent-encoded.")
        }
        guard let purged = source.purge(route: route, target: paths.first.map { Array($0.utf8) }) else {
            return .refused(404, "There is no route of that name.")
        }
        body.append("{\"purged\":")
        body.append(decimal: purged)
        body.append("}")
        return Answer()
    }

    private func breaker(_ encodedName: String, _ exchange: Exchange, _ body: ByteBuffer) -> Answer {
        let request = exchange.request
        let now = exchange.loop.now
        guard request.method == .post else { return .onlyPOST }
        let registry = source.registry
        guard let name = Self.decoded(encodedName), registry.breakers(now: now).contains(where: { $0.name == name })
        else { return .refused(404, "There is no breaker of that name; /state lists them.") }
        let override: CircuitBreaker.Override?
        switch Self.values(of: "state", in: request) {
        case ["open"]: override = .open
        case ["closed"]: override = .closed
        case ["auto"]: override = nil
        default: return .refused(400, "The query must be state=open, state=closed or state=auto.")
        }
        _ = registry.force(breaker: name, override)
        AdminDocuments.appendBreaker(name, registry, now: now, to: body)
        return Answer()
    }

    /// Reading a configuration takes its time, and happens elsewhere.
    private func reload(_ exchange: Exchange) -> Answer? {
        guard exchange.request.method == .post else {
            return .onlyPOST
        }
        let waiting = LoopConfined((self, exchange), to: exchange.loop)
        let isStarted = source.reload { [loop = exchange.loop] outcome in
            loop.execute {
                let (handler, exchange) = waiting.unwrapped
                handler.respond(to: exchange, outcome)
            }
        }
        return isStarted ? nil : .refused(404, "This gateway's configuration is no file that could be read again.")
    }

    private func respond(to exchange: Exchange, _ outcome: ReloadOutcome) {
        let body = ByteBuffer(capacity: 4096)
        var answer = Answer()
        switch outcome {
        case .reloaded(let generation, _):
            body.append("{\"generation\":")
            body.append(decimal: generation)
            body.append("}")
        case .refused(let reason):
            answer.status = 422
            answer.contentType = "text/plain; charset=utf-8"
            body.append(reason)
        }
        respond(to: exchange, answer, body)
    }

    // MARK: Reading requests

    /// The decoded values of the query's pairs called `name`, in order.
    static func values(of name: String, in request: RequestHead) -> [String] {
        request.query.string.split(separator: "&").compactMap { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts[0] == name else { return nil }
            return parts.count == 2 ? decoded(String(parts[1])) : ""
        }
    }

    /// `text` without its percent-encoding; nil where that is broken.
    private static func decoded(_ text: String) -> String? {
        let encoded = ByteBuffer(capacity: text.utf8.count)
        encoded.append(text)
        return PercentCoding.decode(encoded.bytes)
    }
}
