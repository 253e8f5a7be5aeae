extension InputValue {
    /// This JSON value as one of a scalar type (GraphQL §3.5 "Input Coercion"); nil where the type does not take it.
    /// A custom scalar takes any value.
    func coerced(toScalar name: String) -> InputValue? {
        switch (name, self) {
        case ("Int", .number(let text)): Int32(exactly: text).map { .int(Int($0)) }
        case ("Float", .number(let text)): Double(text).flatMap { $0.isFinite ? .float($0) : nil }
        case ("String", .string), ("ID", .string), ("Boolean", .boolean): self
        case ("ID", .number(let text)): Self.identifier(text).map(InputValue.string)
        case ("Int", _), ("Float", _), ("String", _), ("ID", _), ("Boolean", _): nil
        default: self
        }
    }

    /// An integral number's text, of any length if it has neither fraction nor exponent.
    private static func identifier(_ text: String) -> String? {
        let digits = text.utf8.first == UInt8(ascii: "-") ? text.utf8.dropFirst() : text.utf8[...]
        if !digits.isEmpty, digits.allSatisfy({ $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }) { return text }
        return Double(text).flatMap { Int64(exactly: $0) }.map { "\($0)" }
    }

    /// The value as JSON, for an error message: never more than about a hundred bytes, however large it is.
    var excerpt: String {
        var text = ""
        appendExcerpt(to: &text)
        return text.bounded(to: Self.excerptLimit)
    }

    private static let excerptLimit = 100

    private func appendExcerpt(to text: inout String) {
        // What lies beyond the bound is cut off anyway.
        guard text.utf8.count <= Self.excerptLimit else { return }
        switch self {
        case .null: text += "null"
        case .int(let value): text += "\(value)"
        case .float(let value): text += "\(value)"
        case .boolean(let value): text += value ? "true" : "false"
        case .number(let digits): text += digits.bounded(to: Self.excerptLimit)
        case .enum(let name): text += name.bounded(to: Self.excerptLimit)
        case .string(let value): text += Printer.quoted(value.bounded(to: Self.excerptLimit))
        case .list(let items):
            text += "["
            for (index, item) in items.prefix(Self.excerptLimit).enumerated() {
                if index > 0 { text += ", " }
                item.appendExcerpt(to: &text)
            }
            text += "]"
        case .object(let members):
            text += "{ "
            for (index, member) in members.prefix(Self.excerptLimit).enumerated() {
                if index > 0 { text += ", " }
                text += "\(member.name.bounded(to: Self.excerptLimit)): "
                member.value.appendExcerpt(to: &text)
            }
            text += " }"
        }
    }
}

/// What is said of a value that a scalar type does not take.
enum ScalarWording {
    static func refusal(of value: InputValue, _ type: String) -> String {
        switch (type, value) {
        case ("Int", .number(let text)) where Double(text).map({ $0 == $0.rounded() }) == true:
            "Int cannot represent non 32-bit signed integer value: \(value.excerpt)"
        case ("Int", _): "Int cannot represent non-integer value: \(value.excerpt)"
        case ("Float", _): "Float cannot represent non numeric value: \(value.excerpt)"
        case ("Boolean", _): "Boolean cannot represent a non boolean value: \(value.excerpt)"
        case ("String", _): "String cannot represent a non string value: \(value.excerpt)"
        default: "\(type) cannot represent value: \(value.excerpt)"
        }
    }
}

extension Int32 {
    /// The integer that a JSON number's text denotes, also written as `1.0` or `1e3`.
    fileprivate init?(exactly text: String) {
        if let value = Int32(text) {
            self = value
        } else if let double = Double(text), let value = Int32(exactly: double) {
            self = value
        } else {
            return nil
        }
    }
}
