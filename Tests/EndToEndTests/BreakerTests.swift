import Foundation
import TestSupport
import Testing

@Suite("Contract §6: breakers, retries and deadlines, end to end")
struct BreakerTests {
    private func gateway(_ upstream: ScriptedUpstream) throws -> ServedGateway {
        try ServedGateway([
            "gateway.yaml": """
            server: {listen: "127.0.0.1:0"}
            admin: {listen: "127.0.0.1:0"}
            graphql: {schemas: [schema.graphql]}
            upstreams: {things: {url: "http://127.0.0.1:\(upstream.port)"}}
            routes:
              guarded: {upstream: things, request: "GET /guarded", breaker: {minimumCalls: 3, failureRatio: 0.5, openFor: 200ms, probes: 1, closeAfter: 1}}
              retried: {upstream: things, request: "GET /retried", retry: {attempts: 2, backoff: {base: 1ms, max: 2ms}}}
              posted: {upstream: things, request: "POST /posted", retry: {attempts: 3, backoff: {base: 1ms, max: 2ms}}}
              slow: {upstream: things, request: "GET /slow", timeout: 50ms}
              spare: {upstream: things, request: "GET /guarded", fallback: {value: {name: spare}}}
            """,
            "schema.graphql": """
            type Query {
              guarded: Thing @rest(route: "guarded")
              retried: Thing @rest(route: "retried")
              slow: Thing @rest(route: "slow")
              spare: Thing @rest(route: "spare")
            }
            type Mutation { posted: Thing @rest(route: "posted") }
            type Thing { name: String }
            """,
        ])
    }

    /// An upstream that fails at `/guarded` until `isWell` is told, at the first `/retried`, and at every `/posted`.
    private static func upstream(_ isWell: Recorder<Bool>) -> ScriptedUpstream {
        let retried = Recorder<Bool>()
        return ScriptedUpstream { peer, _ in
            while let head = try peer.readRequest() {
                if head.contains("/slow") { return peer.waitForClose() }
                if head.contains("/retried") { retried.add(true) }
                let isWell =
                    head.contains("/guarded") ? !isWell.all.isEmpty : head.contains("/retried") && retried.all.count > 1
                try peer.send(
                    isWell ? answer("{\"name\": \"well\"}") : answer("{}", status: "503 Service Unavailable"))
            }
        }
    }

    private func breaker(_ gateway: ServedGateway) throws -> String? {
        let health = try gateway.request("GET", "/healthz?full=1", at: gateway.admin)
        let whole = try JSONSerialization.jsonObject(with: Data(health.body)) as? [String: Any]
        let breakers = whole?["breakers"] as? [String: [String: Any]]
        return breakers?["guarded"]?["state"] as? String
    }

    @Test func `a breaker opens, spares its upstream, and closes again when that is well`() throws {
        let isWell = Recorder<Bool>()
        let upstream = Self.upstream(isWell)
        let gateway = try gateway(upstream)
        #expect(try breaker(gateway) == "closed")
        for _ in 0..<3 {
            #expect(try gateway.query("{ guarded { name } }").failures.map(\.code) == ["UPSTREAM_STATUS"])
        }
        #expect(try gateway.query("{ guarded { name } }").failures.map(\.code) == ["BREAKER_OPEN"])
        #expect(upstream.heads.all.count == 3)
        #expect(try breaker(gateway) == "open")
        let metrics = try gateway.request("GET", "/metrics", at: gateway.admin).text
        #expect(metrics.contains("sluice_breaker_state{breaker=\"guarded\"} 2"))
        isWell.add(true)
        let end = ContinuousClock.now + .seconds(30)
        var answer = try gateway.query("{ guarded { name } }")
        while !answer.failures.isEmpty, ContinuousClock.now < end { answer = try gateway.query("{ guarded { name } }") }
        #expect(answer.value("guarded", "name") as? String == "well")
        #expect(try breaker(gateway) == "closed")
    }

