/// A constant of JSON form: what `with` or a configuration's `body` writes.
public indirect enum TemplateValue: Sendable, Hashable {
    /// `null`.
    case null
    /// `true` or `false`.
    case boolean(Bool)
    /// A number, as JSON text.
    case number(String)
    /// A string's content.
    case string(String)
    /// A list's items.
    case list([TemplateValue])
    /// An object's members in order.
    case object([TemplateMember])
}

/// A member of an object.
public struct TemplateMember: Sendable, Hashable {
    /// Its name.
    public let name: String
    /// Its value.
    public let value: TemplateValue

    /// A member from its name and value.
    public init(name: String, value: TemplateValue) {
        self.name = name
        self.value = value
    }
}

extension TemplateValue {
    /// The value as JSON text.
    public var json: String {
        switch self {
        case .null: "null"
        case .boolean(let value): value ? "true" : "false"
        case .number(let text): text
        case .string(let text): Self.quoted(text)
        case .list(let items): "[\(items.map(\.json).joined(separator: ","))]"
        case .object(let members):
            "{\(members.map { "\(Self.quoted($0.name)):\($0.value.json)" }.joined(separator: ","))}"
        }
    }

    /// `text` as a JSON string (RFC 8259 §7).
    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where scalar.value < 0x20:
                result += "\\u00" + (scalar.value < 0x10 ? "0" : "") + String(scalar.value, radix: 16)
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
