/// A slow and plain JSON reader that builds a tree: what the scans are compared with.
indirect enum ReferenceJSON: Equatable {
    case null
    case boolean(Bool)
    case number(String)
    case string(String)
    case object([Member])
    case list([ReferenceJSON])

    struct Member: Equatable {
        let name: String
        let value: ReferenceJSON
    }

    /// The tree of `text`, or nil where it is not JSON or nested deeper than `depth`.
    static func parse(_ text: [UInt8], depth: Int = 128) -> ReferenceJSON? {
        var reader = ReferenceReader(rest: text[...], depth: depth)
        reader.skipSpace()
        guard let value = reader.value() else { return nil }
        reader.skipSpace()
        return reader.rest.isEmpty ? value : nil
    }

    /// The last member of this name.
    func member(_ name: String) -> ReferenceJSON? {
        guard case .object(let members) = self else { return nil }
        return members.last { $0.name == name }?.value
    }
}

struct ReferenceReader {
    var rest: ArraySlice<UInt8>
    var depth: Int

    mutating func skipSpace() {
        rest = rest.drop { [0x20, 0x09, 0x0A, 0x0D].contains($0) }
    }

    mutating func take(_ text: String) -> Bool {
        guard rest.starts(with: text.utf8) else { return false }
        rest = rest.dropFirst(text.utf8.count)
        return true
    }

    mutating func value() -> ReferenceJSON? {
        if take("null") { return .null }
        if take("true") { return .boolean(true) }
        if take("false") { return .boolean(false) }
        switch rest.first {
        case UInt8(ascii: "\""): return string().map { .string($0) }
        case UInt8(ascii: "{"): return nested { $0.object() }
        case UInt8(ascii: "["): return nested { $0.list() }
        default: return number().map { .number($0) }
        }
    }

    mutating func nested(_ body: (inout Self) -> ReferenceJSON?) -> ReferenceJSON? {
        guard depth > 0 else { return nil }
        depth -= 1
        defer { depth += 1 }
        rest = rest.dropFirst()
        return body(&self)
    }

    mutating func object() -> ReferenceJSON? {
        var members: [ReferenceJSON.Member] = []
        skipSpace()
        if take("}") { return .object([]) }
        while true {
            skipSpace()
            guard rest.first == UInt8(ascii: "\""), let name = string() else { return nil }
            skipSpace()
            guard take(":") else { return nil }
            skipSpace()
            guard let value = value() else { return nil }
            members.append(.init(name: name, value: value))
            skipSpace()
            if take("}") { return .object(members) }
            guard take(",") else { return nil }
        }
    }

    mutating func list() -> ReferenceJSON? {
        var elements: [ReferenceJSON] = []
        skipSpace()
        if take("]") { return .list([]) }
        while true {
            skipSpace()
            guard let value = value() else { return nil }
            elements.append(value)
            skipSpace()
            if take("]") { return .list(elements) }
            guard take(",") else { return nil }
        }
    }

    mutating func number() -> String? {
        let all = rest
        _ = take("-")
        if !take("0") { guard digits() else { return nil } }
        if take(".") { guard digits() else { return nil } }
        if take("e") || take("E") {
            if !take("+") { _ = take("-") }
            guard digits() else { return nil }
        }
        return String(decoding: all[all.startIndex..<rest.startIndex], as: UTF8.self)
    }

    mutating func digits() -> Bool {
        let found = rest.prefix { (0x30...0x39).contains($0) }.count
        rest = rest.dropFirst(found)
        return found > 0
    }

    /// A string, collected as UTF-16 so that halves of surrogate pairs find each other.
    mutating func string() -> String? {
        rest = rest.dropFirst()
        var units: [UInt16] = []
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: units, as: UTF16.self)
            case 0..<0x20: return nil
            case UInt8(ascii: "\\"):
                guard let unit = escape() else { return nil }
                units.append(unit)
            case 0..<0x80: units.append(UInt16(byte))
            default:
                let length = byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
                guard let text = String(validating: [byte] + rest.prefix(length - 1), as: UTF8.self) else { return nil }
                units += text.utf16
                rest = rest.dropFirst(length - 1)
            }
        }
        return nil
    }

    mutating func escape() -> UInt16? {
        let simple: [UInt8: UInt16] = [
            0x22: 0x22, 0x5C: 0x5C, 0x2F: 0x2F, 0x62: 8, 0x66: 12, 0x6E: 10, 0x72: 13, 0x74: 9,
        ]
        guard let byte = rest.popFirst() else { return nil }
        guard byte == UInt8(ascii: "u") else { return simple[byte] }
        let digits = rest.prefix(4)
        guard digits.count == 4, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }) else { return nil }
        rest = rest.dropFirst(4)
        return UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
    }
}
