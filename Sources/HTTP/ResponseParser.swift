public import Bytes

/// Reads the heads of answers off a buffer that fills bit by bit (RFC 9112 §4, §6.3). As strict as `RequestParser`.
public struct ResponseParser {
    private var scanner = HeadScanner()

    /// A parser that stands before an answer.
    public init() {}

    /// Reads one head, interim ones (1xx) too: the caller passes over those and calls again.
    /// - Parameters:
    ///   - buffer: what has arrived and isn't consumed; a complete head is consumed, otherwise nothing is.
    ///   - head: where it goes. Its contents are undefined until true is returned.
    ///   - limits: the sizes above which it is refused.
    ///   - method: the method of the request: an answer to HEAD has no content, whatever its fields say.
    /// - Returns: true when the head is complete, false when more bytes are needed.
    /// - Throws: `FramingError`: status 414 or 431 when it is too large, else what is wrong with it. The parser and the
    ///   connection are of no use then.
    public mutating func parse(
        _ buffer: ByteBuffer, into head: ResponseHead, limits: HeadLimits, method: Method
    ) throws(FramingError) -> Bool {
        guard let end = try scanner.headEnd(in: buffer, limits), let lineEnd = scanner.startLineEnd else {
            return false
        }
        head.clear()
        try ResponseParser.readStatusLine(buffer.bytes.extracting(0..<lineEnd), into: head)
        try head.fields.parse(buffer.bytes.extracting(lineEnd + 2..<end - 2))
        try ResponseParser.interpret(head, method)
        buffer.consume(end)
        self = ResponseParser()
        return true
    }

    /// HTTP-version SP status-code [SP [reason-phrase]] (RFC 9112 §4). The SP after the code is left out by many.
    private static func readStatusLine(_ line: RawSpan, into head: ResponseHead) throws(FramingError) {
        guard line.byteCount >= 12, line.byte(at: 8) == UInt8(ascii: " ") else {
            throw .badRequest("an invalid status line")
        }
        head.versionMinor = try RequestLine.version(line.extracting(0..<8))
        var status = 0
        for index in 9..<12 {
            let digit = line.byte(at: index) &- UInt8(ascii: "0")
            guard digit < 10 else { throw .badRequest("an invalid status code") }
            status = status * 10 + Int(digit)
        }
        guard status >= 100, line.byteCount == 12 || line.byte(at: 12) == UInt8(ascii: " ") else {
            throw .badRequest("an invalid status code")
        }
        head.status = status
        guard line.byteCount > 13 else { return }
        let reason = line.extracting(13..<line.byteCount)
        guard FieldList.isValidValue(reason) else { throw .badRequest("an invalid byte in a reason phrase") }
        head.reasonText.append(reason)
    }

    /// The length of the content, by the order of RFC 9112 §6.3.
    private static func interpret(_ head: ResponseHead, _ method: Method) throws(FramingError) {
        let framing = try FramingFields(head.fields)
        head.keepAlive = framing.isPersistent(minor: head.versionMinor)
        if method == .head || head.status < 200 || head.status == 204 || head.status == 304 {
            head.framing = .none
            return
        }
        switch framing.transferCoding {
        case .absent:
            head.framing = framing.contentLength.map { .length($0) } ?? .untilClose
        case .chunked:
            guard framing.contentLength == nil else {
                throw .badRequest("both Content-Length and Transfer-Encoding")
            }
            guard head.versionMinor >= 1 else { throw .badRequest("Transfer-Encoding in HTTP/1.0") }
            head.framing = .chunked
        case .unsupported, .faulty: throw FramingError(status: 501, "a transfer coding other than chunked")
        }
        if head.framing == .untilClose { head.keepAlive = false }
    }
}
