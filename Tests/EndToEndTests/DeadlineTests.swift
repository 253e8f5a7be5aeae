import Foundation
import TestSupport
import Testing

@Suite("Contract §6: one deadline for a whole request")
struct DeadlineTests {
    static let schema = """
        type Query {
          fast: Thing @rest(route: "fast")
          slow: Thing @rest(route: "slow")
          flaky: Thing @rest(route: "flaky")
          again: Thing @rest(route: "again")
          narrow(n: Int!): Thing @rest(route: "narrow")
          posts: [Post!] @rest(route: "posts")
        }
        type Thing { name: String next: Thing @rest(route: "next") }
        type Post { id: ID! author: Thing @rest(route: "authors", with: {ids: "$batch.authorId"}, key: "id") }
        """

    private func gateway(_ upstream: ScriptedUpstream) throws -> ServedGateway {
        try ServedGateway([
            "gateway.yaml": """
            server: {listen: "127.0.0.1:0", timeouts: {request: 3s}}
            admin: {listen: "127.0.0.1:0"}
            graphql: {schemas: [schema.graphql]}
            upstreams: {things: {url: "http://127.0.0.1:\(upstream.port)"}}
            routes:
              fast: {upstream: things, request: "GET /fast"}
              slow: {upstream: things, request: "GET /slow"}
              next: {upstream: things, request: "GET /next"}
              flaky: {upstream: things, request: "GET /flaky", retry: {attempts: 5, backoff: {base: 2s, max: 4s}}}
              again: {upstream: things, request: "GET /flaky/again", retry: {attempts: 3, backoff: {base: 60ms, max: 120ms}}}
              narrow: {upstream: things, request: "GET /narrow/{n}", concurrency: {max: 1, queue: 5}}
              posts: {upstream: things, request: "GET /posts"}
              authors: {upstream: things, request: "GET /authors?ids={ids:,}", batch: {max: 10}}
            rest:
              "GET /slow": {route: slow}
              "ANY /through/{path...}": {upstream: things, rewrite: "/{path}"}
            profiles: {default: web, web: {}, tv: {timeout: 300ms}}
            """,
            "schema.graphql": Self.schema,
        ])
    }

