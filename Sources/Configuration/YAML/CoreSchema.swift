/// What a plain scalar is in the core schema of YAML 1.2 (section 10.3.2), as gateway.yaml takes it.
enum CoreScalar: Equatable {
    case null
    case boolean(Bool)
    case integer(Int)
    /// A number that is no `Int`: its JSON text and its value.
    case number(text: String, value: Double)
    /// `.inf` and `.nan`, which JSON doesn't have.
    case notFinite
    case text

    /// Only `true` and `false` are booleans; `on`, `off`, `yes`, `no` and other spellings are text.
    init(plain text: String) {
        switch text {
        case "", "~", "null": self = .null
        case "true": self = .boolean(true)
        case "false": self = .boolean(false)
        default: self = Self.numeric(Array(text.utf8)) ?? .text
        }
    }

    private static func numeric(_ bytes: [UInt8]) -> CoreScalar? {
        guard let first = bytes.first, bytes.count <= 400, isDigit(first) || [0x2B, 0x2D, 0x2E].contains(first) else {
            return nil
        }
        if bytes.count > 2, first == UInt8(ascii: "0") {
            let digits = String(decoding: bytes[2...], as: UTF8.self)
            if bytes[1] == UInt8(ascii: "x"), isDigit(bytes[2], hexadecimal: true) { return radix(digits, 16) }
            if bytes[1] == UInt8(ascii: "o"), isDigit(bytes[2]) { return radix(digits, 8) }
        }
        let isNegative = first == UInt8(ascii: "-")
        let unsigned = isNegative || first == UInt8(ascii: "+") ? bytes[1...] : bytes[...]
        if [".inf", ".Inf", ".INF"].contains(String(decoding: unsigned, as: UTF8.self)) { return .notFinite }
        if [".nan", ".NaN", ".NAN"].contains(String(decoding: bytes, as: UTF8.self)) { return .notFinite }
        return decimal(unsigned, isNegative: isNegative)
    }

    private static func radix(_ digits: String, _ base: Int) -> CoreScalar? {
        Int(digits, radix: base).map { .integer($0) }
    }

    /// `[-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`
    private static func decimal(_ bytes: ArraySlice<UInt8>, isNegative: Bool) -> CoreScalar? {
        var rest = bytes
        let whole = takeDigits(&rest)
        var fraction: String?
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            fraction = takeDigits(&rest)
        }
        guard !whole.isEmpty || fraction?.isEmpty == false else { return nil }
        var exponent = ""
        if let mark = rest.first, mark == UInt8(ascii: "e") || mark == UInt8(ascii: "E") {
            rest.removeFirst()
            exponent = "e"
            if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
                rest.removeFirst()
                exponent += sign == UInt8(ascii: "-") ? "-" : ""
            }
            let digits = takeDigits(&rest)
            guard !digits.isEmpty else { return nil }
            exponent += digits
        }
        guard rest.isEmpty else { return nil }
        return number(whole: whole, fraction: fraction ?? "", exponent: exponent, sign: isNegative ? "-" : "")
    }

    /// As JSON writes it (RFC 8259 section 6): no leading zeros, no bare point.
    private static func number(whole: String, fraction: String, exponent: String, sign: String) -> CoreScalar? {
        let stripped = whole.drop { $0 == "0" }
        var text = sign + (stripped.isEmpty ? "0" : String(stripped))
        if fraction.isEmpty, exponent.isEmpty, let integer = Int(text) { return .integer(integer) }
        if !fraction.isEmpty { text += "." + fraction }
        text += exponent
        guard let value = Double(text) else { return nil }
        return value.isFinite ? .number(text: text, value: value) : .notFinite
    }

    private static func takeDigits(_ bytes: inout ArraySlice<UInt8>) -> String {
        let digits = bytes.prefix { isDigit($0) }
        bytes = bytes.dropFirst(digits.count)
        return String(decoding: digits, as: UTF8.self)
    }

    private static func isDigit(_ byte: UInt8, hexadecimal: Bool = false) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"): hexadecimal
        default: false
        }
    }
}
