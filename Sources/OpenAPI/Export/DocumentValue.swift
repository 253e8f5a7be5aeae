internal import GraphQL
internal import JSON

/// JSON that a document is put together from; objects keep their order.
indirect enum DocumentValue {
    case null
    case boolean(Bool)
    /// A number's JSON text.
    case number(String)
    case string(String)
    case array([DocumentValue])
    case object([(String, DocumentValue)])

    /// An object without members.
    static let empty = DocumentValue.object([])

    static func reference(_ kind: String, _ name: String) -> DocumentValue {
        .object([("$ref", .string("#/components/\(kind)/\(name)"))])
    }

    /// The members of an object, none for anything else.
    var members: [(String, DocumentValue)] { if case .object(let members) = self { members } else { [] } }

    /// An object with more members.
    func adding(_ more: [(String, DocumentValue)]) -> DocumentValue { .object(members + more) }

    /// The JSON text, two spaces an indentation.
    var text: String {
        var text = ""
        append(to: &text, indentation: "")
        return text
    }

    private func append(to text: inout String, indentation: String) {
        let inner = indentation + "  "
        switch self {
        case .null: text += "null"
        case .boolean(let value): text += value ? "true" : "false"
        case .number(let digits): text += digits
        case .string(let value): text += value.quotedAsJSON
        case .array(let items) where items.isEmpty: text += "[]"
        case .array(let items):
            text += "["
            for (index, item) in items.enumerated() {
                text += index > 0 ? ",\n\(inner)" : "\n\(inner)"
                item.append(to: &text, indentation: inner)
            }
            text += "\n\(indentation)]"
        case .object(let members) where members.isEmpty: text += "{}"
        case .object(let members):
            text += "{"
            for (index, member) in members.enumerated() {
                text += "\(index > 0 ? "," : "")\n\(inner)\(member.0.quotedAsJSON): "
                member.1.append(to: &text, indentation: inner)
            }
            text += "\n\(indentation)}"
        }
    }
}

extension DocumentValue {
    /// A constant of a GraphQL document.
    init(_ value: Value) {
        self =
            switch value.kind {
            case .null, .variable: .null
            case .int(let text), .float(let text): .number(text)
            case .boolean(let value): .boolean(value)
            case .string(let text, _): .string(text)
            case .enum(let name): .string(name)
            case .list(let items): .array(items.map { DocumentValue($0) })
            case .object(let fields): .object(fields.map { ($0.name.value, DocumentValue($0.value)) })
            }
    }
}
