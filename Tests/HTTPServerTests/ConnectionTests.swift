import Bytes
import EventLoop
import HTTP
import HTTPServer
import TestSupport
import Testing

@Suite("RFC 9112 §9 Connections")
struct ConnectionTests {
    static let echo: @Sendable (Exchange, Recorder<String>) -> Void = { exchange, _ in exchange.echo() }

    @Test func `a request gets its answer, and the connection lives on`() throws {
        let server = try TestServer(Self.echo)
        let client = try server.connect()
        for number in 0..<3 {
            try client.send("GET /a?\(number) HTTP/1.1\r\nHost: x\r\n\r\n")
            let response = try client.readResponse()
            #expect(response.lines.first == "HTTP/1.1 200 OK")
            #expect(response.text == "GET /a?\(number) ")
            #expect(response.field("date")?.hasSuffix("GMT") == true)
            #expect(response.field("connection") == nil)
        }
    }

    static let sequence =
        "GET /1 HTTP/1.1\r\nHost: x\r\n\r\nPOST /2 HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello"
        + "POST /3 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3;a=b\r\nabc\r\n2\r\nde\r\n0\r\nT: 1\r\n\r\n"
        + "\r\nHEAD /4 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"

    func check(_ client: RawConnection, _ comment: String) throws {
        #expect(try client.readResponse().text == "GET /1? ", "\(comment)")
        #expect(try client.readResponse().text == "POST /2? hello", "\(comment)")
        #expect(try client.readResponse().text == "POST /3? abcde", "\(comment)")
        let last = try client.readResponse(hasBody: false)
        #expect(last.field("content-length") == "9", "\(comment)")
        #expect(last.field("connection") == "close", "\(comment)")
        #expect(try client.readToEnd().isEmpty, "\(comment)")
    }

    @Test func `§9.3.2: pipelined requests are answered in order, however they are cut in two`() throws {
        let server = try TestServer(Self.echo)
        let bytes = Array(Self.sequence.utf8)
        for cut in 0...bytes.count {
            let client = try server.connect()
            try client.send(Array(bytes[..<cut]))
            try client.send(Array(bytes[cut...]))
            try check(client, "cut at \(cut)")
        }
    }

    @Test func `requests that arrive byte by byte are answered`() throws {
        let server = try TestServer(Self.echo)
        let client = try server.connect()
        try client.drip(Self.sequence)
        try check(client, "dripped")
    }

    @Test func `ten thousand pipelined requests need no deep stack and make no new exchanges`() throws {
        let server = try TestServer { exchange, _ in exchange.answer("ok") }
        let client = try server.connect()
        let count = 10_000
        let request = String(repeating: "GET / HTTP/1.1\r\nHost: x\r\n\r\n", count: 100)
        for _ in 0..<count / 100 {
            try client.send(request)
            for _ in 0..<100 { #expect(try client.readResponse().status == 200) }
        }
        #expect(try server.onLoop { $0.exchangesMade } <= 2)
    }

    @Test func `§9.6: a client that has closed its writing end still gets its answers`() throws {
        let server = try TestServer { exchange, events in
            let loop = exchange.loop
            exchange.onDisconnect = { events.add("gone") }
            exchange.onEnd = { events.add("end") }
            loop.execute { [box = LoopBox(exchange)] in box.value.answer("late") }
        }
        let client = try server.connect()
        try client.send("GET /1 HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\n\r\n")
        client.shutdownWriting()
        #expect(try client.readResponse().text == "late")
        #expect(try client.readResponse().text == "late")
        #expect(try client.readToEnd().isEmpty)
        #expect(server.events.wait(count: 2) == ["end", "end"])
    }

    @Test(arguments: [
        ("GET / HTTP/1.0\r\n\r\n", "close"), ("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", "keep-alive"),
        ("GET / HTTP/1.1\r\nHost: x\r\nConnection: x, CLOSE\r\n\r\n", "close"),
    ])
    func `§9.3: whether the connection lives on is told`(_ request: String, _ expected: String) throws {
        let server = try TestServer(Self.echo)
        let client = try server.connect()
        try client.send(request)
        #expect(try client.readResponse().field("connection") == expected)
        if expected == "close" { #expect(try client.readToEnd().isEmpty) }
    }

    @Test func `RFC 9110 §10.1.1: 100 Continue is sent when the content is asked for`() throws {
        let server = try TestServer(Self.echo)
        let client = try server.connect()
        try client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n")
        #expect(try client.readResponse().lines == ["HTTP/1.1 100 Continue"])
        try client.send("ab")
        #expect(try client.readResponse().text == "POST /? ab")
    }

    @Test func `RFC 9110 §10.1.1: a refusal instead of 100 Continue ends the connection`() throws {
        let server = try TestServer { exchange, _ in exchange.answer("no", status: 403) }
        let client = try server.connect()
        try client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n")
        let response = try client.readResponse()
        #expect(response.status == 403)
        #expect(response.field("connection") == "close")
        #expect(try client.readToEnd().isEmpty)
    }

    @Test func `content that nobody reads is read off, and the connection lives on`() throws {
        let server = try TestServer { exchange, _ in exchange.answer(exchange.describe("")) }
        let client = try server.connect()
        let body = String(repeating: "x", count: 60_000)
        try client.send("POST /1 HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n")
        #expect(try client.readResponse().text == "POST /1? ")
        try client.send(body + "GET /2 HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(try client.readResponse().text == "GET /2? ")
    }

    @Test func `content that is too much to read off ends the connection after the answer`() throws {
        let server = try TestServer { exchange, _ in exchange.echo(limit: 10) }
        let client = try server.connect()
        try client.send("POST /1 HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000\r\n\r\n")
        try client.send(String(repeating: "x", count: 100_000))
        let response = try client.readResponse()
        #expect(response.status == 413)
        #expect(response.field("connection") == "close")
        try client.waitForClose()
    }

    @Test func `a socket of the file system serves as well`() throws {
        let workspace = try Workspace()
        let server = try TestServer(address: "unix:\(workspace.path("socket"))", Self.echo)
        let client = try server.connect()
        try client.send("GET /a HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(try client.readResponse().text == "GET /a? ")
    }
}

/// An exchange on its way through the loop's queue, back to the same thread.
struct LoopBox: @unchecked Sendable {
    let value: Exchange

    init(_ value: Exchange) { self.value = value }
}
