/// What is selected of an introspection object: fields collected and arguments coerced, once for all objects of a list.
final class IntrospectionSelection {
    let fields: [IntrospectionField]

    init(fields: [IntrospectionField]) { self.fields = fields }
}

/// A field of an introspection object.
struct IntrospectionField {
    /// `"responseKey":`.
    let keyJSON: [UInt8]
    let name: String
    /// The argument of `fields`, `args`, `enumValues` and `inputFields`.
    let includesDeprecated: Bool
    /// The argument of `__type`.
    let typeName: String?
    /// What is selected of the objects that it gives.
    let selection: IntrospectionSelection?
}

/// Makes selections of syntax. The same selection sets are compiled once however often fragments repeat them.
struct IntrospectionCompiler {
    private let schema: Schema
    private let variables: CoercedVariables
    private var collector: FieldCollector
    private var compiled: [[ObjectIdentifier]: IntrospectionSelection] = [:]

    init(schema: Schema, document: Document, variables: CoercedVariables) {
        self.schema = schema
        self.variables = variables
        let fragments = Dictionary(
            document.fragments.map { ($0.name.value, $0) }, uniquingKeysWith: { first, _ in first })
        collector = FieldCollector(schema: schema, fragments: fragments) { variables[$0] == .boolean(true) }
    }

    /// A field from its occurrences; nil if the type has no such field.
    mutating func field(_ occurrences: [Field], on type: NamedType) -> IntrospectionField? {
        guard let first = occurrences.first, let definition = schema.field(named: first.name.value, on: type)
        else { return nil }
        let arguments = arguments(of: definition, in: first)
        var typeName: String?
        if case .string(let name) = arguments["name"] { typeName = name }
        return IntrospectionField(
            keyJSON: Array("\"\(first.responseKey)\":".utf8), name: definition.name,
            includesDeprecated: arguments["includeDeprecated"] == .boolean(true), typeName: typeName,
            selection: selection(of: occurrences, giving: definition.type))
    }

    private mutating func selection(of fields: [Field], giving type: TypeReference) -> IntrospectionSelection? {
        let sets = fields.compactMap(\.selectionSet)
        guard !sets.isEmpty, let type = schema.type(of: type) else { return nil }
        // A selection set has one type wherever it is met, so that its identity is key enough.
        let key = sets.map { ObjectIdentifier($0) }
        if let known = compiled[key] { return known }
        let groups = collector.collect(for: type, from: sets.map { ($0, type.name) })
        let selection = IntrospectionSelection(
            fields: groups.compactMap { field($0.fields.map(\.field), on: type) })
        compiled[key] = selection
        return selection
    }

    /// Arguments that a variable leaves null where they can't be count as not given: they have defaults.
    private func arguments(of definition: SchemaField, in field: Field) -> [String: InputValue] {
        do throws(ArgumentCoercionError) {
            return try schema.coerceArgumentValues(of: definition, in: field, variables: variables)
        } catch {
            return [:]
        }
    }
}
