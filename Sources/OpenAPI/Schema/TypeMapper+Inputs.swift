internal import Configuration
internal import GraphQL

/// Types of what requests send.
extension TypeMapper {
    /// The type of a schema in a request's content, nullable. What GraphQL has no input type for is `JSON`: alternatives,
    /// maps, and objects with member names that are no GraphQL names.
    func inputType(of node: YAMLNode, hint: String, depth: Int = 0) -> TypeReference {
        if let leaf = leafType(of: node, hint: hint) { return leaf }
        switch reader.form(of: node) {
        case .list(let items?) where depth < Self.maximumListDepth:
            let item = inputType(of: items, hint: depth == 0 ? hint + "Item" : hint, depth: depth + 1)
            return .list(reader.isNullable(items) ? item : .nonNull(item))
        case .list: return .list(scalar("JSON"))
        case .object:
            let identity = reader.identity(of: node)
            let writable = writableProperties(of: identity)
            guard !isAbstract(identity), !writable.isEmpty else { return scalar("JSON") }
            if let odd = writable.first(where: { !Names.isFree($0.name) }) {
                document.warn(
                    "\"\(document.shown(odd.name))\" is no GraphQL name, so requests take this object as JSON",
                    at: odd.mark)
                return scalar("JSON")
            }
            return .named(inputName(of: identity, hint: hint))
        default: return scalar("JSON")
        }
    }

    /// The type of a request's content as a whole.
    /// - Returns: with it, where members are called otherwise than the type's fields, what each is called.
    func bodyType(of node: YAMLNode, hint: String) -> (type: TypeReference, members: [(member: String, field: String)]?)
    {
        let identity = reader.identity(of: node)
        let writable = writableProperties(of: identity)
        guard case .object = reader.form(of: node), !isAbstract(identity),
            writable.contains(where: { !Names.isFree($0.name) })
        else { return (inputType(of: node, hint: hint), nil) }
        let members = fieldNames(of: writable)
        return (.named(renamedInputName(of: identity, hint: hint + "Input")), members)
    }

    /// The properties of an object that a request may give.
    private func writableProperties(of node: YAMLNode) -> [Facets.Property] {
        reader.facetsWithAlternatives(of: node).properties.filter { $0.schema["readOnly"]?.isTrue != true }
    }

    private func fieldNames(of properties: [Facets.Property]) -> [(member: String, field: String)] {
        var names = UniqueNames(taken: Set(properties.map(\.name).filter { Names.isFree($0) }))
        return properties.map { property in
            (property.name, Names.isFree(property.name) ? property.name : names.claim(Names.field(property.name)))
        }
    }

    func inputFields(of node: YAMLNode, in type: String, renames: Bool) -> [ImportedInput] {
        let required = reader.facets(of: node).required
        let properties = writableProperties(of: node)
        return zip(properties, fieldNames(of: properties)).map { property, name in
            let base =
                property.isAmbiguous
                ? scalar("JSON") : inputType(of: property.schema, hint: Self.hint(type, property.name))
            let isRequired =
                required.contains(property.name) && !property.isAmbiguous && !reader.isNullable(property.schema)
            return ImportedInput(
                name: name.field, description: description(of: property.schema),
                type: isRequired ? .nonNull(base) : base,
                isDeprecated: !isRequired && property.schema["deprecated"]?.isTrue == true)
        }
    }
}
