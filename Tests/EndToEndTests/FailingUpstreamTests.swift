import Foundation
import TestSupport
import Testing

@Suite("One upstream's bad day leaves the other fields alone")
struct FailingUpstreamTests {
    /// A way to fail, and the code that it gives.
    struct Case: CustomTestStringConvertible, Sendable {
        let name: String
        let code: String
        let script: @Sendable (Peer) throws -> Void

        var testDescription: String { name }
    }

    static let nested = String(repeating: "[", count: 500) + String(repeating: "]", count: 500)

    static let cases: [Case] = [
        Case(name: "hangs", code: "DEADLINE_EXCEEDED") { peer in peer.waitForClose() },
        Case(name: "resets in mid-body", code: "UPSTREAM_UNREACHABLE") { peer in
            try peer.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"name\": \"ha")
            peer.reset()
        },
        Case(name: "closes in mid-body", code: "UPSTREAM_UNREACHABLE") { peer in
            try peer.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"name\": \"ha")
        },
        Case(name: "closes without a word", code: "UPSTREAM_UNREACHABLE") { _ in },
        Case(name: "answers 503", code: "UPSTREAM_STATUS") { peer in
            try peer.send(answer("{}", status: "503 Service Unavailable"))
        },
        Case(name: "redirects", code: "UPSTREAM_STATUS") { peer in
            try peer.send(answer("", status: "302 Found", fields: "Location: http://127.0.0.1:1/\r\n"))
        },
        Case(name: "answers HTML", code: "UPSTREAM_INVALID_BODY") { peer in
            try peer.send(answer("<html><body>Welcome</body></html>"))
        },
        Case(name: "answers half a JSON document", code: "UPSTREAM_INVALID_BODY") { peer in
            try peer.send(answer("{\"name\": \"half\", "))
        },
        Case(name: "answers bytes that are no UTF-8", code: "UPSTREAM_INVALID_BODY") { peer in
            let body = Array("{\"name\": \"".utf8) + [0xC3, 0x28] + Array("\"}".utf8)
            try peer.send(Array("HTTP/1.1 200 OK\r\nContent-Length: \(body.count)\r\n\r\n".utf8) + body)
        },
        Case(name: "nests 500 levels deep", code: "UPSTREAM_INVALID_BODY") { peer in
            try peer.send(answer("{\"name\": \"deep\", \"more\": \(nested)}"))
        },
        Case(name: "answers more than limits.body", code: "UPSTREAM_INVALID_BODY") { peer in
            try peer.send(answer("{\"name\": \"\(String(repeating: "x", count: 100_000))\"}"))
        },
        Case(name: "speaks no HTTP", code: "UPSTREAM_UNREACHABLE") { peer in
            try peer.send("SSH-2.0-OpenSSH_9.2\r\n")
        },
        Case(name: "answers another type", code: "TYPE_MISMATCH") { peer in
            try peer.send(answer("{\"name\": {\"first\": \"Ada\"}}"))
        },
    ]

    static let schema = """
        type Query {
          good: Thing @rest(route: "good")
          bad: Thing @rest(route: "bad")
        }
        type Thing { name: String! }
        """

    static func configuration(good: UInt16, bad: UInt16, transport: String) -> String {
        """
        server: {listen: "127.0.0.1:0", timeouts: {request: 5s}}
        admin: {listen: "127.0.0.1:0"}
        graphql: {schemas: [schema.graphql]}
        upstreams:
          good: {url: "http://127.0.0.1:\(good)", transport: \(transport)}
          bad: {url: "http://127.0.0.1:\(bad)", transport: \(transport), limits: {body: 64KiB}}
        routes:
          good: {upstream: good, request: "GET /good"}
          bad: {upstream: bad, request: "GET /bad"}
        """
    }

    @Test(arguments: ["direct", "curl"])
    func `the field is null with its code and path, the others arrive within the deadline`(transport: String) throws {
        let good = ScriptedUpstream(always: answer("{\"name\": \"well\"}"))
        for failing in Self.cases {
            let bad = ScriptedUpstream { peer, _ in
                while try peer.readRequest() != nil { try failing.script(peer); peer.close() }
            }
            let gateway = try ServedGateway([
                "gateway.yaml": Self.configuration(good: good.port, bad: bad.port, transport: transport),
                "schema.graphql": Self.schema,
            ])
            let started = ContinuousClock.now
            let answer = try gateway.query("{ good { name } bad { name } }", fields: ["x-request-timeout-ms: 400"])
            let took = ContinuousClock.now - started
            #expect(answer.status == 200, "\(failing.name)")
            #expect(answer.value("good", "name") as? String == "well", "\(failing.name)")
            #expect(answer.value("bad") is NSNull, "\(failing.name)")
            let path = failing.code == "TYPE_MISMATCH" ? ["bad", "name"] : ["bad"]
            #expect(
                answer.failures == [Answer.Failure(path: path, code: failing.code)], "\(failing.name): \(answer.text)")
            #expect(took < .seconds(3), "\(failing.name)")
        }
    }

    @Test func `an upstream that isn't there gives its code too`() throws {
        let good = ScriptedUpstream(always: answer("{\"name\": \"well\"}"))
        let gateway = try ServedGateway([
            "gateway.yaml": Self.configuration(
                good: good.port, bad: ScriptedUpstream.closedPort(), transport: "direct"),
            "schema.graphql": Self.schema,
        ])
        let answer = try gateway.query("{ bad { name } good { name } }")
        #expect(answer.value("good", "name") as? String == "well")
        #expect(answer.failures == [Answer.Failure(path: ["bad"], code: "UPSTREAM_UNREACHABLE")])
    }
}
