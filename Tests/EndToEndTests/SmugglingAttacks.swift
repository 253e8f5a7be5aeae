/// A request that is meant to be read differently by the gateway and by what stands behind it.
struct SmugglingAttack {
    let name: String
    /// The bytes: `@` is the path, `%N` the length of what `%S` stands for, a whole request.
    let text: String
    /// The statuses that are right; with one below 300 the request is passed on, and seen once.
    var statuses: Set<Int> = [400]

    init(_ name: String, _ text: String, _ statuses: Set<Int> = [400]) {
        self.name = name
        self.text = text
        self.statuses = statuses
    }

    /// A POST with these fields, then an end of chunks and a request.
    private static func post(_ fields: String, _ statuses: Set<Int> = [400], _ content: String = "0\r\n\r\n%S") -> Self
    {
        Self(fields, "POST @ HTTP/1.1\r\nHost: x\r\n\(fields)\r\n\r\n\(content)", statuses)
    }

    /// A GET with these fields and nothing after it but a request in disguise.
    private static func get(_ fields: String, _ statuses: Set<Int> = [400]) -> Self {
        Self(fields, "GET @ HTTP/1.1\r\nHost: x\r\n\(fields)\r\n\r\n", statuses)
    }

    /// A chunked POST with this content.
    private static func chunks(_ content: String, _ statuses: Set<Int> = [400]) -> Self {
        Self(content, "POST @ HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n\(content)", statuses)
    }

    /// A request with this line.
    private static func line(_ line: String, _ statuses: Set<Int> = [400]) -> Self {
        Self(line, "\(line)\r\nHost: x\r\n\r\n", statuses)
    }

    static let all = lengths + codings + chunked + lines + fields + hops

    /// Content-Length, alone, twice, and beside Transfer-Encoding (RFC 9112 §6.1, §6.3).
    static let lengths: [Self] = [
        post("Content-Length: 6\r\nTransfer-Encoding: chunked"),
        post("Transfer-Encoding: chunked\r\nContent-Length: 6"),
        post("Content-Length: 0\r\nTransfer-Encoding: chunked"),
        post("Content-Length: 6\r\nContent-Length: 5"),
        post("Content-Length: 0\r\nContent-Length: %N"),
        post("Content-Length: 5, 6"),
        post("Content-Length: +5"),
        post("Content-Length: -1"),
        post("Content-Length: 0x5"),
        post("Content-Length: 5 5"),
        post("Content-Length: 5;"),
        post("Content-Length: 5.0"),
        post("Content-Length: 1e1"),
        post("Content-Length: 5\u{0}"),
        post("Content-Length: \u{0665}"),
        post("Content-Length:"),
        post("Content-Length: five"),
        post("Content-Length: 18446744073709551621"),
        post("Content-Length: 99999999999999999999999999"),
        post("Content-Length : 5"),
        post("Content-Length\t: 5"),
        post("Content-Length:\u{0B}5"),
        post("Content-Length: 5\r\n 6"),
        post("Content-Length: %N\nX: y"),
        post("Content-Length: %N\rX: y"),
        // Content where none is usual: it is content, whatever it looks like.
        Self("CL.0", "GET @ HTTP/1.1\r\nHost: x\r\nContent-Length: %N\r\n\r\n%S", [200]),
        Self("CL.0 of HEAD", "HEAD @ HTTP/1.1\r\nHost: x\r\nContent-Length: %N\r\n\r\n%S", [200]),
        Self("CL.0 of DELETE", "DELETE @ HTTP/1.1\r\nHost: x\r\nContent-Length: %N\r\n\r\n%S", [200]),
        Self("CL of POST", "POST @ HTTP/1.1\r\nHost: x\r\nContent-Length: %N\r\n\r\n%S", [200]),
    ]

