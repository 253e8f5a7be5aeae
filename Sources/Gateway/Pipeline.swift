internal import Bytes
internal import Execution
internal import HTTP
internal import HTTPServer
internal import Planning
internal import Telemetry

/// The order of everything that happens to a request, from its head to the door that answers it. One per shard, on its
/// loop.
///
/// Past the door, a call to an upstream goes on in this order (contract section 6): deadline, concurrency, breaker, then
/// each try with its timeout, retries within budget and deadline, and last the fallback.
final class Pipeline: RequestHandler {
    unowned let shard: Shard
    private let graphQL: GraphQLDoor
    private var captures: [Range<Int>] = []

    init(_ shard: Shard) {
        self.shard = shard
        graphQL = GraphQLDoor(shard)
    }

    func handle(_ exchange: Exchange) {
        // Identity, profile and deadline.
        let request = shard.takeRequest(exchange)
        let head = exchange.request
        // What pages of other origins may do: first, so that they can read refusals.
        if let policies = request.snapshot.crossOrigin {
            policies.append(for: head.fields, to: request.fields)
            if CrossOriginPolicies.isPreflight(head), preflight(request, head, policies) { return }
        }
        // How often its address asks, and whose it is.
        limitAddress(request)
    }

    /// Goes on with a request that no limit of its caller refuses: routing, shedding, what its door asks for.
    func open(_ request: GatewayRequest) {
        let head: RequestHead = request.exchange.request
        if request.snapshot.mayInspect { request.readInspection() }
        if isForGraphQL(request, head) {
            guard request.enter(doorPriority: nil) else { return graphQL.refuseOverload(request) }
            return graphQL.handle(request)
        }
        guard !PercentCoding.hasDotSegment(head.path) else {
            return request.refuse(
                .badRequest, status: 400, detail: "The path holds a \".\" or \"..\" segment.")
        }
        route(request, head)
    }

    private func isForGraphQL(_ request: GatewayRequest, _ head: RequestHead) -> Bool {
        guard let path = request.snapshot.graphQLPath else { return false }
        return head.path.equals(path)
    }

    /// Answers a preflight; false where there is no door that it could be for.
    private func preflight(_ request: GatewayRequest, _ head: RequestHead, _ policies: CrossOriginPolicies) -> Bool {
        let offered =
            isForGraphQL(request, head) ? GraphQLDoor.methods : request.snapshot.router.offered(at: head)
        guard let offered else { return false }
        policies.appendPreflight(head.fields, offered: offered, to: request.fields)
        request.fields.append(.allow, offered)
        request.respond(status: 204, contentType: nil, body: nil)
        return true
    }

    private func route(_ request: GatewayRequest, _ head: RequestHead) {
        switch request.snapshot.router.match(head, captures: &captures) {
        case .door(let door, let rules):
            guard request.enter(doorPriority: rules.priority) else { return request.refuseOverload() }
            // A service behind a passthrough door knows its own forms.
            if head.method == .post, request.snapshot.readsCookies, !(door is PassthroughDoor),
                CrossSiteGuard.refuses(head, request.snapshot.crossOrigin)
            {
                return request.refuse(.forbidden, status: 403, detail: CrossSiteGuard.refusal)
            }
            if let refusal = rules.requirement?.refusal(of: request.grants) { return request.refuse(refusal) }
            if let limits = request.snapshot.rateLimits?.door {
                return open(door, named: rules.routeName, request, captures, limits)
            }
            door.handle(request, captures: captures)
        case .options(let allow):
            request.fields.append(.allow, allow)
            request.respond(status: 204, contentType: nil, body: nil)
        case .methodNotAllowed(let allow): request.refuseMethod(allow: allow)
        case .notFound:
            request.refuse(.badRequest, status: 404, detail: "There is no door at this path.")
        }
    }

    /// Refuses in the form of the request's door, whichever it is.
    func refuse(_ request: GatewayRequest, _ code: ErrorCode, status: Int, _ message: String) {
        if isForGraphQL(request, request.exchange.request) {
            graphQL.refuse(request, code, status: status, message)
        } else {
            request.refuse(code, status: status, detail: message)
        }
    }

    func refuse(_ refusal: Refusal, fields: FieldList, body: ByteBuffer) {
        let identifier = shard.identifiers.requestID().digits
        fields.append(.xRequestID) { $0.append(identifier.span) }
        fields.append(.contentType, "application/problem+json")
        // Whose page sent it isn't known here.
        if let policies = shard.served.snapshot.crossOrigin, policies.isSameForAll {
            policies.append(for: fields, to: fields)
        }
        ErrorResponses.appendProblem(
            refusal.status == 503 ? .overloaded : .badRequest, status: refusal.status,
            detail: refusal.reason.description, to: body)
        shard.metrics.record(door: .none, status: refusal.status, duration: 0, overhead: 0)
    }
}
