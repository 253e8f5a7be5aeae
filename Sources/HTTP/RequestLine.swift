internal import Bytes

/// method SP request-target SP HTTP-version (RFC 9112 §3).
enum RequestLine {
    static func parse(_ line: RawSpan, into head: RequestHead) throws(FramingError) {
        let methodEnd = try methodEnd(line)
        head.method = Method(line.extracting(0..<methodEnd))
        let targetStart = methodEnd + 1
        let targetEnd = try targetEnd(line, from: targetStart)
        head.versionMinor = try version(line.extracting(targetEnd + 1..<line.byteCount))
        try readTarget(line.extracting(targetStart..<targetEnd), into: head)
    }

    private static func methodEnd(_ line: RawSpan) throws(FramingError) -> Int {
        let token = ByteClass.token
        var index = 0
        while index < line.byteCount, token.contains(line.byte(at: index)) { index += 1 }
        guard index > 0, index < line.byteCount, line.byte(at: index) == UInt8(ascii: " ") else {
            throw .badRequest("an invalid method")
        }
        // Longer than any registered method by far: nobody's log or metric needs to hold it.
        guard index <= 32 else { throw FramingError(status: 501, "an unknown method") }
        return index
    }

    private static func targetEnd(_ line: RawSpan, from start: Int) throws(FramingError) -> Int {
        let allowed = ByteClass.target
        var index = start
        while index < line.byteCount, allowed.contains(line.byte(at: index)) { index += 1 }
        guard index < line.byteCount else { throw .badRequest("a request line without a version") }
        guard index > start, line.byte(at: index) == UInt8(ascii: " ") else {
            throw .badRequest("an invalid byte in the request target")
        }
        return index
    }

    /// The minor version. RFC 9112 §2.3: a higher minor version is treated as 1.1.
    static func version(_ text: RawSpan) throws(FramingError) -> Int {
        guard text.byteCount == 8, text.extracting(0..<5).equals("HTTP/"), text.byte(at: 6) == UInt8(ascii: "."),
            isDigit(text.byte(at: 5)), isDigit(text.byte(at: 7))
        else { throw .badRequest("an invalid protocol version") }
        guard text.byte(at: 5) == UInt8(ascii: "1") else {
            throw FramingError(status: 505, "this server speaks HTTP/1.1")
        }
        return text.byte(at: 7) == UInt8(ascii: "0") ? 0 : 1
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

    /// The four forms of a target (RFC 9112 §3.2).
    private static func readTarget(_ target: RawSpan, into head: RequestHead) throws(FramingError) {
        head.text.append(target)
        head.targetRange = 0..<target.byteCount
        if head.method == .connect { throw FramingError(status: 501, "CONNECT is not served") }
        switch target.byte(at: 0) {
        case UInt8(ascii: "/"): splitPath(target, from: 0, into: head)
        case UInt8(ascii: "*") where target.byteCount == 1 && head.method == .options: head.pathRange = 0..<1
        default: try readAbsoluteForm(target, into: head)
        }
    }

    private static func splitPath(_ target: RawSpan, from start: Int, into head: RequestHead) {
        var end = start
        while end < target.byteCount, target.byte(at: end) != UInt8(ascii: "?") { end += 1 }
        head.pathRange = start..<end
        if end < target.byteCount { head.queryRange = end + 1..<target.byteCount }
    }

    /// `http://host[:port]/path?query`, which every server must take (RFC 9112 §3.2.2).
    private static func readAbsoluteForm(_ target: RawSpan, into head: RequestHead) throws(FramingError) {
        let start: Int
        if target.byteCount > 7, target.extracting(0..<7).equalsIgnoringCase("http://") {
            start = 7
        } else if target.byteCount > 8, target.extracting(0..<8).equalsIgnoringCase("https://") {
            start = 8
        } else {
            throw .badRequest("an invalid request target")
        }
        var end = start
        while end < target.byteCount, ByteClass.host.contains(target.byte(at: end)) { end += 1 }
        guard end > start else { throw .badRequest("an invalid request target") }
        head.authorityRange = start..<end
        guard end < target.byteCount else {
            appendRootPath(to: head)
            return
        }
        switch target.byte(at: end) {
        case UInt8(ascii: "/"): splitPath(target, from: end, into: head)
        case UInt8(ascii: "?"):
            appendRootPath(to: head)
            head.queryRange = end + 1..<target.byteCount
        default: throw .badRequest("an invalid request target")
        }
    }

    private static func appendRootPath(to head: RequestHead) {
        head.pathRange = head.text.count..<head.text.count + 1
        head.text.append(UInt8(ascii: "/"))
    }
}
