import Foundation
import TestSupport
import Testing

@Suite("Contract §6: breakers, hedges, places and shedding, end to end")
struct GuardTests {
    private func gateway(_ upstreams: String, _ routes: String, server: String = "") throws -> ServedGateway {
        try ServedGateway([
            "gateway.yaml": """
            server: {listen: "127.0.0.1:0"\(server)}
            admin: {listen: "127.0.0.1:0"}
            graphql: {schemas: [schema.graphql]}
            upstreams: {\(upstreams)}
            routes: {one: {upstream: up, request: "GET /one", singleFlight: false, \(routes)}, two: {upstream: up, request: "GET /two", singleFlight: false}}
            rest: {"GET /one": {route: one}, "GET /two": {route: two}}
            """,
            "schema.graphql": """
            type Query { one: Int @rest(route: "one") two: Int @rest(route: "two") }
            """,
        ])
    }

    private func breaker(_ gateway: ServedGateway) throws -> String? {
        let health = try gateway.request("GET", "/healthz?full=1", at: gateway.admin)
        let whole = try JSONSerialization.jsonObject(with: Data(health.body)) as? [String: Any]
        return ((whole?["breakers"] as? [String: [String: Any]])?["one"])?["state"] as? String
    }

    /// The members of `/state` under `guards` for a route, or for the upstream `up`.
    private func guards(_ gateway: ServedGateway, route: String? = nil) throws -> [String: Any] {
        let state = try gateway.request("GET", "/state", at: gateway.admin)
        let whole = try #require(try JSONSerialization.jsonObject(with: Data(state.body)) as? [String: Any])
        let guards = try #require(whole["guards"] as? [[String: Any]])
        return try #require(guards.first { $0["upstream"] as? String == "up" && $0["route"] as? String == route })
    }

    /// Sends `GET target` on a connection of its own, for its answer to be read later.
    private func begin(_ gateway: ServedGateway, _ target: String, _ fields: String = "") throws -> RawConnection {
        let connection = try RawConnection(gateway.address)
        try connection.send("GET \(target) HTTP/1.1\r\nHost: h\r\n\(fields)\r\n")
        return connection
    }

    private func wait(seconds: Double = 5, until isTrue: () throws -> Bool) throws -> Bool {
        let end = Clock.now + seconds
        while Clock.now < end {
            if try isTrue() { return true }
        }
        return try isTrue()
    }

    // MARK: Breakers

