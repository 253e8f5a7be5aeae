internal import Bytes
internal import HTTP

/// Reads heads from the lines that libcurl hands on; interim ones are passed over, and so are trailers. As strict as
/// our own parser where libcurl isn't.
struct CurlHeadReader {
    /// Why a head can't be taken.
    enum Fault: Error {
        case invalid
        case tooLarge
    }

    /// Whether the final head is there.
    private(set) var isComplete = false
    private var status = 0
    private var size = 0
    private var contentLength: Int?
    private var isChunked = false

    /// Takes one line with its line end.
    /// - Returns: whether it completes the final head.
    mutating func read(_ line: RawSpan, _ request: TransportRequest) throws(Fault) -> Bool {
        if isComplete { return false }
        size += line.byteCount
        if size > request.headLimit { throw .tooLarge }
        let text = line.extracting(0..<CurlHeadReader.lengthWithoutLineEnd(line))
        if text.byteCount == 0 { return complete(request) }
        if status == 0 || isStatusLine(text) {
            try readStatusLine(text, request.head)
        } else {
            try readField(text, request.head.fields)
        }
        return false
    }

    private static func lengthWithoutLineEnd(_ line: RawSpan) -> Int {
        var count = line.byteCount
        if count > 0, line.byte(at: count - 1) == UInt8(ascii: "\n") { count -= 1 }
        if count > 0, line.byte(at: count - 1) == UInt8(ascii: "\r") { count -= 1 }
        return count
    }

    private func isStatusLine(_ text: RawSpan) -> Bool {
        text.byteCount >= 5 && text.extracting(0..<5).equalsIgnoringCase("http/")
    }

    /// "HTTP/1.1 200 OK", "HTTP/2 200": the code is what stands after the first space.
    private mutating func readStatusLine(_ text: RawSpan, _ head: ResponseHead) throws(Fault) {
        head.clear()
        contentLength = nil
        isChunked = false
        var index = 0
        while index < text.byteCount, text.byte(at: index) != UInt8(ascii: " ") { index += 1 }
        guard text.byteCount >= index + 4 else { throw .invalid }
        status = 0
        for offset in index + 1..<index + 4 {
            let digit = text.byte(at: offset) &- UInt8(ascii: "0")
            guard digit < 10 else { throw .invalid }
            status = status * 10 + Int(digit)
        }
        guard status >= 100, status != 101 else { throw .invalid }
    }

    private mutating func readField(_ text: RawSpan, _ fields: FieldList) throws(Fault) {
        var colon = 0
        while colon < text.byteCount, text.byte(at: colon) != UInt8(ascii: ":") { colon += 1 }
        guard colon < text.byteCount else { throw .invalid }
        let name = text.extracting(0..<colon)
        var start = colon + 1
        var end = text.byteCount
        while start < end, CurlHeadReader.isWhitespace(text.byte(at: start)) { start += 1 }
        while end > start, CurlHeadReader.isWhitespace(text.byte(at: end - 1)) { end -= 1 }
        let value = text.extracting(start..<end)
        guard FieldList.isValidName(name), FieldList.isValidValue(value) else { throw .invalid }
        fields.append(name: name, value: value)
        switch fields.known(at: fields.count - 1) {
        // libcurl has refused what is no number; one that can't be counted ends with the connection.
        case .contentLength: contentLength = value.wholeNumber
        case .transferEncoding: isChunked = true
        default: break
        }
    }

    private static func isWhitespace(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
    }

    private mutating func complete(_ request: TransportRequest) -> Bool {
        guard status >= 200 else { return false }
        isComplete = true
        let framing: BodyFraming
        if request.method == .head || status == 204 || status == 304 {
            framing = .none
        } else if isChunked {
            framing = .chunked
        } else {
            framing = contentLength.map { .length($0) } ?? .untilClose
        }
        request.head.set(status: status, versionMinor: 1, framing: framing, keepAlive: true)
        return true
    }
}
