import Foundation
import TestSupport
import Testing

@Suite("Rate limits: who asks too often gets 429")
struct RateLimitTests {
    static let schema = """
        type Query {
          users(first: Int = 3): [User!] @rest(route: "users") @listSize(argument: "first")
          user(id: ID!): User @rest(route: "user")
        }
        type User { id: ID! name: String @cost(weight: 2) }
        """

    /// Lives as long as the tests.
    private static let upstream = ScriptedUpstream { peer, _ in
        while let head = try peer.readRequest() {
            let isList = head.hasPrefix("GET /users ")
            try peer.send(answer(isList ? #"[{"id": 1, "name": "Ann"}]"# : #"{"id": 1, "name": "Ann"}"#))
        }
    }

    /// A gateway that believes a proxy on this machine, so that a test can come from any address.
    static func gateway(
        _ rules: String, graphql: String = "", auth: Bool = false, more: String = "", shards: Int = 1
    ) throws -> ServedGateway {
        var files = auth ? try Tokens.made.get().files : [:]
        files["schema.graphql"] = schema
        files["home.graphql"] = "query Home { user(id: 1) { name } }"
        files["gateway.yaml"] = """
            server: {listen: "127.0.0.1:0", trustedProxies: [127.0.0.1, 10.0.0.0/8]}
            admin: {listen: "127.0.0.1:0"}
            graphql: {schemas: [schema.graphql]\(graphql)}
            upstreams: {up: {url: "http://127.0.0.1:\(upstream.port)"}}
            routes:
              users: {upstream: up, request: "GET /users"}
              user: {upstream: up, request: "GET /users/{id}"}
            rest:
              "GET /users/{id}": {route: user}
              "GET /shaped/{id}": {route: user, shape: User}
              "GET /home": {operation: home.graphql}
              "ANY /raw/{path...}": {upstream: up, rewrite: "/{path}"}
            profiles: {default: web, web: {}, tv: {}}
            \(auth ? "auth: {jwt: \(Tokens.issuer)}" : "")
            rateLimits: \(rules)
            \(more)
            """
        return try ServedGateway(files, shards: shards)
    }

    /// What a test asks for: a REST path, or a GraphQL document.
    private static func ask(_ gateway: ServedGateway, _ target: String, _ fields: [String]) throws
        -> RawConnection.Response
    {
        if target.hasPrefix("/") { return try gateway.request("GET", target, fields: fields) }
        return try gateway.post("{\"query\": \(ServedGateway.quoted(target))}", fields: fields)
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var rules: String
        /// What is asked, with a field, and the status.
        var steps: [(String, String?, Int)]
        var testDescription: String { rules }
    }

    private static let byKey = [
        Case(
            rules: "[{key: ip, rate: 1/h}]",
            steps: [
                ("/users/1", nil, 200), ("/users/2", nil, 429), ("{ __typename }", nil, 429), ("/nowhere", nil, 429),
                ("/users/1", "X-Forwarded-For: 192.0.2.1", 200), ("/users/1", "X-Forwarded-For: 192.0.2.1", 429),
                ("/users/1", "X-Forwarded-For: 192.0.2.2", 200),
                // What stands left of the client is its own claim; right of it are proxies.
                ("/users/1", "X-Forwarded-For: 198.51.100.7, 192.0.2.1, 10.1.2.3", 429),
                ("/users/1", "X-Forwarded-For: 192.0.2.1, 198.51.100.7", 200),
                ("/users/1", "X-Forwarded-For: 192.0.2.3:4711", 200), ("/users/1", "X-Forwarded-For: 192.0.2.3", 429),
                // One that can't be read leaves the proxy that wrote it.
                ("/users/1", "X-Forwarded-For: 192.0.2.77, unknown", 429),
                ("/users/1", "X-Forwarded-For: 10.0.0.9, 10.0.0.8", 200),
                ("/users/1", "X-Forwarded-For: 10.0.0.9", 429),
                // A client has a network of 64 bits to itself.
                ("/users/1", "X-Forwarded-For: 2001:db8::1", 200), ("/users/1", "X-Forwarded-For: 2001:db8::2", 429),
                ("/users/1", "X-Forwarded-For: [2001:db8::3]:80", 429),
                ("/users/1", "Forwarded: for=\"[2001:db8::4]:80\";proto=https", 429),
                ("/users/1", "Forwarded: by=10.0.0.1; For=192.0.2.9, for=10.0.0.2", 200),
                ("/users/1", "Forwarded: for=192.0.2.9", 429),
                ("/users/1", "X-Forwarded-For: 2001:db8:0:1::1", 200),
            ]),
        Case(
            rules: "[{key: header.X-Key, rate: 2/h, burst: 1}]",
            steps: [
                ("/users/1", "x-key: a", 200), ("/users/1", "X-KEY: a", 429), ("/raw/users/1", "x-key: b", 200),
                ("{ user(id: 1) { id } }", "x-key: b", 429), ("/users/1", nil, 200), ("/users/1", nil, 200),
            ]),
        Case(
            rules: "[{key: operation, rate: 1/h}]",
            steps: [
                ("query A { user(id: 1) { id } }", nil, 200), ("query A { user(id: 2) { id } }", nil, 429),
                ("query B { user(id: 1) { id } }", nil, 200),
                // Those without a name are one; what doesn't run isn't counted.
                ("{ nothing }", nil, 400), ("{ user(id: 1) { id } }", nil, 200), ("{ __typename }", nil, 429),
                ("/home", nil, 200), ("/home", nil, 429), ("query Home { __typename }", nil, 429),
                ("/users/1", nil, 200), ("/users/1", nil, 200), ("/raw/users/1", nil, 200),
            ]),
        Case(
            rules: "[{key: route, rate: 1/h}]",
            steps: [
                ("/users/1", nil, 200), ("/shaped/2", nil, 429), ("/raw/users/1", nil, 200), ("/raw/x", nil, 429),
                ("/home", nil, 200), ("/home", nil, 429), ("{ user(id: 1) { id } }", nil, 200), ("/nowhere", nil, 404),
                ("{ user(id: 1) { id } }", nil, 200),
            ]),
        Case(
            rules: "[{key: profile, rate: 1/h}]",
            steps: [
                ("/users/1", nil, 200), ("/users/1", "x-device-profile: web", 429),
                ("{ __typename }", "x-device-profile: tv", 200), ("/users/1", "x-device-profile: tv", 429),
            ]),
        Case(
            rules: "[{key: [header.x-key, operation], rate: 1/h}]",
            steps: [
                ("query A { __typename }", "x-key: a", 200), ("query A { __typename }", "x-key: a", 429),
                ("query B { __typename }", "x-key: a", 200), ("query A { __typename }", "x-key: b", 200),
                ("query A { __typename }", nil, 200), ("query A { __typename }", nil, 200),
                ("/users/1", "x-key: a", 200),
                // Two values don't run into each other.
                ("query bc { __typename }", "x-key: a", 200), ("query c { __typename }", "x-key: ab", 200),
            ]),
        Case(
            rules: "[{key: profile, rate: 10/h, weight: cost}]",
            steps: [
                // 1 for the list and 2 for each name; 1 at least, and never more than the bucket holds.
                ("{ users(first: 3) { name } }", nil, 200), ("{ users(first: 2) { name } }", nil, 429),
                ("/users/1", nil, 200), ("{ __typename }", nil, 200), ("/home", nil, 429), ("/raw/x", nil, 200),
                ("{ __typename }", nil, 429), ("{ users(first: 100) { name } }", "x-device-profile: tv", 200),
                ("{ __typename }", "x-device-profile: tv", 429),
            ]),
        Case(
            rules: "[{key: ip, rate: 2/h}, {key: header.x-key, rate: 1/h}]",
            steps: [("/users/1", "x-key: a", 200), ("/users/1", "x-key: a", 429), ("/users/1", "x-key: b", 429)]),
    ]

    @Test(arguments: byKey)
    func `requests that are alike in the key share a count`(_ example: Case) throws {
        let gateway = try Self.gateway(example.rules)
        for (index, (target, field, status)) in example.steps.enumerated() {
            let answer = try Self.ask(gateway, target, field.map { [$0] } ?? [])
            #expect(answer.status == status, "step \(index): \(target) \(field ?? "") \(answer.text)")
        }
    }

    @Test func `a claim is a key, and the address is asked before the token, the claim after it`() throws {
        let tokens = try Tokens.made.get()
        let gateway = try Self.gateway(
            "[{key: ip, rate: 4/h}, {key: [claim.sub], rate: 1/h}, {key: header.x-key, rate: 1/h}]", auth: true)
        func ask(_ address: Int, _ fields: String...) throws -> Int {
            try gateway.request("GET", "/users/1", fields: ["X-Forwarded-For: 192.0.2.\(address)"] + fields).status
        }
        let seven = try tokens.field("good RS256")
        let alsoSeven = try tokens.field("good ES256")
        let eight = try tokens.field("is user 8")
        #expect(try [ask(1, seven), ask(1, alsoSeven), ask(1, eight), ask(1), ask(1)] == [200, 429, 200, 200, 429])
        #expect(try [ask(2, tokens.field("is no sub")), ask(2, tokens.field("is no sub"))] == [200, 200])
        // A bad token is 401 until its address has asked too often, and counts for nothing else.
        let bad = try tokens.field("truncated")
        let answers = try (0..<6).map { _ in try ask(3, bad, "x-key: a") }
        #expect(answers == [401, 401, 401, 401, 429, 429])
        #expect(try [ask(4, "x-key: a"), ask(4, "x-key: a")] == [200, 429])
    }

    @Test(arguments: ["", ", statusProfile: draft-2026"])
    func `a refusal is 429 in its door's form, and says when to come back`(profile: String) throws {
        let gateway = try Self.gateway(
            "[{key: operation, rate: 1/m}, {key: header.x-key, rate: 2/m}]", graphql: profile)
        let first = try gateway.post(#"{"query": "query A { __typename }"}"#, fields: ["x-key: g"])
        #expect(first.status == 200)
        #expect(first.fields("ratelimit") == [#""header.x-key";r=1;t=30"#, #""operation";r=0;t=60"#])
        #expect(first.fields("ratelimit-policy") == [#""header.x-key";q=2;w=60"#, #""operation";q=1;w=60"#])
        #expect(first.field("retry-after") == nil)
        for accept in ["application/json", "application/graphql-response+json"] {
            let refused = try gateway.post(#"{"query": "query A { __typename }"}"#, fields: ["Accept: \(accept)"])
            #expect(refused.status == 429)
            #expect(refused.field("content-type")?.hasPrefix(accept) == true)
            #expect(try Answer(refused).failures.map(\.code) == ["RATE_LIMITED"])
            #expect(!refused.text.contains("\"data\""))
            let wait = try #require(refused.field("retry-after").flatMap { Int($0) })
            #expect((1...60).contains(wait))
            #expect(refused.fields("ratelimit") == [#""operation";r=0;t=\#(wait)"#])
        }
        _ = try gateway.request("GET", "/users/1", fields: ["x-key: g"])
        for path in ["/users/1", "/shaped/1", "/home", "/raw/users/1"] {
            let refused = try gateway.request("GET", path, fields: ["x-key: g"])
            #expect(refused.status == 429, "\(path)")
            #expect(refused.field("content-type") == "application/problem+json")
            #expect(refused.text.contains(#""title":"Too Many Requests","status":429"#), "\(refused.text)")
            #expect(refused.text.contains(#""code":"RATE_LIMITED""#))
            #expect(refused.field("retry-after").flatMap { Int($0) }.map { (1...30).contains($0) } == true)
        }
        let early = try gateway.post(#"{"query": "{ __typename }"}"#, fields: ["x-key: g"])
        #expect(early.status == 429)
        #expect(try Answer(early).failures.map(\.code) == ["RATE_LIMITED"])
        let metrics = try gateway.request("GET", "/metrics", at: gateway.admin).text
        #expect(metrics.contains(#"sluice_rate_limited_total{rule="operation"} 2"#))
        #expect(metrics.contains(#"sluice_rate_limited_total{rule="header.x-key"} 5"#))
        let state = try gateway.request("GET", "/state", at: gateway.admin).text
        #expect(
            state.contains(
                #""rateLimits":[{"rule":"operation","rate":"1/m","burst":1,"store":"local","buckets":1,"refused":2},"#
                    + #"{"rule":"header.x-key","rate":"2/m","burst":2,"store":"local","buckets":1,"refused":5}]"#),
            "\(state)")
        #expect(gateway.line(with: #""status":429"#) != nil, "the access log has them too")
    }

    @Test func `an answer that is streamed says what is left`() throws {
        let gateway = try Self.gateway("[{key: ip, rate: 10/h, burst: 20}]")
        let answer = try gateway.request("GET", "/raw/users/1")
        #expect(answer.status == 200 && answer.field("ratelimit") == #""ip";r=19;t=360"#)
        #expect(answer.field("ratelimit-policy") == #""ip";q=10;w=3600"#)
    }

    @Test func `a batch counts once, and each of its operations by itself`() throws {
        let gateway = try Self.gateway("[{key: operation, rate: 2/h}, {key: ip, rate: 2/h}]")
        let entry = #"{"query": "query A { __typename }"}"#
        let other = #"{"query": "query B { __typename }"}"#
        let batch = try gateway.post("[\(entry), \(entry), \(entry), \(other)]")
        #expect(batch.status == 200)
        let codes = batch.text.components(separatedBy: "RATE_LIMITED").count - 1
        let data = batch.text.components(separatedBy: #""data""#).count - 1
        #expect(codes == 1 && data == 3, "\(batch.text)")
        #expect(batch.fields("ratelimit") == [#""ip";r=1;t=1800"#, #""operation";r=1;t=1800"#])
        #expect(try gateway.post("[\(other)]").status == 200)
        #expect(try gateway.post("[\(other)]").status == 429)
    }

    @Test func `all shards share the count, and a reload keeps that of unchanged rules`() throws {
        let rules = "[{key: header.x-key, rate: 40/h}, {key: ip, rate: 100/h}]"
        let gateway = try Self.gateway(rules, shards: 2)
        let statuses = try (0..<30).map { _ in try gateway.request("GET", "/users/1", fields: ["x-key: a"]).status }
        #expect(statuses == [Int](repeating: 200, count: 30))
        let file = try String(contentsOf: #require(gateway.folder).appending(path: "gateway.yaml"), encoding: .utf8)
        try gateway.replace("gateway.yaml", file.replacingOccurrences(of: "rate: 100/h", with: "rate: 100/m"))
        #expect(try gateway.request("POST", "/reload", body: "", at: gateway.admin).status == 200)
        let more = try (0..<20).map { _ in try gateway.request("GET", "/users/1", fields: ["x-key: a"]).status }
        #expect(more == [Int](repeating: 200, count: 10) + [Int](repeating: 429, count: 10))
        try gateway.replace("gateway.yaml", file.replacingOccurrences(of: "rate: 40/h", with: "rate: 41/h"))
        #expect(try gateway.request("POST", "/reload", body: "", at: gateway.admin).status == 200)
        #expect(try gateway.request("GET", "/users/1", fields: ["x-key: a"]).status == 200, "a new rule begins anew")
    }

    @Test func `a preflight isn't counted, and a refusal can be read by the page that asked`() throws {
        let gateway = try Self.gateway(
            "[{key: ip, rate: 1/h}]", more: #"cors: {origins: ["https://app.example"], exposeHeaders: [retry-after]}"#)
        let origin = "Origin: https://app.example"
        for _ in 0..<3 {
            let fields = [origin, "Access-Control-Request-Method: GET"]
            #expect(try gateway.request("OPTIONS", "/users/1", fields: fields).status == 204)
        }
        #expect(try gateway.request("GET", "/users/1", fields: [origin]).status == 200)
        let refused = try gateway.request("GET", "/users/1", fields: [origin])
        #expect(refused.status == 429)
        #expect(refused.field("access-control-allow-origin") == "https://app.example")
    }
}
