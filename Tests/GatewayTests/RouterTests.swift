import TestSupport
import Testing

@Suite("Contract §4: finding a REST door")
struct RouterTests {
    private static let doors = """
        rest:
          "GET /a/{id}": {route: one}
          "POST /a/{id}": {route: one}
          "GET /a/fixed": {route: fixed}
          "GET /deep/{id}/x": {route: one}
          "ANY /any/{path...}": {upstream: up, rewrite: "/any/{path}"}
          "GET /any/own/{id}": {route: one}
        """

    private static func gateway(_ upstream: ScriptedUpstream) throws -> RunningGateway {
        try RunningGateway(
            """
            upstreams: {up: {url: "http://127.0.0.1:\(upstream.port)"}}
            routes:
              one: {upstream: up, request: "GET /one/{id}"}
              fixed: {upstream: up, request: "GET /fixed"}
            \(doors)
            """, upstream: upstream)
    }

    @Test func `the most specific pattern answers, whatever the order in the file`() throws {
        let upstream = ScriptedUpstream(always: json("1"))
        let gateway = try Self.gateway(upstream)
        for path in ["/a/7", "/a/fixed", "/a/%66ixed", "/any/own/3", "/any/own", "/any/own/3/4", "/deep/8/x"] {
            #expect(try gateway.send("GET \(path)").status == 200)
        }
        #expect(
            upstream.requestLines == [
                "GET /one/7", "GET /fixed", "GET /fixed", "GET /one/3", "GET /any/own", "GET /any/own/3/4",
                "GET /one/8",
            ])
    }

    @Test(arguments: ["/", "/a", "/a/", "/a/1/2", "/deep/1", "/anything", "/any", "/A/1"])
    func `no door is 404`(_ path: String) throws {
        let gateway = try Self.gateway(ScriptedUpstream(always: json("1")))
        let answer = try gateway.send("GET \(path)")
        #expect(answer.status == 404 && answer.problemCode == "BAD_REQUEST")
        #expect(answer.field("x-request-id") != nil)
    }

    @Test func `a method that isn't offered is 405 with Allow`() throws {
        let gateway = try Self.gateway(ScriptedUpstream(always: json("1")))
        let answer = try gateway.send("DELETE /a/7")
        #expect(answer.status == 405 && answer.problemCode == "BAD_REQUEST")
        #expect(answer.field("allow") == "GET, HEAD, POST, OPTIONS")
        #expect(try gateway.send("PUT /deep/7/x").field("allow") == "GET, HEAD, OPTIONS")
    }

    @Test func `a trace is never passed on`() throws {
        let upstream = ScriptedUpstream(always: json("1"))
        let gateway = try Self.gateway(upstream)
        let answer = try gateway.send("TRACE /any/x")
        #expect(answer.status == 405 && answer.field("allow")?.contains("TRACE") == false)
        #expect(upstream.requestLines.isEmpty)
    }

    @Test func `OPTIONS is 204 with Allow, and goes upstream at an ANY door unless it is a preflight`() throws {
        let upstream = ScriptedUpstream(always: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nup")
        let gateway = try Self.gateway(upstream)
        let own = try gateway.send("OPTIONS /a/7")
        #expect(own.status == 204 && own.field("allow") == "GET, HEAD, POST, OPTIONS" && own.body.isEmpty)
        #expect(try gateway.send("OPTIONS /any/x").text == "up")
        let preflight = try gateway.send(
            "OPTIONS /any/x", "Origin: https://app.example", "Access-Control-Request-Method: PUT")
        #expect(preflight.status == 204 && preflight.field("allow")?.hasPrefix("GET, HEAD, POST") == true)
        #expect(upstream.requestLines == ["OPTIONS /any/x"])
    }

    @Test func `HEAD works where GET is, with the same head and no content`() throws {
        let upstream = ScriptedUpstream(always: json(#"{"a":1}"#))
        let gateway = try Self.gateway(upstream)
        let answer = try gateway.send("HEAD /a/7")
        #expect(answer.status == 200 && answer.field("content-length") == "7")
        #expect(answer.field("content-type") == "application/json")
        #expect(try gateway.send("GET /a/7").text == #"{"a":1}"#)
        #expect(upstream.requestLines == ["GET /one/7", "GET /one/7"])
    }

    @Test(arguments: [
        "/any/../x", "/any/%2e%2e/x", "/any/.%2E", "/any/./x", "/any/%2e", "/a/..", "/../etc/passwd", "/nowhere/..",
    ])
    func `a dot segment is 400 before routing`(_ path: String) throws {
        let upstream = ScriptedUpstream(always: json("1"))
        let gateway = try Self.gateway(upstream)
        let answer = try gateway.send("GET \(path)")
        #expect(answer.status == 400 && answer.problemCode == "BAD_REQUEST")
        #expect(upstream.connections == 0)
    }

    @Test func `dots that make no segment pass`() throws {
        let upstream = ScriptedUpstream(always: json("1"))
        let gateway = try Self.gateway(upstream)
        #expect(try gateway.send("GET /any/a..b/.hidden/...?x=../y").status == 200)
        #expect(upstream.requestLines == ["GET /any/a..b/.hidden/...?x=../y"])
    }
}
