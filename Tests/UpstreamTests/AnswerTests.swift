import EventLoop
import HTTP
import TestSupport
import Testing

@testable import Upstream

@Suite("Answers, over both transports")
struct AnswerTests {
    struct Answer: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var wire: String
        var status = 200
        var body = "hello"
        var method = HTTP.Method.get

        init(_ name: String, _ wire: String, status: Int = 200, body: String = "hello", method: HTTP.Method = .get) {
            testDescription = name
            self.wire = wire
            self.status = status
            self.body = body
            self.method = method
        }
    }

    static let answers = [
        Answer("a length", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"),
        Answer("no reason phrase", "HTTP/1.1 200 \r\nContent-Length: 5\r\n\r\nhello"),
        Answer("chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n"),
        Answer(
            "chunks with extensions and trailers",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n0\r\nX: y\r\n\r\n"),
        Answer("until close", "HTTP/1.1 200 OK\r\n\r\nhello"),
        Answer("HTTP/1.0", "HTTP/1.0 200 OK\r\n\r\nhello"),
        Answer("204", "HTTP/1.1 204 No Content\r\n\r\n", status: 204, body: ""),
        Answer("304 with a length", "HTTP/1.1 304 X\r\nContent-Length: 5\r\n\r\n", status: 304, body: ""),
        Answer("an empty body", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", body: ""),
        Answer("HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", body: "", method: .head),
        Answer(
            "interim answers first",
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: x\r\n\r\n"
                + "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"),
        Answer("a redirect", "HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 5\r\n\r\nhello", status: 302),
        Answer("a server error", "HTTP/1.1 503 No\r\nContent-Length: 5\r\n\r\nhello", status: 503),
    ]

    @Test(arguments: transports, answers)
    func `an answer comes whole, in one piece or byte by byte`(_ transport: TransportChoice, _ answer: Answer) throws {
        let upstream = ScriptedUpstream { peer, number in
            guard try peer.readRequest() != nil else { return }
            if number == 0 { try peer.send(answer.wire) } else { try peer.drip(answer.wire) }
        }
        let shard = try Shard(.up(transport, ports: upstream.port))
        for _ in 0..<2 {
            let result = try shard.call("up", answer.method, "/x")
            #expect(result == Result(status: answer.status, body: answer.body, fields: result.fields, attempts: 1))
        }
    }

    @Test(arguments: transports)
    func `fields come in order, duplicates kept`(_ transport: TransportChoice) throws {
        let upstream = ScriptedUpstream(
            always: "HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nX-Empty:\r\nSet-Cookie: b=2\r\nContent-Length: 0\r\n\r\n")
        let shard = try Shard(.up(transport, ports: upstream.port))
        #expect(
            try shard.call().fields == ["set-cookie: a=1", "x-empty: ", "set-cookie: b=2", "content-length: 0"])
    }

    @Test(arguments: transports)
    func `a large body is whole`(_ transport: TransportChoice) throws {
        let body = (0..<300_000).map { String($0 % 10) }.joined()
        let upstream = ScriptedUpstream(
            always: "HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
        let shard = try Shard(.up(transport, ports: upstream.port))
        for _ in 0..<2 { #expect(try shard.call().body == body) }
        #expect(upstream.connections == 1)
    }

    /// Around the sizes from which on storage is handed over instead of copied, and the rest received where it stays.
    @Test(arguments: transports, [4000, 4096, 32_500, 32_768, 33_000, 200_000])
    func `a body of any size is whole, however it is cut`(_ transport: TransportChoice, _ size: Int) throws {
        let body = (0..<size).map { String($0 % 7) }.joined()
        let head = "HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
        let upstream = ScriptedUpstream { peer, _ in
            // At once; the body apart; in halves; all but its last byte.
            for cut in [head.utf8.count + body.utf8.count, head.utf8.count, body.utf8.count / 2, body.utf8.count - 1] {
                guard try peer.readRequest() != nil else { return }
                let whole = Array((head + body).utf8)
                try peer.send(Array(whole[..<cut]))
                peer.takeTime(milliseconds: 3)
                if cut < whole.count { try peer.send(Array(whole[cut...])) }
            }
            peer.waitForClose()
        }
        let shard = try Shard(.up(transport, ports: upstream.port))
        for _ in 0..<4 { #expect(try shard.call().body == body) }
        #expect(upstream.connections == 1)
    }

    @Test(
        arguments: transports,
        [
            ("a short body", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello"),
            ("cut chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel"),
            ("no last chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"),
            ("a cut head", "HTTP/1.1 200 OK\r\nContent-Le"),
            ("nothing", ""),
            ("garbage", "\u{1}\u{2}garbage\r\n\r\n"),
            ("another protocol", "220 mail.example ESMTP\r\n"),
            ("a bad chunk size", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\nhello\r\n0\r\n\r\n"),
            ("a folded field", "HTTP/1.1 200 OK\r\nX: a\r\n b\r\nContent-Length: 0\r\n\r\n"),
            ("a field without colon", "HTTP/1.1 200 OK\r\nX\r\nContent-Length: 0\r\n\r\n"),
            ("a head over the limit", "HTTP/1.1 200 OK\r\nX: \(String(repeating: "a", count: 9000))\r\n\r\n"),
        ])
    func `an answer that isn't whole or isn't HTTP makes the upstream unreachable`(
        _ transport: TransportChoice, _ answer: (String, String)
    ) throws {
        let upstream = ScriptedUpstream { peer, _ in
            guard try peer.readRequest() != nil else { return }
            try peer.send(answer.1)
        }
        let shard = try Shard(.up(transport, ports: upstream.port, headLimit: 8192))
        let failure = try shard.call().failure
        #expect(failure == CallFailure(.upstreamUnreachable, attempts: 1, source: .upstream), "\(answer.0)")
    }

    @Test(
        arguments: [
            "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "Content-Length: 5\r\nContent-Length: 6\r\n",
            "Content-Length: 5 5\r\n", "Transfer-Encoding: gzip\r\n", "X: a\u{0}b\r\n", "X : a\r\n",
        ])
    func `the direct transport takes no head that could be read in two ways`(_ fields: String) throws {
        let upstream = ScriptedUpstream(always: "HTTP/1.1 200 OK\r\n\(fields)\r\nhello")
        let shard = try Shard(.up(.direct, ports: upstream.port))
        #expect(try shard.call().failure?.code == .upstreamUnreachable)
    }

    @Test(
        arguments: transports,
        [
            "Content-Length: 101\r\n\r\n",
            "Transfer-Encoding: chunked\r\n\r\n65\r\n\(String(repeating: "a", count: 101))\r\n",
            "\r\n\(String(repeating: "a", count: 200))",
        ])
    func `a body over the limit is an invalid one`(_ transport: TransportChoice, _ rest: String) throws {
        let upstream = ScriptedUpstream { peer, _ in
            guard try peer.readRequest() != nil else { return }
            try peer.send("HTTP/1.1 200 OK\r\n\(rest)")
            peer.waitForClose()
        }
        let shard = try Shard(.up(transport, ports: upstream.port, bodyLimit: 100))
        let failure = try shard.call().failure
        #expect(failure == CallFailure(.upstreamInvalidBody, status: 200, attempts: 1, source: .upstream))
    }

    @Test(arguments: transports)
    func `a reset amid the answer makes the upstream unreachable`(_ transport: TransportChoice) throws {
        let upstream = ScriptedUpstream { peer, _ in
            guard try peer.readRequest() != nil else { return }
            try peer.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello")
            peer.reset()
        }
        let shard = try Shard(.up(transport, ports: upstream.port))
        #expect(try shard.call().failure?.code == .upstreamUnreachable)
    }
}
