import TestSupport
import Testing

@Suite("Contract §4: a passthrough door")
struct PassthroughTests {
    static func gateway(
        port: UInt16, _ settings: String = "", server: String = "", door: String = "", base: String = "",
        _ upstream: ScriptedUpstream? = nil
    ) throws -> RunningGateway {
        try RunningGateway(
            """
            upstreams: {up: {url: "http://127.0.0.1:\(port)\(base)"\(settings)}}
            rest:
              "ANY /p/{path...}": {upstream: up, rewrite: "/{path}"\(door)}
              "ANY /as-is/{path...}": {upstream: up}
              "ANY /v/{id}/q": {upstream: up, rewrite: "/v2?id={id}"}
            profiles: {default: web, header: x-device-profile, web: {}, tv: {}}
            """, server: server, upstream: upstream)
    }

    private static func gateway(
        _ upstream: ScriptedUpstream, _ settings: String = "", server: String = "", door: String = "", base: String = ""
    ) throws -> RunningGateway {
        try gateway(port: upstream.port, settings, server: server, door: door, base: base, upstream)
    }

    private static let ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

    // MARK: Targets

    @Test(arguments: [
        ("/p/a/b?x=1&x=2", "/base/a/b?x=1&x=2"),
        ("/p/a%2Fb//c;d=1/%E4%ff", "/base/a%2Fb//c;d=1/%E4%ff"),
        ("/p/", "/base/"),
        ("/p/x?", "/base/x?"),
        ("/p/x?a=b+c%zz&%00", "/base/x?a=b+c%zz&%00"),
        ("/as-is/a%41?q", "/base/as-is/a%41?q"),
        ("/v/7%2f8/q", "/base/v2?id=7%2f8"),
        ("/v/7/q?a=1", "/base/v2?id=7&a=1"),
        ("http://other.example/p/abs?z", "/base/abs?z"),
    ])
    func `path and query go upstream byte for byte`(_ asked: String, _ sent: String) throws {
        let upstream = ScriptedUpstream(always: Self.ok)
        let gateway = try Self.gateway(upstream, base: "/base")
        #expect(try gateway.send("GET \(asked)").text == "ok")
        #expect(upstream.requestLines == ["GET \(sent)"])
    }

    @Test(arguments: ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"])
    func `every method passes`(_ method: String) throws {
        let upstream = ScriptedUpstream(always: Self.ok)
        let gateway = try Self.gateway(upstream)
        #expect(try gateway.send("\(method) /p/x").text == "ok")
        #expect(upstream.requestLines == ["\(method) /x"])
    }

    @Test func `HEAD passes as HEAD, with the length of what GET would give`() throws {
        let upstream = ScriptedUpstream(always: "HTTP/1.1 200 OK\r\nContent-Length: 1234\r\nETag: \"a\"\r\n\r\n")
        let gateway = try Self.gateway(upstream)
        for _ in 0..<2 {
            let answer = try gateway.send("HEAD /p/x")
            #expect(answer.status == 200 && answer.field("content-length") == "1234" && answer.field("etag") == "\"a\"")
        }
        #expect(upstream.requestLines == ["HEAD /x", "HEAD /x"] && upstream.connections == 1)
    }

    @Test(arguments: ["/p/..%2fadmin", "/p/a%2F%2e%2E%2Fb", "/p/a%5c..%5cb", "/p/..;/admin"])
    func `a path that some servers resolve to another one goes nowhere`(_ path: String) throws {
        let upstream = ScriptedUpstream(always: Self.ok)
        let answer = try Self.gateway(upstream).send("GET \(path)")
        #expect(answer.status == 400 && answer.problemCode == "BAD_REQUEST")
        #expect(upstream.connections == 0)
    }

    // MARK: Fields

    @Test(arguments: [
        "Connection: X-One, x-two\r\nX-One: 1\r\nX-Two: 2", "Keep-Alive: timeout=5", "Proxy-Connection: close",
        "TE: trailers", "Trailer: X-T", "Upgrade: h2c", "Proxy-Authorization: Basic x",
        "Connection: close, Upgrade\r\nUpgrade: websocket",
    ])
    func `hop-by-hop fields of a request stay here`(_ lines: String) throws {
        let upstream = ScriptedUpstream(always: Self.ok)
        let gateway = try Self.gateway(upstream)
        #expect(try gateway.send("GET /p/x", lines, "X-End: yes").text == "ok")
        let names = upstream.lastFields.map { String($0.prefix { $0 != ":" }) }.sorted()
        #expect(
            names == [
                "host", "x-end", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-request-id",
                "x-request-timeout-ms",
            ])
    }

