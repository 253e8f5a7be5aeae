internal import Bytes
internal import EventLoop
internal import Execution
internal import HTTP
internal import HTTPServer
internal import JOSE
internal import Planning
internal import Telemetry

/// The step of the pipeline that decides whose request it is.
extension Pipeline {
    /// Looks at the request's token, then goes on with it, or refuses it with 401. A request without one is anonymous.
    func authenticate(_ request: GatewayRequest) {
        guard let authentication = request.snapshot.authentication else { return enter(request) }
        let fields = request.exchange.request.fields
        switch authentication.findToken(fields) {
        case .none: enter(request)
        case .broken: refuseToken(request, .malformed)
        case .found(let found):
            let text = fields.value(at: found.line).extracting(found.range)
            let now = WallTime.now.seconds
            let tokens = request.served.tokens
            if let known = tokens.token(text, now: now, version: authentication.version) {
                request.token = known
                return enter(request)
            }
            switch authentication.verify(text, of: found.place, now: now) {
            case .believed(let token): believe(token, request)
            case .refused(let problem): refuseToken(request, problem)
            case .unknownKey(let sources): wait(for: sources, request, found, authentication)
            }
        }
    }

    private func believe(_ token: VerifiedToken, _ request: GatewayRequest) {
        request.served.tokens.insert(token)
        request.token = token
        enter(request)
    }

    /// A token is signed by a key that isn't there: the issuer may have changed its keys. The request waits until they
    /// are fetched, where they may be; the fetch has a bound of its own.
    private func wait(
        for sources: [KeySource], _ request: GatewayRequest, _ found: Authentication.Found,
        _ authentication: Authentication
    ) {
        let loop = request.shard.loop
        // The request is used again once its client is gone; this is not.
        let waiting = WaitingRequest(request)
        request.onDisconnect = { waiting.request = nil }
        let confined = LoopConfined((self, waiting), to: loop)
        let isAsking = sources.contains { source in
            source.ask(now: loop.now.nanoseconds) {
                loop.execute {
                    let (pipeline, waiting) = confined.unwrapped
                    guard let request = waiting.request else { return }
                    request.onDisconnect = nil
                    let fields = request.exchange.request.fields
                    let text = fields.value(at: found.line).extracting(found.range)
                    switch authentication.verify(text, of: found.place, now: WallTime.now.seconds) {
                    case .believed(let token): pipeline.believe(token, request)
                    case .refused(let problem): pipeline.refuseToken(request, problem)
                    case .unknownKey: pipeline.refuseToken(request, .unknownKey)
                    }
                }
            }
        }
        guard !isAsking else { return }
        request.onDisconnect = nil
        refuseToken(request, .unknownKey)
    }

    /// 401, whatever door it would be (RFC 6750 §3.1). Why is for the log alone: who guesses tokens learns nothing.
    private func refuseToken(_ request: GatewayRequest, _ problem: TokenProblem) {
        request.tokenProblem = problem
        shard.metrics.tokenRefused()
        request.fields.append(.wwwAuthenticate, "Bearer error=\"invalid_token\"")
        refuse(request, .unauthenticated, status: 401, "The request's token is not valid.")
    }
}

/// A request that waits for something, until its client leaves.
private final class WaitingRequest {
    var request: GatewayRequest?

    init(_ request: GatewayRequest) { self.request = request }
}

extension WallTime {
    /// Seconds since 1970.
    fileprivate var seconds: Double { Double(nanoseconds) / 1e9 }
}

extension GatewayRequest {
    /// What its token grants.
    var grants: Grants { token?.grants ?? .anonymous }

    func appendClaim(_ path: [String], to output: ByteBuffer) -> Bool {
        token?.claims.appendJSON(path, to: output) ?? false
    }

    /// Refuses a request that may not pass a door: 401 without a token, 403 with one that grants too little (RFC 6750 §3).
    func refuse(_ refusal: AccessRefusal) {
        switch refusal {
        case .unauthenticated: refuseAnonymous(detail: "This needs a token, and the request has none.")
        case .forbidden:
            fields.append(.wwwAuthenticate, "Bearer error=\"insufficient_scope\"")
            refuse(.forbidden, status: 403, detail: "The request's token does not grant what this needs.")
        }
    }

    /// Refuses a request whose token is missing, or misses something.
    func refuseAnonymous(detail: String) {
        fields.append(.wwwAuthenticate, "Bearer")
        refuse(.unauthenticated, status: 401, detail: detail)
    }
}
