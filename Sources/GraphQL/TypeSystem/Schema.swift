// A validated schema. How to read it:
// - `Schema.build(documents:builtIns:)` makes one, or throws every problem that the documents have.
// - `schema.type(named:)` and `type(of:)` find types; `type.fields["name"]`, `field.arguments["name"]`,
//   `type.inputFields[…]`, `type.values[…]` find members; all tables keep the order of definition.
// - `schema.field(named:on:)` also knows `__typename`, and `__schema` and `__type` on the query root.
// - The introspection types (`__Schema` …), the five scalars and the specification's directives are ordinary members
//   with `origin == .specification`; those with `origin == .hidden` are not part of the API that introspection shows.

/// A schema that has passed validation (GraphQL §3), immutable.
public final class Schema: Sendable {
    /// The description of the `schema` definition.
    public let description: String?
    /// The directives on the `schema` definition and its extensions.
    public let appliedDirectives: [AppliedDirective]
    /// All types: those of the documents in order of definition, then the hidden and the specification's.
    public let types: NamedTable<NamedType>
    /// All directives, in the same order.
    public let directives: NamedTable<SchemaDirective>
    /// Where queries start.
    public let queryType: NamedType
    /// Where mutations start.
    public let mutationType: NamedType?
    /// Where subscriptions start.
    public let subscriptionType: NamedType?

    private let objectsOfAbstract: [String: [NamedType]]
    /// Names of the objects and interfaces that are sub-types of an interface or union.
    private let subTypes: [String: Set<String>]
    private let metaFields: MetaFields

    init(
        description: String?, appliedDirectives: [AppliedDirective], types: NamedTable<NamedType>,
        directives: NamedTable<SchemaDirective>, queryType: NamedType, mutationType: NamedType?,
        subscriptionType: NamedType?
    ) {
        self.description = description
        self.appliedDirectives = appliedDirectives
        self.types = types
        self.directives = directives
        self.queryType = queryType
        self.mutationType = mutationType
        self.subscriptionType = subscriptionType
        metaFields = MetaFields()
        var objects: [String: [NamedType]] = [:]
        var subTypes: [String: Set<String>] = [:]
        for type in types {
            for member in type.memberTypes where subTypes[type.name, default: []].insert(member).inserted {
                if let member = types[member] { objects[type.name, default: []].append(member) }
            }
            for interface in type.interfaces where subTypes[interface, default: []].insert(type.name).inserted {
                if type.kind == .object { objects[interface, default: []].append(type) }
            }
        }
        objectsOfAbstract = objects
        self.subTypes = subTypes
    }

    /// The type of that name.
    public func type(named name: String) -> NamedType? { types[name] }

    /// The type inside a reference's lists and Non-Nulls.
    public func type(of reference: TypeReference) -> NamedType? { types[reference.namedType] }

    /// Where operations of a kind start; nil where the schema has none of that kind.
    public func rootType(for kind: OperationKind) -> NamedType? {
        switch kind {
        case .query: queryType
        case .mutation: mutationType
        case .subscription: subscriptionType
        }
    }

    /// The object types that a value of the type can be (§5.5.2.3, GetPossibleTypes): for an object itself, none for a
    /// leaf or an input object.
    public func possibleTypes(of type: NamedType) -> [NamedType] {
        type.kind == .object ? [type] : objectsOfAbstract[type.name] ?? []
    }

    /// Whether some object is a possible type of both (§5.5.2.3).
    public func overlap(_ first: NamedType, _ second: NamedType) -> Bool {
        if first.name == second.name { return true }
        if first.kind == .object { return isSubType(first.name, of: second.name) }
        if second.kind == .object { return isSubType(second.name, of: first.name) }
        return possibleTypes(of: first).contains { isSubType($0.name, of: second.name) }
    }

    /// Whether the first named type is the second, implements it or is a member of it.
    public func isSubType(_ name: String, of other: String) -> Bool {
        name == other || subTypes[other]?.contains(name) == true
    }

    /// Whether a field of the first type may stand where one of the second is declared (§3.6,
    /// IsValidImplementationFieldType).
    public func isSubType(_ type: TypeReference, of other: TypeReference) -> Bool {
        switch (type, other) {
        case (.nonNull(let type), .nonNull(let other)): isSubType(type, of: other)
        case (.nonNull(let type), _): isSubType(type, of: other)
        case (.list(let item), .list(let other)): isSubType(item, of: other)
        case (.named(let name), .named(let other)): isSubType(name, of: other)
        default: false
        }
    }

    /// The field of a composite type, `__typename` and its like included (§4.1).
    public func field(named name: String, on type: NamedType) -> SchemaField? {
        if let field = type.fields[name] { return field }
        switch name {
        case "__typename": return type.isComposite ? metaFields.typename : nil
        case "__schema": return type.name == queryType.name ? metaFields.schema : nil
        case "__type": return type.name == queryType.name ? metaFields.type : nil
        default: return nil
        }
    }
}

/// The fields that every query can select without a schema defining them (§4.1). Their parent's name is empty, since
/// they belong to no type in particular.
private struct MetaFields: Sendable {
    let typename: SchemaField
    let schema: SchemaField
    let type: SchemaField

    init() {
        let position = SourcePosition(source: Source("", name: SpecificationTypes.sourceName), offset: 0)
        let field = { (name: String, type: TypeReference, arguments: [SchemaInputValue]) in
            SchemaField(
                name: name, parentName: "", description: nil, arguments: arguments, type: type, appliedDirectives: [],
                position: position, typePosition: position)
        }
        let nameArgument = SchemaInputValue(
            name: "name", coordinate: "__type(name:)", description: nil, type: .nonNull(.named("String")),
            defaultValue: nil, appliedDirectives: [], position: position, typePosition: position)
        typename = field("__typename", .nonNull(.named("String")), [])
        schema = field("__schema", .nonNull(.named("__Schema")), [])
        type = field("__type", .named("__Type"), [nameArgument])
    }
}
