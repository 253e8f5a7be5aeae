import Bytes
import HTTP
import Testing

@Suite("RFC 9112 §4, §6.3 Responses")
struct ResponseParserTests {
    private func parse(_ text: String, _ method: HTTP.Method = .get) throws(FramingError) -> ResponseHead? {
        var parser = ResponseParser()
        let head = ResponseHead()
        return try parser.parse(ByteBuffer(text), into: head, limits: HeadLimits(), method: method) ? head : nil
    }

    @Test(arguments: [
        ("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n", Method.get, BodyFraming.length(3), true),
        ("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n", .head, .none, true),
        ("HTTP/1.1 200 OK\r\n\r\n", .get, .untilClose, false),
        ("HTTP/1.1 200\r\ntransfer-encoding: Chunked\r\n\r\n", .get, .chunked, true),
        ("HTTP/1.1 200 \r\ntransfer-encoding: chunked\r\nConnection: close\r\n\r\n", .get, .chunked, false),
        ("HTTP/1.1 204 None\r\nContent-Length: 3\r\n\r\n", .get, .none, true),
        ("HTTP/1.1 304 Same\r\nContent-Length: 3\r\n\r\n", .get, .none, true),
        ("HTTP/1.1 100 Continue\r\n\r\n", .post, .none, true),
        ("HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\n", .get, .length(3), false),
        ("HTTP/1.0 200 OK\r\nContent-Length: 3\r\nConnection: keep-alive\r\n\r\n", .get, .length(3), true),
    ])
    func `§6.3: how the content ends`(_ text: String, _ method: HTTP.Method, _ framing: BodyFraming, _ keepAlive: Bool)
        throws
    {
        let head = try #require(try parse(text, method))
        #expect(head.framing == framing)
        #expect(head.keepAlive == keepAlive)
    }

    @Test func `status and reason are kept`() throws {
        let head = try #require(try parse("HTTP/1.1 418 I'm a t\u{e9}apot\r\nSet-Cookie: a\r\nSet-Cookie: b\r\n\r\n"))
        #expect(head.status == 418)
        #expect(head.reason.string == "I'm a t\u{e9}apot")
        #expect(head.fields.count == 2)
    }

    @Test(arguments: [
        "HTTP/1.1 20 OK\r\n\r\n", "HTTP/1.1 2000 OK\r\n\r\n", "HTTP/1.1 099 OK\r\n\r\n", "HTTP/1.1  200 OK\r\n\r\n",
        "HTTP/2 200\r\n\r\n", "HTTP/2.0 200 OK\r\n\r\n", "<html>\r\n\r\n", "HTTP/1.1 200 OK\n\n", "\r\n",
        "HTTP/1.1 200 \u{1}\r\n\r\n", "HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n", "HTTP/1.1 200 OK\r\nA : b\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
        "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "HTTP/1.1 abc OK\r\n\r\n",
    ])
    func `what is no valid answer is refused`(_ text: String) {
        #expect(throws: FramingError.self) { try parse(text) }
    }
}
