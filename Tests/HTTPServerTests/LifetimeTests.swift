import Bytes
import EventLoop
import HTTP
import HTTPServer
import TestSupport
import Testing

@Suite("Clients that leave, servers that stop")
struct LifetimeTests {
    /// Keeps exchanges until the test answers them.
    final class Held {
        var exchanges: [Exchange] = []
    }

    private func holdingServer(_ settings: ServerSettings = ServerSettings()) throws -> (TestServer, LoopConfined<Held>)
    {
        let box = HeldBox()
        let server = try TestServer(settings: settings) { exchange, events in
            exchange.onDisconnect = { events.add("gone") }
            exchange.onEnd = { events.add("end") }
            box.value.exchanges.append(exchange)
            events.add("request")
        }
        let confined = LoopConfined(box.value, to: server.thread.loop)
        return (server, confined)
    }

    struct HeldBox: @unchecked Sendable {
        let value = Held()
    }

    @Test func `a client that resets while it waits is noticed, and the late answer does no harm`() throws {
        let (server, held) = try holdingServer()
        let client = try server.connect()
        try client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        server.events.wait(count: 1)
        client.reset()
        #expect(server.events.wait(count: 3) == ["request", "gone", "end"])
        try server.onLoop { _ in
            let exchange = held.unwrapped.exchanges[0]
            #expect(exchange.hasEnded)
            exchange.answer("late")
            exchange.startResponse(status: 200, fields: FieldList())
            exchange.endResponse()
            exchange.abortResponse()
            exchange.readBody(limit: 1) { _ in }
        }
        // The dead exchange is not given to the next request as long as it is held.
        let next = try server.connect()
        try next.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        server.events.wait(count: 4)
        try server.onLoop { _ in
            #expect(held.unwrapped.exchanges[0] !== held.unwrapped.exchanges[1])
            held.unwrapped.exchanges[0].answer("wrong")
            held.unwrapped.exchanges[1].answer("right")
        }
        #expect(try next.readResponse().text == "right")
        #expect(try server.onLoop { $0.connectionCount } == 1)
    }

    @Test func `a client that leaves in the middle of its content is noticed`() throws {
        let server = try TestServer { exchange, events in
            exchange.onDisconnect = { events.add("gone") }
            exchange.onEnd = { events.add("end") }
            exchange.readBody(limit: 100) { result in
                if case .failed(let failure) = result { events.add("\(failure)") }
            }
        }
        let client = try server.connect()
        try client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nab")
        client.close()
        #expect(server.events.wait(count: 3) == ["disconnected", "gone", "end"])
    }

    @Test func `a client that leaves in the middle of a streamed answer is noticed`() throws {
        let server = try TestServer { exchange, events in
            exchange.onDisconnect = { events.add("gone") }
            exchange.startResponse(status: 200, fields: FieldList())
            let piece = ByteBuffer()
            for _ in 0..<10_000 { piece.append("0123456789") }
            exchange.onWritable = { while exchange.write(piece.bytes), !exchange.hasEnded {} }
            exchange.onWritable?()
        }
        let client = try server.connect()
        try client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        _ = try client.take(1000)
        client.close()
        #expect(server.events.wait(count: 1) == ["gone"])
    }

    @Test func `a drain lets requests end, tells their clients, and closes the rest`() throws {
        let (server, held) = try holdingServer()
        let idle = try server.connect()
        let busy = try server.connect()
        try busy.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        server.events.wait(count: 1)
        let events = server.events
        try server.onLoop { server in server.drain { events.add("drained") } }
        #expect(try idle.readToEnd().isEmpty)
        #expect(throws: (any Error).self) { try server.connect() }
        try server.onLoop { _ in held.unwrapped.exchanges[0].answer("last") }
        let response = try busy.readResponse()
        #expect(response.text == "last")
        #expect(response.field("connection") == "close")
        #expect(try busy.readToEnd().isEmpty)
        #expect(events.wait(count: 3) == ["request", "end", "drained"])
    }

    @Test func `a drain doesn't wait for content that nobody wants`() throws {
        var settings = ServerSettings()
        settings.lingerTimeout = 20_000_000
        let server = try TestServer(settings: settings) { exchange, events in
            exchange.answer("no")
            events.add("answered")
        }
        let client = try server.connect()
        try client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n")
        #expect(try client.readResponse().text == "no")
        let events = server.events
        try server.onLoop { server in server.drain { events.add("drained") } }
        #expect(events.wait(count: 2) == ["answered", "drained"])
        #expect(try client.readToEnd().isEmpty)
    }

    @Test func `a drain that lasts too long is cut`() throws {
        var settings = ServerSettings()
        settings.drainTimeout = 40_000_000
        let (server, _) = try holdingServer(settings)
        let client = try server.connect()
        try client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        server.events.wait(count: 1)
        let events = server.events
        try server.onLoop { server in server.drain { events.add("drained") } }
        #expect(events.wait(count: 4) == ["request", "gone", "end", "drained"])
        #expect(try !client.waitForClose())
    }

    @Test func `a drain of a server without connections ends at once`() throws {
        let (server, _) = try holdingServer()
        let events = server.events
        try server.onLoop { server in server.drain { events.add("drained") } }
        #expect(events.all == ["drained"])
    }
}
