internal import Configuration

/// What a schema says with all that it refers to by `$ref` and `allOf` merged into it.
struct Facets {
    /// A property of an object.
    struct Property {
        let name: String
        /// Its schema as written.
        var schema: YAMLNode
        /// Where its name stands.
        var mark: YAMLNode
        /// Whether alternatives give it different schemas.
        var isAmbiguous = false
    }

    /// `type`, without `null`; empty where it isn't said.
    var types: [String] = []
    var format: String?
    /// `enum`, without null; nil where it isn't said.
    var values: [YAMLNode]?
    var constant: YAMLNode?
    var items: YAMLNode?
    /// In the document's order.
    private(set) var properties: [Property] = []
    private var places: [String: Int] = [:]
    var required: Set<String> = []
    var additionalProperties: YAMLNode?
    /// `oneOf` and `anyOf`, each without the alternatives that only constrain, and without null.
    var alternatives: [[YAMLNode]] = []
    /// Whether a bound, a default or an example lies beyond 32 bits.
    var isWide = false

    /// The property of that name.
    func property(named name: String) -> Property? { places[name].map { properties[$0] } }

    /// Adds a property, or replaces the one of that name.
    mutating func set(_ property: Property) {
        if let place = places[property.name] {
            properties[place] = property
        } else {
            places[property.name] = properties.count
            properties.append(property)
        }
    }

    /// Says of a property that its schema isn't sure.
    mutating func setAmbiguous(_ name: String) {
        if let place = places[name] { properties[place].isAmbiguous = true }
    }
}

extension YAMLNode {
    /// The items of a list that are texts.
    var texts: [String] { items?.compactMap(\.text) ?? [] }

    /// The types of a schema as it says them: one, or a list of them (JSON Schema 2020-12; OpenAPI 3.0 has only one).
    var schemaTypes: [String] { self["type"].map { $0.text.map { [$0] } ?? $0.texts } ?? [] }

    /// Whether nothing but null fits the schema.
    var isNullOnly: Bool {
        if schemaTypes == ["null"] { return true }
        if self["const"]?.scalar == .null { return true }
        guard let values = self["enum"]?.items else { return false }
        return !values.isEmpty && values.allSatisfy { $0.scalar == .null }
    }

    /// Whether the schema says what a value is, not only what must hold of it besides.
    var hasForm: Bool {
        let telling = [
            "$ref", "type", "properties", "allOf", "oneOf", "anyOf", "items", "enum", "const", "additionalProperties",
        ]
        return telling.contains { self[$0] != nil }
    }
}
