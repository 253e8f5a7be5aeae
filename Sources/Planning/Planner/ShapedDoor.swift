public import GraphQL
public import JSON

/// How a REST door answers a route's JSON in the shape of a schema type, for one profile: all fields of the type, read
/// where the profile reads them, without those that are fetched by `@rest` and those that the profile leaves out.
///
/// A recursive type is answered some levels deep, since what is kept of a body is fixed beforehand: a type stands within
/// itself at most 8 times on a path, and less often where that would be more than 8,192 fields. Deeper fields are left
/// out.
public final class ShapedDoor: Sendable {
    /// The type's name.
    public let typeName: String
    /// The profile.
    public let profile: Profile
    /// What the token grants of the callers that it is for.
    public let grants: Grants
    /// What is kept of the body.
    public let shape: Shape
    /// How the body is answered if it is an object.
    public let object: OutputType
    /// How it is answered if it is a list: item by item, as many as the profile's cap for all lists allows.
    public let list: OutputType

    /// Plans a door.
    ///
    /// - Parameters:
    ///   - typeName: an object, interface or union type of the mapping's schema.
    ///   - profile: one of its profiles.
    ///   - grants: what the caller's token grants; fields that it may not see are left out.
    public init(
        mapping: MappedSchema, typeName: String, profile: Profile, grants: Grants = .all
    ) throws(ShapedDoorError) {
        let type = try Self.type(named: typeName, in: mapping.schema)
        self.typeName = typeName
        self.profile = profile
        let definition = mapping.profiles.definitions[profile.index]
        let plan = Self.largestPlan(type, mapping, profile, grants)
        self.grants = grants
        shape = plan.shape
        object = .nonNull(plan.object)
        list = .nonNull(.list(plan.item, cap: definition.defaultListCap))
    }

    /// The type that a door may answer; throws where the schema has none of that name.
    public static func type(named name: String, in schema: Schema) throws(ShapedDoorError) -> NamedType {
        if let type = schema.type(named: name), type.isComposite, type.origin == .document { return type }
        let names = schema.types.lazy.filter { $0.isComposite && $0.origin == .document }.map(\.name)
        throw ShapedDoorError(
            message: "Unknown object, interface or union type \"\(name)\".",
            suggestion: suggestion(for: name, among: names))
    }

    /// How deep types may stand in each other: the deepest that stays within bounds, or else the least deep.
    private static func largestPlan(
        _ type: NamedType, _ mapping: MappedSchema, _ profile: Profile, _ grants: Grants
    ) -> (shape: Shape, object: OutputType, item: OutputType) {
        let bounds = [(8, 16), (4, 12), (2, 8), (1, 6), (1, 4), (1, 2)]
        for (repeats, depth) in bounds {
            if let plan = plan(type, mapping, profile, grants, repeats: repeats, depth: depth, fields: 8_192) {
                return plan
            }
        }
        var builder = ShapedDoorBuilder(
            mapping: mapping, profile: profile, grants: grants, repeats: 1, depth: 1, fields: .max)
        let shape = ShapeBuilder()
        let object = builder.output(type, at: shape.root)
        let item = builder.output(type, at: shape.root.elements())
        return (shape.build(), object, item)
    }

    private static func plan(
        _ type: NamedType, _ mapping: MappedSchema, _ profile: Profile, _ grants: Grants, repeats: Int, depth: Int,
        fields: Int
    ) -> (shape: Shape, object: OutputType, item: OutputType)? {
        var builder = ShapedDoorBuilder(
            mapping: mapping, profile: profile, grants: grants, repeats: repeats, depth: depth, fields: fields)
        let shape = ShapeBuilder()
        let object = builder.output(type, at: shape.root)
        let item = builder.output(type, at: shape.root.elements())
        return builder.isExhausted ? nil : (shape.build(), object, item)
    }
}

/// A shaped door names no type that it could answer.
public struct ShapedDoorError: Error, Sendable, Hashable {
    /// A sentence without a suggestion.
    public let message: String
    /// What was probably meant.
    public let suggestion: String?
}

/// Selects all that may be selected, within bounds.
private struct ShapedDoorBuilder {
    let mapping: MappedSchema
    let profile: Profile
    let grants: Grants
    /// How often a type may stand on one path.
    let repeats: Int
    /// How many objects may stand within each other.
    let depth: Int
    /// Fields that may still be planned.
    var fields: Int
    private(set) var isExhausted = false
    private var path: [String] = []

    init(mapping: MappedSchema, profile: Profile, grants: Grants, repeats: Int, depth: Int, fields: Int) {
        self.mapping = mapping
        self.profile = profile
        self.grants = grants
        self.repeats = repeats
        self.depth = depth
        self.fields = fields
    }

    mutating func output(_ type: NamedType, at node: ShapeBuilder.Node) -> OutputType {
        if type.isLeaf { return .leaf(LeafType(type)) }
        path.append(type.name)
        defer { path.removeLast() }
        if type.kind == .object { return .object(selection(type, at: node)) }
        return .abstract(AbstractSelection(type, at: node, in: mapping) { selection($0, at: node) })
    }

    private mutating func selection(_ type: NamedType, at node: ShapeBuilder.Node) -> ObjectSelection {
        var planned: [PlannedField] = []
        for field in type.fields {
            guard let mapped = mapping.field(field.name, on: type.name),
                case .path(let path) = mapped.mapping(for: profile), mapped.refusal(of: grants) == nil,
                let named = mapping.schema.type(of: field.type), named.isLeaf || mayEnter(named)
            else { continue }
            fields -= 1
            if fields < 0 { isExhausted = true }
            if isExhausted { break }
            let place = node.steps(along: path)
            let type = output(field.type, named, at: place.node, cap: mapped.cap(for: profile))
            planned.append(
                PlannedField(
                    responseKey: field.name, coordinate: mapped.coordinate, offsets: [], source: .path(place.steps),
                    type: type))
        }
        return ObjectSelection(typeName: type.name, fields: planned)
    }

    private func mayEnter(_ type: NamedType) -> Bool {
        path.count < depth && path.count { $0 == type.name } < repeats
    }

    private mutating func output(
        _ type: TypeReference, _ named: NamedType, at node: ShapeBuilder.Node, cap: Int?
    ) -> OutputType {
        switch type {
        case .nonNull(let wrapped): .nonNull(output(wrapped, named, at: node, cap: cap))
        case .list(let item): .list(output(item, named, at: node.elements(), cap: nil), cap: cap)
        case .named: output(named, at: node)
        }
    }
}
