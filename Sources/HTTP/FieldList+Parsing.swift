internal import Bytes

extension FieldList {
    /// Replaces all fields by those of `block`: whole field lines, each with its CRLF (RFC 9112 §5). The bytes are
    /// copied once.
    func parse(_ block: RawSpan) throws(FramingError) {
        if entries.capacity > 512 { entries = [] }
        clear()
        text.shrink(to: 64 * 1024)
        text.append(block)
        var index = 0
        while index < text.count { index = try parseLine(from: index) }
    }

    /// Reads the line at `start` and returns where the next one begins.
    private func parseLine(from start: Int) throws(FramingError) -> Int {
        let text = text
        let bytes = text.bytes
        let end = bytes.byteCount
        let token = ByteClass.token
        var index = start
        while index < end, token.contains(bytes.byte(at: index)) { index += 1 }
        let nameEnd = index
        guard nameEnd > start, index < end, bytes.byte(at: index) == UInt8(ascii: ":") else {
            throw nameFault(bytes, start, index)
        }
        index += 1
        while index < end, ByteClass.isWhitespace(bytes.byte(at: index)) { index += 1 }
        let valueStart = index
        while index < end, ByteClass.isFieldValue(bytes.byte(at: index)) { index += 1 }
        var valueEnd = index
        guard index + 1 < end, bytes.byte(at: index) == UInt8(ascii: "\r"),
            bytes.byte(at: index + 1) == UInt8(ascii: "\n")
        else { throw FramingError.badRequest("an invalid byte in a field value") }
        while valueEnd > valueStart, ByteClass.isWhitespace(bytes.byte(at: valueEnd - 1)) { valueEnd -= 1 }
        entries.append(
            Entry(
                nameStart: UInt32(truncatingIfNeeded: start), nameCount: UInt32(truncatingIfNeeded: nameEnd - start),
                valueStart: UInt32(truncatingIfNeeded: valueStart),
                valueCount: UInt32(truncatingIfNeeded: valueEnd - valueStart),
                known: KnownField(bytes.extracting(start..<nameEnd))))
        return index + 2
    }

    private func nameFault(_ bytes: RawSpan, _ start: Int, _ index: Int) -> FramingError {
        guard index < bytes.byteCount else { return .badRequest("a field line without a colon") }
        if ByteClass.isWhitespace(bytes.byte(at: index)) {
            return index == start
                ? .badRequest("a folded field line") : .badRequest("white space before the colon of a field")
        }
        if index == start, bytes.byte(at: index) == UInt8(ascii: ":") {
            return .badRequest("a field without a name")
        }
        return .badRequest("an invalid byte in a field name")
    }
}
