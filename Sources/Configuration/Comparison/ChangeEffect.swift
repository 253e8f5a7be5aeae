/// What a change of a key means. `standard` is what holds where the key is left out.
enum ChangeEffect {
    typealias Severity = ConfigurationChange.Severity

    /// The keys below say it, also where the block is there on one side only.
    case container
    /// It shows in the schema, or in the operations; or it holds what is secret, and says nothing to clients.
    case elsewhere
    /// A block that may be left out; of one that both have, the keys below say it.
    case block(added: Severity, removed: Severity)
    /// Any other value.
    case value(Severity, standard: String? = nil)
    /// A number, size or time: less is the severity, more is safe. `unbounded` is what stands for no bound at all.
    case less(Severity, standard: String? = nil, unbounded: Double? = nil)
    /// A switch: what turning it on means, and what turning it off.
    case flag(on: Severity, off: Severity, standard: Bool)
    /// A list, or one item without its brackets: what a new item means, and what a missing one.
    case members(added: Severity, removed: Severity, standard: [String] = [])

    /// The effect at a key, in whose path names that the operator chose are `*`.
    static func at(_ pattern: String) -> ChangeEffect? { table[pattern] }

    private static let table: [String: ChangeEffect] = [
        server, graphQL, upstreams, routes, doors, profiles, others,
    ].reduce(into: [:]) { $0.merge($1) { first, _ in first } }

    private static let server: [String: ChangeEffect] = {
        let values = ServerConfiguration()
        return [
            "server": .container, "server.limits": .container, "server.timeouts": .container,
            "server.listen": .members(
                added: .safe, removed: .breaking, standard: values.listen.map(\.value.description)),
            "server.tls": .block(added: .breaking, removed: .breaking),
            "server.tls.clientCA": .block(added: .breaking, removed: .safe),
            "server.limits.headers": .less(.breaking, standard: size(values.limits.headers)),
            "server.limits.body": .less(.breaking, standard: size(values.limits.body)),
            "server.limits.connections": .less(.notable, standard: "\(values.limits.connections)"),
            "server.limits.connectionsPerAddress": .less(.notable, standard: "0", unbounded: 0),
            "server.limits.inFlight": .less(.notable, standard: "\(values.limits.inFlight)", unbounded: 0),
            "server.timeouts.idle": .less(.notable, standard: values.timeouts.idle.description),
            "server.timeouts.headers": .less(.notable, standard: values.timeouts.headers.description),
            "server.timeouts.body": .less(.notable, standard: values.timeouts.body.description),
            "server.timeouts.request": .less(.notable, standard: values.timeouts.request.description),
            "server.trustedProxies": .members(added: .notable, removed: .notable),
            "server.drain": .less(.notable, standard: values.drain.description),
            "admin": .block(added: .notable, removed: .notable),
        ]
    }()

    private static let graphQL: [String: ChangeEffect] = {
        let values = GraphQLConfiguration()
        let limits = [
            ("depth", values.limits.depth), ("tokens", values.limits.tokens), ("aliases", values.limits.aliases),
            ("rootFields", values.limits.rootFields), ("cost", values.limits.cost),
            ("upstreamCalls", values.limits.upstreamCalls), ("batch", values.limits.batch),
        ].map { ("graphql.limits.\($0.0)", ChangeEffect.less(.breaking, standard: "\($0.1.max)")) }
        return [
            "graphql": .block(added: .safe, removed: .breaking), "graphql.limits": .container,
            "graphql.persisted": .container,
            "graphql.path": .value(.breaking, standard: values.path.value), "graphql.schemas": .elsewhere,
            "graphql.introspection": .flag(on: .notable, off: .notable, standard: values.introspection),
            "graphql.statusProfile": .value(.breaking, standard: values.statusProfile.rawValue),
            "graphql.persisted.automatic": .flag(on: .safe, off: .breaking, standard: values.persisted.automatic),
            "graphql.persisted.only": .flag(on: .breaking, off: .safe, standard: values.persisted.only),
            "graphql.persisted.manifest": .elsewhere,
        ].merging(limits) { first, _ in first }
    }()