    @Test(arguments: [
        "Connection: X-One\r\nX-One: 1", "Keep-Alive: timeout=5", "Proxy-Authenticate: Basic", "Trailer: X-T",
        "Upgrade: h2c", "Proxy-Connection: keep-alive",
    ])
    func `hop-by-hop fields of an answer stay here`(_ lines: String) throws {
        let upstream = ScriptedUpstream(
            always: "HTTP/1.1 200 OK\r\n\(lines)\r\nX-End: yes\r\nDate: D\r\nServer: S\r\nContent-Length: 2\r\n\r\nok")
        let answer = try Self.gateway(upstream).send("GET /p/x")
        let names = answer.lines.dropFirst().map { String($0.prefix { $0 != ":" }).lowercased() }.sorted()
        #expect(names == ["content-length", "date", "server", "x-end", "x-request-id"])
        #expect(answer.field("date") == "D" && answer.field("server") == "S")
    }

    @Test func `end-to-end fields pass both ways, in order and never joined`() throws {
        let upstream = ScriptedUpstream(
            always: "HTTP/1.1 207 Multi\r\nSet-Cookie: a=1; Path=/\r\nX-A: 1\r\nset-cookie: b=2\r\nX-A: 2\r\n"
                + "Content-Encoding: gzip\r\nVary: Accept\r\nX-Request-ID: theirs\r\nContent-Length: 2\r\n\r\nok")
        let gateway = try Self.gateway(upstream)
        let answer = try gateway.send(
            "GET /p/x", "Cookie: c=1", "X-Twice: 1", "Accept-Encoding: gzip, br", "X-Twice: 2", "Range: bytes=0-1",
            "Authorization: Bearer t", "X-Request-Id: mine-1")
        #expect(answer.status == 207 && answer.fields("set-cookie") == ["a=1; Path=/", "b=2"])
        #expect(answer.fields("x-a") == ["1", "2"] && answer.field("content-encoding") == "gzip")
        #expect(answer.fields("x-request-id") == ["mine-1"] && answer.fields("vary") == ["Accept"])
        let sent = upstream.lastFields
        for line in [
            "cookie: c=1", "x-twice: 1", "x-twice: 2", "accept-encoding: gzip, br", "range: bytes=0-1",
            "authorization: bearer t", "x-request-id: mine-1", "host: 127.0.0.1:\(upstream.port)",
        ] {
            #expect(sent.filter { $0 == line }.count == 1, "\(line)")
        }
        #expect(sent.filter { $0.hasPrefix("host:") }.count == 1)
    }

    @Test func `set and remove of the upstream's headers apply`() throws {
        let upstream = ScriptedUpstream(always: Self.ok)
        let gateway = try Self.gateway(
            upstream,
            ", headers: {set: {x-gateway: sluice, x-device: $profile, x-lang: $header.accept-language}, remove: [cookie]}"
        )
        let answer = try gateway.send(
            "GET /p/x", "Cookie: a=b", "X-Gateway: spoofed", "Accept-Language: de", "X-Device-Profile: tv")
        let sent = upstream.lastFields
        #expect(sent.contains("x-device: tv") && sent.contains("x-lang: de"))
        #expect(sent.filter { $0.hasPrefix("x-gateway") } == ["x-gateway: sluice"])
        #expect(!sent.contains { $0.hasPrefix("cookie") })
        #expect(answer.field("vary") == "x-device-profile")
    }

