internal import Configuration

/// Reads the schemas of a document (JSON Schema as OpenAPI 3.0 and 3.1 have it): what stands where, and whether null may.
///
/// Everything is remembered by node, so that the work stays in proportion to the document however its references cross;
/// what merging could still multiply is counted against a budget.
final class SchemaReader {
    /// Levels of `$ref`, `allOf` and `oneOf` within each other.
    private static let maximumDepth = 64
    /// Properties that are read, merged ones each time.
    private static let propertyBudget = 200_000

    let document: OpenAPIDocument
    private var facets: [ObjectIdentifier: Facets] = [:]
    private var nullability: [ObjectIdentifier: Bool] = [:]
    private var remaining = SchemaReader.propertyBudget

    init(_ document: OpenAPIDocument) { self.document = document }

    /// Whether the document was too much to be read whole.
    var isExhausted: Bool { remaining < 0 }

    // MARK: Identity

    /// The schema that gives a node its type: what its reference leads to, or the only part of its `allOf`, or the only
    /// alternative besides null, as long as nothing is added to it.
    func identity(of node: YAMLNode) -> YAMLNode {
        var node = node
        for _ in 0..<Self.maximumDepth {
            guard let next = soleForm(of: node) else { return node }
            node = next
        }
        return node
    }

    private func soleForm(of node: YAMLNode) -> YAMLNode? {
        let adding = ["properties", "required", "additionalProperties", "items", "enum", "const", "discriminator"]
        guard node.pairs != nil, !adding.contains(where: { node[$0] != nil }) else { return nil }
        let composing = ["$ref", "allOf", "oneOf", "anyOf"].filter { node[$0] != nil }
        guard composing.count == 1 else { return nil }
        if composing[0] == "$ref" { return document.resolve(node) }
        let parts = (node[composing[0]]?.items ?? []).filter { !$0.isNullOnly }
        return parts.count == 1 ? parts[0] : nil
    }

    // MARK: Facets

    /// What a schema says, all merged.
    func facets(of node: YAMLNode) -> Facets {
        let key = ObjectIdentifier(node)
        if let known = facets[key] { return known }
        var merged = Facets()
        var visited: Set<ObjectIdentifier> = []
        merge(node, into: &merged, visited: &visited, depth: 0)
        facets[key] = merged
        return merged
    }

    private func merge(_ node: YAMLNode, into facets: inout Facets, visited: inout Set<ObjectIdentifier>, depth: Int) {
        guard node.pairs != nil, remaining >= 0, visited.insert(ObjectIdentifier(node)).inserted else { return }
        guard depth < Self.maximumDepth else {
            document.warn(
                "schemas stand in each other more than \(Self.maximumDepth) levels deep; the rest is left out", at: node
            )
            return
        }
        remaining -= 1
        if node["$ref"] != nil, let target = document.resolve(node) {
            merge(target, into: &facets, visited: &visited, depth: depth + 1)
        }
        for part in node["allOf"]?.items ?? [] { merge(part, into: &facets, visited: &visited, depth: depth + 1) }
        mergeScalars(node, into: &facets)
        mergeObject(node, into: &facets)
        for key in ["oneOf", "anyOf"] {
            let alternatives = (node[key]?.items ?? []).filter { $0.hasForm && !$0.isNullOnly }
            // A base schema may list the schemas that extend it: merged into one of them, its list says nothing of that.
            let isOfExtensions =
                depth > 0 && alternatives.contains { visited.contains(ObjectIdentifier(identity(of: $0))) }
            if !alternatives.isEmpty, !isOfExtensions { facets.alternatives.append(alternatives) }
        }
    }