    private static let upstreams: [String: ChangeEffect] = {
        let concurrency = ConcurrencyConfiguration()
        let limits = UpstreamConfiguration.Limits()
        var table: [String: ChangeEffect] = [
            "upstreams": .container, "upstreams.*": .block(added: .safe, removed: .notable),
            "upstreams.*.limits": .container,
            "upstreams.*.limits.body": .less(.notable, standard: size(limits.body)),
            "upstreams.*.limits.headers": .less(.notable, standard: size(limits.headers)),
        ]
        for owner in ["upstreams.*", "routes.*"] {
            table["\(owner).timeout"] = .less(.notable)
            table["\(owner).concurrency"] = .container
            table["\(owner).concurrency.max"] = .less(.notable, standard: "\(concurrency.maximum)")
            table["\(owner).concurrency.queue"] = .less(.notable, standard: "\(concurrency.queue)")
            table["\(owner).headers"] = .container
            table["\(owner).headers.forward"] = .members(added: .notable, removed: .notable)
            table["\(owner).headers.remove"] = .members(added: .notable, removed: .notable)
            table["\(owner).headers.set"] = .container
            table["\(owner).retry.attempts"] = .less(.notable, standard: "2")
        }
        return table
    }()

    private static let routes: [String: ChangeEffect] = [
        "routes": .container, "routes.*": .block(added: .safe, removed: .notable),
        "routes.*.fallback": .block(added: .safe, removed: .notable),
        "routes.*.notFound": .value(.notable, standard: "null"),
    ]

    private static let doors: [String: ChangeEffect] = [
        "rest": .container, "rest.*": .block(added: .safe, removed: .breaking),
        "rest.*.shape": .value(.breaking), "rest.*.body": .less(.breaking),
        "rest.*.require": .block(added: .breaking, removed: .safe),
        "rest.*.require.roles": .members(added: .safe, removed: .breaking),
        "rest.*.require.scopes": .members(added: .breaking, removed: .safe),
        "rest.*.public": .flag(on: .safe, off: .breaking, standard: false),
        "rest.*.drop": .container, "rest.*.drop.*": .members(added: .notable, removed: .safe),
    ]

    private static let profiles: [String: ChangeEffect] = [
        "profiles": .container, "profiles.*": .block(added: .notable, removed: .breaking),
        "profiles.header": .value(.breaking, standard: "x-device-profile"),
        "profiles.*.userAgent": .members(added: .notable, removed: .notable),
        "profiles.*.drop": .elsewhere, "profiles.*.lists": .elsewhere, "profiles.*.timeout": .less(.notable),
    ]

    private static let others: [String: ChangeEffect] = [
        "auth": .block(added: .notable, removed: .breaking), "auth.default": .value(.breaking, standard: "allow"),
        "auth.jwt.issuer": .value(.breaking), "auth.jwt.audience": .members(added: .safe, removed: .breaking),
        "auth.jwt.algorithms": .members(added: .safe, removed: .breaking), "auth.jwt.rolesClaim": .value(.breaking),
        "auth.jwt.header": .value(.breaking), "auth.jwt.cookie": .value(.breaking),
        "auth.jwt.leeway": .less(.notable, standard: "30s"),
        "cors": .block(added: .safe, removed: .breaking), "cors.origins": .members(added: .safe, removed: .breaking),
        "cors.credentials": .flag(on: .notable, off: .breaking, standard: false),
        "cors.methods": .members(added: .safe, removed: .breaking),
        "cors.headers": .members(added: .safe, removed: .breaking),
        "cors.exposeHeaders": .members(added: .safe, removed: .notable),
        "cors.privateNetwork": .flag(on: .safe, off: .breaking, standard: false),
        "rateLimits": .members(added: .notable, removed: .safe),
        "redis": .block(added: .safe, removed: .notable), "redis.url": .elsewhere,
        "telemetry": .block(added: .safe, removed: .safe), "telemetry.logs": .block(added: .safe, removed: .safe),
        "telemetry.traces": .block(added: .safe, removed: .safe),
    ]

    /// As the file writes it.
    private static func size(_ bytes: Int) -> String {
        let units = [(1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")]
        let unit = units.first { bytes >= $0.0 && bytes % $0.0 == 0 }
        return unit.map { "\(bytes / $0.0)\($0.1)" } ?? "\(bytes)B"
    }
}
