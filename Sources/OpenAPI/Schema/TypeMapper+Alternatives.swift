internal import Configuration
internal import GraphQL

/// An interface made of a schema with a discriminator, and the objects made of the schemas that extend it by `allOf`.
struct Family {
    let name: String
    let members: [String]
    /// The members of the JSON that the base schema itself has.
    let properties: Set<String>
}

/// Unions and interfaces.
extension TypeMapper {
    // MARK: oneOf and anyOf

    /// The union of alternatives that are all objects and can be told apart; nil where they aren't.
    func unionType(of node: YAMLNode, _ alternatives: [YAMLNode], hint: String) -> TypeReference? {
        if let known = knownType(of: node) { return known.map { .named($0) } }
        var members: [YAMLNode] = []
        for alternative in alternatives {
            let member = reader.identity(of: alternative)
            guard case .object = reader.form(of: member), !isAbstract(member), hasReadable(member) else {
                document.warn("these alternatives are not all objects with properties; the field is JSON", at: node)
                return refuse(node)
            }
            if !members.contains(where: { $0 === member }) { members.append(member) }
        }
        guard members.count <= 200, let told = discriminated(members, by: node["discriminator"]) ?? fixedValues(members)
        else {
            document.warn(
                "nothing tells these alternatives apart (give them a discriminator); the field is JSON", at: node)
            return refuse(node)
        }
        let name = abstractName(of: node, hint: hint) { name in
            let types = members.enumerated().map { objectName(of: $1, hint: "\(name)Option\($0 + 1)") }
            let kind = ImportedKind(
                path: told.path, values: Array(zip(types, told.values)).map { (type: $0, values: $1) })
            return ImportedType(
                name: name, description: description(of: node), kind: .union(members: types, kind: kind))
        }
        return .named(name)
    }

    // MARK: allOf

    /// Whether a schema stands for the schemas that extend it.
    func isAbstract(_ node: YAMLNode) -> Bool {
        node["discriminator"]?["propertyName"] != nil && children[ObjectIdentifier(node)] != nil
    }

    /// The interface of a schema with a discriminator and of those that extend it; nil for any other schema.
    func family(of node: YAMLNode, hint: String) -> String? {
        guard isAbstract(node) else { return nil }
        if let known = knownType(of: node) { return known }
        let members = descendants(of: node).filter { !isAbstract($0) && hasReadable($0) }
        guard !members.isEmpty, let told = discriminated(members, by: node["discriminator"]) else {
            document.warn(
                "its discriminator doesn't tell the schemas apart that extend this one; the fields are its own",
                at: node)
            return refuse(node)
        }
        return abstractName(of: node, hint: hint) { name in
            let types = members.map { objectName(of: $0, hint: name) }
            let properties = Set(reader.facets(of: node).properties.map(\.name))
            families.append(Family(name: name, members: types, properties: properties))
            let kind = ImportedKind(
                path: told.path, values: Array(zip(types, told.values)).map { (type: $0, values: $1) })
            return ImportedType(
                name: name, description: description(of: node), kind: .interface(fields: [], kind: kind))
        }
    }

    private func descendants(of node: YAMLNode) -> [YAMLNode] {
        var found: [YAMLNode] = []
        var seen: Set<ObjectIdentifier> = [ObjectIdentifier(node)]
        var open = children[ObjectIdentifier(node)] ?? []
        while let next = open.popLast() {
            guard seen.insert(ObjectIdentifier(next)).inserted else { continue }
            found.append(next)
            open += children[ObjectIdentifier(next)] ?? []
        }
        // As the document has them.
        return found.sorted { $0.mark < $1.mark }
    }

    // MARK: Telling apart

    private typealias Told = (path: String, values: [[String]])

    /// By `discriminator`: the values of its `mapping`, else what each schema fixes, else the schemas' names.
    private func discriminated(_ members: [YAMLNode], by discriminator: YAMLNode?) -> Told? {
        guard let path = discriminator?["propertyName"]?.text, isSpeakable(path) else { return nil }
        let mapping = discriminator?["mapping"]?.pairs ?? []
        if mapping.isEmpty, let fixed = fixedValues(members, of: path) { return (path, fixed) }
        var mapped: [ObjectIdentifier: [String]] = [:]
        for pair in mapping {
            guard let value = pair.key.characters, let target = target(of: pair.value) else { continue }
            mapped[ObjectIdentifier(reader.identity(of: target)), default: []].append(value)
        }
        let values = members.map { member in
            mapped[ObjectIdentifier(member)] ?? document.schemaNames[ObjectIdentifier(member)].map { [$0] } ?? []
        }
        return areDistinct(values) ? (path, values) : nil
    }

    /// What a discriminator's mapping leads to: a reference, or a schema's name.
    private func target(of node: YAMLNode) -> YAMLNode? {
        guard let text = node.text else { return nil }
        if let schema = document.root["components"]?["schemas"]?[text] { return schema }
        return document.target(of: text, at: node)
    }

    /// Without a discriminator: the first property for which every schema fixes values of its own.
    private func fixedValues(_ members: [YAMLNode]) -> Told? {
        guard let first = members.first, members.count > 1 else { return nil }
        for property in reader.facets(of: first).properties where isSpeakable(property.name) {
            if let values = fixedValues(members, of: property.name) { return (property.name, values) }
        }
        return nil
    }

    private func fixedValues(_ members: [YAMLNode], of property: String) -> [[String]]? {
        var values: [[String]] = []
        for member in members {
            guard let schema = reader.facets(of: member).property(named: property)?.schema else { return nil }
            let facets = reader.facets(of: schema)
            let fixed = facets.constant.map { [$0] } ?? facets.values ?? []
            let texts = fixed.compactMap(\.text)
            guard !texts.isEmpty, texts.count == fixed.count else { return nil }
            values.append(texts)
        }
        return areDistinct(values) ? values : nil
    }

    private func areDistinct(_ values: [[String]]) -> Bool {
        let all = values.joined()
        return values.allSatisfy { !$0.isEmpty } && Set(all).count == all.count
    }
}
