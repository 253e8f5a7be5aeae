import Configuration
import Testing

@Suite("From one gateway.yaml to another")
struct ComparisonTests {
    static func changes(_ old: String, _ new: String) -> [String] {
        let file = { (text: String) in SourceFile(path: "gateway.yaml", bytes: Array(text.utf8)) }
        return ConfigurationComparison(
            from: file(old), to: file(new), environment: ["SECRET": "s3cret", "OTHER": "0ther"]
        ).changes.map { "\($0.severity.rawValue) \($0.path) \($0.message)" }
    }

    @Test(
        arguments: [
            ("{listen: 127.0.0.1:8080}", "{listen: [127.0.0.1:8080]}", []),
            ("{}", "{listen: 127.0.0.1:8080, limits: {body: 2048KiB, inFlight: 0}}", []),
            ("{drain: 30s}", "{drain: 0.5m}", []),
            (
                "{listen: [127.0.0.1:1, 127.0.0.1:2]}", "{listen: [127.0.0.1:2, 127.0.0.1:3]}",
                ["breaking server.listen no longer has 127.0.0.1:1", "safe server.listen now has 127.0.0.1:3"]
            ),
            ("{}", "{limits: {body: 1MiB}}", ["breaking server.limits.body is 1MiB, and was 2MiB"]),
            ("{limits: {body: 1MiB}}", "{}", ["safe server.limits.body is 2MiB, and was 1MiB"]),
            ("{}", "{limits: {inFlight: 500}}", ["notable server.limits.inFlight is 500, and was 0"]),
            ("{limits: {inFlight: 500}}", "{}", ["safe server.limits.inFlight is 0, and was 500"]),
            ("{}", "{timeouts: {request: 500ms}}", ["notable server.timeouts.request is 500ms, and was 5s"]),
            ("{}", "{timeouts: {request: 1m}}", ["safe server.timeouts.request is 1m, and was 5s"]),
            ("{}", "{tls: {certificate: a, key: b}}", ["breaking server.tls was added"]),
            (
                "{tls: {certificate: a, key: b}}", "{tls: {certificate: c, key: b, clientCA: d}}",
                [
                    "notable server.tls.certificate is c, and was a",
                    "breaking server.tls.clientCA was added",
                ]
            ),
        ] as [(String, String, [String])])
    func `the server`(old: String, new: String, expected: [String]) {
        #expect(Self.changes("server: \(old)", "server: \(new)") == expected)
    }

    @Test(
        arguments: [
            ("{path: /graphql}", "{}", []),
            ("{}", "{path: /api}", ["breaking graphql.path is /api, and was /graphql"]),
            ("{}", "{limits: {depth: 10}}", ["breaking graphql.limits.depth is 10, and was 15"]),
            ("{limits: {depth: 10}}", "{limits: {depth: {max: 10}}}", []),
            (
                "{limits: {depth: {max: 10, mode: measure}}}", "{limits: {depth: 10}}",
                ["breaking graphql.limits.depth is 10, and was {max: 10, mode: measure}"]
            ),
            ("{}", "{introspection: false}", ["notable graphql.introspection was turned off"]),
            ("{}", "{persisted: {only: true}}", ["breaking graphql.persisted.only was turned on"]),
            ("{schemas: a}", "{schemas: b, persisted: {manifest: c}}", []),
            (
                "{}", "{statusProfile: draft-2026}",
                ["breaking graphql.statusProfile is draft-2026, and was compatible"]
            ),
        ] as [(String, String, [String])])
    func `the GraphQL door`(old: String, new: String, expected: [String]) {
        #expect(Self.changes("graphql: \(old)", "graphql: \(new)") == expected)
    }

