internal import JSON

/// A JSON value of the schema, its members in the order in which they are written.
enum SchemaValue: Sendable {
    case null
    case flag(Bool)
    /// A number as it is written.
    case number(String)
    case text(String)
    case list([SchemaValue])
    case object([(name: String, value: SchemaValue)])

    /// A whole number.
    static func integer(_ value: Int) -> SchemaValue { .number(String(value)) }

    /// Several texts.
    static func texts(_ values: [String]) -> SchemaValue { .list(values.map { .text($0) }) }

    /// The value as JSON text over several lines.
    var json: String {
        var output = ""
        write(to: &output, indentation: "")
        return output
    }

    private func write(to output: inout String, indentation: String) {
        switch self {
        case .null: output += "null"
        case .flag(let flag): output += flag ? "true" : "false"
        case .number(let digits): output += digits
        case .text(let text): output += text.quotedAsJSON
        case .list(let items):
            output += "["
            for (index, item) in items.enumerated() {
                if index > 0 { output += ", " }
                item.write(to: &output, indentation: indentation)
            }
            output += "]"
        case .object(let members):
            if members.isEmpty { return output += "{}" }
            let inner = indentation + "  "
            output += "{"
            for (index, member) in members.enumerated() {
                output += "\(index > 0 ? "," : "")\n\(inner)\(member.name.quotedAsJSON): "
                member.value.write(to: &output, indentation: inner)
            }
            output += "\n\(indentation)}"
        }
    }
}
