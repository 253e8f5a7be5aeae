/// Splits UTF-8 bytes into lexical tokens (GraphQL §2.1). Each byte is looked at once or twice, nothing is copied but
/// the values of strings, and no more tokens are made than the limit allows.
struct Lexer {
    let bytes: [UInt8]
    var position = 0
    private let tokenLimit: Int?
    /// Lexical tokens made so far, without the end of file.
    private(set) var tokenCount = 0

    init(bytes: [UInt8], tokenLimit: Int? = nil) {
        self.bytes = bytes
        self.tokenLimit = tokenLimit
    }

    /// The next token; at the end, `endOfFile` again and again.
    mutating func next() throws(GraphQLSyntaxError) -> Token {
        try skipIgnored()
        let start = position
        guard start < bytes.count else { return Token(kind: .endOfFile, start: start, end: start) }
        if let tokenLimit, tokenCount >= tokenLimit {
            throw GraphQLSyntaxError.tokenLimit(tokenLimit, at: start)
        }
        tokenCount += 1
        let byte = bytes[start]
        if let kind = Self.punctuator(byte) {
            position += 1
            return Token(kind: kind, start: start, end: position)
        }
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"):
            while position < bytes.count, Self.isNameContinue(bytes[position]) { position += 1 }
            return Token(kind: .name, start: start, end: position)
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
            return try number()
        case UInt8(ascii: "\""):
            return try isTripleQuote(at: start) ? blockString() : string()
        case UInt8(ascii: "."):
            guard start + 2 < bytes.count, bytes[start + 1] == byte, bytes[start + 2] == byte else {
                throw GraphQLSyntaxError.syntax("Unexpected character: \".\".", at: start)
            }
            position += 3
            return Token(kind: .ellipsis, start: start, end: position)
        case UInt8(ascii: "'"):
            throw GraphQLSyntaxError.syntax(
                "Unexpected single quote character ('), did you mean to use a double quote (\")?", at: start)
        default:
            throw GraphQLSyntaxError.syntax("Unexpected character: \(characterName(at: start)).", at: start)
        }
    }

    /// Passes over what means nothing: byte order marks, white space, line terminators, comments, commas (§2.1.6).
    private mutating func skipIgnored() throws(GraphQLSyntaxError) {
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: ","):
                position += 1
            case UInt8(ascii: "#"):
                try skipComment()
            case 0xEF where position + 2 < bytes.count && bytes[position + 1] == 0xBB && bytes[position + 2] == 0xBF:
                position += 3
            default:
                return
            }
        }
    }

    private mutating func skipComment() throws(GraphQLSyntaxError) {
        while position < bytes.count {
            let byte = bytes[position]
            if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") { return }
            position += byte < 0x80 ? 1 : try sequenceLength(at: position)
        }
    }

    /// A token of one byte.
    private static func punctuator(_ byte: UInt8) -> Token.Kind? {
        switch byte {
        case UInt8(ascii: "!"): .bang
        case UInt8(ascii: "$"): .dollar
        case UInt8(ascii: "&"): .ampersand
        case UInt8(ascii: "("): .leftParenthesis
        case UInt8(ascii: ")"): .rightParenthesis
        case UInt8(ascii: ":"): .colon
        case UInt8(ascii: "="): .equals
        case UInt8(ascii: "@"): .at
        case UInt8(ascii: "["): .leftBracket
        case UInt8(ascii: "]"): .rightBracket
        case UInt8(ascii: "{"): .leftBrace
        case UInt8(ascii: "|"): .pipe
        case UInt8(ascii: "}"): .rightBrace
        default: nil
        }
    }

    static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

    static func isNameStart(_ byte: UInt8) -> Bool {
        let lower = byte | 0x20
        return (lower >= UInt8(ascii: "a") && lower <= UInt8(ascii: "z")) || byte == UInt8(ascii: "_")
    }

    static func isNameContinue(_ byte: UInt8) -> Bool { isNameStart(byte) || isDigit(byte) }
}

extension Lexer {
    /// IntValue or FloatValue (§2.10.1, §2.10.2). Neither may be followed by a digit, a name or a dot.
    private mutating func number() throws(GraphQLSyntaxError) -> Token {
        let start = position
        var isFloat = false
        if bytes[position] == UInt8(ascii: "-") { position += 1 }
        if position < bytes.count, bytes[position] == UInt8(ascii: "0") {
            position += 1
            if position < bytes.count, Self.isDigit(bytes[position]) {
                throw GraphQLSyntaxError.syntax(
                    "Invalid number, unexpected digit after 0: \(characterName(at: position)).", at: position)
            }
        } else {
            try digits()
        }
        if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
            isFloat = true
            position += 1
            try digits()
        }
        if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
            isFloat = true
            position += 1
            if position < bytes.count, bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-") {
                position += 1
            }
            try digits()
        }
        if position < bytes.count, bytes[position] == UInt8(ascii: ".") || Self.isNameStart(bytes[position]) {
            throw expectedDigit()
        }
        return Token(kind: isFloat ? .float : .int, start: start, end: position)
    }

    /// One or more digits.
    private mutating func digits() throws(GraphQLSyntaxError) {
        guard position < bytes.count, Self.isDigit(bytes[position]) else { throw expectedDigit() }
        while position < bytes.count, Self.isDigit(bytes[position]) { position += 1 }
    }

    private func expectedDigit() -> GraphQLSyntaxError {
        .syntax("Invalid number, expected digit but got: \(characterName(at: position)).", at: position)
    }

    /// The character at an offset as messages write it: quoted, `U+0000` where it doesn't print, or `<EOF>`.
    func characterName(at offset: Int) -> String {
        guard offset < bytes.count else { return "<EOF>" }
        let byte = bytes[offset]
        if byte == UInt8(ascii: "\"") { return "'\"'" }
        if byte > 0x20, byte < 0x7F { return "\"\(Character(Unicode.Scalar(byte)))\"" }
        let scalar = String(decoding: bytes[offset..<min(offset + 4, bytes.count)], as: UTF8.self).unicodeScalars.first
        let digits = String(scalar?.value ?? UInt32(byte), radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
    }

    /// Bytes of the UTF-8 sequence that starts with the byte at `offset`, which is not ASCII. Overlong forms,
    /// surrogates and values above U+10FFFF are refused (RFC 3629 §4).
    func sequenceLength(at offset: Int) throws(GraphQLSyntaxError) -> Int {
        let lead = bytes[offset]
        let second = offset + 1 < bytes.count ? bytes[offset + 1] : 0
        let length: Int
        let secondRange: ClosedRange<UInt8>
        switch lead {
        case 0xC2...0xDF: (length, secondRange) = (2, 0x80...0xBF)
        case 0xE0: (length, secondRange) = (3, 0xA0...0xBF)
        case 0xED: (length, secondRange) = (3, 0x80...0x9F)
        case 0xE1...0xEF: (length, secondRange) = (3, 0x80...0xBF)
        case 0xF0: (length, secondRange) = (4, 0x90...0xBF)
        case 0xF1...0xF3: (length, secondRange) = (4, 0x80...0xBF)
        case 0xF4: (length, secondRange) = (4, 0x80...0x8F)
        default: throw GraphQLSyntaxError.syntax("Invalid UTF-8.", at: offset)
        }
        guard offset + length <= bytes.count, secondRange.contains(second),
            bytes[(offset + 1)..<(offset + length)].allSatisfy({ $0 & 0xC0 == 0x80 })
        else { throw GraphQLSyntaxError.syntax("Invalid UTF-8.", at: offset) }
        return length
    }
}