    private func mergeScalars(_ node: YAMLNode, into facets: inout Facets) {
        let types = node.schemaTypes.filter { $0 != "null" }
        if !types.isEmpty { facets.types = types }
        facets.format = node["format"]?.text ?? facets.format
        facets.constant = node["const"] ?? facets.constant
        if let values = node["enum"]?.items { facets.values = values.filter { $0.scalar != .null } }
        for key in ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "default", "example"] {
            if let value = node[key], value.isBeyondInt { facets.isWide = true }
        }
    }

    private func mergeObject(_ node: YAMLNode, into facets: inout Facets) {
        facets.items = node["items"] ?? facets.items
        facets.required.formUnion(node["required"]?.texts ?? [])
        facets.additionalProperties = node["additionalProperties"] ?? facets.additionalProperties
        let pairs = node["properties"]?.pairs ?? []
        remaining -= pairs.count
        guard remaining >= 0 else { return }
        for pair in pairs {
            let name = pair.key.characters ?? ""
            // A part that only describes a property that another part defines doesn't take its type away.
            if facets.property(named: name) != nil, !pair.value.hasForm { continue }
            facets.set(Facets.Property(name: name, schema: pair.value, mark: pair.key))
        }
    }

    /// The facets of an object that also has alternatives: all of their properties, none of them required.
    func facetsWithAlternatives(of node: YAMLNode) -> Facets {
        var facets = facets(of: node)
        let own = Set(facets.properties.map(\.name))
        for alternative in facets.alternatives.joined() {
            let other = self.facets(of: alternative)
            remaining -= other.properties.count
            guard remaining >= 0 else { return facets }
            for property in other.properties where !own.contains(property.name) {
                if let known = facets.property(named: property.name) {
                    let isSame = identity(of: known.schema) === identity(of: property.schema)
                    if !isSame, !isAlike(known.schema, property.schema) { facets.setAmbiguous(property.name) }
                } else {
                    facets.set(property)
                }
            }
        }
        return facets
    }

    /// Whether two schemas are plain ones of the same type.
    private func isAlike(_ left: YAMLNode, _ right: YAMLNode) -> Bool {
        let (left, right) = (facets(of: left), facets(of: right))
        return left.types.count == 1 && left.types == right.types && left.format == right.format
            && ["string", "integer", "number", "boolean"].contains(left.types[0]) && left.values == nil
            && right.values == nil && left.isWide == right.isWide
    }

    // MARK: Null

    /// Whether null fits a schema, in the words of either version: `nullable: true`, `type: [string, "null"]`, or an
    /// alternative that is null. Also where a schema says nothing at all.
    func isNullable(_ node: YAMLNode, depth: Int = 0) -> Bool {
        let key = ObjectIdentifier(node)
        if let known = nullability[key] { return known }
        guard depth < Self.maximumDepth else { return true }
        nullability[key] = false
        let answer = readNullability(node, depth: depth + 1)
        nullability[key] = answer
        return answer
    }

    private func readNullability(_ node: YAMLNode, depth: Int) -> Bool {
        guard node.pairs != nil, node.hasForm else { return true }
        if node["nullable"]?.isTrue == true || node.schemaTypes.contains("null") || node.isNullOnly { return true }
        if node["$ref"] != nil { return document.resolve(node).map { isNullable($0, depth: depth) } ?? true }
        if !node.schemaTypes.isEmpty { return false }
        let alternatives = (node["oneOf"]?.items ?? []) + (node["anyOf"]?.items ?? [])
        let telling = alternatives.filter { $0.hasForm }
        if telling.contains(where: { isNullable($0, depth: depth) }) { return true }
        if let values = node["enum"]?.items { return values.contains { $0.scalar == .null } }
        guard let parts = node["allOf"]?.items?.filter(\.hasForm), !parts.isEmpty else { return false }
        return parts.allSatisfy { isNullable($0, depth: depth) } && node["properties"] == nil
    }
}

extension YAMLNode {
    /// Whether it is a whole number that 32 bits don't hold.
    fileprivate var isBeyondInt: Bool {
        switch scalar {
        case .integer(let value): Int32(exactly: value) == nil
        case .number(let text): !text.contains(".") && !text.contains("e")
        default: false
        }
    }
}
