import Configuration
import Testing

/// The contract's example, without what is not built yet.
let contractExample = """
    server:
      listen: 127.0.0.1:8080            # or a list
      limits: {headers: 32KiB, body: 2MiB, connections: 10000, inFlight: 0}
      timeouts: {idle: 75s, headers: 10s, body: 30s, request: 5s}
      trustedProxies: []
      drain: 30s
    admin:
      listen: 127.0.0.1:9090
    graphql:
      path: /graphql
      schemas: [schemas/*.graphql]
      introspection: true
      statusProfile: compatible
      limits: {depth: 15, tokens: 10000, aliases: 30, rootFields: 20, upstreamCalls: 50, batch: 10}
    upstreams:
      users:
        urls: [http://127.0.0.1:7001, "http://[::1]:7011/base/", {url: http://users.internal, weight: 3}]
        balance: round-robin
        timeout: 800ms
        retry: {attempts: 2, on: [connect, reset, timeout, 502, 503, 504], backoff: {base: 20ms, max: 250ms}, budget: 20%}
        breaker: {window: 30s, failureRatio: 0.65, minimumCalls: 20, openFor: 10s, probes: 5, closeAfter: 3, failures: [connect, reset, timeout, 5xx]}
        concurrency: {max: 256, queue: 64, adaptive: false}
        headers: {forward: [Authorization, accept-language], set: {x-gateway: sluice}, remove: [cookie]}
        limits: {body: 16MiB, headers: 64KiB}
      posts: {url: http://127.0.0.1:7002}
      recs:
        url: https://recs.example
        tls: {ca: ca.pem, serverName: recs.internal, verify: true}
    routes:
      users.get:   {upstream: users, request: "GET /users/{id}", timeout: 300ms}
      users.byIds: {upstream: users, request: "GET /users?ids={ids:,}", batch: {max: 50}}
      posts.ofUser: {upstream: posts, request: "GET /users/{id}/posts?limit={limit}"}
      posts.create: {upstream: posts, request: "POST /posts", body: "$args.input"}
      recs.ofUser: {upstream: recs, request: "GET /recommendations/{id}", fallback: {value: []}}
    rest:
      "GET /api/v1/users/{id}":   {route: users.get, shape: User}
      "GET /api/v1/home/{id}":    {operation: schemas/operations/home.graphql}
      "ANY /legacy/{path...}":    {upstream: users, rewrite: "/{path}"}
      "GET /api/v1/raw/{id}":     {route: users.get, drop: {tv: [avatar.large, "history[*].debug"]}}
    profiles:
      default: web
      header: x-device-profile
      web: {}
      phone: {userAgent: ["*iPhone*", "*Android*Mobile*"], lists: {default: 20}}
      tv:    {userAgent: ["*SmartTV*", "*AppleTV*", "*Tizen*", "*Web0S*"], drop: [User.history, Post.body], lists: {default: 10, User.posts: 5}}
    telemetry:
      logs: {format: json, level: info, access: true}
    """

func load(_ text: String, environment: [String: String] = [:]) -> LoadedConfiguration {
    GatewayConfiguration.load(
        SourceFile(path: "conf/gateway.yaml", bytes: Array(text.utf8)), environment: environment)
}

@Suite struct `gateway.yaml: values` {
    @Test func `the contract's example loads without a problem`() throws {
        let loaded = load(contractExample)
        #expect(loaded.problems.map(\.summary) == [])
        let configuration = try #require(loaded.configuration)
        #expect(configuration.directory == "conf")
        #expect(configuration.resolve("schemas/a.graphql") == "conf/schemas/a.graphql")
        #expect(configuration.resolve("/etc/a") == "/etc/a")
        #expect(configuration.server.limits.headers == 32 << 10)
        #expect(configuration.server.timeouts.idle == .seconds(75))
        #expect(configuration.routes.map(\.name.value).count == 5)
        #expect(configuration.unreadableRoutes.isEmpty)
        #expect(configuration.doors.count == 4)
    }

