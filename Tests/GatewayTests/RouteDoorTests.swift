import TestSupport
import Testing

@Suite("Contract §4: a route door")
struct RouteDoorTests {
    private static func gateway(
        _ upstream: ScriptedUpstream, _ settings: String = ""
    ) throws -> RunningGateway {
        try gateway(port: upstream.port, settings, upstream)
    }

    private static func gateway(
        port: UInt16, _ settings: String = "", _ upstream: ScriptedUpstream? = nil
    ) throws -> RunningGateway {
        try RunningGateway(
            """
            upstreams: {up: {url: "http://127.0.0.1:\(port)/base"\(settings)}}
            routes:
              get: {upstream: up, request: "GET /users/{id}?limit={limit}&tag={tag}&ids={ids:,}"}
              safe: {upstream: up, request: "GET /safe/{id}", fallback: {value: {"n": [1, "two"]}}}
              create: {upstream: up, request: "POST /posts", body: {title: "$args.title", by: "$header.x-user"}}
              own: {upstream: up, request: "GET /own/$header.x-user/$profile?tag=$args.tag&$top=$header.x-top"}
              device: {upstream: up, request: "GET /device/{id}", headers: {set: {x-device: $profile}}}
            rest:
              "GET /users/{id}": {route: get}
              "GET /safe/{id}": {route: safe}
              "GET /own": {route: own}
              "POST /posts": {route: create}
              "GET /device/{id}": {route: device}
              "GET /raw/{id}": {route: get, drop: {tv: [avatar.large, "history[*].debug"]}}
            profiles: {default: web, header: x-device-profile, web: {}, tv: {}}
            """, upstream: upstream)
    }

    // MARK: Requests

    @Test(arguments: [
        ("/users/7", "/base/users/7"),
        ("/users/a%20b%2Fc", "/base/users/a%20b%2Fc"),
        ("/users/%C3%A9", "/base/users/%C3%A9"),
        ("/users/7?limit=5", "/base/users/7?limit=5"),
        ("/users/7?unknown=5&limit=5", "/base/users/7?limit=5"),
        ("/users/7?tag=a&tag=b+c", "/base/users/7?tag=a&tag=b%20c"),
        ("/users/7?ids=1&ids=2&limit=3", "/base/users/7?limit=3&ids=1,2"),
        ("/users/7?limit=", "/base/users/7?limit="),
        ("/users/7?id=8", "/base/users/7"),
        ("/users/7?l%69mit=%26%3D", "/base/users/7?limit=%26%3D"),
    ])
    func `parameters are bound by name`(_ asked: String, _ sent: String) throws {
        let upstream = ScriptedUpstream(always: json("{}"))
        let gateway = try Self.gateway(upstream)
        #expect(try gateway.send("GET \(asked)").status == 200)
        #expect(upstream.requestLines == ["GET \(sent)"])
    }

    @Test func `a request's own expressions take what they name`() throws {
        let upstream = ScriptedUpstream(always: json("{}"))
        let gateway = try Self.gateway(upstream)
        let answer = try gateway.send("GET /own?tag=a&tag=b", "X-User: 7/8", "X-Device-Profile: tv")
        #expect(answer.status == 200 && answer.field("vary")?.contains("x-device-profile") == true)
        #expect(upstream.requestLines == ["GET /base/own/7%2F8/tv?tag=a&tag=b"])
        let refused = try gateway.send("GET /own")
        #expect(refused.status == 400 && refused.problemCode == "BAD_USER_INPUT")
        #expect(upstream.requestLines.count == 1)
    }