    @Test func `answers that are too slow open a breaker that counts them`() throws {
        let upstream = ScriptedUpstream { peer, _ in
            while let head = try peer.readRequest() {
                if head.contains("/one") { peer.takeTime(milliseconds: 60) }
                try peer.send(answer("1"))
            }
        }
        let gateway = try gateway(
            "up: {url: \"http://127.0.0.1:\(upstream.port)\"}",
            "breaker: {minimumCalls: 3, slowerThan: 30ms, openFor: 1m}")
        for _ in 0..<3 { #expect(try gateway.request("GET", "/one").status == 200) }
        #expect(try breaker(gateway) == "open")
        let refused = try gateway.request("GET", "/one")
        #expect(refused.status == 503 && refused.text.contains("BREAKER_OPEN"))
        #expect((1...60).contains(Int(refused.field("retry-after") ?? "") ?? 0))
        #expect(try gateway.request("GET", "/two").status == 200)
    }

    @Test func `half-open lets no more than its probes through, and their success closes it`() throws {
        let isDown = Recorder<Bool>()
        let release = Latch()
        let upstream = ScriptedUpstream { peer, _ in
            while try peer.readRequest() != nil {
                if isDown.all.isEmpty {
                    try peer.send(answer("{}", status: "500 No"))
                } else {
                    release.wait()
                    try peer.send(answer("1"))
                }
            }
        }
        let gateway = try gateway(
            "up: {url: \"http://127.0.0.1:\(upstream.port)\"}",
            "breaker: {minimumCalls: 4, failureRatio: 0.5, openFor: 100ms, probes: 2, closeAfter: 2}")
        for _ in 0..<4 { #expect(try gateway.request("GET", "/one").status == 502) }
        #expect(try breaker(gateway) == "open")
        isDown.add(true)
        #expect(try wait { try breaker(gateway) == "half-open" })
        let calls = try (0..<12).map { _ in try begin(gateway, "/one") }
        // Two wait for the upstream, ten are answered at once.
        #expect(try wait { calls.count { $0.hasMore } == 10 })
        let answered = calls.filter { $0.hasMore }
        for call in answered { #expect(try call.readResponse().status == 503) }
        upstream.heads.wait(count: 6)
        #expect(upstream.heads.all.count == 6)
        release.open()
        #expect(try wait { try breaker(gateway) == "closed" })
        #expect(try gateway.request("GET", "/one").status == 200)
        let page = try gateway.request("GET", "/metrics", at: gateway.admin).text
        #expect(page.contains("sluice_calls_refused_total{upstream=\"up\",reason=\"breaker_open\"} 10\n"))
    }

    // MARK: Hedges

    @Test func `a slow call is hedged at another target, and log and metrics say so`() throws {
        let slow = Recorder<Bool>()
        let closed = Latch()
        let sluggish = ScriptedUpstream { peer, _ in
            while try peer.readRequest() != nil {
                guard slow.all.isEmpty else {
                    peer.waitForClose()
                    return closed.open()
                }
                try peer.send(answer("1"))
            }
        }
        let quick = ScriptedUpstream(always: answer("2"))
        let gateway = try gateway(
            "up: {urls: [\"http://127.0.0.1:\(sluggish.port)\", \"http://127.0.0.1:\(quick.port)\"]}",
            "timeout: 4s, hedge: {after: 300ms, atMost: 50%}")
        for _ in 0..<4 { #expect(try gateway.request("GET", "/one").status == 200) }
        slow.add(true)
        // Each takes its turn at one of the two.
        for _ in 0..<2 { #expect(try gateway.query("{ one }").value("one") as? Int == 2) }
        closed.wait()
        let page = try gateway.request("GET", "/metrics", at: gateway.admin).text
        #expect(page.contains("sluice_hedges_total{upstream=\"up\"} 1\n"))
        #expect(page.contains("sluice_hedges_won_total{upstream=\"up\"} 1\n"))
        #expect(page.contains("sluice_retries_total{upstream=\"up\"} 0\n"))
        let line = try #require(gateway.line(with: "\"hedges\":1"))
        #expect(line.contains("\"attempts\":1,\"hedges\":1}"))
        #expect(try guards(gateway, route: "one")["hedgeAfterMs"] as? Int == 300)
    }

    @Test func `when a call is slow is measured`() throws {
        let upstream = ScriptedUpstream { peer, _ in
            while try peer.readRequest() != nil {
                peer.takeTime(milliseconds: 5)
                try peer.send(answer("1"))
            }
        }
        let gateway = try gateway(
            "up: {url: \"http://127.0.0.1:\(upstream.port)\", hedge: {after: p95}}", "notFound: null")
        #expect(try guards(gateway, route: "one")["hedgeAfterMs"] is NSNull)
        for _ in 0..<20 { #expect(try gateway.request("GET", "/one").status == 200) }
        let measured = try #require(try guards(gateway, route: "one")["hedgeAfterMs"] as? Int)
        #expect(measured >= 5 && measured < 1000)
        #expect(try guards(gateway, route: "two")["hedgeAfterMs"] is NSNull)
    }

    // MARK: Places

    @Test func `calls beyond the places wait in line, and beyond the line are refused`() throws {
        let release = Latch()
        let upstream = ScriptedUpstream(always: answer("1"), after: release)
        let gateway = try gateway(
            "up: {url: \"http://127.0.0.1:\(upstream.port)\"}", "concurrency: {max: 2, queue: 3}")
        let calls = try (0..<5).map { _ in try begin(gateway, "/one") }
        #expect(try wait { try guards(gateway, route: "one")["queued"] as? Int == 3 })
        #expect(try guards(gateway, route: "one")["inFlight"] as? Int == 2)
        let refused = try gateway.request("GET", "/one")
        #expect(refused.status == 503 && refused.text.contains("OVERLOADED"))
        #expect(refused.field("retry-after") == "1")
        #expect(try gateway.query("{ one }").failures == [Answer.Failure(path: ["one"], code: "OVERLOADED")])
        #expect(upstream.heads.wait(count: 2).count == 2)
        release.open()
        for call in calls { #expect(try call.readResponse().status == 200) }
        #expect(try guards(gateway, route: "one")["inFlight"] as? Int == 0)
        #expect(upstream.heads.all.count == 5)
    }

    @Test func `who leaves the line leaves its place to the next`() throws {
        let release = Latch()
        let upstream = ScriptedUpstream(always: answer("1"), after: release)
        let gateway = try gateway(
            "up: {url: \"http://127.0.0.1:\(upstream.port)\"}", "concurrency: {max: 1, queue: 2}")
        let first = try begin(gateway, "/one")
        #expect(try wait { try guards(gateway, route: "one")["inFlight"] as? Int == 1 })
        let second = try begin(gateway, "/one")
        #expect(try wait { try guards(gateway, route: "one")["queued"] as? Int == 1 })
        let third = try begin(gateway, "/one")
        #expect(try wait { try guards(gateway, route: "one")["queued"] as? Int == 2 })
        second.reset()
        #expect(try wait { try guards(gateway, route: "one")["queued"] as? Int == 1 })
        release.open()
        #expect(try first.readResponse().status == 200)
        #expect(try third.readResponse().status == 200)
        #expect(upstream.heads.all.count == 2)
    }

    @Test func `an adaptive limit begins at sixteen and is shown`() throws {
        let upstream = ScriptedUpstream(always: answer("1"))
        let gateway = try gateway(
            "up: {url: \"http://127.0.0.1:\(upstream.port)\", concurrency: {adaptive: true}}", "notFound: null")
        #expect(try guards(gateway)["limit"] as? Int == 16)
        for _ in 0..<40 { #expect(try gateway.request("GET", "/one").status == 200) }
        #expect(try guards(gateway)["inFlight"] as? Int == 0)
        let page = try gateway.request("GET", "/metrics", at: gateway.admin).text
        #expect(page.contains("sluice_concurrency_limit{upstream=\"up\",route=\"\"} 16\n"))
    }

    // MARK: Shedding

    @Test func `above inFlight every door says 503, and the gateway isn't ready until a second after`() throws {
        let release = Latch()
        let upstream = ScriptedUpstream(always: answer("1"), after: release)
        let gateway = try gateway(
            "up: {url: \"http://127.0.0.1:\(upstream.port)\"}", "notFound: null", server: ", limits: {inFlight: 3}")
        let calls = try (0..<3).map { _ in try begin(gateway, "/one") }
        upstream.heads.wait(count: 3)
        #expect(try gateway.request("GET", "/readyz", at: gateway.admin).status == 200)
        let operation = try gateway.post(#"{"query": "{ one }"}"#)
        #expect(operation.status == 503 && operation.field("retry-after") == "1")
        #expect(operation.field("content-type") == "application/json; charset=utf-8")
        #expect(operation.text.contains(#""extensions":{"code":"OVERLOADED"}"#))
        let rest = try gateway.request("GET", "/two")
        #expect(rest.status == 503 && rest.field("retry-after") == "1")
        #expect(rest.field("content-type") == "application/problem+json" && rest.text.contains("\"OVERLOADED\""))
        #expect(try gateway.request("GET", "/readyz", at: gateway.admin).status == 503)
        #expect(try gateway.request("GET", "/healthz", at: gateway.admin).status == 200)
        release.open()
        for call in calls { #expect(try call.readResponse().status == 200) }
        let relieved = Clock.now
        #expect(try gateway.request("GET", "/readyz", at: gateway.admin).status == 503)
        #expect(try gateway.request("GET", "/two").status == 200)
        #expect(try wait { try gateway.request("GET", "/readyz", at: gateway.admin).status == 200 })
        #expect(Clock.now - relieved > 0.9)
        #expect(upstream.heads.all.count == 4)
        let page = try gateway.request("GET", "/metrics", at: gateway.admin).text
        #expect(page.contains("sluice_requests_shed_total{priority=\"normal\"} 2\n"))
    }
}