    /// Holds answers back by path; `closed` hears of every held connection that the gateway closed.
    private static func upstream(_ closed: Recorder<Bool> = Recorder()) -> ScriptedUpstream {
        ScriptedUpstream { peer, _ in
            while let head = try peer.readRequest() {
                if head.contains("/slow") || head.contains("/narrow/0") {
                    peer.waitForClose()
                    return closed.add(true)
                }
                if head.contains("/flaky") {
                    try peer.send(answer("{}", status: "503 Service Unavailable"))
                } else if head.contains("/posts") {
                    peer.takeTime(milliseconds: 150)
                    try peer.send(answer(#"[{"id": 1, "authorId": 7}, {"id": 2, "authorId": 8}]"#))
                } else if head.contains("/authors") {
                    try peer.send(answer(#"[{"id": 7, "name": "Ada"}, {"id": 8, "name": "Grace"}]"#))
                } else {
                    try peer.send(answer(#"{"name": "well"}"#))
                }
            }
        }
    }

    /// What `x-request-timeout-ms` said to the request whose line holds `path`.
    private func told(_ upstream: ScriptedUpstream, _ path: String) throws -> Int {
        let head = try #require(upstream.heads.all.last { $0.contains(path) })
        let line = head.lowercased().components(separatedBy: "\r\n").first { $0.hasPrefix("x-request-timeout-ms: ") }
        return try #require(line.flatMap { Int($0.dropFirst(22)) })
    }

    @Test(arguments: ["0", "-5", "1.5", "soon", "", "0x10", "900 ", "99999999999999999999", "60000"])
    func `a client's deadline that is no positive integer, or longer, changes nothing`(value: String) throws {
        let upstream = Self.upstream()
        let gateway = try gateway(upstream)
        let answer = try gateway.query("{ fast { name } }", fields: ["X-Request-Timeout-Ms: \(value)"])
        #expect(answer.failures.isEmpty)
        // White space around a value is none of its.
        let left = try told(upstream, "/fast")
        #expect(value == "900 " ? left <= 900 : left > 1000 && left <= 3000, "\(left)")
    }

    @Test func `at the deadline calls are cancelled on the wire and the data that is there is answered`() throws {
        let closed = Recorder<Bool>()
        let upstream = Self.upstream(closed)
        let gateway = try gateway(upstream)
        let started = ContinuousClock.now
        let answer = try gateway.query("{ slow { name } fast { name } }", fields: ["x-request-timeout-ms: 250"])
        let took = ContinuousClock.now - started
        #expect(answer.status == 200 && answer.value("fast", "name") as? String == "well")
        #expect(answer.failures == [Answer.Failure(path: ["slow"], code: "DEADLINE_EXCEEDED")])
        #expect(took >= .milliseconds(240) && took < .seconds(2))
        #expect(closed.wait(count: 1).count == 1)
    }

    @Test func `what is left goes on to dependent calls and batches`() throws {
        let upstream = Self.upstream()
        let gateway = try gateway(upstream)
        let answer = try gateway.query(
            "{ posts { author { name next { name } } } }", fields: ["x-request-timeout-ms: 2000"])
        #expect(answer.failures.isEmpty, "\(answer.text)")
        let first = try told(upstream, "/posts")
        let second = try told(upstream, "/authors")
        let third = try told(upstream, "/next")
        #expect(first <= 2000 && second <= first - 150 && third <= second && third > 0)
    }

    @Test func `a call that waits for a place is over at the deadline, and one that gets it has what is left`() throws {
        let closed = Recorder<Bool>()
        let upstream = Self.upstream(closed)
        let gateway = try gateway(upstream)
        let holder = try RawConnection(gateway.address)
        let body = #"{"query": "{ narrow(n: 0) { name } }"}"#
        try holder.send(
            "POST /graphql HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nX-Request-Timeout-Ms: 1500\r\n"
                + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
        upstream.heads.wait(count: 1)
        let hurried = try gateway.query(
            "{ fast { name } narrow(n: 1) { name } }", fields: ["x-request-timeout-ms: 400"])
        #expect(hurried.value("fast", "name") as? String == "well")
        #expect(hurried.failures == [Answer.Failure(path: ["narrow"], code: "DEADLINE_EXCEEDED")])
        #expect(upstream.heads.all.count { $0.contains("/narrow/1") } == 0)
        let patient = try gateway.query("{ narrow(n: 2) { name } }", fields: ["x-request-timeout-ms: 2500"])
        #expect(patient.value("narrow", "name") as? String == "well")
        #expect(try told(upstream, "/narrow/2") <= 2400)
        #expect(try Answer(holder.readResponse()).failures.map(\.code) == ["DEADLINE_EXCEEDED"])
        #expect(closed.wait(count: 1).count == 1)
    }

    @Test func `each retry says what is left after its backoff`() throws {
        let upstream = Self.upstream()
        let gateway = try gateway(upstream)
        let answer = try gateway.query("{ again { name } }", fields: ["x-request-timeout-ms: 2000"])
        #expect(answer.failures.map(\.code) == ["UPSTREAM_STATUS"] && answer.text.contains("\"attempts\":3"))
        let left = upstream.heads.all.compactMap { head in
            head.lowercased().components(separatedBy: "\r\n").first { $0.hasPrefix("x-request-timeout-ms: ") }
                .flatMap { Int($0.dropFirst(22)) }
        }
        #expect(left.count == 3 && left == left.sorted(by: >) && left[0] <= 2000, "\(left)")
    }

    @Test func `a retry that can't fit isn't waited for`() throws {
        let upstream = Self.upstream()
        let gateway = try gateway(upstream)
        let started = ContinuousClock.now
        // The jitter may be short: the first answer that isn't a retry ends it.
        let answer = try gateway.query("{ flaky { name } }", fields: ["x-request-timeout-ms: 150"])
        #expect(["UPSTREAM_STATUS", "DEADLINE_EXCEEDED"].contains(answer.failures.first?.code ?? ""))
        #expect(ContinuousClock.now - started < .seconds(2))
    }

    @Test func `a REST door and a passthrough door say 504`() throws {
        let closed = Recorder<Bool>()
        let upstream = Self.upstream(closed)
        let gateway = try gateway(upstream)
        for target in ["/slow", "/through/slow"] {
            let response = try gateway.request("GET", target, fields: ["x-request-timeout-ms: 100"])
            #expect(response.status == 504 && response.field("content-type") == "application/problem+json")
            #expect(response.text.contains("\"code\":\"DEADLINE_EXCEEDED\""))
        }
        #expect(closed.wait(count: 2).count == 2)
    }

    @Test func `a profile has a deadline of its own`() throws {
        let upstream = Self.upstream()
        let gateway = try gateway(upstream)
        let answer = try gateway.query("{ slow { name } }", fields: ["x-device-profile: tv"])
        #expect(answer.failures.map(\.code) == ["DEADLINE_EXCEEDED"])
        #expect(try told(upstream, "/slow") <= 300)
        _ = try gateway.query("{ fast { name } }", fields: ["x-device-profile: tv", "x-request-timeout-ms: 200"])
        #expect(try told(upstream, "/fast") <= 200)
        _ = try gateway.query("{ fast { name } }")
        #expect(try told(upstream, "/fast") > 1000)
    }
}
