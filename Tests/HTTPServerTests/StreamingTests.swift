import Bytes
import EventLoop
import HTTP
import HTTPServer
import TestSupport
import Testing

@Suite("RFC 9112 §6–§7 Streams both ways")
struct StreamingTests {
    /// Writes `count` pieces of `size` bytes, as fast as the client takes them, and notes the most that waited.
    final class Source {
        let exchange: Exchange
        let piece = ByteBuffer()
        var left: Int

        init(_ exchange: Exchange, size: Int, count: Int) {
            self.exchange = exchange
            left = count
            for index in 0..<size { piece.append(UInt8(ascii: "a") + UInt8(index % 26)) }
        }

        func start(length: Int?) {
            exchange.startResponse(status: 200, fields: FieldList(), length: length)
            exchange.onWritable = { self.pump() }
            exchange.onEnd = { self.exchange.onWritable = nil }
            pump()
        }

        func pump() {
            let piece = piece
            while left > 0 {
                left -= 1
                if !exchange.write(piece.bytes) { return }
            }
            exchange.endResponse()
        }
    }

    @Test(arguments: [(1, 3), (100, 1), (4096, 5), (4097, 5), (65_536, 40), (300_000, 20)], [true, false])
    func `an answer comes whole, with a length or in chunks`(_ shape: (Int, Int), _ isLong: Bool) throws {
        let (size, count) = shape
        let server = try TestServer { exchange, _ in
            Source(exchange, size: size, count: count).start(length: isLong ? size * count : nil)
        }
        let client = try server.connect(receiveBuffer: 8192)
        for _ in 0..<2 {
            try client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            let response = try client.readResponse()
            #expect(
                response.field(isLong ? "content-length" : "transfer-encoding")
                    == (isLong ? "\(size * count)" : "chunked"))
            #expect(response.body.count == size * count)
            let piece = (0..<size).map { UInt8(ascii: "a") + UInt8($0 % 26) }
            #expect(response.body.prefix(size).elementsEqual(piece))
            #expect(response.body.suffix(size).elementsEqual(piece))
        }
    }

    @Test func `§6.3: without a length, HTTP/1.0 reads to the close`() throws {
        let server = try TestServer { exchange, _ in Source(exchange, size: 10_000, count: 3).start(length: nil) }
        let client = try server.connect()
        try client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
        let response = try client.readResponse()
        #expect(response.field("connection") == "close")
        #expect(response.body.count == 30_000)
    }

    @Test(arguments: [("HEAD", 200), ("GET", 204), ("GET", 304)])
    func `RFC 9110 §6.4.1: answers without content`(_ method: String, _ status: Int) throws {
        let server = try TestServer { exchange, _ in
            let fields = FieldList()
            fields.append(.contentLength, "77")
            exchange.startResponse(status: status, fields: fields)
            withBytes("content") { _ = exchange.write($0) }
            exchange.endResponse()
        }
        let client = try server.connect()
        for _ in 0..<2 {
            try client.send("\(method) / HTTP/1.1\r\nHost: x\r\n\r\n")
            let response = try client.readResponse(hasBody: false)
            #expect(response.status == status)
            #expect(response.field("content-length") == (status == 204 ? nil : "77"))
            #expect(response.field("transfer-encoding") == nil)
        }
    }

    @Test(arguments: ["abort", "short", "long"])
    func `an answer that doesn't come to its end is cut, so that the client can see it`(_ way: String) throws {
        let server = try TestServer { exchange, events in
            exchange.onEnd = { events.add("end") }
            exchange.startResponse(status: 200, fields: FieldList(), length: way == "abort" ? nil : 5)
            withBytes(way == "long" ? "123456" : "123") { _ = exchange.write($0) }
            if way == "abort" { exchange.abortResponse() } else { exchange.endResponse() }
        }
        let client = try server.connect()
        try client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(throws: RawConnection.Failure.self) { _ = try client.readResponse() }
        #expect(server.events.wait(count: 1) == ["end"])
    }

    @Test func `what the connection is about is the server's to say`() throws {
        let server = try TestServer { exchange, _ in
            let fields = FieldList()
            for (name, value) in [
                ("Content-Length", "1"), ("Transfer-Encoding", "x"), ("Connection", "upgrade"), ("Date", "today"),
                ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"),
            ] { fields.append(name: name, value: value) }
            let body = ByteBuffer()
            body.append("12345")
            exchange.respond(status: 200, fields: fields, body: body)
        }
        let client = try server.connect()
        try client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        let response = try client.readResponse()
        #expect(response.fields("content-length") == ["5"])
        #expect(response.field("transfer-encoding") == nil)
        #expect(response.field("connection") == nil)
        #expect(response.fields("date") == ["today"])
        #expect(response.fields("set-cookie") == ["a=1", "b=2"])
    }

    /// Takes content, pausing after each piece until the loop's next turn.
    final class SlowSink: BodySink {
        let exchange: Exchange
        let events: Recorder<String>
        var count = 0
        var isPaused = false

        init(_ exchange: Exchange, _ events: Recorder<String>) {
            self.exchange = exchange
            self.events = events
        }

        func body(_ bytes: RawSpan) {
            if isPaused { events.add("called while paused") }
            count += bytes.byteCount
            isPaused = true
            exchange.pauseBody()
            let box = SinkBox(self)
            exchange.loop.execute { box.value.resume() }
        }

        func resume() {
            isPaused = false
            exchange.resumeBody()
        }

        func bodyEnded() { exchange.answer("\(count)") }
        func bodyFailed(_ failure: BodyFailure) { events.add("\(failure)") }
    }

    struct SinkBox: @unchecked Sendable {
        let value: SlowSink
        init(_ value: SlowSink) { self.value = value }
    }

    @Test(arguments: [true, false])
    func `content comes at the sink's pace`(_ isChunked: Bool) throws {
        let server = try TestServer { exchange, events in exchange.streamBody(to: SlowSink(exchange, events)) }
        let client = try server.connect()
        let piece = String(repeating: "x", count: 50_000)
        try client.send("POST / HTTP/1.1\r\nHost: x\r\n")
        try client.send(isChunked ? "Transfer-Encoding: chunked\r\n\r\n" : "Content-Length: 2000000\r\n\r\n")
        for _ in 0..<40 { try client.send(isChunked ? "c350\r\n\(piece)\r\n" : piece) }
        if isChunked { try client.send("0\r\n\r\n") }
        try client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(try client.readResponse().text == "2000000")
        #expect(try client.readResponse().text == "0")
        #expect(server.events.all.isEmpty)
    }

    @Test func `a paused sink holds the client back`() throws {
        let server = try TestServer { exchange, events in
            exchange.streamBody(to: StoppedSink(exchange, events))
        }
        let client = try RawConnection(server.address, seconds: 0.3)
        try client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000\r\n\r\n")
        // More than all the buffers between here and there hold.
        #expect(throws: RawConnection.Failure.self) {
            for _ in 0..<1000 { try client.send([UInt8](repeating: 0, count: 100_000)) }
        }
        let bytes = server.events.all.compactMap { Int($0) }.reduce(0, +)
        #expect(bytes > 0 && bytes <= 128 * 1024)
    }

    final class StoppedSink: BodySink {
        let exchange: Exchange
        let events: Recorder<String>

        init(_ exchange: Exchange, _ events: Recorder<String>) {
            self.exchange = exchange
            self.events = events
        }

        func body(_ bytes: RawSpan) {
            events.add("\(bytes.byteCount)")
            exchange.pauseBody()
        }

        func bodyEnded() {}
        func bodyFailed(_ failure: BodyFailure) {}
    }

    @Test func `a task on the loop reads the content`() throws {
        let server = try TestServer { exchange, events in
            let box = LoopBox(exchange)
            let loop = exchange.loop
            Task(executorPreference: loop) { @concurrent in
                guard case .complete(let body) = await box.value.body(limit: 100) else { return }
                events.add("on the loop: \(loop.isCurrent)")
                box.value.answer(body.string)
            }
        }
        let client = try server.connect()
        try client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhe")
        try client.send("llo")
        #expect(try client.readResponse().text == "hello")
        #expect(server.events.all == ["on the loop: true"])
    }
}

/// Calls `body` with the bytes of `text`.
func withBytes<Result>(_ text: String, _ body: (RawSpan) -> Result) -> Result {
    let buffer = ByteBuffer()
    buffer.append(text)
    return body(buffer.bytes)
}
