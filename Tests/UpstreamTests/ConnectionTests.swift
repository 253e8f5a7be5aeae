import EventLoop
import HTTP
import TestSupport
import Testing

@testable import Upstream

@Suite("Connections, over both transports")
struct ConnectionTests {
    static let ok = RequestTests.ok

    @Test(arguments: transports)
    func `a connection is used again`(_ transport: TransportChoice) throws {
        let upstream = ScriptedUpstream(always: Self.ok)
        let shard = try Shard(.up(transport, ports: upstream.port))
        for _ in 0..<5 { #expect(try shard.call().body == "ok") }
        #expect(upstream.connections == 1)
    }

    @Test(
        arguments: transports,
        [
            "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok",
            "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok",
        ])
    func `one that the upstream means to close is not`(_ transport: TransportChoice, _ answer: String) throws {
        let upstream = ScriptedUpstream(always: answer)
        let shard = try Shard(.up(transport, ports: upstream.port))
        for _ in 0..<2 { #expect(try shard.call().body == "ok") }
        #expect(upstream.connections == 2)
    }

    @Test func `one with bytes that nobody asked for is not`() throws {
        let upstream = ScriptedUpstream(always: Self.ok + "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil")
        let shard = try Shard(.up(.direct, ports: upstream.port))
        for _ in 0..<3 { #expect(try shard.call().body == "ok") }
        #expect(upstream.connections == 3)
    }

    @Test func `one with bytes that nobody asked for behind a body that came in pieces is not`() throws {
        let body = String(repeating: "x", count: 10_000)
        let upstream = ScriptedUpstream { peer, _ in
            while try peer.readRequest() != nil {
                try peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n" + body.prefix(5000))
                peer.takeTime(milliseconds: 3)
                try peer.send(body.dropFirst(5000) + "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil")
            }
        }
        let shard = try Shard(.up(.direct, ports: upstream.port))
        for _ in 0..<3 { #expect(try shard.call().body == body) }
        #expect(upstream.connections == 3)
    }

    @Test(arguments: transports)
    func `side by side calls have a connection each`(_ transport: TransportChoice) throws {
        let gate = Latch()
        let upstream = ScriptedUpstream(always: Self.ok, after: gate)
        let shard = try Shard(.up(transport, ports: upstream.port))
        let calls = try (0..<4).map { _ in try shard.start() }
        upstream.heads.wait(count: 4)
        gate.open()
        for call in calls { #expect(call.wait().body == "ok") }
        #expect(upstream.connections == 4)
    }

    @Test(arguments: transports)
    func `a kept connection that was closed before the answer costs no try`(_ transport: TransportChoice) throws {
        // The first connection answers once, takes a second request and closes without a word.
        let upstream = ScriptedUpstream { peer, number in
            guard try peer.readRequest() != nil else { return }
            try peer.send(Self.ok)
            if number == 0 {
                _ = try peer.readRequest()
                return
            }
            while try peer.readRequest() != nil { try peer.send(Self.ok) }
        }
        let shard = try Shard(.up(transport, ports: upstream.port))
        #expect(try shard.call().body == "ok")
        #expect(try shard.call() == Result(status: 200, body: "ok", fields: ["content-length: 2"], attempts: 1))
        #expect(upstream.connections == 2)
    }

    @Test(arguments: transports, [nil, "content"])
    func `but what must not be sent twice isn't`(_ transport: TransportChoice, _ body: String?) throws {
        let upstream = ScriptedUpstream { peer, number in
            guard try peer.readRequest() != nil else { return }
            if number == 0 { try peer.send(Self.ok) }
            if number == 0 { _ = try peer.readRequest() }
        }
        let shard = try Shard(.up(transport, ports: upstream.port))
        #expect(try shard.call().body == "ok")
        #expect(try shard.call("up", .post, "/", body: body).failure?.code == .upstreamUnreachable)
        #expect(upstream.heads.all.count { $0.hasPrefix("POST") } == 1)
    }

    @Test(arguments: transports)
    func `a connection that was closed while idle is replaced`(_ transport: TransportChoice) throws {
        let closed = Latch()
        let upstream = ScriptedUpstream { peer, number in
            guard try peer.readRequest() != nil else { return }
            try peer.send(Self.ok)
            if number > 0 { return }
            peer.close()
            closed.open()
        }
        let shard = try Shard(.up(transport, ports: upstream.port))
        #expect(try shard.call().body == "ok")
        closed.wait()
        #expect(try shard.call("up", .post, "/", body: "x").body == "ok")
    }

    @Test(arguments: transports)
    func `a refused connection is one failed try`(_ transport: TransportChoice) throws {
        let shard = try Shard(.up(transport, ports: ScriptedUpstream.closedPort()))
        #expect(
            try shard.call().failure == CallFailure(.upstreamUnreachable, attempts: 1, source: .upstream))
    }

    @Test(arguments: transports)
    func `cancelling closes the connection, and nothing is reported`(_ transport: TransportChoice) throws {
        let closed = Latch()
        let upstream = ScriptedUpstream { peer, _ in
            guard try peer.readRequest() != nil else { return }
            peer.waitForClose()
            closed.open()
        }
        let shard = try Shard(.up(transport, ports: upstream.port))
        let running = try shard.start()
        upstream.heads.wait(count: 1)
        try running.cancel()
        closed.wait()
        #expect(running.results.all.isEmpty)
    }

    @Test(arguments: transports)
    func `closing the client fails what is under way`(_ transport: TransportChoice) throws {
        let upstream = ScriptedUpstream { peer, _ in
            guard try peer.readRequest() != nil else { return }
            peer.waitForClose()
        }
        let shard = try Shard(.up(transport, ports: upstream.port))
        let running = try shard.start()
        upstream.heads.wait(count: 1)
        let client = shard.client
        try shard.thread.run { client.unwrapped.close() }
        #expect(running.wait().failure?.code == .upstreamUnreachable)
    }
}