    @Test func `a dollar sign before a brace is a text's own`() throws {
        let upstream = ScriptedUpstream(always: json("{}"))
        let gateway = try Self.gateway(
            upstream, #", headers: {set: {x-whole: "$${HOME}", x-part: "a$${id}b {id}", x-price: "5$"}}"#)
        #expect(try gateway.send("GET /users/7").status == 200)
        let lines = upstream.lastFields.map { $0.lowercased() }
        for line in ["x-whole: ${home}", "x-part: a${id}b 7", "x-price: 5$"] {
            #expect(lines.contains(line), "\(lines)")
        }
    }

    @Test func `what every call carries is sent once, also where it is forwarded by name`() throws {
        let upstream = ScriptedUpstream(always: json("{}"))
        let gateway = try Self.gateway(
            upstream, ", headers: {forward: [x-request-id, X-Request-Timeout-Ms, traceparent, tracestate, baggage]}")
        let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
        let answer = try gateway.send(
            "GET /users/7", "X-Request-Id: own", "Traceparent: \(trace)", "Tracestate: a=b", "Baggage: k=v",
            "X-Request-Timeout-Ms: 500")
        #expect(answer.status == 200)
        let lines = try #require(upstream.heads.all.last).lowercased().split(separator: "\r\n")
        for name in ["x-request-id: own", "traceparent: \(trace)", "tracestate: a=b", "baggage: k=v"] {
            #expect(lines.count { $0.hasPrefix(name.prefix { $0 != ":" } + ":") } == 1, "\(name)")
            #expect(lines.contains(Substring(name)))
        }
        #expect(lines.count { $0.hasPrefix("x-request-timeout-ms:") } == 1)
    }

    @Test(arguments: ["/users/%00", "/users/a%0D%0Ab", "/users/%ff", "/users/7?tag=%zz", "/users/7?tag=%f"])
    func `what can't be sent is 400 and no call is made`(_ path: String) throws {
        let upstream = ScriptedUpstream(always: json("{}"))
        let gateway = try Self.gateway(upstream)
        let answer = try gateway.send("GET \(path)")
        #expect(answer.status == 400 && answer.problemCode == "BAD_USER_INPUT")
        #expect(upstream.connections == 0)
    }

    @Test func `the route's own body template is what is sent`() throws {
        let upstream = ScriptedUpstream { peer, _ in
            while let head = try peer.readRequest() {
                let length = head.lowercased().split(separator: "content-length: ").last?.prefix { $0.isNumber }
                let body = String(decoding: try peer.readBody(Int(length ?? "") ?? 0), as: UTF8.self)
                try peer.send(json(body, "201 Created"))
            }
        }
        let gateway = try Self.gateway(upstream)
        let connection = try gateway.connect()
        try connection.send(
            "POST /posts?title=Hi HTTP/1.1\r\nHost: g\r\nX-User: u\"1\r\nContent-Length: 4\r\n\r\nmine")
        let answer = try connection.readResponse()
        #expect(answer.status == 201 && answer.text == #"{"title":"Hi","by":"u\"1"}"#)
        try connection.send("POST /posts HTTP/1.1\r\nHost: g\r\nContent-Length: 0\r\n\r\n")
        #expect(try connection.readResponse().text == "{}")
    }

    // MARK: Answers

    @Test(arguments: [
        #"{"a":1.50,"b":[ true , null ]}"#, "[]", "7", #""text""#, "null", #"  {"é": "\u00e9"}  "#,
    ])
    func `valid JSON passes as it is`(_ body: String) throws {
        let answer = try Self.gateway(ScriptedUpstream(always: json(body))).send("GET /users/7")
        #expect(answer.status == 200 && answer.text == body)
        #expect(answer.field("content-type") == "application/json")
        #expect(answer.field("vary") == nil)
    }

    @Test(arguments: ["{", "{}{}", "nul", "{\"a\":01}", "<html>", "\"\u{1}\""])
    func `what isn't JSON is 502`(_ body: String) throws {
        let answer = try Self.gateway(ScriptedUpstream(always: json(body))).send("GET /users/7")
        #expect(answer.status == 502 && answer.problemCode == "UPSTREAM_INVALID_BODY")
        #expect(!answer.text.contains("html"))
    }

    @Test(arguments: [
        ("204 No Content", 204, nil), ("201 Created", 201, nil),
        ("400 Bad Request", 400, "UPSTREAM_STATUS"), ("404 Not Found", 404, "UPSTREAM_STATUS"),
        ("429 Too Many Requests", 429, "UPSTREAM_STATUS"), ("302 Found", 502, "UPSTREAM_STATUS"),
        ("304 Not Modified", 502, "UPSTREAM_STATUS"), ("500 Oops", 502, "UPSTREAM_STATUS"),
        ("503 Gone", 502, "UPSTREAM_STATUS"),
    ])
    func `statuses are told apart`(_ upstreamStatus: String, _ status: Int, _ code: String?) throws {
        let isEmpty = upstreamStatus.hasPrefix("204") || upstreamStatus.hasPrefix("304")
        let text = isEmpty ? "HTTP/1.1 \(upstreamStatus)\r\n\r\n" : json(#"{"secret":1}"#, upstreamStatus)
        let answer = try Self.gateway(ScriptedUpstream(always: text)).send("GET /users/7")
        #expect(answer.status == status && answer.problemCode == code)
        if code != nil { #expect(!answer.text.contains("secret")) }
    }

    @Test func `a refusal keeps what tells the client how to go on`() throws {
        let upstream = ScriptedUpstream(answering: { line in
            line.contains("/users/1")
                ? json("{}", "429 Slow", "Retry-After: 7", "Set-Cookie: a=b")
                : json("{}", "401 Who", "WWW-Authenticate: Basic realm=\"x\"")
        })
        let gateway = try Self.gateway(upstream)
        let slow = try gateway.send("GET /users/1")
        #expect(slow.field("retry-after") == "7" && slow.field("set-cookie") == nil)
        #expect(try gateway.send("GET /users/2").field("www-authenticate") == "Basic realm=\"x\"")
    }

    @Test(arguments: [("418 Teapot", "Client Error"), ("499 Gone", "Client Error"), ("409 Conflict", "Conflict")])
    func `a problem has a title, also for a status that isn't registered`(_ status: String, _ title: String) throws {
        let gateway = try Self.gateway(ScriptedUpstream(always: json("{}", status)))
        #expect(try gateway.send("GET /users/7").text.contains("\"title\":\"\(title)\""))
    }

    @Test func `an empty 200 is 204`() throws {
        let answer = try Self.gateway(ScriptedUpstream(always: json(""))).send("GET /users/7")
        #expect(answer.status == 204 && answer.body.isEmpty)
    }

    // MARK: Failures

    @Test func `unreachable is 502`() throws {
        let answer = try Self.gateway(port: ScriptedUpstream.closedPort()).send("GET /users/7")
        #expect(answer.status == 502 && answer.problemCode == "UPSTREAM_UNREACHABLE")
    }

    @Test func `an answer cut short is 502`() throws {
        let upstream = ScriptedUpstream { peer, _ in
            _ = try peer.readRequest()
            try peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{}")
        }
        let answer = try Self.gateway(upstream).send("GET /users/7")
        #expect(answer.status == 502 && answer.problemCode == "UPSTREAM_UNREACHABLE")
    }

    @Test func `a body over the limit is 502`() throws {
        let upstream = ScriptedUpstream(always: json("\"" + String(repeating: "x", count: 2000) + "\""))
        let answer = try Self.gateway(upstream, ", limits: {body: 1KiB}").send("GET /users/7")
        #expect(answer.status == 502 && answer.problemCode == "UPSTREAM_INVALID_BODY")
    }

    @Test func `a timeout and the client's deadline are 504`() throws {
        let upstream = ScriptedUpstream { peer, _ in
            _ = try peer.readRequest()
            peer.waitForClose()
        }
        let timeout = try Self.gateway(upstream, ", timeout: 30ms").send("GET /users/7")
        #expect(timeout.status == 504 && timeout.problemCode == "UPSTREAM_TIMEOUT")
        let deadline = try Self.gateway(upstream).send("GET /users/7", "X-Request-Timeout-Ms: 30")
        #expect(deadline.status == 504 && deadline.problemCode == "DEADLINE_EXCEEDED")
    }

    @Test func `an open breaker is 503 with Retry-After`() throws {
        let upstream = ScriptedUpstream(always: json("{}", "500 Oops"))
        let gateway = try Self.gateway(upstream, ", breaker: {minimumCalls: 2, openFor: 30s}")
        for _ in 0..<2 { #expect(try gateway.send("GET /users/7").status == 502) }
        let answer = try gateway.send("GET /users/7")
        #expect(answer.status == 503 && answer.problemCode == "BREAKER_OPEN")
        #expect((Int(answer.field("retry-after") ?? "") ?? 0) > 20)
        #expect(upstream.requestLines.count == 2)
    }

    @Test func `too many calls are 503 with Retry-After`() throws {
        let held = Latch()
        let upstream = ScriptedUpstream { peer, _ in
            _ = try peer.readRequest()
            held.wait()
            try peer.send(json("{}"))
        }
        let gateway = try Self.gateway(upstream, ", concurrency: {max: 1, queue: 0}")
        let first = try gateway.connect()
        try first.send("GET /users/1 HTTP/1.1\r\nHost: g\r\n\r\n")
        upstream.heads.wait(count: 1)
        let answer = try gateway.send("GET /users/2")
        #expect(answer.status == 503 && answer.problemCode == "OVERLOADED" && answer.field("retry-after") == "1")
        held.open()
        #expect(try first.readResponse().status == 200)
    }

    @Test(arguments: ["500 Oops", "302 Found", "200 OK"])
    func `the fallback's value stands in for any failure`(_ status: String) throws {
        let answer = try Self.gateway(ScriptedUpstream(always: json("{", status))).send("GET /safe/7")
        #expect(answer.status == 200 && answer.text == #"{"n":[1,"two"]}"#)
        #expect(answer.field("content-type") == "application/json")
        let unreachable = try Self.gateway(port: ScriptedUpstream.closedPort()).send("GET /safe/7")
        #expect(unreachable.text == #"{"n":[1,"two"]}"#)
    }

    @Test func `the fallback's value doesn't hide a 4xx`() throws {
        let answer = try Self.gateway(ScriptedUpstream(always: json("{}", "404 No"))).send("GET /safe/7")
        #expect(answer.status == 404 && answer.problemCode == "UPSTREAM_STATUS")
    }

    @Test func `a client that leaves takes its call with it`() throws {
        let closed = Recorder<Bool>()
        let upstream = ScriptedUpstream { peer, _ in
            _ = try peer.readRequest()
            peer.waitForClose()
            closed.add(true)
        }
        let gateway = try Self.gateway(upstream)
        let client = try gateway.connect()
        try client.send("GET /users/1 HTTP/1.1\r\nHost: g\r\n\r\n")
        upstream.heads.wait(count: 1)
        client.close()
        #expect(closed.wait(count: 1, seconds: 3) == [true])
    }

    // MARK: Profiles

    @Test func `drop leaves paths out for the profile, and says so in Vary`() throws {
        let body = #"{"avatar":{"large":"L","small":"S"},"history":[{"debug":1,"at":2},{"at":3}]}"#
        let gateway = try Self.gateway(ScriptedUpstream(always: json(body)))
        let web = try gateway.send("GET /raw/7")
        #expect(web.text == body && web.field("vary")?.lowercased() == "x-device-profile")
        let tv = try gateway.send("GET /raw/7", "X-Device-Profile: tv")
        #expect(tv.text == #"{"avatar":{"small":"S"},"history":[{"at":2},{"at":3}]}"#)
        #expect(tv.field("vary")?.lowercased() == "x-device-profile")
    }

    @Test func `a request that names the profile upstream makes the answer vary`() throws {
        let upstream = ScriptedUpstream(always: json("{}"))
        let gateway = try Self.gateway(upstream)
        let answer = try gateway.send("GET /device/7", "X-Device-Profile: tv")
        #expect(upstream.lastFields.contains("x-device: tv"))
        #expect(answer.field("vary")?.lowercased() == "x-device-profile")
    }
}
