internal import Configuration
internal import GraphQL

/// What a schema's values are, as GraphQL can tell them apart.
enum SchemaForm {
    case string
    case boolean
    /// A whole number of 32 bits.
    case int
    /// A whole number that may need more.
    case int64
    case number
    /// One of these texts, each a GraphQL name.
    case enumeration([String])
    /// A list; nil where its items may be anything.
    case list(YAMLNode?)
    /// An object with properties.
    case object
    /// One of several.
    case alternatives([YAMLNode])
    /// Anything: maps, mixtures, what isn't said.
    case any
}

extension SchemaReader {
    /// The form of a schema.
    func form(of node: YAMLNode) -> SchemaForm {
        let facets = facets(of: identity(of: node))
        if let constant = facets.constant { return Self.form(ofValues: [constant]) }
        if let values = facets.values, !values.isEmpty { return Self.form(ofValues: values) }
        if !facets.alternatives.isEmpty {
            if facets.properties.isEmpty, facets.alternatives.count == 1 {
                return .alternatives(facets.alternatives[0])
            }
            return facetsWithAlternatives(of: identity(of: node)).properties.isEmpty ? .any : .object
        }
        return Self.form(ofType: facets)
    }

    private static func form(ofType facets: Facets) -> SchemaForm {
        switch facets.types.count == 1 ? facets.types[0] : "" {
        case "string": return .string
        case "boolean": return .boolean
        case "number": return .number
        case "integer": return isSmall(facets) ? .int : .int64
        case "array": return .list(facets.items)
        case "object": return facets.properties.isEmpty ? .any : .object
        default: break
        }
        if Set(facets.types) == ["integer", "number"] { return .number }
        guard facets.types.isEmpty else { return .any }
        if !facets.properties.isEmpty { return .object }
        return facets.items == nil ? .any : .list(facets.items)
    }

    /// Whether 32 bits hold every value: said by the format, or nothing speaks against it.
    private static func isSmall(_ facets: Facets) -> Bool {
        switch facets.format {
        case "int32", "int16", "int8", "uint16", "uint8": true
        case nil: !facets.isWide
        default: false
        }
    }

    /// The form of a choice. A choice of one is no enum: it marks a kind of object.
    private static func form(ofValues values: [YAMLNode]) -> SchemaForm {
        let scalars = values.compactMap(\.scalar)
        guard scalars.count == values.count else { return .any }
        let texts = scalars.compactMap { if case .text(let text) = $0 { text } else { nil } }
        if texts.count == scalars.count {
            let isSpeakable = texts.allSatisfy { isEnumValue($0) } && Set(texts).count == texts.count
            return isSpeakable && texts.count > 1 ? .enumeration(texts) : .string
        }
        let kinds = Set(scalars.map(kind))
        if kinds == [.boolean] { return .boolean }
        if kinds == [.small] { return .int }
        if kinds.isSubset(of: [.small, .large]) { return .int64 }
        return kinds.isSubset(of: [.small, .large, .fraction]) ? .number : .any
    }

    /// GraphQL §3.9: a name that is neither `true`, `false` nor `null`.
    private static func isEnumValue(_ text: String) -> Bool {
        Names.isFree(text) && text != "true" && text != "false" && text != "null"
    }

    private enum Kind { case boolean, small, large, fraction, other }

    private static func kind(_ scalar: YAMLScalar) -> Kind {
        switch scalar {
        case .boolean: .boolean
        case .integer(let value): Int32(exactly: value) == nil ? .large : .small
        case .number: .fraction
        case .null, .text: .other
        }
    }
}