    /// Transfer-Encoding (RFC 9112 §6.1, §7).
    static let codings: [Self] = [
        post("Transfer-Encoding: xchunked", [400, 501]),
        post("Transfer-Encoding: chunkedx", [400, 501]),
        post("Transfer-Encoding: chunked, identity", [400, 501]),
        post("Transfer-Encoding: identity, chunked", [400, 501]),
        post("Transfer-Encoding: gzip, chunked", [400, 501]),
        post("Transfer-Encoding: chunked, chunked", [400, 501]),
        post("Transfer-Encoding: identity", [400, 501]),
        post("Transfer-Encoding: \"chunked\"", [400, 501]),
        post("Transfer-Encoding: chunked;q=1", [400, 501]),
        post("Transfer-Encoding: chunked\r\nTransfer-Encoding: x", [400, 501]),
        post("Transfer-Encoding: x\r\nTransfer-Encoding: chunked", [400, 501]),
        post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", [400, 501]),
        post("Transfer-Encoding:", [400, 501]),
        post("Transfer-Encoding : chunked"),
        post("Transfer-Encoding\t: chunked"),
        post("Transfer-Encoding:\u{0B}chunked"),
        post("Transfer-Encoding: chun\u{0}ked"),
        post("Transfer-Encoding:\r\n chunked"),
        post("Transfer-Encoding: \u{0}chunked"),
        post("X: y\nTransfer-Encoding: chunked"),
        post("X: y\rTransfer-Encoding: chunked"),
        post("X: y\r\n Transfer-Encoding: chunked"),
        post(" Transfer-Encoding: chunked"),
        post("Transfer\u{E9}-Encoding: chunked"),
        Self("chunked in 1.0", "POST @ HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n%S"),
        // Another field altogether.
        post("Transfer_Encoding: chunked\r\nContent-Length: %N", [200], "%S"),
        post("X-Transfer-Encoding: chunked\r\nContent-Length: %N", [200], "%S"),
    ]

    /// Chunks (RFC 9112 §7.1).
    static let chunked: [Self] = [
        chunks("5\nhello\r\n0\r\n\r\n"),
        chunks("5\r\nhello\n0\r\n\r\n"),
        chunks("5\r\nhello\r\n0\n\n%S"),
        chunks("0x5\r\nhello\r\n0\r\n\r\n"),
        chunks("+5\r\nhello\r\n0\r\n\r\n"),
        chunks("-5\r\nhello\r\n0\r\n\r\n"),
        chunks(" 5\r\nhello\r\n0\r\n\r\n"),
        chunks("5\u{0}\r\nhello\r\n0\r\n\r\n"),
        chunks("g\r\nhello\r\n0\r\n\r\n"),
        chunks("\r\nhello\r\n0\r\n\r\n"),
        chunks("5,\r\nhello\r\n0\r\n\r\n"),
        chunks("5\r\nhelloXX0\r\n\r\n%S"),
        chunks("FFFFFFFFFFFFFFFFF\r\nhello\r\n0\r\n\r\n"),
        chunks("10000000000000005\r\nhello\r\n0\r\n\r\n"),
        chunks("5;a=\rb\r\nhello\r\n0\r\n\r\n"),
        chunks("5;\nhello\r\n0\r\n\r\n%S"),
        chunks("5;\(String(repeating: "a", count: 70_000))\r\nhello\r\n0\r\n\r\n", [400, 431]),
        chunks("5;ext=\"%N\"\r\nhello\r\n0\r\n\r\n", [200]),
        chunks("5\r\nhello\r\n0\r\nContent-Length: 5\r\n\r\n", [200]),
        chunks("5\r\nhello\r\n0\r\nTransfer-Encoding: chunked\r\n\r\n", [200]),
        chunks("%X\r\n%S\r\n0\r\n\r\n", [200]),
    ]

