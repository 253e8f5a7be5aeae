internal import Configuration
internal import GraphQL

/// Defaults of a document as GraphQL literals.
enum DefaultValue {
    /// The literal; nil where the value doesn't fit the type.
    /// - Parameter enumValues: what an enum, or the items of a list of enums, can be.
    static func literal(_ node: YAMLNode, as type: TypeReference, enumValues: [String]?) -> String? {
        switch type {
        case .nonNull(let wrapped): return literal(node, as: wrapped, enumValues: enumValues)
        case .list(let item):
            guard let items = node.items else {
                return literal(node, as: item, enumValues: enumValues).map { "[\($0)]" }
            }
            let literals = items.compactMap { literal($0, as: item, enumValues: enumValues) }
            return literals.count == items.count ? "[\(literals.joined(separator: ", "))]" : nil
        case .named(let name): return node.scalar.flatMap { literal($0, node.characters ?? "", name, enumValues) }
        }
    }

    private static func literal(
        _ scalar: YAMLScalar, _ characters: String, _ type: String, _ enumValues: [String]?
    ) -> String? {
        switch (type, scalar) {
        case ("Int", .integer(let value)): return Int32(exactly: value).map { "\($0)" }
        case ("Float", .integer(let value)): return "\(value)"
        case ("Float", .number(let text)): return text
        case ("Boolean", .boolean(let value)): return "\(value)"
        case ("ID", .integer), ("ID", .text), ("String", .text), ("String", .integer), ("String", .number):
            return SDLText.quoted(characters)
        case ("Int", _), ("Float", _), ("Boolean", _), ("ID", _), ("String", _): return nil
        case ("Int64", .integer(let value)), ("JSON", .integer(let value)): return "\(value)"
        case ("JSON", .number(let text)): return text
        case ("JSON", .boolean(let value)): return "\(value)"
        case ("JSON", .text(let text)): return SDLText.quoted(text)
        case ("Int64", _), ("JSON", _): return nil
        default: return enumValues?.contains(characters) == true ? characters : nil
        }
    }
}
