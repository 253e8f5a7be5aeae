import Foundation
import TestSupport
import Testing

@Suite("Contract §6: retries, on the wire")
struct RetryTests {
    private func gateway(_ upstream: ScriptedUpstream, transport: String = "direct") throws -> ServedGateway {
        try ServedGateway([
            "gateway.yaml": """
            server: {listen: "127.0.0.1:0"}
            admin: {listen: "127.0.0.1:0"}
            upstreams: {up: {url: "http://127.0.0.1:\(upstream.port)", transport: \(transport), timeout: 1s}}
            routes:
              plain: {upstream: up, request: "GET /plain", singleFlight: false}
              post: {upstream: up, request: "POST /post"}
              twice: {upstream: up, request: "GET /twice", retry: {attempts: 2, backoff: {base: 1ms, max: 2ms}}}
              reset: {upstream: up, request: "GET /reset", retry: {attempts: 2, on: [reset], backoff: {base: 1ms, max: 2ms}}}
              connect: {upstream: up, request: "GET /connect", retry: {attempts: 2, on: [connect], backoff: {base: 1ms, max: 2ms}}}
            rest:
              "GET /plain": {route: plain}
              "POST /post": {route: post}
              "GET /twice": {route: twice}
              "GET /reset": {route: reset}
              "GET /connect": {route: connect}
            """
        ])
    }

    private func metric(_ gateway: ServedGateway, _ name: String) throws -> Int? {
        let page = try gateway.request("GET", "/metrics", at: gateway.admin).text
        return page.split(separator: "\n").first { $0.hasPrefix(name) }?.split(separator: " ").last.flatMap { Int($0) }
    }

    @Test(arguments: ["direct", "curl"])
    func `of a failing upstream's calls at most the budget is retried`(transport: String) throws {
        let upstream = ScriptedUpstream(always: answer("{}", status: "503 Service Unavailable"))
        let gateway = try gateway(upstream, transport: transport)
        for _ in 0..<30 { #expect(try gateway.request("GET", "/twice").status == 502) }
        // 20 % of 30 calls.
        #expect(upstream.heads.all.count == 36)
        #expect(try metric(gateway, "sluice_retries_total{upstream=\"up\"}") == 6)
        #expect(try metric(gateway, "sluice_retry_budget_left{upstream=\"up\",route=\"twice\"}") == 0)
    }

    /// Answers the first request of a connection, and closes it when the second has come; the third connection and
    /// later ones go on.
    private static func closing(after: Int) -> ScriptedUpstream {
        ScriptedUpstream { peer, number in
            while try peer.readRequest() != nil {
                if number >= after { return }
                try peer.send(answer("1"))
                _ = try peer.readRequest()
                return
            }
        }
    }

    @Test(arguments: ["direct", "curl"])
    func `a reused connection that closes before any answer is replaced for free`(transport: String) throws {
        let upstream = Self.closing(after: 100)
        let gateway = try gateway(upstream, transport: transport)
        #expect(try gateway.request("GET", "/plain").status == 200)
        #expect(try gateway.request("GET", "/plain").status == 200)
        // The third is the second of the fresh connection.
        #expect(try gateway.request("GET", "/plain").status == 200)
        #expect(upstream.heads.all.count == 5)
        #expect(try metric(gateway, "sluice_retries_total{upstream=\"up\"}") == 0)
        let line = try #require(gateway.line(with: "\"path\":\"/plain\""))
        #expect(line.contains("\"attempts\":1"))
    }

    @Test func `it is replaced once only`() throws {
        let upstream = Self.closing(after: 1)
        let gateway = try gateway(upstream)
        #expect(try gateway.request("GET", "/plain").status == 200)
        let lost = try gateway.request("GET", "/plain")
        #expect(lost.status == 502 && lost.text.contains("UPSTREAM_UNREACHABLE"))
        #expect(upstream.heads.all.count == 3)
    }

    @Test(arguments: ["direct", "curl"])
    func `a POST that was sent is not sent again`(transport: String) throws {
        let upstream = Self.closing(after: 100)
        let gateway = try gateway(upstream, transport: transport)
        #expect(try gateway.request("POST", "/post").status == 200)
        // libcurl would send it again by itself, so there it goes over a connection of its own.
        #expect(try gateway.request("POST", "/post").status == (transport == "curl" ? 200 : 502))
        #expect(upstream.heads.all.count == 2)
    }

    /// Ways to lose an answer, and whether the route that retries `reset` gets one by trying again.
    static let losses: [(name: String, script: @Sendable (Peer) throws -> Void)] = [
        ("closes without a word", { $0.close() }),
        ("resets", { $0.reset() }),
        (
            "closes within the head",
            {
                try $0.send("HTTP/1.1 200 OK\r\nContent-Le"); $0.close()
            }
        ),
        (
            "announces more than it sends",
            {
                try $0.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n1"); $0.close()
            }
        ),
        (
            "ends within a chunk",
            {
                try $0.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n1"); $0.close()
            }
        ),
        (
            "speaks no HTTP",
            {
                try $0.send("220 smtp.example ESMTP\r\n"); $0.close()
            }
        ),
        (
            "sends two lengths",
            {
                try $0.send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n12"); $0.close()
            }
        ),
    ]

    @Test(arguments: losses.indices)
    func `an answer that is lost on the way is class reset, not connect`(index: Int) throws {
        let loss = Self.losses[index]
        let failed = Recorder<Bool>()
        let upstream = ScriptedUpstream { peer, _ in
            while let head = try peer.readRequest() {
                if head.contains("/connect") || failed.all.isEmpty {
                    failed.add(true)
                    return try loss.script(peer)
                }
                try peer.send(answer("1"))
            }
        }
        let gateway = try gateway(upstream)
        #expect(try gateway.request("GET", "/reset").status == 200, "\(loss.name)")
        #expect(upstream.heads.all.count == 2, "\(loss.name)")
        let lost = try gateway.request("GET", "/connect")
        #expect(lost.status == 502 && lost.text.contains("UPSTREAM_UNREACHABLE"), "\(loss.name)")
        #expect(upstream.heads.all.count { $0.contains("/connect") } <= 2, "\(loss.name)")
    }

    @Test func `an answer that drips is waited for until the try's timeout`() throws {
        let upstream = ScriptedUpstream { peer, number in
            while try peer.readRequest() != nil {
                let text = answer("\"\(String(repeating: "x", count: 40))\"")
                let pause: Int32 = number == 0 ? 1 : 20
                for byte in text.utf8 {
                    try peer.send([byte])
                    peer.takeTime(milliseconds: pause)
                }
            }
        }
        let gateway = try gateway(upstream)
        #expect(try gateway.request("GET", "/plain", fields: ["x-request-timeout-ms: 4000"]).status == 200)
        // The second goes over the same connection; a third over one that is slower than the timeout.
        let slow = try RawConnection(gateway.address)
        try slow.send("GET /plain HTTP/1.1\r\nHost: h\r\n\r\n")
        upstream.heads.wait(count: 2)
        let late = try gateway.request("GET", "/plain")
        #expect(late.status == 504 && late.text.contains("UPSTREAM_TIMEOUT"))
        _ = try slow.readResponse()
    }

    @Test func `bytes beyond the announced length are no part of anybody's answer`() throws {
        let upstream = ScriptedUpstream { peer, _ in
            while try peer.readRequest() != nil {
                try peer.send(answer("1") + answer("\"smuggled\""))
            }
        }
        let gateway = try gateway(upstream)
        for _ in 0..<4 { #expect(try gateway.request("GET", "/plain").text == "1") }
        #expect(upstream.connections == 4)
    }
}
