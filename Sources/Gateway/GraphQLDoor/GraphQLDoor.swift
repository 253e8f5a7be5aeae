internal import Bytes
internal import Configuration
internal import Execution
internal import HTTP
internal import HTTPServer
internal import JSON
internal import Planning

/// The door at `graphql.path`: GraphQL over HTTP by POST and GET, single requests and batches. One per shard, on its
/// loop.
final class GraphQLDoor {
    private unowned let shard: Shard

    init(_ shard: Shard) {
        self.shard = shard
    }

    /// What it takes, as Allow lists it.
    static let methods = "GET, POST"

    func handle(_ request: GatewayRequest) {
        request.enters(.graphQL)
        let head = request.exchange.request
        guard head.method == .post || head.method == .get else {
            return refuseMethod(request, allow: Self.methods)
        }
        guard let form = ResponseForm.negotiate(head.fields) else {
            return refuse(
                request, status: 406,
                "Accept takes neither application/graphql-response+json nor application/json, and there is no other form."
            )
        }
        if head.method == .get { return get(request, head, form) }
        guard Self.isJSON(head.fields) else {
            return refuse(request, status: 415, "The content has to be application/json in UTF-8.")
        }
        let limit = request.snapshot.configuration.server.limits.body
        request.exchange.readBody(limit: limit) { [self] result in
            switch result {
            case .complete(let body): serve(body, request, form)
            case .failed(let failure): refuse(request, failure, limit: limit)
            }
        }
    }

    private static func isJSON(_ fields: FieldList) -> Bool {
        guard let type = fields.firstValue(of: .contentType), MediaType.isType(type, "application/json") else {
            return false
        }
        guard let charset = MediaType.parameter("charset", in: type) else { return true }
        return type.extracting(charset).equalsIgnoringCase("utf-8")
    }

    private func get(_ request: GatewayRequest, _ head: RequestHead, _ form: ResponseForm) {
        request.addVary()
        // A POST is JSON, which no form can send.
        if request.snapshot.readsCookies, CrossSiteGuard.refuses(head, request.snapshot.crossOrigin) {
            return refuse(request, status: 403, CrossSiteGuard.refusal, code: .forbidden)
        }
        let body = shard.takeBuffer()
        defer { shard.giveBackBuffer(body) }
        do throws(OperationRequest.Malformed) {
            try RequestParameters.append(head.query, to: body)
            guard let cursor = try? JSONCursor(body) else {
                throw OperationRequest.Malformed("The query string holds text that is not UTF-8.")
            }
            var start = cursor
            serve(try OperationRequest(&start), request, form, isSafe: true)
        } catch {
            answer(request, form, .notWellFormed, [RequestError(code: .badRequest, message: error.message)])
        }
    }

    private func serve(_ body: ByteBuffer, _ request: GatewayRequest, _ form: ResponseForm) {
        do throws(JSONError) {
            var cursor = try JSONCursor(body)
            if cursor.nextKind == .list { return serveBatch(&cursor, request, form) }
            do throws(OperationRequest.Malformed) {
                serve(try OperationRequest(&cursor), request, form, isSafe: false)
            } catch {
                answer(request, form, .notWellFormed, [RequestError(code: .badRequest, message: error.message)])
            }
        } catch {
            answer(
                request, form, .notJSON,
                [RequestError(code: .badRequest, message: "The content is not JSON: \(error)")])
        }
    }

    // MARK: One operation

    private func serve(
        _ operation: OperationRequest, _ request: GatewayRequest, _ form: ResponseForm, isSafe: Bool
    ) {
        let preparation = OperationPreparation(request)
        do throws(OperationPreparation.Refusal) {
            let ready = try request.planning { () throws(OperationPreparation.Refusal) in
                try preparation.prepare(operation, isSafe: isSafe)
            }
            guard let limits = request.snapshot.rateLimits?.door else { return run(ready, request, form) }
            request.limit(limits, LimitedOperation(ready)) { [self] refusal in
                guard let refusal else { return run(ready, request, form) }
                answer(request, form, .rateLimited, [RequestError(code: .rateLimited, message: refusal.message)])
            }
        } catch {
            if error.isMutationOverGet { return refuseMethod(request, allow: "POST", error.errors) }
            answer(request, form, error.kind, error.errors)
        }
    }

    private func run(_ ready: OperationPreparation.Ready, _ request: GatewayRequest, _ form: ResponseForm) {
        OperationRunner.run(ready, request) { [self] output, errors in
            request.addCacheControl(isComplete: errors == 0)
            respond(request, form, errors == 0 ? .data : .dataWithErrors, output)
        }
    }