    @Test func `GraphQL that is gone breaks`() {
        #expect(
            Self.changes("graphql: {}", "admin: {}") == ["notable admin was added", "breaking graphql was removed"])
    }

    @Test func `upstreams and routes`() {
        let changes = Self.changes(
            """
            upstreams:
              a: {url: "http://a", timeout: 1s, breaker: {window: 10s}, retry: {attempts: 3}}
              b: {url: "http://b"}
            routes:
              a.get: {upstream: a, request: GET /a, fallback: {value: 1}}
            """,
            """
            upstreams:
              a: {url: "http://c", timeout: 500ms, breaker: {window: 20s}, concurrency: {max: 10}}
              c: {url: "http://b"}
            routes:
              a.get: {upstream: a, request: GET /b, headers: {set: {x-a: b}}}
              a.all: {upstream: a, request: GET /a}
            """)
        #expect(
            changes == [
                "notable upstreams.a.url is http://c, and was http://a",
                "notable upstreams.a.timeout is 500ms, and was 1s",
                "notable upstreams.a.breaker.window is 20s, and was 10s",
                "notable upstreams.a.concurrency.max is 10, and was 256",
                "notable upstreams.a.retry was removed",
                "safe upstreams.c was added",
                "notable upstreams.b was removed",
                "notable routes.a.get.request is GET /b, and was GET /a",
                "notable routes.a.get.headers.set.x-a is b, and wasn't given",
                "notable routes.a.get.fallback was removed",
                "safe routes.a.all was added",
            ])
    }

    @Test func `doors are the same whatever their parameters are called`() {
        let changes = Self.changes(
            """
            rest:
              "GET  /a/{id}": {route: a, shape: A}
              "GET /b/{path...}": {upstream: b}
              "GET /c": {route: a, drop: {tv: [a.b]}}
            """,
            """
            rest:
              "GET /a/{user}": {route: a, shape: B}
              "GET /b/{id}": {upstream: b}
              "GET /c": {route: a, drop: {tv: [a.b, c]}, body: 1KiB}
            """)
        #expect(
            changes == [
                "breaking rest.GET /a/{user}.shape is B, and was A",
                "safe rest.GET /b/{id} was added",
                "notable rest.GET /c.drop.tv now has c",
                "breaking rest.GET /c.body is 1KiB, and wasn't given",
                "breaking rest.GET /b/{path...} was removed",
            ])
    }

    @Test func `profiles, origins and telemetry`() {
        let changes = Self.changes(
            """
            profiles: {default: web, web: {}, tv: {userAgent: ["*TV*"], drop: [A.a]}}
            cors: {origins: ["https://a.example", "https://b.example"], credentials: true}
            """,
            """
            profiles: {default: phone, header: x-kind, web: , phone: {}}
            cors: {origins: ["https://a.example"]}
            telemetry: {logs: {level: warn}}
            """)
        #expect(
            changes == [
                "notable profiles.default is phone, and was web",
                "breaking profiles.header is x-kind, and was x-device-profile",
                "notable profiles.phone was added",
                "breaking profiles.tv was removed",
                "breaking cors.origins no longer has https://b.example",
                "breaking cors.credentials was turned off",
                "safe telemetry was added",
            ])
    }

    @Test func `what environment variables hold is compared and not shown`() {
        let changes = Self.changes(
            "upstreams: {a: {url: \"http://a\", headers: {set: {x-key: \"${SECRET}\"}}}}",
            "upstreams: {a: {url: \"http://a\", headers: {set: {x-key: \"${OTHER}\"}}}}")
        #expect(changes == ["notable upstreams.a.headers.set.x-key is ${OTHER}, and was ${SECRET}"])
    }

    @Test func `a file is not different from itself`() {
        #expect(Self.changes(contractExample, contractExample) == [])
    }

    @Test func `any file can be compared with any other`() {
        for text in ["", "- a", "a: [", "x", "server: [1]", "rest: {a: b}", contractExample] {
            for other in ["", "{}", "server: {limits: 3}", "rest: [a]", contractExample] {
                _ = Self.changes(text, other)
            }
        }
    }
}
