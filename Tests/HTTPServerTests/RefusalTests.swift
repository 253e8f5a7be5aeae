import Bytes
import EventLoop
import HTTP
import HTTPServer
import TestSupport
import Testing

@Suite("RFC 9112 §11 What the server refuses")
struct RefusalTests {
    @Test(arguments: [
        ("GET / HTTP/1.1\r\n\r\n", 400), ("GET / HTTP/1.1\r\nHost: x\r\nA : b\r\n\r\n", 400),
        ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505), ("CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n", 501),
        ("GET /" + String(repeating: "a", count: 20_000) + " HTTP/1.1\r\nHost: x\r\n\r\n", 414),
        ("GET / HTTP/1.1\r\nHost: x\r\nA: " + String(repeating: "a", count: 40_000) + "\r\n\r\n", 431),
        ("\u{16}\u{3}\u{1}", 400),
    ])
    func `a refused client can read why, and the connection closes`(_ text: String, _ status: Int) throws {
        let server = try TestServer { exchange, _ in exchange.answer("ok") }
        let client = try server.connect()
        // Twice as much as is ever read, so that the close finds unread bytes.
        try client.send(text + String(repeating: "x", count: 100_000))
        let response = try client.readResponse()
        #expect(response.status == status)
        #expect(response.field("connection") == "close")
        #expect(!response.body.isEmpty)
        try client.waitForClose()
    }

    @Test func `answers before a refusal are not lost`() throws {
        let server = try TestServer { exchange, _ in exchange.answer("ok") }
        let client = try server.connect()
        try client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\n\r\n")
        #expect(try client.readResponse().status == 200)
        #expect(try client.readResponse().status == 400)
        #expect(try client.readToEnd().isEmpty)
    }

    @Test(arguments: ["x\r\n", "1\r\nab", "1\r\na\r\nz"])
    func `§7.1: broken chunks are told to who reads them`(_ body: String) throws {
        let server = try TestServer { exchange, _ in exchange.echo() }
        let client = try server.connect()
        try client.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + body)
        let response = try client.readResponse()
        #expect(response.status == 400)
        #expect(response.field("connection") == "close")
        #expect(try client.readToEnd().isEmpty)
    }

    @Test func `content over the limit is told, announced or chunked`() throws {
        let server = try TestServer { exchange, _ in exchange.echo(limit: 4) }
        for (framing, body) in [
            ("Content-Length: 5", "12345"), ("Transfer-Encoding: chunked", "5\r\n12345\r\n0\r\n\r\n"),
        ] {
            let client = try server.connect()
            try client.send("POST / HTTP/1.1\r\nHost: x\r\n\(framing)\r\n\r\n" + body)
            #expect(try client.readResponse().status == 413)
        }
        let client = try server.connect()
        try client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\n1234")
        #expect(try client.readResponse().text == "POST /? 1234")
    }

    @Test func `one connection too many gets 503 and makes no room for itself`() throws {
        var settings = ServerSettings()
        settings.connections = ConnectionLimit(2)
        let server = try TestServer(settings: settings) { exchange, _ in exchange.answer("ok") }
        let (first, second) = (try server.connect(), try server.connect())
        for client in [first, second] {
            try client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try client.readResponse().status == 200)
        }
        let third = try server.connect()
        try third.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(try third.readResponse().status == 503)
        #expect(try third.readToEnd().isEmpty)
        first.close()
        var status = 503
        while status == 503 {
            let fourth = try server.connect()
            try fourth.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            status = try fourth.readResponse().status
        }
        #expect(status == 200)
    }
}