    @Test func `an upstream has its targets, policies and places`() throws {
        let users = try #require(load(contractExample).configuration?.upstreams.first)
        #expect(users.name == Located("users", at: Mark(line: 16, column: 3)))
        #expect(users.targets.map(\.host) == ["127.0.0.1", "::1", "users.internal"])
        #expect(users.targets.map(\.port) == [7001, 7011, 80])
        #expect(users.targets.map(\.basePath) == ["", "/base", ""])
        #expect(users.targets.map(\.weight) == [1, 1, 3])
        #expect(users.targets.map(\.authority) == ["127.0.0.1:7001", "[::1]:7011", "users.internal"])
        #expect(users.timeout?.value == .milliseconds(800))
        #expect(users.retry?.on == [.connect, .reset, .timeout, .status(502), .status(503), .status(504)])
        #expect(users.retry?.budget == 0.2)
        #expect(users.breaker?.failures == [.connect, .reset, .timeout, .serverError])
        #expect(users.headers?.forward == ["authorization", "accept-language"])
        #expect(users.headers?.set.first?.template.value == "sluice")
    }

    @Test func `routes keep the places of their templates`() throws {
        let routes = try #require(load(contractExample).configuration?.routes)
        #expect(routes[0].method == "GET")
        #expect(routes[0].target == Located("/users/{id}", at: Mark(line: 30, column: 48)))
        #expect(routes[0].timeout?.value == .milliseconds(300))
        #expect(routes[1].batchMaximum?.value == 50)
        #expect(routes[3].body?.value == .string(Located("$args.input", at: Mark(line: 33, column: 65))))
        #expect(!routes[3].isRetryable)
        #expect(routes[4].fallback == .list([]))
    }

    @Test func `doors are of four kinds`() throws {
        let doors = try #require(load(contractExample).configuration?.doors)
        guard case .shaped(let route, let type) = doors[0].destination,
            case .operation(let file) = doors[1].destination,
            case .upstream(let upstream, let rewrite) = doors[2].destination,
            case .route(_, let drop) = doors[3].destination
        else {
            Issue.record("other kinds: \(doors.map(\.destination))")
            return
        }
        #expect([route.value, type.value, file.value] == ["users.get", "User", "schemas/operations/home.graphql"])
        #expect([upstream.value, rewrite?.value] == ["users", "/{path}"])
        #expect(drop.first?.paths.map(\.value) == ["avatar.large", "history[*].debug"])
        #expect(doors[2].method == nil)
        #expect(doors[2].segments == [.literal("legacy"), .rest("path")])
        #expect(doors[0].segments == [.literal("api"), .literal("v1"), .literal("users"), .parameter("id")])
    }

    @Test func `profiles keep their order, caps and coordinates`() throws {
        let profiles = try #require(load(contractExample).configuration?.profiles)
        #expect(profiles.profiles.map(\.name.value) == ["web", "phone", "tv"])
        #expect(profiles.defaultName.value == "web")
        #expect(profiles.profiles[1].listDefault == 20)
        #expect(profiles.profiles[2].drop.map(\.value) == ["User.history", "Post.body"])
        #expect(profiles.profiles[2].lists.map(\.maximum) == [5])
    }

    @Test func `a limit's mode is its own, else that of all limits`() throws {
        let loaded = load(
            "graphql: {limits: {depth: 7, mode: measure, cost: {max: 9}, aliases: {mode: enforce}, tokens: {}}}")
        #expect(loaded.problems.isEmpty)
        let limits = try #require(loaded.configuration?.graphQL?.limits)
        #expect(limits.depth == .init(max: 7, mode: .measure))
        #expect(limits.cost == .init(max: 9, mode: .measure))
        #expect(limits.aliases == .init(max: 30, mode: .enforce))
        #expect(limits.tokens == .init(max: 10_000, mode: .measure))
        #expect(limits.batch == .init(max: 10, mode: .measure))
    }