    @Test func `an operator holds a breaker open and lets it go`() throws {
        let isWell = Recorder<Bool>()
        isWell.add(true)
        let upstream = Self.upstream(isWell)
        let gateway = try gateway(upstream)
        #expect(try gateway.request("POST", "/breakers/guarded?state=open", at: gateway.admin).status == 200)
        #expect(try gateway.query("{ guarded { name } }").failures.map(\.code) == ["BREAKER_OPEN"])
        #expect(try gateway.request("POST", "/breakers/guarded?state=auto", at: gateway.admin).status == 200)
        #expect(try gateway.query("{ guarded { name } }").failures.isEmpty)
        #expect(try gateway.request("POST", "/breakers/none?state=open", at: gateway.admin).status == 404)
        #expect(try gateway.request("POST", "/breakers/guarded?state=ajar", at: gateway.admin).status == 400)
    }

    @Test func `a GET is tried again, a POST is not`() throws {
        let upstream = Self.upstream(Recorder())
        let gateway = try gateway(upstream)
        #expect(try gateway.query("{ retried { name } }").value("retried", "name") as? String == "well")
        #expect(upstream.heads.all.count == 2)
        let posted = try gateway.query("mutation { posted { name } }")
        #expect(posted.failures.map(\.code) == ["UPSTREAM_STATUS"] && posted.text.contains("\"attempts\":1"))
        #expect(upstream.heads.all.count == 3)
        let metrics = try gateway.request("GET", "/metrics", at: gateway.admin).text
        #expect(metrics.contains("sluice_retries_total{upstream=\"things\"} 1"))
    }

    @Test func `a try's own timeout and the whole deadline have codes of their own`() throws {
        let upstream = Self.upstream(Recorder())
        let gateway = try gateway(upstream)
        #expect(try gateway.query("{ slow { name } }").failures.map(\.code) == ["UPSTREAM_TIMEOUT"])
        // On a busy machine the time can be over before anything is sent.
        for _ in 0..<50 where upstream.heads.all.count < 2 {
            let hurried = try gateway.query("{ slow { name } }", fields: ["X-Request-Timeout-Ms: 20"])
            #expect(hurried.failures.map(\.code) == ["DEADLINE_EXCEEDED"])
        }
        let left = upstream.heads.all.last?.lowercased().split(separator: "\r\n")
            .first { $0.hasPrefix("x-request-timeout-ms:") }?.split(separator: " ").last.flatMap { Int($0) }
        #expect((1...20).contains(try #require(left)))
    }

    @Test func `a fallback value stands in without an error and is marked`() throws {
        let upstream = Self.upstream(Recorder())
        let gateway = try gateway(upstream)
        let answer = try gateway.query("{ spare { name } }")
        #expect(
            answer.text
                == #"{"data":{"spare":{"name":"spare"}},"extensions":{"fallbacks":[{"path":["spare"],"route":"spare","kind":"value"}]}}"#
        )
    }

    @Test func `the access log tells of the request and its calls`() throws {
        let isWell = Recorder<Bool>()
        isWell.add(true)
        let upstream = Self.upstream(isWell)
        let gateway = try gateway(upstream)
        let body = #"{"query": "query Look { guarded { name } }"}"#
        let response = try gateway.post(body, fields: ["X-Request-ID: abc-1"])
        #expect(response.field("x-request-id") == "abc-1")
        #expect(upstream.heads.all.last?.lowercased().contains("x-request-id: abc-1") == true)
        let line = try #require(gateway.line(with: "\"msg\":\"access\""))
        let record = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        #expect(
            Set(record.keys) == [
                "ts", "level", "msg", "method", "path", "status", "duration_ms", "request_id", "trace_id", "profile",
                "operation", "upstreams",
            ])
        #expect(record["operation"] as? String == "Look" && record["request_id"] as? String == "abc-1")
        let call = try #require((record["upstreams"] as? [[String: Any]])?.first)
        #expect(call["name"] as? String == "things" && call["route"] as? String == "guarded")
        #expect(call["status"] as? Int == 200 && call["attempts"] as? Int == 1)
    }
}
