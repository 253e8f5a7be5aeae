internal import Bytes
internal import Configuration
internal import EventLoop
internal import Execution
internal import HTTP
internal import HTTPServer
internal import Planning
internal import Redis
internal import Resilience
internal import Telemetry

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
    ///   - done: called once, with the refusal of the first rule that refuses; possibly before this returns, and not at
    ///     all where the client leaves meanwhile.
    func limit(
        _ rules: [RateLimitRule], _ operation: LimitedOperation? = nil, _ done: @escaping (RateLimitRefusal?) -> Void
    ) {
        limit(rules[...], operation, done)
    }

    private func limit(
        _ rules: ArraySlice<RateLimitRule>, _ operation: LimitedOperation?,
        _ done: @escaping (RateLimitRefusal?) -> Void
    ) {
        let key = shard.keyScratch
        for (index, rule) in zip(rules.indices, rules) {
            key.clear()
            guard appendKey(of: rule, operation, to: key) else { continue }
            let tokens = rule.limit.tokens(for: rule.configuration.countsCost ? operation?.cost ?? 1 : 1)
            if let shared = rule.shared {
                let rest = rules[(index + 1)...]
                let isAsked = ask(shared, rule, tokens, key) { [self] verdict in
                    if let refusal = rule.note(verdict, in: fields, isRepeated: operation != nil) {
                        return done(refusal)
                    }
                    limit(rest, operation, done)
                }
                if isAsked { return }
                shared.alone.add()
            }
            let verdict = rule.takeLocally(tokens, of: key.bytes.seededHash, now: shard.loop.now)
            if let refusal = rule.note(verdict, in: fields, isRepeated: operation != nil) { return done(refusal) }
        }
        done(nil)
    }

    /// Has Redis decide, or the bucket here where it says nothing in time.
    /// - Parameter done: called later; not at all where the client leaves meanwhile.
    /// - Returns: false where Redis can't be asked now.
    private func ask(
        _ shared: SharedLimit, _ rule: RateLimitRule, _ tokens: Int, _ key: ByteBuffer,
        _ done: @escaping (RateLimit.Verdict) -> Void
    ) -> Bool {
        guard let redis = shard.redis, let command = redis.makeCommand(running: SharedLimit.script) else {
            return false
        }
        shared.fill(command, tokens: tokens, key: key.bytes)
        let hash = key.bytes.seededHash
        let life = life
        redis.send(command, by: deadline) { [self] reply in
            guard life == self.life else { return }
            if let verdict = shared.verdict(on: tokens, reply) { return done(verdict) }
            shared.alone.add()
            done(rule.takeLocally(tokens, of: hash, now: shard.loop.now))
        }
        return true
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