    @Test func `what is left out has the contract's values`() throws {
        let loaded = load("upstreams: {users: {url: http://a, retry: {}, breaker: {}}, b: {url: http://b}}\ngraphql:\n")
        #expect(loaded.problems.isEmpty)
        let configuration = try #require(loaded.configuration)
        #expect(configuration.server.listen.map(\.value.description) == ["127.0.0.1:8080"])
        #expect(configuration.server.limits.body == 2 << 20)
        #expect(configuration.server.timeouts.request == .seconds(5))
        #expect(configuration.admin == nil)
        #expect(configuration.graphQL?.limits.depth == .init(max: 15))
        #expect(configuration.graphQL?.limits.cost == .init(max: 5_000))
        #expect(configuration.graphQL?.schemas.map(\.value) == ["schemas/*.graphql"])
        #expect(configuration.upstreams[0].retry?.attempts == 2)
        #expect(configuration.upstreams[0].breaker?.openFor == .seconds(10))
        #expect(configuration.upstreams[1].retry == nil)
        #expect(configuration.upstreams[1].breaker == nil)
        #expect(configuration.upstreams[1].timeout == nil)
        #expect(configuration.upstreams[1].concurrency.maximum == 256)
        #expect(configuration.upstreams[1].limits.body == 16 << 20)
        #expect(configuration.profiles.profiles.map(\.name.value) == ["web"])
        #expect(configuration.telemetry.accessLog)
    }

    @Test func `variables are text first and typed after`() throws {
        let text = """
            server:
              listen: ${HOST:-127.0.0.1}:${PORT}
              limits: {connections: "${COUNT:-5}", inFlight: "5"}
            upstreams:
              users: {url: "${USERS}", headers: {set: {x-a: "$${NOT}", x-b: "$5 {id}", x-c: "${EMPTY:-full}"}}}
            """
        let environment = ["PORT": "8081", "USERS": "http://users:80", "EMPTY": ""]
        let loaded = load(text, environment: environment)
        #expect(
            loaded.problems.map(\.message) == [
                "\"server.limits.inFlight\" must be a whole number from 0 to 1000000; found the text \"5\""
            ])
        let configuration = try #require(loaded.configuration)
        #expect(configuration.server.listen.map(\.value.description) == ["127.0.0.1:8081"])
        #expect(configuration.server.limits.connections == 5)
        #expect(configuration.upstreams[0].headers?.set.map(\.template.value) == ["${NOT}", "$5 {id}", "full"])
    }

    @Test(arguments: [
        ("500", "500"), ("1.50", "1.50"), ("+7", "7"), ("007", "7"), ("0x1F", "31"), ("0o17", "15"), (".5", "0.5"),
        ("5.", "5"), ("-1e3", "-1e3"), ("1E+2", "1e2"), ("12345678901234567890123", "12345678901234567890123"),
    ])
    func `numbers keep their digits, as JSON writes them`(written: String, json: String) throws {
        #expect(try fallback(written) == .number(json))
    }

    @Test(arguments: [
        "on", "off", "yes", "no", "True", "FALSE", "Null", "0x", "1_000", "1:30", "-", "+", ".", "1e", "0o8",
    ])
    func `what the core schema has no type for is text`(written: String) throws {
        guard case .string(let text) = try fallback(written) else {
            Issue.record("typed")
            return
        }
        #expect(text.value == written)
    }

    @Test func `null, booleans, lists and objects are what JSON has`() throws {
        #expect(try fallback("~") == .null)
        #expect(try fallback("null") == .null)
        #expect(try fallback("true") == .boolean(true))
        #expect(
            try fallback("[1, {a: false}]")
                == .list([
                    .number("1"),
                    .object([.init(name: Located("a", at: Mark(line: 2, column: 66)), value: .boolean(false))]),
                ]))
        #expect(try fallback("!!str 5") == .string(Located("5", at: Mark(line: 2, column: 61))))
    }

    private func fallback(_ value: String) throws -> LiteralValue? {
        let text =
            "upstreams: {u: {url: http://u}}\nroutes: {r: {upstream: u, request: GET /, fallback: {value: \(value)}}}"
        let loaded = load(text)
        #expect(loaded.problems.map(\.summary) == [])
        return try #require(loaded.configuration?.routes.first).fallback
    }

    @Test(arguments: [
        ("10.0.0.0/8", true), ("10.1.0.0/16", false), ("10.0.0.0/13", true), ("0.0.0.0/0", true), ("10.2.3.4", true),
    ])
    func `a block holds the addresses under its prefix`(block: String, holds: Bool) throws {
        let loaded = load("server: {trustedProxies: [\"\(block)\"]}")
        let read = try #require(loaded.configuration?.server.trustedProxies.first)
        #expect(read.contains([10, 2, 3, 4]) == holds)
        #expect(!read.contains([UInt8](repeating: 0, count: 16)))
    }
}