    /// Request lines (RFC 9112 §3).
    static let lines: [Self] = [
        line("GET  @ HTTP/1.1"), line("GET @  HTTP/1.1"), line("GET\t@ HTTP/1.1"), line("GET @\tHTTP/1.1"),
        line("GET @ HTTP/1.1 "), line("GET @ HTTP/1.1 x"), line(" GET @ HTTP/1.1"), line("GET @"),
        line("GET @ http/1.1", [400, 505]), line("GET @ HTTP/0.9", [400, 505]), line("GET @ HTTP/2.0", [400, 505]),
        line("GET @ HTTP/1.1\u{0}"), line("GET @\u{0} HTTP/1.1"), line("GET @\u{E9} HTTP/1.1"),
        line("G\u{0}ET @ HTTP/1.1"), line("G(ET @ HTTP/1.1"), line("GET @\r HTTP/1.1"),
        Self("bare line feeds", "GET @ HTTP/1.1\nHost: x\n\n"),
        Self("a bare line feed after the line", "GET @ HTTP/1.1\nHost: x\r\n\r\n"),
        Self("a field that ends as a request line does", "GET @ HTTP/1.1\r\nX: y HTTP/1.1\r\nHost: x\r\n\r\n", [200]),
        Self("HTTP/2's preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n%S", [400, 505]),
        line("GET @%0d%0aX:%20y%0d%0a%0d%0aGET%20/smuggled HTTP/1.1".replacing("smuggled", with: "smugg1ed"), [200]),
    ]

    /// Fields and Host (RFC 9110 §5, RFC 9112 §3.2, §5).
    static let fields: [Self] = [
        get("Host: y"), get("Host: x"), get("host: y"), get(" Host: y"), get("X: y\r\n\tz"),
        get("X : y"), get(": y"), get("X"), get("X: \u{0}"), get("X: \u{7F}"), get("X: \u{1}"), get("X\u{0}: y"),
        get("X Y: z"), get("X(: y"), get("\u{E9}: y"), get("X: a\nY: b"), get("X: a\rY: b"), get("X: a\r\r\nY: b"),
        get("X: a\n\nGET /smuggled HTTP/1.1"),
        Self("no Host", "GET @ HTTP/1.1\r\n\r\n"),
        Self("a Host with a space", "GET @ HTTP/1.1\r\nHost: x y\r\n\r\n"),
        Self("a Host with a path", "GET @ HTTP/1.1\r\nHost: x/smuggled\r\n\r\n"),
        Self("a Host with a user", "GET @ HTTP/1.1\r\nHost: a@b\r\n\r\n"),
        Self("absolute form, another Host", "GET http://other@ HTTP/1.1\r\nHost: x\r\n\r\n", [200, 400]),
        Self("absolute form with a user", "GET http://a:b@other@ HTTP/1.1\r\nHost: x\r\n\r\n", [200, 400]),
        Self("another scheme", "GET ftp://other@ HTTP/1.1\r\nHost: x\r\n\r\n", [200, 400]),
    ]

    /// What ends at the gateway (RFC 9110 §7.6.1, §7.8).
    static let hops: [Self] = [
        Self(
            "Connection names Content-Length",
            "POST @ HTTP/1.1\r\nHost: x\r\nConnection: Content-Length\r\nContent-Length: %N\r\n\r\n%S", [200, 400]),
        Self(
            "Connection names Transfer-Encoding",
            "POST @ HTTP/1.1\r\nHost: x\r\nConnection: Transfer-Encoding\r\nTransfer-Encoding: chunked\r\n\r\n%X\r\n%S\r\n0\r\n\r\n",
            [200, 400]),
        get("Connection: Host", [200, 400]),
        get("Connection: close, X-Forwarded-For, X-Forwarded-Host", [200]),
        get("Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA", [200]),
        get(
            "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: x\r\nSec-WebSocket-Version: 13",
            [200, 501]),
        get("TE: trailers, chunked\r\nTrailer: Content-Length\r\nKeep-Alive: 5\r\nProxy-Connection: keep-alive", [200]),
        Self("CONNECT", "CONNECT smuggled:443 HTTP/1.1\r\nHost: smuggled:443\r\n\r\n", [400, 404, 405, 501]),
        Self(
            "Expect", "POST @ HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: %N\r\n\r\n%S", [100, 200]),
    ]
}
