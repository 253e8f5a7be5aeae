import Bytes
import HTTP
import TestSupport
import Testing

@Suite("RFC 9112 §2–§6 Requests")
struct RequestParserTests {
    @Test func `a head is taken apart and consumed`() throws {
        let text =
            "POST /a/b%20c?x=1&y HTTP/1.1\r\nHost: example.org:80\r\nX-Odd:\t v  w \r\nAccept: a\r\nAccept: b\r\n"
            + "Empty:\r\nContent-Length: 3\r\n\r\nabcGET"
        let buffer = ByteBuffer(text)
        var parser = RequestParser()
        let head = RequestHead()
        #expect(try parser.parse(buffer, into: head, limits: HeadLimits()))
        #expect(buffer.string == "abcGET")
        #expect(head.method == .post)
        #expect(head.versionMinor == 1)
        #expect(head.target.string == "/a/b%20c?x=1&y")
        #expect(head.path.string == "/a/b%20c")
        #expect(head.query.string == "x=1&y")
        #expect(head.framing == .length(3))
        #expect(head.keepAlive)
        let fields = head.fields
        #expect(
            (0..<fields.count).map { fields.nameString(at: $0) } == [
                "Host", "X-Odd", "Accept", "Accept", "Empty", "Content-Length",
            ])
        #expect(fields.string(named: "x-odd") == "v  w")
        #expect(fields.string(named: "empty") == "")
        #expect(fields.known(at: 0) == .host)
        #expect(fields.known(at: 1) == nil)
        #expect(fields.index(of: .accept, from: 3) == 3)
    }

    @Test func `a head that is used again holds nothing of the one before`() throws {
        let head = RequestHead()
        for (text, host, method) in [
            (
                "POST http://b/?q HTTP/1.0\r\nConnection: keep-alive\r\nHost: a\r\nContent-Length: 9\r\n\r\n", "b",
                Method.post
            ),
            ("GET / HTTP/1.1\r\nHost: c\r\n\r\n", "c", Method.get),
        ] {
            var parser = RequestParser()
            #expect(try parser.parse(ByteBuffer(text), into: head, limits: HeadLimits()))
            #expect(head.authority.string == host)
            #expect(head.method == method)
        }
        #expect(!head.hasQuery)
        #expect(head.framing == .none)
        #expect(head.fields.count == 1)
        #expect(head.path.string == "/")
    }

    @Test func `every cut and every single byte give the same head`() throws {
        let text = "\r\nPUT /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nExpect: 100-Continue\r\n\r\n"
        let bytes = Array(text.utf8)
        for cut in 0..<bytes.count {
            let buffer = ByteBuffer()
            var parser = RequestParser()
            let head = RequestHead()
            buffer.append(Array(bytes[..<cut]))
            #expect(try !parser.parse(buffer, into: head, limits: HeadLimits()), "cut \(cut)")
            for byte in bytes[cut...].dropLast() {
                buffer.append(byte)
                #expect(try !parser.parse(buffer, into: head, limits: HeadLimits()))
            }
            buffer.append(bytes[bytes.count - 1])
            #expect(try parser.parse(buffer, into: head, limits: HeadLimits()))
            #expect(head.framing == .chunked)
            #expect(head.expectsContinue)
            #expect(buffer.isEmpty)
        }
    }

    @Test(arguments: [
        ("GET / HTTP/1.1\r\nHost: x\r\n\r\n", "/", "x"),
        ("GET http://a:8/p?q HTTP/1.1\r\nHost: x\r\n\r\n", "/p", "a:8"),
        ("GET HTTP://a HTTP/1.1\r\nHost: x\r\n\r\n", "/", "a"),
        ("GET https://a?q HTTP/1.1\r\nHost: x\r\n\r\n", "/", "a"),
        ("OPTIONS * HTTP/1.1\r\nHost:\r\n\r\n", "*", ""),
        ("GET /{a|b}\"^ HTTP/1.1\r\nHost: [::1]:80\r\n\r\n", "/{a|b}\"^", "[::1]:80"),
        ("GET //x/../y HTTP/1.2\r\nHost: x\r\n\r\n", "//x/../y", "x"),
    ])
    func `§3.2: the forms of a request target`(_ text: String, _ path: String, _ host: String) throws {
        let head = try #require(try parse(text))
        #expect(head.path.string == path)
        #expect(head.authority.string == host)
    }

    @Test(arguments: [
        // §2.2 Message parsing: lines end in CRLF, a bare CR or LF is none.
        (400, "GET / HTTP/1.1\nHost: x\n\n"), (400, "GET / HTTP/1.1\r\nHost: x\n\r\n"),
        (400, "\nGET / HTTP/1.1\r\n\r\n"),
        (400, "GET / HTTP/1.1\rHost: x\r\n\r\n"), (400, "GET / HTTP/1.1\r\nHost: x\ry\r\n\r\n"), (400, "\rGET"),
        (400, "\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n"), (400, " GET / HTTP/1.1\r\nHost: x\r\n\r\n"),
        (400, "GET / HTTP/1.1\r\n Host: x\r\n\r\n"),
        // §2.3 Version.
        (505, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), (505, "GET / HTTP/2.0\r\nHost: x\r\n\r\n"),
        (505, "GET / HTTP/0.9\r\nHost: x\r\n\r\n"), (400, "GET / HTTP/1\r\nHost: x\r\n\r\n"),
        (400, "GET / http/1.1\r\nHost: x\r\n\r\n"), (400, "GET / HTTP/1.1 \r\nHost: x\r\n\r\n"),
        (400, "GET / HTTP/11.1\r\nHost: x\r\n\r\n"), (400, "GET / HTTP/1.a\r\nHost: x\r\n\r\n"),
        // §3 Request line.
        (400, "GET /\r\nHost: x\r\n\r\n"), (400, "GET  / HTTP/1.1\r\nHost: x\r\n\r\n"), (400, "GET\r\nHost: x\r\n\r\n"),
        (400, "GET /  HTTP/1.1\r\nHost: x\r\n\r\n"), (400, "GET / x HTTP/1.1\r\nHost: x\r\n\r\n"),
        (400, "G(T / HTTP/1.1\r\nHost: x\r\n\r\n"), (400, "GET\t/ HTTP/1.1\r\nHost: x\r\n\r\n"),
        (501, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA / HTTP/1.1\r\nHost: x\r\n\r\n"),
        // §3.2 Request target.
        (400, "GET a HTTP/1.1\r\nHost: x\r\n\r\n"), (400, "GET /\u{0} HTTP/1.1\r\nHost: x\r\n\r\n"),
        (400, "GET /\u{e4} HTTP/1.1\r\nHost: x\r\n\r\n"), (400, "GET /#f HTTP/1.1\r\nHost: x\r\n\r\n"),
        (400, "GET /a\\b HTTP/1.1\r\nHost: x\r\n\r\n"), (400, "GET /\u{7f} HTTP/1.1\r\nHost: x\r\n\r\n"),
        (400, "GET * HTTP/1.1\r\nHost: x\r\n\r\n"), (400, "GET http:// HTTP/1.1\r\nHost: x\r\n\r\n"),
        (400, "GET http://u@h/ HTTP/1.1\r\nHost: x\r\n\r\n"), (400, "GET ftp://h/ HTTP/1.1\r\nHost: x\r\n\r\n"),
        (400, "GET http:///p HTTP/1.1\r\nHost: x\r\n\r\n"), (501, "CONNECT h:443 HTTP/1.1\r\nHost: x\r\n\r\n"),
        (400, "GET ?q HTTP/1.1\r\nHost: x\r\n\r\n"),
        // §3.2 Host.
        (400, "GET / HTTP/1.1\r\n\r\n"), (400, "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n"),
        (400, "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n"), (400, "GET / HTTP/1.1\r\nHost: a b\r\n\r\n"),
        (400, "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"), (400, "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n"),
        (400, "GET / HTTP/1.1\r\nHost: u@h\r\n\r\n"),
        // §5 Fields.
        (400, "GET / HTTP/1.1\r\nHost: x\r\nA : b\r\n\r\n"), (400, "GET / HTTP/1.1\r\nHost: x\r\nA\t: b\r\n\r\n"),
        (400, "GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n"),
        (400, "GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n\tc\r\n\r\n"),
        (400, "GET / HTTP/1.1\r\nHost: x\r\n: b\r\n\r\n"), (400, "GET / HTTP/1.1\r\nHost: x\r\nAb\r\n\r\n"),
        (400, "GET / HTTP/1.1\r\nHost: x\r\nA: \u{0}\r\n\r\n"), (400, "GET / HTTP/1.1\r\nHost: x\r\nA: \u{1}\r\n\r\n"),
        (400, "GET / HTTP/1.1\r\nHost: x\r\nA: \u{7f}\r\n\r\n"), (400, "GET / HTTP/1.1\r\nHost: x\r\nA(: b\r\n\r\n"),
        (400, "GET / HTTP/1.1\r\nHost: x\r\n\u{e4}: b\r\n\r\n"),
        (400, "GET / HTTP/1.1\r\nHost: x\r\nA\u{0}: b\r\n\r\n"),
        // §6.1 Transfer-Encoding.
        (400, "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n"),
        (400, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"),
        (400, "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"),
        (400, "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n"),
        (501, "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"),
        (400, "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, gzip\r\n\r\n"),
        (400, "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, chunked\r\n\r\n"),
        (400, "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n"),
        (400, "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked;q=1\r\n\r\n"),
        (400, "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n"),
        (400, "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding:\r\n\r\n"),
        (400, "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: identity\r\n\r\n"),
        // §6.2 Content-Length.
        (400, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\n"),
        (400, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\n"),
        (400, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3, 3\r\n\r\n"),
        (400, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n"),
        (400, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: +1\r\n\r\n"),
        (400, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0x1\r\n\r\n"),
        (400, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1 1\r\n\r\n"),
        (400, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length:\r\n\r\n"),
        (400, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9223372036854775808\r\n\r\n"),
    ])
    func `what could be read in two ways is refused`(_ status: Int, _ text: String) {
        #expect(refusal(text) == status, "\(text.debugDescription)")
    }

    @Test func `§3, RFC 6585 §5: lines and heads have limits, met exactly`() {
        let limits = HeadLimits(startLine: 30, head: 60)
        let line = "GET /" + String(repeating: "a", count: 16) + " HTTP/1.1"
        #expect(refusal(line + "\r\nHost: x\r\n\r\n", limits) == nil)
        #expect(refusal("GET /a" + line.dropFirst(5) + "\r\nHost: x\r\n\r\n", limits) == 414)
        #expect(refusal("GET /" + String(repeating: "a", count: 40), limits) == 414)
        let padding = 60 - line.utf8.count - "\r\nHost: x\r\nA: \r\n\r\n".utf8.count
        let fits = line + "\r\nHost: x\r\nA: " + String(repeating: "b", count: padding)
        #expect(refusal(fits + "\r\n\r\n", limits) == nil)
        #expect(refusal(fits + "b\r\n\r\n", limits) == 431)
        #expect(refusal(fits + "bbbbbbbb", limits) == 431)
    }

    @Test func `no bytes whatever make it trap`() {
        let seed = UInt64.random(in: 0 ... .max)
        var generator = Seeded(seed)
        let pieces = [
            "GET ", "/", " HTTP/1.1", "\r\n", "\r", "\n", "Host: x", ":", " ", "\t", "Content-Length: ", "5", "chunked",
            "Transfer-Encoding: ", ",", "\u{0}", "\u{ff}", "http://", "*", "Connection: close", "\"", "\\", "?",
        ]
        for _ in 0..<20_000 {
            let text = (0..<Int.random(in: 0..<14, using: &generator)).map { _ in
                pieces.randomElement(using: &generator) ?? ""
            }.joined()
            let status = refusal(text)
            #expect(status == nil || [400, 414, 431, 501, 505].contains(status), "seed \(seed)")
        }
    }
}
