public import Bytes

/// Reads request heads off a buffer that fills bit by bit. Strict: what two readers could understand in two ways is
/// refused (RFC 9112 §2.2, §3, §5, §6, §11).
public struct RequestParser {
    private var scanner = HeadScanner()
    private var hasSkippedEmptyLine = false

    /// A parser that stands before a request.
    public init() {}

    /// Reads one head.
    /// - Parameters:
    ///   - buffer: what has arrived and isn't consumed. A complete head is consumed; otherwise nothing is, but an empty
    ///     line before the request line (RFC 9112 §2.2: one is ignored).
    ///   - head: where it goes. Its contents are undefined until true is returned.
    ///   - limits: the sizes above which it is refused.
    /// - Returns: true when the head is complete, false when more bytes are needed: call again with the same buffer.
    /// - Throws: `FramingError` with the status to answer: 400, 414, 431, 501, 505. The parser is of no use then.
    public mutating func parse(
        _ buffer: ByteBuffer, into head: RequestHead, limits: HeadLimits
    ) throws(FramingError) -> Bool {
        guard try skipEmptyLine(buffer) else { return false }
        guard let end = try scanner.headEnd(in: buffer, limits), let lineEnd = scanner.startLineEnd else {
            return false
        }
        head.clear()
        try RequestLine.parse(buffer.bytes.extracting(0..<lineEnd), into: head)
        try head.fields.parse(buffer.bytes.extracting(lineEnd + 2..<end - 2))
        try RequestParser.interpret(head)
        buffer.consume(end)
        self = RequestParser()
        return true
    }

    /// Whether the buffer holds the beginning of a request line, an empty line before it gone.
    private mutating func skipEmptyLine(_ buffer: ByteBuffer) throws(FramingError) -> Bool {
        guard !buffer.isEmpty else { return false }
        if !hasSkippedEmptyLine, buffer[0] == UInt8(ascii: "\r") {
            guard buffer.count >= 2 else { return false }
            guard buffer[1] == UInt8(ascii: "\n") else { throw .badRequest("a bare CR") }
            buffer.consume(2)
            hasSkippedEmptyLine = true
        }
        guard !buffer.isEmpty else { return false }
        guard ByteClass.token.contains(buffer[0]) else { throw .badRequest("not a request line") }
        return true
    }

    /// Draws from the fields what framing and the connection need.
    private static func interpret(_ head: RequestHead) throws(FramingError) {
        let framing = try FramingFields(head.fields)
        try checkHost(head, framing.hosts)
        switch framing.transferCoding {
        case .absent:
            head.framing = framing.contentLength.map { .length($0) } ?? .none
        case .chunked:
            // RFC 9112 §6.1: both fields are an attempt at smuggling, and 1.0 has no transfer codings.
            guard framing.contentLength == nil else {
                throw .badRequest("both Content-Length and Transfer-Encoding")
            }
            guard head.versionMinor >= 1 else { throw .badRequest("Transfer-Encoding in HTTP/1.0") }
            head.framing = .chunked
        case .unsupported: throw FramingError(status: 501, "a transfer coding other than chunked")
        case .faulty: throw .badRequest("Transfer-Encoding doesn't end in one chunked")
        }
        head.keepAlive = framing.isPersistent(minor: head.versionMinor)
        head.expectsContinue = framing.expectsContinue && head.versionMinor >= 1 && head.hasBody
    }

    /// RFC 9112 §3.2: exactly one Host in 1.1, at most one in 1.0, with a valid value.
    private static func checkHost(_ head: RequestHead, _ count: Int) throws(FramingError) {
        if count == 0, head.versionMinor >= 1 { throw .badRequest("no Host") }
        if count > 1 { throw .badRequest("more than one Host") }
        let fields = head.fields
        guard let index = fields.index(of: .host) else { return }
        let host = fields.value(at: index)
        for index in 0..<host.byteCount where !ByteClass.host.contains(host.byte(at: index)) {
            throw .badRequest("an invalid Host")
        }
    }
}
