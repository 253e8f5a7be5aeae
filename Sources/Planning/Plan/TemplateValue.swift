internal import JSON

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
        case .string(let text): text.quotedAsJSON
        case .list(let items): "[\(items.map(\.json).joined(separator: ","))]"
        case .object(let members):
            "{\(members.map { "\($0.name.quotedAsJSON):\($0.value.json)" }.joined(separator: ","))}"
        }
    }
}
