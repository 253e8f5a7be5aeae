import EventLoop
import HTTP
import TestSupport
import Testing

@testable import Upstream

@Suite("Requests, over both transports")
struct RequestTests {
    static let ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

    private func lines(_ upstream: ScriptedUpstream, _ number: Int = 0) -> [String] {
        let head = upstream.heads.wait(count: number + 1)[number]
        return head.split(separator: "\r\n").map(String.init)
    }

    @Test(arguments: transports)
    func `path and query go byte for byte`(_ transport: TransportChoice) throws {
        let upstream = ScriptedUpstream(always: Self.ok)
        let shard = try Shard(.up(transport, ports: upstream.port))
        let target = "/a%2Fb/./../c//d?x=1&y=%20&z={}|\"^`"
        #expect(try shard.call("up", .get, target).status == 200)
        #expect(lines(upstream)[0] == "GET \(target) HTTP/1.1")
    }

    @Test(arguments: transports)
    func `fields go as they are, and nothing is added but Host and the time that is left`(
        _ transport: TransportChoice
    ) throws {
        let upstream = ScriptedUpstream(always: Self.ok)
        let shard = try Shard(.up(transport, ports: upstream.port))
        let fields = [
            ("X-One", "1"), ("x-empty", ""), ("X-One", "2"), ("Host", "elsewhere"), ("Content-Length", "7"),
            ("X-Request-Timeout-Ms", "9"), ("Expect", "100-continue"),
        ]
        #expect(try shard.call("up", .get, "/", fields: fields, milliseconds: 4000).status == 200)
        let sent = lines(upstream).dropFirst().map { $0.trimmingSuffix(": ").replacing("Host:", with: "host:") }
        let expected = ["host: 127.0.0.1:\(upstream.port)", "X-One: 1", "x-empty:", "X-One: 2"]
        #expect(Array(sent.prefix(4)) == expected)
        let left = sent.last?.split(separator: " ").last.flatMap { Int($0) } ?? 0
        #expect(sent.count == 5 && sent[4].hasPrefix("x-request-timeout-ms: "))
        #expect((3000...4000).contains(left))
    }

    @Test(
        arguments: transports,
        [
            (HTTP.Method.post, "hello", "content-length: 5"), (.put, "", "content-length: 0"),
            (.delete, "bye", "content-length: 3"), (.other("REPORT"), "x", "content-length: 1"),
        ])
    func `a body goes with its length`(
        _ transport: TransportChoice, _ request: (method: HTTP.Method, body: String, length: String)
    ) throws {
        let upstream = ScriptedUpstream { peer, _ in
            guard try peer.readRequest() != nil else { return }
            let body = try peer.readBody(request.body.utf8.count)
            try peer.send("HTTP/1.1 200 OK\r\nContent-Length: \(body.count)\r\n\r\n")
            try peer.send(body)
        }
        let shard = try Shard(.up(transport, ports: upstream.port))
        #expect(try shard.call("up", request.method, "/", body: request.body).body == request.body)
        #expect(lines(upstream)[0] == "\(request.method) / HTTP/1.1")
        #expect(
            lines(upstream).filter { $0.lowercased().hasPrefix("content-") }.map { $0.lowercased() } == [request.length]
        )
    }

    @Test(arguments: transports, [(HTTP.Method.post, true), (.patch, true), (.get, false), (.delete, false)])
    func `a request without a body says so where one is usual`(
        _ transport: TransportChoice, _ request: (method: HTTP.Method, announces: Bool)
    ) throws {
        let upstream = ScriptedUpstream(always: Self.ok)
        let shard = try Shard(.up(transport, ports: upstream.port))
        #expect(try shard.call("up", request.method, "/").body == "ok")
        #expect(lines(upstream).contains { $0.lowercased() == "content-length: 0" } == request.announces)
    }

    @Test(arguments: transports)
    func `a megabyte of body goes whole`(_ transport: TransportChoice) throws {
        let body = String(repeating: "0123456789", count: 120_000)
        let upstream = ScriptedUpstream { peer, _ in
            guard try peer.readRequest() != nil else { return }
            let received = try peer.readBody(body.utf8.count)
            try peer.send(
                "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n\(received == Array(body.utf8) ? "same" : "diff")")
        }
        let shard = try Shard(.up(transport, ports: upstream.port))
        #expect(try shard.call("up", .post, "/", body: body).body == "same")
    }

    @Test(arguments: transports)
    func `the base path stands before every target`(_ transport: TransportChoice) throws {
        let upstream = ScriptedUpstream(always: Self.ok)
        var settings = UpstreamSettings.up(transport, ports: upstream.port)
        settings.targets[0].basePath = "/v1"
        let shard = try Shard(settings)
        #expect(try shard.call("up", .get, "/users?a=b").status == 200)
        #expect(lines(upstream)[0] == "GET /v1/users?a=b HTTP/1.1")
    }

    @Test(arguments: transports)
    func `a host name is resolved`(_ transport: TransportChoice) throws {
        let upstream = ScriptedUpstream(always: Self.ok)
        var settings = UpstreamSettings.up(transport, ports: upstream.port)
        settings.targets[0].host = "localhost"
        let shard = try Shard(settings)
        for _ in 0..<2 { #expect(try shard.call().body == "ok") }
        #expect(lines(upstream)[1].lowercased() == "host: localhost:\(upstream.port)")
    }

    @Test(arguments: transports)
    func `a name that doesn't resolve makes the upstream unreachable`(_ transport: TransportChoice) throws {
        var settings = UpstreamSettings.up(transport, ports: 1)
        settings.targets[0].host = "no-such-host.invalid"
        #expect(try Shard(settings).call().failure?.code == .upstreamUnreachable)
    }
}

extension String {
    fileprivate func trimmingSuffix(_ suffix: String) -> String {
        hasSuffix(suffix) ? String(dropLast(suffix.count)) + ":" : self
    }
}
