internal import GraphQL

/// The `data` that an operation answers, as JSON Schema: its response keys, merged as GraphQL §6.3.2 merges them.
struct SelectionSchemas {
    /// Objects that are written out; a selection that would need more, through fragments within fragments on types with
    /// many members, ends in schemas that anything fits.
    private static let maximumObjects = 5_000

    private let schema: Schema
    private let fragments: [String: FragmentDefinition]
    private let types: TypeSchemas
    private var remaining = SelectionSchemas.maximumObjects

    init(_ document: Document, schema: Schema, types: TypeSchemas) {
        self.schema = schema
        self.types = types
        fragments = Dictionary(document.fragments.map { ($0.name.value, $0) }) { first, _ in first }
    }

    /// The schema of `data`.
    mutating func data(of operation: OperationDefinition) -> DocumentValue {
        guard let root = schema.rootType(for: operation.kind) else { return .empty }
        return TypeSchemas.nullable(object(root, [(operation.selectionSet, false)]))
    }

    /// A selection set, and whether `@skip` or `@include` may leave it out where the object stands.
    private typealias Part = (set: SelectionSet, isConditional: Bool)

    /// A response key.
    private struct Member {
        let key: String
        let field: SchemaField
        /// Each occurrence: whether it may be left out, and what it selects.
        var occurrences: [(isConditional: Bool, set: SelectionSet?)]

        /// What stands below it. Where it occurs once, it is there with all that it selects, or not at all.
        var parts: [Part] {
            occurrences.compactMap { occurrence in
                occurrence.set.map { ($0, occurrence.isConditional && occurrences.count > 1) }
            }
        }
    }

    private mutating func object(_ type: NamedType, _ parts: [Part]) -> DocumentValue {
        remaining -= 1
        guard remaining >= 0 else { return .empty }
        var members: [Member] = []
        var visited: Set<String> = []
        for part in parts { collect(part.set, type, isConditional: part.isConditional, &members, &visited) }
        let properties = members.map { ($0.key, value($0, $0.field.type, on: type)) }
        let sure = members.filter { member in member.occurrences.contains { !$0.isConditional } }
        return TypeSchemas.object(properties, required: sure.map { .string($0.key) })
    }

    private mutating func value(_ member: Member, _ type: TypeReference, on parent: NamedType) -> DocumentValue {
        switch type {
        case .nonNull(.named(let name)):
            if member.field.name == "__typename" { return .object([("const", .string(parent.name))]) }
            guard let named = schema.type(named: name), named.isComposite else { return types.named(name) }
            return composite(named, member.parts)
        case .nonNull(.list(let item)):
            return .object([("type", .string("array")), ("items", value(member, item, on: parent))])
        case .nonNull(let wrapped): return value(member, wrapped, on: parent)
        case .named where schema.type(of: type)?.isComposite != true: return types.schema(type)
        case .list, .named: return TypeSchemas.nullable(value(member, .nonNull(type), on: parent))
        }
    }

    private mutating func composite(_ type: NamedType, _ parts: [Part]) -> DocumentValue {
        // What introspection answers is GraphQL's to describe.
        if type.isIntrospection { return .object([("type", .string("object"))]) }
        if type.kind == .object { return object(type, parts) }
        var alternatives: [DocumentValue] = []
        var texts: Set<String> = []
        for member in schema.possibleTypes(of: type) {
            let schema = object(member, parts)
            if texts.insert(schema.text).inserted { alternatives.append(schema) }
        }
        return alternatives.count == 1 ? alternatives[0] : .object([("anyOf", .array(alternatives))])
    }

    private func collect(
        _ set: SelectionSet, _ type: NamedType, isConditional: Bool, _ members: inout [Member],
        _ visited: inout Set<String>
    ) {
        for selection in set.selections {
            switch selection {
            case .field(let field):
                guard let definition = schema.field(named: field.name.value, on: type) else { continue }
                let isConditional = isConditional || field.directives.mayLeaveOut
                let key = field.responseKey
                if let place = members.firstIndex(where: { $0.key == key }) {
                    members[place].occurrences.append((isConditional, field.selectionSet))
                } else {
                    let occurrence = (isConditional, field.selectionSet)
                    members.append(Member(key: key, field: definition, occurrences: [occurrence]))
                }
            case .inlineFragment(let fragment):
                guard schema.isSubType(type.name, of: fragment.typeCondition?.value ?? type.name) else { continue }
                let isConditional = isConditional || fragment.directives.mayLeaveOut
                collect(fragment.selectionSet, type, isConditional: isConditional, &members, &visited)
            case .fragmentSpread(let spread):
                // Once where it stands unconditionally, once where it doesn't: so its fields are as sure as they can be.
                let isConditional = isConditional || spread.directives.mayLeaveOut
                guard let fragment = fragments[spread.name.value],
                    schema.isSubType(type.name, of: fragment.typeCondition.value),
                    visited.insert("\(isConditional) \(spread.name.value)").inserted
                else { continue }
                collect(fragment.selectionSet, type, isConditional: isConditional, &members, &visited)
            }
        }
    }
}

extension [Directive] {
    /// Whether `@skip` or `@include` is among them.
    fileprivate var mayLeaveOut: Bool { contains { $0.name.value == "skip" || $0.name.value == "include" } }
}
