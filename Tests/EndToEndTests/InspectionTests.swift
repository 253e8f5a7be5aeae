import EventLoop
import Foundation
import TestSupport
import Testing

@Suite("How a request went, for those who may look")
struct InspectionTests {
    private static let query = "{ user { name friends { name } } }"

    /// Answers in a way that takes one call and then another; the first one's first try fails.
    private static func upstream() -> ScriptedUpstream {
        let failed = Recorder<Bool>()
        return ScriptedUpstream { peer, _ in
            while let head = try peer.readRequest() {
                if head.hasPrefix("GET /user "), failed.all.isEmpty {
                    failed.add(true)
                    try peer.send("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n")
                } else if head.hasPrefix("GET /user ") {
                    try peer.send(answer(#"{"id": 7, "name": "Ann"}"#))
                } else {
                    try peer.send(answer(#"[{"name": "Bo"}]"#))
                }
            }
        }
    }

    private static func gateway(
        _ upstream: ScriptedUpstream, telemetry: String = "", files: [String: String] = [:], more: String = ""
    ) throws -> ServedGateway {
        let own = [
            "gateway.yaml": """
            server: {listen: "127.0.0.1:0"}
            admin: {listen: "127.0.0.1:0"}
            graphql: {schemas: [schema.graphql]}
            telemetry: {logs: {access: false\(telemetry.contains("slow") ? ", slow: 0ms" : "")}\(
                telemetry.contains("inspect") ? ", \(telemetry)" : "")}
            upstreams:
              people: {url: "http://127.0.0.1:\(upstream.port)", retry: {attempts: 2, backoff: {base: 1ms, max: 2ms}}}
            routes:
              user: {upstream: people, request: "GET /user"}
              friends: {upstream: people, request: "GET /friends/{id}"}
            rest:
              "GET /user": {route: user}
            \(more)
            """,
            "schema.graphql": """
            type Query { user: User @rest(route: "user") }
            type User { name: String friends: [User!] @rest(route: "friends", with: {id: "$this.id"}) }
            """,
        ]
        return try ServedGateway(own.merging(files) { _, other in other })
    }

    private static func timing(_ answer: Answer) throws -> [String: Any]? {
        let whole = try #require(JSONSerialization.jsonObject(with: Data(answer.text.utf8)) as? [String: Any])
        return (whole["extensions"] as? [String: Any])?["timing"] as? [String: Any]
    }

    @Test func `the plan's steps with their tries stand in extensions timing`() throws {
        let upstream = Self.upstream()
        let gateway = try Self.gateway(upstream, telemetry: "inspect: {addresses: [127.0.0.0/8]}")
        let answer = try gateway.query(Self.query, fields: ["x-sluice-trace: 1"])
        #expect(answer.value("user", "name") as? String == "Ann")
        let timing = try #require(try Self.timing(answer))
        let calls = try #require(timing["calls"] as? [[String: Any]])
        #expect(calls.map { $0["route"] as? String } == ["user", "friends"])
        #expect(calls.map { $0["attempts"] as? Int } == [2, 1])
        #expect(calls.map { $0["received"] as? Int } == [24, 16])
        let tries = try #require(calls[0]["tries"] as? [[String: Any]])
        #expect(tries.map { $0["status"] as? Int } == [503, 200])
        // Each step begins after what it waits for, and nothing ends after the whole.
        let plan = try #require(timing["plan"] as? [String: Double])
        let times = [plan["start"], plan["end"]] + calls.flatMap { [$0["start"], $0["end"]] as? [Double?] ?? [] }
        let known = times.compactMap(\.self) + [try #require(timing["elapsed"] as? Double)]
        #expect(known.count == 7 && known == known.sorted(), "\(known)")
        // Nothing tells where upstreams are.
        #expect(!answer.text.contains("\(upstream.port)"))
    }

    @Test func `who isn't named sees nothing, and neither does who doesn't ask`() throws {
        let upstream = Self.upstream()
        let named = try Self.gateway(upstream, telemetry: "inspect: {addresses: [127.0.0.0/8]}")
        #expect(try Self.timing(named.query(Self.query)) == nil)
        #expect(try Self.timing(named.query(Self.query, fields: ["x-sluice-trace: yes"])) == nil)
        let others = try Self.gateway(upstream, telemetry: "inspect: {addresses: [10.0.0.0/8]}")
        #expect(try Self.timing(others.query(Self.query, fields: ["x-sluice-trace: 1"])) == nil)
        let nobody = try Self.gateway(upstream)
        let response = try nobody.request("GET", "/user", fields: ["x-sluice-trace: 1"])
        #expect(response.status == 200 && response.field("server-timing") == nil)
    }

    @Test func `a claim may let its bearer look`() throws {
        let upstream = Self.upstream()
        let tokens = try Tokens.made.get()
        let gateway = try Self.gateway(
            upstream, telemetry: "inspect: {claims: {iss: \"https://issuer.example\"}}", files: tokens.files,
            more: "auth: {jwt: \(Tokens.issuer)}")
        let field = try tokens.field("good RS256")
        #expect(try Self.timing(gateway.query(Self.query, fields: ["x-sluice-trace: 1", field])) != nil)
        #expect(try Self.timing(gateway.query(Self.query, fields: ["x-sluice-trace: 1"])) == nil)
    }

    @Test func `every door tells it by Server-Timing`() throws {
        let upstream = Self.upstream()
        let gateway = try Self.gateway(upstream, telemetry: "inspect: {addresses: [127.0.0.1]}")
        let response = try gateway.request("GET", "/user", fields: ["x-sluice-trace: 1"])
        let value = try #require(response.field("server-timing"))
        #expect(value.wholeMatch(of: /user;dur=[0-9]+\.[0-9]{3}, total;dur=[0-9]+\.[0-9]{3}/) != nil, "\(value)")
    }

    @Test func `a slow request writes its waterfall to the log`() throws {
        let upstream = Self.upstream()
        let gateway = try Self.gateway(upstream, telemetry: "slow")
        _ = try gateway.query(Self.query, fields: ["x-request-id: slow-one"])
        let line = try #require(gateway.line(with: "\"msg\":\"slow\""))
        let record = try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        #expect(record["level"] as? String == "warn" && record["request_id"] as? String == "slow-one")
        let timing = try #require(record["timing"] as? [String: Any])
        #expect((timing["calls"] as? [[String: Any]])?.count == 2 && timing["plan"] != nil)
    }
}

@Suite("The web console")
struct ConsoleTests {
    @Test func `an operation is planned, and run through the public door with its waterfall`() throws {
        let gateway = try ServedGateway(running: ["demo", "--port", "0", "--admin-port", "0"])
        let body =
            #"{"query": "query($id: ID!) { user(id: $id) { name history { action } } }", "variables": {"id": 1}}"#
        let answer = try gateway.request("POST", "/console/query?profile=tv", body: body, at: gateway.admin)
        #expect(answer.status == 200 && answer.field("x-sluice-status") == "200")
        #expect(answer.text.contains(#""history":null"#) && answer.text.contains(#""timing":{"elapsed":"#))
        let plan = try gateway.request("POST", "/console/explain?profile=tv", body: body, at: gateway.admin)
        #expect(plan.status == 200 && plan.text.contains(#""route":"users.get""#))
        let wrong = try gateway.request(
            "POST", "/console/explain", body: #"{"query": "gateway.yaml"}"#, at: gateway.admin)
        #expect(wrong.status == 422 && !wrong.text.contains("upstreams"), "\(wrong.text)")
        let foreign = try gateway.request(
            "POST", "/console/query", fields: ["Origin: https://evil.example"], body: body, at: gateway.admin)
        #expect(foreign.status == 403)
    }

    @Test func `a browser shows the state`() throws {
        let gateway = try ServedGateway(running: ["demo", "--port", "0", "--admin-port", "0"])
        let profile = FileManager.default.temporaryDirectory.appending(path: "chromium-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: profile) }
        let page = try Tool.run(
            [
                "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                "--user-data-dir=\(profile.path)", "--virtual-time-budget=4000", "--dump-dom",
                "http://\(gateway.admin)/console",
            ]
        ).text
        #expect(page.contains(#"role="status">serving · version"#), "\(page.prefix(2000))")
        #expect(page.contains("<td><span>users</span></td>"))
    }
}