    @Test func `a client's own forwarding fields are replaced`() throws {
        let upstream = ScriptedUpstream(always: Self.ok)
        _ = try Self.gateway(upstream).send(
            "GET /p/x", "X-Forwarded-For: 9.9.9.9", "X-Forwarded-Proto: https", "X-Forwarded-Host: evil",
            "Forwarded: for=9.9.9.9")
        let sent = upstream.lastFields.filter { $0.contains("forwarded") }.sorted()
        #expect(
            sent == ["x-forwarded-for: 127.0.0.1", "x-forwarded-host: gateway.test", "x-forwarded-proto: http"])
    }

    @Test func `those of a trusted proxy are believed, and the peer is appended`() throws {
        let upstream = ScriptedUpstream(always: Self.ok)
        let gateway = try Self.gateway(upstream, server: "  trustedProxies: [127.0.0.0/8]")
        _ = try gateway.send(
            "GET /p/x", "X-Forwarded-For: 9.9.9.9, 8.8.8.8", "X-Forwarded-For: 7.7.7.7", "X-Forwarded-Proto: https",
            "X-Forwarded-Host: shop.example", "Forwarded: for=9.9.9.9")
        let sent = upstream.lastFields.filter { $0.contains("forwarded") }.sorted()
        #expect(
            sent == [
                "forwarded: for=9.9.9.9", "x-forwarded-for: 9.9.9.9, 8.8.8.8, 7.7.7.7, 127.0.0.1",
                "x-forwarded-host: shop.example", "x-forwarded-proto: https",
            ])
    }

    // MARK: Answers

    @Test(arguments: [
        "404 Not Found", "500 Internal Server Error", "503 Service Unavailable", "302 Found", "418 Teapot",
        "201 Created",
    ])
    func `every status passes as it is`(_ status: String) throws {
        let upstream = ScriptedUpstream(
            always: "HTTP/1.1 \(status)\r\nLocation: /else\r\nRetry-After: 3\r\nContent-Length: 4\r\n\r\n\u{1}{\r\n")
        let answer = try Self.gateway(upstream).send("GET /p/x")
        #expect(answer.status == Int(status.prefix(3)) && answer.text == "\u{1}{\r\n")
        #expect(answer.field("location") == "/else" && answer.field("retry-after") == "3")
    }

    @Test func `204 and 304 have no content and no length of ours`() throws {
        let upstream = ScriptedUpstream(answering: { line in
            line.contains("/none")
                ? "HTTP/1.1 204 No Content\r\nX-A: 1\r\n\r\n"
                : "HTTP/1.1 304 Not Modified\r\nETag: \"x\"\r\nContent-Length: 99\r\n\r\n"
        })
        let gateway = try Self.gateway(upstream)
        let none = try gateway.send("GET /p/none")
        #expect(none.status == 204 && none.field("content-length") == nil && none.field("x-a") == "1")
        let same = try gateway.send("GET /p/same", "If-None-Match: \"x\"")
        #expect(same.status == 304 && same.field("etag") == "\"x\"" && same.field("content-length") == "99")
        #expect(try gateway.send("GET /p/none").status == 204)
    }

    @Test func `chunked and unframed answers come whole`() throws {
        let upstream = ScriptedUpstream { peer, _ in
            while let head = try peer.readRequest() {
                if head.contains("/chunked") {
                    try peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
                    try peer.drip("3;x=y\r\nabc\r\n2\r\nde\r\n0\r\nX-Trailer: t\r\n\r\n")
                } else {
                    try peer.send("HTTP/1.0 200 OK\r\n\r\nto the end")
                    return
                }
            }
        }
        let gateway = try Self.gateway(upstream)
        let chunked = try gateway.send("GET /p/chunked")
        #expect(chunked.text == "abcde" && chunked.field("transfer-encoding") == "chunked")
        #expect(try gateway.send("GET /p/unframed").text == "to the end")
        let old = try gateway.connect()
        try old.send("GET /p/chunked HTTP/1.0\r\n\r\n")
        let answer = try old.readResponse()
        #expect(answer.text == "abcde" && answer.field("transfer-encoding") == nil)
    }

    // MARK: Failures

    @Test func `failures before the head are problems`() throws {
        let refused = try Self.gateway(port: ScriptedUpstream.closedPort()).send("GET /p/x")
        #expect(refused.status == 502 && refused.problemCode == "UPSTREAM_UNREACHABLE")
        let broken = try Self.gateway(ScriptedUpstream(always: "nonsense\r\n\r\n")).send("GET /p/x")
        #expect(broken.status == 502 && broken.problemCode == "UPSTREAM_UNREACHABLE")
        let silent = ScriptedUpstream { peer, _ in
            _ = try peer.readRequest()
            peer.waitForClose()
        }
        let timeout = try Self.gateway(silent, ", timeout: 30ms").send("GET /p/x")
        #expect(timeout.status == 504 && timeout.problemCode == "UPSTREAM_TIMEOUT")
        let deadline = try Self.gateway(silent).send("GET /p/x", "X-Request-Timeout-Ms: 30")
        #expect(deadline.status == 504 && deadline.problemCode == "DEADLINE_EXCEEDED")
    }

    @Test func `a failure after the head cuts the answer`() throws {
        let upstream = ScriptedUpstream { peer, _ in
            let head = try peer.readRequest() ?? ""
            let framing = head.contains("/chunked") ? "Transfer-Encoding: chunked" : "Content-Length: 10"
            try peer.send("HTTP/1.1 200 OK\r\n\(framing)\r\n\r\n3\r\nabc\r\n")
        }
        let gateway = try Self.gateway(upstream)
        for path in ["/p/x", "/p/chunked"] {
            let client = try gateway.connect()
            try client.send("GET \(path) HTTP/1.1\r\nHost: g\r\n\r\n")
            #expect(throws: RawConnection.Failure.self) { try client.readResponse() }
        }
    }

    @Test func `the breaker counts answers by their head`() throws {
        let upstream = ScriptedUpstream(always: "HTTP/1.1 500 Oops\r\nContent-Length: 2\r\n\r\nno")
        let gateway = try Self.gateway(upstream, ", breaker: {minimumCalls: 2, openFor: 30s}")
        for _ in 0..<2 { #expect(try gateway.send("GET /p/x").text == "no") }
        let answer = try gateway.send("GET /p/x")
        #expect(answer.status == 503 && answer.problemCode == "BREAKER_OPEN" && answer.field("retry-after") != nil)
    }

    @Test func `a client that leaves takes the call with it`() throws {
        let closed = Recorder<Bool>()
        let upstream = ScriptedUpstream { peer, _ in
            _ = try peer.readRequest()
            try peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")
            peer.waitForClose()
            closed.add(true)
        }
        let gateway = try Self.gateway(upstream)
        let client = try gateway.connect()
        try client.send("GET /p/x HTTP/1.1\r\nHost: g\r\n\r\n")
        _ = try client.take(through: Array("abc".utf8))
        client.close()
        #expect(closed.wait(count: 1, seconds: 3) == [true])
        #expect(try gateway.send("GET /nowhere").status == 404)
    }
}
