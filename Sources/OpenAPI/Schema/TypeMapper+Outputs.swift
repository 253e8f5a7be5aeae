internal import Configuration
internal import GraphQL

/// Types of answers.
extension TypeMapper {
    /// The type of a schema in an answer, nullable.
    /// - Parameter hint: what an unnamed schema's type is called.
    func outputType(of node: YAMLNode, hint: String, depth: Int = 0) -> TypeReference {
        if let leaf = leafType(of: node, hint: hint) { return leaf }
        let identity = reader.identity(of: node)
        switch reader.form(of: node) {
        case .list(let items?) where depth < Self.maximumListDepth:
            let item = outputType(of: items, hint: depth == 0 ? hint + "Item" : hint, depth: depth + 1)
            return .list(reader.isNullable(items) ? item : .nonNull(item))
        case .list: return .list(scalar("JSON"))
        case .object:
            if let family = family(of: identity, hint: hint) { return .named(family) }
            guard hasReadable(identity) else { return scalar("JSON") }
            return .named(objectName(of: identity, hint: hint))
        case .alternatives(let alternatives):
            return unionType(of: identity, alternatives, hint: hint) ?? scalar("JSON")
        default: return scalar("JSON")
        }
    }

    /// The type where the schema's values are scalars; nil for all others.
    func leafType(of node: YAMLNode, hint: String) -> TypeReference? {
        switch reader.form(of: node) {
        case .string: .named("String")
        case .boolean: .named("Boolean")
        case .int: .named("Int")
        case .int64: scalar("Int64")
        case .number: .named("Float")
        case .enumeration(let values):
            .named(enumName(of: reader.identity(of: node), values: values, hint: hint))
        case .alternatives(let alternatives): commonLeaf(of: alternatives)
        case .list, .object, .any: nil
        }
    }

    /// The scalar that all alternatives are, where they are one: `string` and an enum are String, `integer` and `number`
    /// Float.
    private func commonLeaf(of alternatives: [YAMLNode]) -> TypeReference? {
        var names: Set<String> = []
        for alternative in alternatives {
            switch reader.form(of: alternative) {
            case .string, .enumeration: names.insert("String")
            case .boolean: names.insert("Boolean")
            case .int: names.insert("Int")
            case .int64: names.insert("Int64")
            case .number: names.insert("Float")
            default: return nil
            }
        }
        if names.isSubset(of: ["Int", "Int64"]), names.count == 2 { return scalar("Int64") }
        if names.isSubset(of: ["Int", "Int64", "Float"]), names.count > 1 { return .named("Float") }
        guard names.count == 1, let name = names.first else { return nil }
        return name == "Int64" ? scalar(name) : .named(name)
    }

    // MARK: Objects

    /// Whether an object has a property that can be a field.
    func hasReadable(_ node: YAMLNode) -> Bool {
        reader.facetsWithAlternatives(of: node).properties.contains { isReadable($0) }
    }

    /// Not `writeOnly`, and a path such as `@from` takes can name it.
    private func isReadable(_ property: Facets.Property) -> Bool {
        property.schema["writeOnly"]?.isTrue != true && isSpeakable(property.name)
    }

    /// Whether a path can name a member.
    func isSpeakable(_ member: String) -> Bool {
        !member.isEmpty && !member.unicodeScalars.contains { ".[]".unicodeScalars.contains($0) || $0.value < 0x20 }
    }

    func outputFields(of node: YAMLNode, in type: String) -> [ImportedField] {
        let facets = reader.facetsWithAlternatives(of: node)
        var names = UniqueNames(taken: Set(facets.properties.map(\.name).filter { Names.isFree($0) }))
        var fields: [ImportedField] = []
        for property in facets.properties where property.schema["writeOnly"]?.isTrue != true {
            guard isReadable(property) else {
                document.warn(
                    "the property \"\(document.shown(property.name))\" is left out: no path can name it",
                    at: property.mark)
                continue
            }
            let isFree = Names.isFree(property.name)
            fields.append(
                ImportedField(
                    name: isFree ? property.name : names.claim(Names.field(property.name)),
                    description: description(of: property.schema), type: fieldType(of: property, facets, in: type),
                    member: isFree ? nil : property.name, isDeprecated: property.schema["deprecated"]?.isTrue == true))
        }
        if facets.additionalProperties?.pairs != nil, !fields.isEmpty {
            document.warn(
                "of \(type) only the members under \"properties\" are fields; those of \"additionalProperties\" are not",
                at: node)
        }
        return fields
    }

    private func fieldType(of property: Facets.Property, _ facets: Facets, in type: String) -> TypeReference {
        guard !property.isAmbiguous else { return scalar("JSON") }
        let isRequired = facets.required.contains(property.name) && !reader.isNullable(property.schema)
        let base =
            identifierType(property.name, property.schema)
            ?? outputType(of: property.schema, hint: Self.hint(type, property.name))
        return isRequired ? .nonNull(base) : base
    }

    /// `ID`, for a text or whole number that is called `id`: clients tell objects apart by it, and it holds any number.
    func identifierType(_ name: String, _ node: YAMLNode) -> TypeReference? {
        guard name == "id" else { return nil }
        return switch reader.form(of: node) {
        case .string, .int, .int64: .named("ID")
        default: nil
        }
    }
}