    // MARK: Batches

    private func serveBatch(_ cursor: inout JSONCursor, _ request: GatewayRequest, _ form: ResponseForm) {
        let limit = request.snapshot.configuration.graphQL?.limits.batch ?? .init(max: 1)
        var entries: [OperationRequest] = []
        do {
            try cursor.enterList()
            while try cursor.nextElement() {
                guard entries.count < limit.max || limit.mode == .measure else {
                    shard.limits.count(.batch, .enforce)
                    return answer(
                        request, form, .refused,
                        [
                            RequestError(
                                code: .limitExceeded, message: "A batch may hold at most \(limit.max) operations.")
                        ])
                }
                guard cursor.nextKind == .object else {
                    throw OperationRequest.Malformed("Each entry of a batch is a JSON object.")
                }
                entries.append(try OperationRequest(&cursor))
            }
            guard !entries.isEmpty else { throw OperationRequest.Malformed("The batch is empty.") }
        } catch {
            let message = (error as? OperationRequest.Malformed)?.message ?? "\(error)"
            return answer(request, form, .notWellFormed, [RequestError(code: .badRequest, message: message)])
        }
        shard.limits.record(batch: entries.count)
        if entries.count > limit.max { shard.limits.count(.batch, .measure) }
        BatchRun(self, request, form, count: entries.count).start(entries)
    }

    /// Makes an entry of a batch ready to run.
    func prepare(
        _ operation: OperationRequest, _ request: GatewayRequest
    ) throws(OperationPreparation.Refusal) -> OperationPreparation.Ready {
        try OperationPreparation(request).prepare(operation, isSafe: false)
    }

    // MARK: Answers

    func takeBuffer() -> ByteBuffer { shard.takeBuffer() }

    func giveBackBuffer(_ buffer: ByteBuffer) { shard.giveBackBuffer(buffer) }

    func respond(_ request: GatewayRequest, _ form: ResponseForm, _ kind: AnswerKind, _ output: ByteBuffer) {
        let profile = request.snapshot.configuration.graphQL?.statusProfile ?? .compatible
        let type = kind.isBeforeDocument ? ResponseForm.json.contentType : form.contentType
        request.respond(status: kind.status(profile, form), contentType: type, body: output)
    }

    private func answer(
        _ request: GatewayRequest, _ form: ResponseForm, _ kind: AnswerKind, _ errors: [RequestError]
    ) {
        let output = shard.takeBuffer()
        ErrorResponses.appendRequestErrors(errors, to: output)
        respond(request, form, kind, output)
    }

    private func refuseMethod(_ request: GatewayRequest, allow: String, _ errors: [RequestError] = []) {
        request.fields.append(.allow, allow)
        let message = errors.first?.message ?? "The GraphQL door takes GET and POST."
        refuse(request, status: 405, message)
    }

    /// A refusal before a document exists: as `application/json`, whatever Accept says.
    private func refuse(
        _ request: GatewayRequest, status: Int, _ message: String, code: ErrorCode = .badRequest
    ) {
        let output = shard.takeBuffer()
        ErrorResponses.appendRequestErrors([RequestError(code: code, message: message)], to: output)
        request.respond(status: status, contentType: ResponseForm.json.contentType, body: output)
    }

    /// Refuses because too many requests are being served.
    func refuseOverload(_ request: GatewayRequest) {
        request.fields.append(.retryAfter, "1")
        refuse(request, .overloaded, status: 503, GatewayRequest.overload)
    }

    /// Refuses a request before its content is looked at.
    func refuse(_ request: GatewayRequest, _ code: ErrorCode, status: Int, _ message: String) {
        request.enters(.graphQL)
        let output = shard.takeBuffer()
        ErrorResponses.appendRequestErrors([RequestError(code: code, message: message)], to: output)
        request.respond(status: status, contentType: ResponseForm.json.contentType, body: output)
    }

    private func refuse(_ request: GatewayRequest, _ failure: BodyFailure, limit: Int) {
        switch failure {
        case .tooLarge: refuse(request, status: 413, "The content is larger than the \(limit) bytes allowed here.")
        case .timedOut: refuse(request, status: 408, "The rest of the content did not come in time.")
        case .malformed: refuse(request, status: 400, "The content's chunked framing is broken.")
        case .disconnected: return
        }
    }
}
