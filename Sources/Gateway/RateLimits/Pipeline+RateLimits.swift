internal import Bytes
internal import Configuration
internal import EventLoop
internal import Execution
internal import HTTP
internal import HTTPServer
internal import Planning
internal import Resilience

/// The steps of the pipeline that decide whether a client asks too often.
extension Pipeline {
    /// Holds the request to the limits of its address, then looks at its token.
    func limitAddress(_ request: GatewayRequest) {
        guard let rules = request.snapshot.rateLimits?.address else { return authenticate(request) }
        request.limit(rules) { [self] refusal in
            if let refusal { refuse(request, refusal) } else { authenticate(request) }
        }
    }

    /// Goes on with a request once it is known whose it is: holds it to the limits of its caller.
    func enter(_ request: GatewayRequest) {
        guard let rules = request.snapshot.rateLimits?.caller else { return open(request) }
        request.limit(rules) { [self] refusal in
            if let refusal { refuse(request, refusal) } else { open(request) }
        }
    }

    /// Holds the request to the limits of its REST door, then lets that answer. Where the door runs an operation, they
    /// are asked once it is known.
    func open(
        _ door: any RESTDoor, named name: String, _ request: GatewayRequest, _ captures: [Range<Int>],
        _ rules: [RateLimitRule]
    ) {
        request.routeName = name
        if door is OperationDoor { return door.handle(request, captures: captures) }
        request.limit(rules) { refusal in
            if let refusal { request.refuse(refusal) } else { door.handle(request, captures: captures) }
        }
    }

    private func refuse(_ request: GatewayRequest, _ refusal: RateLimitRefusal) {
        refuse(request, .rateLimited, status: 429, refusal.message)
    }
}

/// What rate limits ask of an operation.
struct LimitedOperation {
    /// Its name; empty where it has none.
    let name: String
    /// What it costs.
    let cost: Int

    init(_ ready: OperationPreparation.Ready) {
        name = ready.plan.plan.operationName ?? ""
        cost = ready.cost
    }
}

extension GatewayRequest {
    /// Refuses a request that came too often, with a problem document; when it may come again stands in its fields.
    func refuse(_ refusal: RateLimitRefusal) {
        refuse(.rateLimited, status: 429, detail: refusal.message)
    }

    /// Asks `rules`, in their order, whether the request may go on, and says in its fields what is left.
    /// - Parameters:
    ///   - operation: the operation that it would run; nil where that isn't known, or there is none.
    ///   - done: called once, with the refusal of the first rule that refuses; possibly before this returns.
    func limit(
        _ rules: [RateLimitRule], _ operation: LimitedOperation? = nil, _ done: (RateLimitRefusal?) -> Void
    ) {
        let key = shard.keyScratch
        for rule in rules {
            key.clear()
            guard appendKey(of: rule, operation, to: key) else { continue }
            let tokens = rule.limit.tokens(for: rule.configuration.countsCost ? operation?.cost ?? 1 : 1)
            let verdict = rule.takeLocally(tokens, of: key.bytes, now: shard.loop.now)
            if let refusal = rule.note(verdict, in: fields, isRepeated: operation != nil) { return done(refusal) }
        }
        done(nil)
    }

    /// Appends what tells the request from others by `rule`; false where it has no such thing, and isn't limited.
    private func appendKey(of rule: RateLimitRule, _ operation: LimitedOperation?, to key: ByteBuffer) -> Bool {
        for part in rule.configuration.parts {
            let start = key.count
            guard append(part, operation, to: key) else { return false }
            // So that the values of two parts can't run into each other.
            key.append(littleEndian: UInt32(truncatingIfNeeded: key.count - start))
        }
        return true
    }

    private func append(
        _ part: RateLimitConfiguration.Part, _ operation: LimitedOperation?, to key: ByteBuffer
    ) -> Bool {
        switch part {
        case .ip: return appendClientNetwork(to: key)
        case .header(let name):
            let request = exchange.request.fields
            guard let index = request.index(ofName: name) else { return false }
            key.append(request.value(at: index))
        case .claim(let path):
            let start = key.count
            guard appendClaim(path, to: key) else { return false }
            return !key.bytes.extracting(start..<key.count).equals("null")
        case .operation:
            guard let operation else { return false }
            key.append(operation.name)
        case .route:
            guard let routeName else { return false }
            key.append(routeName)
        case .profile: key.append(profile.name)
        }
        return true
    }
}
