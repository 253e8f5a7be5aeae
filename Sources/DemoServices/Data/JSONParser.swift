/// Reads JSON text (RFC 8259) into a tree, for the few requests of the demo that carry some.
struct JSONParser {
    private let bytes: [UInt8]
    private var position = 0
    private static let depthLimit = 32

    struct SyntaxError: Error {}

    /// The value that `bytes` are the text of; nil if they are none, or nested deeper than 32.
    static func parse(_ bytes: [UInt8]) -> JSONValue? {
        guard String(validating: bytes, as: UTF8.self) != nil else { return nil }
        var parser = JSONParser(bytes: bytes)
        guard let value = try? parser.value(depth: 0) else { return nil }
        parser.skipSpace()
        return parser.position == bytes.count ? value : nil
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        skipSpace()
        guard next == byte else { return false }
        position += 1
        return true
    }

    private mutating func value(depth: Int) throws(SyntaxError) -> JSONValue {
        guard depth < Self.depthLimit else { throw SyntaxError() }
        skipSpace()
        switch next {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .boolean(true))
        case UInt8(ascii: "f"): return try word("false", .boolean(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    private mutating func word(_ word: String, _ value: JSONValue) throws(SyntaxError) -> JSONValue {
        guard bytes[position...].starts(with: word.utf8) else { throw SyntaxError() }
        position += word.utf8.count
        return value
    }

    private mutating func object(depth: Int) throws(SyntaxError) -> JSONValue {
        position += 1
        var members: [JSONValue.Member] = []
        if take(UInt8(ascii: "}")) { return .object([]) }
        repeat {
            skipSpace()
            let name = try string()
            guard take(UInt8(ascii: ":")) else { throw SyntaxError() }
            members.append(JSONValue.Member(name: name, value: try value(depth: depth + 1)))
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "}")) else { throw SyntaxError() }
        return .object(members)
    }

    private mutating func array(depth: Int) throws(SyntaxError) -> JSONValue {
        position += 1
        var items: [JSONValue] = []
        if take(UInt8(ascii: "]")) { return .array([]) }
        repeat { items.append(try value(depth: depth + 1)) } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "]")) else { throw SyntaxError() }
        return .array(items)
    }

    private mutating func number() throws(SyntaxError) -> JSONValue {
        let start = position
        while let byte = next, "+-.eE0123456789".utf8.contains(byte) { position += 1 }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        guard text.wholeMatch(of: #/-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/#) != nil else {
            throw SyntaxError()
        }
        return Int(text).map(JSONValue.integer) ?? .number(text)
    }

    private mutating func string() throws(SyntaxError) -> String {
        guard next == UInt8(ascii: "\"") else { throw SyntaxError() }
        position += 1
        var units: [UInt8] = []
        while let byte = next {
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: units, as: UTF8.self)
            case UInt8(ascii: "\\"): units += try escape()
            case ..<0x20: throw SyntaxError()
            default: units.append(byte)
            }
        }
        throw SyntaxError()
    }

    private mutating func escape() throws(SyntaxError) -> [UInt8] {
        guard let byte = next else { throw SyntaxError() }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
        case UInt8(ascii: "b"): return [8]
        case UInt8(ascii: "f"): return [12]
        case UInt8(ascii: "n"): return [10]
        case UInt8(ascii: "r"): return [13]
        case UInt8(ascii: "t"): return [9]
        case UInt8(ascii: "u"):
            var units = [try hexUnit()]
            // A high surrogate and the low one after it are one character (RFC 8259 §7).
            if (0xD800..<0xDC00).contains(units[0]), bytes[position...].starts(with: "\\u".utf8) {
                position += 2
                units.append(try hexUnit())
            }
            return Array(String(decoding: units, as: UTF16.self).utf8)
        default: throw SyntaxError()
        }
    }

    private mutating func hexUnit() throws(SyntaxError) -> UInt16 {
        guard bytes.count - position >= 4 else { throw SyntaxError() }
        let digits = bytes[position..<position + 4]
        position += 4
        guard let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16), digits.first != UInt8(ascii: "+")
        else { throw SyntaxError() }
        return unit
    }
}
