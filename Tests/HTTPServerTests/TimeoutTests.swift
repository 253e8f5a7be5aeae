import Bytes
import EventLoop
import HTTP
import HTTPServer
import TestSupport
import Testing

@Suite("Timeouts")
struct TimeoutTests {
    private func settings(_ change: (inout ServerSettings) -> Void) -> ServerSettings {
        var settings = ServerSettings()
        change(&settings)
        return settings
    }

    @Test func `an idle connection closes without a word, before and after a request`() throws {
        let server = try TestServer(settings: settings { $0.idleTimeout = 40_000_000 }) { exchange, _ in
            exchange.answer("ok")
        }
        let silent = try server.connect()
        #expect(try silent.readToEnd().isEmpty)
        let client = try server.connect()
        try client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(try client.readResponse().status == 200)
        #expect(try client.readToEnd().isEmpty)
    }

    @Test func `RFC 9110 §15.5.9: a head that doesn't come to its end gets 408`() throws {
        let server = try TestServer(settings: settings { $0.headersTimeout = 40_000_000 }) { exchange, _ in
            exchange.answer("ok")
        }
        let client = try server.connect()
        try client.send("GET / HTTP/1.1\r\nHo")
        #expect(try client.readResponse().status == 408)
        try client.waitForClose()
    }

    @Test func `content that stops coming is told to who waits for it`() throws {
        let server = try TestServer(settings: settings { $0.bodyTimeout = 40_000_000 }) { exchange, _ in exchange.echo()
        }
        let client = try server.connect()
        try client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nab")
        let response = try client.readResponse()
        #expect(response.status == 408)
        #expect(response.field("connection") == "close")
        try client.waitForClose()
    }

    @Test func `a client that reads nothing is cut, and the handler told`() throws {
        let server = try TestServer(settings: settings { $0.writeTimeout = 60_000_000 }) { exchange, events in
            exchange.onDisconnect = { events.add("gone") }
            exchange.onEnd = { events.add("end") }
            let body = ByteBuffer()
            for _ in 0..<800_000 { body.append("0123456789") }
            exchange.respond(status: 200, fields: FieldList(), body: body) { _ in events.add("released") }
        }
        let client = try server.connect(receiveBuffer: 4096)
        try client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(server.events.wait(count: 3) == ["gone", "end", "released"])
        #expect(try server.onLoop { $0.connectionCount } == 0)
    }

    @Test func `a handler that takes its time is not hurried`() throws {
        let short = settings {
            $0.idleTimeout = 20_000_000
            $0.headersTimeout = 20_000_000
            $0.bodyTimeout = 20_000_000
        }
        let server = try TestServer(settings: short) { exchange, _ in
            let timer = TimerBox()
            timer.value = LoopTimer(exchange.loop) {
                exchange.answer("late")
                timer.value = nil
            }
            timer.value?.schedule(afterNanoseconds: 100_000_000)
        }
        let client = try server.connect()
        try client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(try client.readResponse().text == "late")
    }

    final class TimerBox {
        var value: LoopTimer?
    }

    @Test(arguments: [true, false])
    func `a client that has left is told of without writing to it`(_ isAnswering: Bool) throws {
        let server = try TestServer(settings: settings { $0.departureTimeout = 40_000_000 }) { exchange, events in
            exchange.onDisconnect = { events.add("gone") }
            exchange.onEnd = { events.add("end") }
            if isAnswering { exchange.startResponse(status: 200, fields: FieldList(), length: 10) }
        }
        let client = try server.connect()
        try client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        if isAnswering { _ = try client.take(through: Array("\r\n\r\n".utf8)) }
        client.close()
        #expect(server.events.wait(count: 2) == ["gone", "end"])
        #expect(try server.onLoop { $0.connectionCount } == 0)
    }
}
