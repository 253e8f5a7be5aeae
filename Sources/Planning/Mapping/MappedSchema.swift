public import GraphQL

/// A schema together with where each field's value comes from, for each profile. Immutable.
public final class MappedSchema: Sendable {
    /// The schema, one for all profiles.
    public let schema: Schema
    /// The routes, by index.
    public let routes: [RouteDescription]
    /// The profiles.
    public let profiles: ProfileSet
    /// Who may see what.
    public let authorization: Authorization
    private let fields: [String: [String: MappedField]]
    private let kinds: [String: KindMapping]

    /// Reads the directives of a schema and what the profiles say of its fields, or throws every problem with them.
    ///
    /// - Parameters:
    ///   - schema: built with `BuiltInDirectives.definitions`.
    ///   - routes: all routes; `routes[n].index` is n.
    ///   - authorization: who may see what; the roles and scopes of the schema are in its table.
    public init(
        schema: Schema, routes: [RouteDescription], profiles: ProfileSet,
        authorization: Authorization = Authorization(isOn: false)
    ) throws(MappingErrors) {
        self.schema = schema
        self.routes = routes
        self.profiles = profiles
        self.authorization = authorization
        var builder = MappingBuilder(
            schema: schema, routes: routes, profiles: profiles, authorization: authorization)
        builder.build()
        fields = builder.fields
        kinds = builder.kinds
        if let errors = builder.errors { throw errors }
    }

    /// Where the value of an object type's field comes from.
    func field(_ name: String, on type: String) -> MappedField? { fields[type]?[name] }

    /// How objects of an interface or union type tell their type.
    func kind(of type: String) -> KindMapping? { kinds[type] }

    /// Whether a profile leaves a field out. For an interface's field: whether it does so for all implementers.
    public func isHidden(_ field: SchemaField, for profile: Profile) -> Bool {
        guard let parent = schema.type(named: field.parentName) else { return false }
        let implementers = schema.possibleTypes(of: parent)
        return !implementers.isEmpty
            && implementers.allSatisfy { self.field(field.name, on: $0.name)?.isDropped(for: profile) == true }
    }

    /// Whether some call takes a value from the client's header `name`, in lower case, by `$header`.
    public func readsHeader(_ name: String) -> Bool {
        fields.values.contains { $0.values.contains { $0.readsHeader(name) } }
    }

    /// The schema as SDL, for a profile without the fields that it leaves out. A type of which nothing is left stays
    /// with all of its fields, since a type without any is not valid.
    public func printSchema(for profile: Profile? = nil) -> String {
        guard let profile else { return SchemaPrinter.print(schema) }
        let emptied = Set(
            schema.types.filter { type in
                !type.fields.isEmpty && type.fields.allSatisfy { isHidden($0, for: profile) }
            }.map(\.name))
        return SchemaPrinter.print(schema) { field in
            emptied.contains(field.parentName) || !self.isHidden(field, for: profile)
        }
    }
}

/// Where the value of one object type's field comes from.
final class MappedField: Sendable {
    let definition: SchemaField
    let coordinate: String
    /// By profile index.
    private let mappings: [FieldMapping]
    /// By profile index: how many items the outermost list keeps.
    private let caps: [Int?]
    private let cost: FieldCost
    /// What has to be granted; all of them.
    let access: [AccessRequirement]

    init(
        definition: SchemaField, coordinate: String, mappings: [FieldMapping], caps: [Int?], cost: FieldCost,
        access: [AccessRequirement]
    ) {
        self.definition = definition
        self.coordinate = coordinate
        self.mappings = mappings
        self.caps = caps
        self.cost = cost
        self.access = access
    }

    func mapping(for profile: Profile) -> FieldMapping {
        mappings.indices.contains(profile.index) ? mappings[profile.index] : .dropped
    }

    func cap(for profile: Profile) -> Int? { caps.indices.contains(profile.index) ? caps[profile.index] : nil }

    /// What it adds to an operation's cost; nil where the profile drops it.
    func cost(for profile: Profile) -> FieldCost? {
        if isDropped(for: profile) { return nil }
        var cost = cost
        let cap = cap(for: profile)
        for index in cost.sizes.indices { cost.sizes[index].cap = cap }
        return cost
    }

    func readsHeader(_ name: String) -> Bool {
        mappings.contains { mapping in
            if case .rest(let rest) = mapping { rest.bindings.contains { $0.readsHeader(name) } } else { false }
        }
    }

    /// Why a caller with these grants may not see it; nil where it may.
    func refusal(of grants: Grants) -> AccessRefusal? { access.isEmpty ? nil : access.refusal(of: grants) }

    func isDropped(for profile: Profile) -> Bool { if case .dropped = mapping(for: profile) { true } else { false } }
}

/// The source of a field's value for one profile.
enum FieldMapping: Sendable {
    /// The parent's JSON.
    case path(JSONPath)
    /// A call.
    case rest(RestMapping)
    /// None: the profile leaves the field out.
    case dropped
}

/// `@rest`, with every input of the route bound.
struct RestMapping: Sendable, Hashable {
    /// The route's index.
    let route: Int
    /// Where in the answer the value is; without steps, the whole.
    let at: JSONPath
    /// A binding for each of the route's inputs.
    let bindings: [MappedBinding]
    /// What makes it one call for many parents.
    let batch: BatchMapping?
}

/// `$batch.x` and `key`.
struct BatchMapping: Sendable, Hashable {
    /// The route's input that takes the keys.
    let input: Int
    let parentKey: JSONPath
    let answerKey: JSONPath
}

/// What a route's input is bound to, before slots are known.
indirect enum MappedBinding: Sendable, Hashable {
    case literal(TemplateValue)
    case argument([String])
    case this(JSONPath)
    case batch(JSONPath)
    case header(String)
    case claim([String])
    case clientSubject
    case profile
    case list([MappedBinding])
    case object([MappedMember])

    func readsHeader(_ name: String) -> Bool {
        switch self {
        case .header(let header): header.lowercased() == name
        case .list(let items): items.contains { $0.readsHeader(name) }
        case .object(let members): members.contains { $0.value.readsHeader(name) }
        default: false
        }
    }
}

/// A member of an object binding.
struct MappedMember: Sendable, Hashable {
    let name: String
    let value: MappedBinding
}

/// How objects of an abstract type tell their type.
struct KindMapping: Sendable {
    /// From the object to the value.
    let path: JSONPath
    /// The values of each type, by its name; nil: the value is the type's name.
    let map: [String: [KindValue]]?
}
