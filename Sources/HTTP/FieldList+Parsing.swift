internal import Bytes

extension FieldList {
    /// Replaces all fields by those of `block`: whole field lines, each with its CRLF (RFC 9112 §5). The bytes are
    /// copied once.
    func parse(_ block: RawSpan) throws(FramingError) {
        clear()
        entries.shrink(toCapacity: 512)
        text.shrink(to: 64 * 1024)
        text.append(block)
        let text = text
        let bytes = text.bytes
        var index = 0
        while index < bytes.byteCount { index = try parseLine(bytes, from: index) }
    }

    /// Reads the line at `start` of `bytes`, which are those of `text`, and returns where the next one begins.
    private func parseLine(_ bytes: RawSpan, from start: Int) throws(FramingError) -> Int {
        let end = bytes.byteCount
        var nameEnd = Self.colon(bytes, start)
        let known = KnownField(bytes.extracting(start..<nameEnd))
        // A known name holds what a name may; any other is looked at byte by byte.
        if known == nil { nameEnd = Self.nameEnd(bytes, start) }
        guard nameEnd > start, nameEnd < end, bytes.byte(at: nameEnd) == UInt8(ascii: ":") else {
            throw nameFault(bytes, start, nameEnd)
        }
        var index = nameEnd + 1
        while index < end, ByteClass.isWhitespace(bytes.byte(at: index)) { index += 1 }
        let valueStart = index
        index = Self.valueEnd(bytes, index)
        guard index + 1 < end, bytes.byte(at: index) == UInt8(ascii: "\r"),
            bytes.byte(at: index + 1) == UInt8(ascii: "\n")
        else { throw FramingError.badRequest("an invalid byte in a field value") }
        var valueEnd = index
        while valueEnd > valueStart, ByteClass.isWhitespace(bytes.byte(at: valueEnd - 1)) { valueEnd -= 1 }
        let isLine =
            valueEnd == index && valueStart == nameEnd + 2 && bytes.byte(at: nameEnd + 1) == UInt8(ascii: " ")
        add(
            FieldEntries.Entry(
                nameStart: UInt32(truncatingIfNeeded: start), nameCount: UInt32(truncatingIfNeeded: nameEnd - start),
                valueStart: UInt32(truncatingIfNeeded: valueStart),
                valueCount: UInt32(truncatingIfNeeded: valueEnd - valueStart),
                known: known, isLine: isLine))
        return index + 2
    }

    /// Where the first colon from `start` on is; the end, if there is none. Eight bytes at once.
    private static func colon(_ bytes: RawSpan, _ start: Int) -> Int {
        var index = start
        while bytes.byteCount - index >= 8 {
            let word = unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: index, as: UInt64.self)
            if let offset = ByteClass.first(UInt8(ascii: ":"), in: UInt64(littleEndian: word)) { return index + offset }
            index += 8
        }
        while index < bytes.byteCount, bytes.byte(at: index) != UInt8(ascii: ":") { index += 1 }
        return index
    }

    /// The first offset from `start` whose byte can't stand in a name.
    private static func nameEnd(_ bytes: RawSpan, _ start: Int) -> Int {
        let token = ByteClass.token
        var index = start
        while index < bytes.byteCount, token.contains(bytes.byte(at: index)) { index += 1 }
        return index
    }

    /// The first offset from `start` whose byte can't stand in a value: eight bytes at once, as long as none of them is
    /// a control.
    private static func valueEnd(_ bytes: RawSpan, _ start: Int) -> Int {
        var index = start
        while bytes.byteCount - index >= 8 {
            let word = unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: index, as: UInt64.self)
            if ByteClass.mayHoldControl(word) { break }
            index += 8
        }
        while index < bytes.byteCount, ByteClass.isFieldValue(bytes.byte(at: index)) { index += 1 }
        return index
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
