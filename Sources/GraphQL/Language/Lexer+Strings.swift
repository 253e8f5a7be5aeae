extension Lexer {
    func isTripleQuote(at offset: Int) -> Bool {
        offset + 2 < bytes.count && bytes[offset] == UInt8(ascii: "\"") && bytes[offset + 1] == UInt8(ascii: "\"")
            && bytes[offset + 2] == UInt8(ascii: "\"")
    }

    /// A quoted string on one line (GraphQL §2.10.4).
    mutating func string() throws(GraphQLSyntaxError) -> Token {
        let start = position
        position += 1
        var chunk = position
        var value: [UInt8] = []
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                value += bytes[chunk..<position]
                position += 1
                return Token(
                    kind: .string, start: start, end: position, string: String(decoding: value, as: UTF8.self))
            case UInt8(ascii: "\\"):
                value += bytes[chunk..<position]
                try escape(into: &value)
                chunk = position
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
                throw GraphQLSyntaxError.syntax("Unterminated string.", at: position)
            case ..<0x80:
                position += 1
            default:
                position += try sequenceLength(at: position)
            }
        }
        throw GraphQLSyntaxError.syntax("Unterminated string.", at: position)
    }

    /// One escape sequence, decoded onto `value`.
    private mutating func escape(into value: inout [UInt8]) throws(GraphQLSyntaxError) {
        let start = position
        guard start + 1 < bytes.count else { throw GraphQLSyntaxError.syntax("Unterminated string.", at: start + 1) }
        position += 2
        switch bytes[start + 1] {
        case UInt8(ascii: "\""): value.append(UInt8(ascii: "\""))
        case UInt8(ascii: "\\"): value.append(UInt8(ascii: "\\"))
        case UInt8(ascii: "/"): value.append(UInt8(ascii: "/"))
        case UInt8(ascii: "b"): value.append(0x08)
        case UInt8(ascii: "f"): value.append(0x0C)
        case UInt8(ascii: "n"): value.append(0x0A)
        case UInt8(ascii: "r"): value.append(0x0D)
        case UInt8(ascii: "t"): value.append(0x09)
        case UInt8(ascii: "u"): value += String(Character(try unicodeEscape(from: start))).utf8
        default:
            let end = min(start + 2, bytes.count)
            throw GraphQLSyntaxError.syntax(
                "Invalid character escape sequence: \"\(String(decoding: bytes[start..<end], as: UTF8.self))\".",
                at: start)
        }
    }

    /// `\u{…}`, `\u` with four digits, or two of the latter as a surrogate pair; the position is behind the `u`.
    private mutating func unicodeEscape(from start: Int) throws(GraphQLSyntaxError) -> Unicode.Scalar {
        if position < bytes.count, bytes[position] == UInt8(ascii: "{") {
            return try bracedEscape(from: start)
        }
        let first = try fourHexDigits(from: start)
        if let scalar = Unicode.Scalar(first) { return scalar }
        // What is no scalar is a surrogate: a leading one needs a trailing one behind it.
        guard first < 0xDC00, position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
            bytes[position + 1] == UInt8(ascii: "u")
        else { throw invalidUnicodeEscape(from: start) }
        position += 2
        let second = try fourHexDigits(from: start)
        guard (0xDC00...0xDFFF).contains(second),
            let scalar = Unicode.Scalar(0x10000 + ((first & 0x3FF) << 10) + (second & 0x3FF))
        else { throw invalidUnicodeEscape(from: start) }
        return scalar
    }

    private mutating func bracedEscape(from start: Int) throws(GraphQLSyntaxError) -> Unicode.Scalar {
        position += 1
        var value: UInt32 = 0
        var digits = 0
        while position < bytes.count, let digit = Self.hexValue(bytes[position]) {
            value = value << 4 | digit
            digits += 1
            position += 1
            // Checked at every digit, so that leading zeros may be many but nothing overflows.
            guard value <= 0x10FFFF else { throw invalidUnicodeEscape(from: start) }
        }
        guard digits > 0, position < bytes.count, bytes[position] == UInt8(ascii: "}"),
            let scalar = Unicode.Scalar(value)
        else { throw invalidUnicodeEscape(from: start) }
        position += 1
        return scalar
    }

    private mutating func fourHexDigits(from start: Int) throws(GraphQLSyntaxError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard position < bytes.count, let digit = Self.hexValue(bytes[position]) else {
                throw invalidUnicodeEscape(from: start)
            }
            value = value << 4 | digit
            position += 1
        }
        return value
    }

    private func invalidUnicodeEscape(from start: Int) -> GraphQLSyntaxError {
        let written = bytes[start..<min(position, start + 12, bytes.count)]
        return .syntax(
            "Invalid Unicode escape sequence: \"\(String(decoding: written, as: UTF8.self))\".", at: start)
    }

    private static func hexValue(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A") + 10)
        default: nil
        }
    }

    /// A string between triple quotes, over any number of lines.
    mutating func blockString() throws(GraphQLSyntaxError) -> Token {
        let start = position
        position += 3
        var lines: [[UInt8]] = [[]]
        var chunk = position
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\"") where isTripleQuote(at: position):
                lines[lines.count - 1] += bytes[chunk..<position]
                position += 3
                return Token(
                    kind: .blockString, start: start, end: position, string: BlockString.value(ofRawLines: lines))
            case UInt8(ascii: "\\") where isTripleQuote(at: position + 1):
                lines[lines.count - 1] += bytes[chunk..<position]
                chunk = position + 1
                position += 4
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
                lines[lines.count - 1] += bytes[chunk..<position]
                let isPair =
                    bytes[position] == UInt8(ascii: "\r") && position + 1 < bytes.count
                    && bytes[position + 1] == UInt8(ascii: "\n")
                position += isPair ? 2 : 1
                chunk = position
                lines.append([])
            case ..<0x80:
                position += 1
            default:
                position += try sequenceLength(at: position)
            }
        }
        throw GraphQLSyntaxError.syntax("Unterminated string.", at: position)
    }
}
