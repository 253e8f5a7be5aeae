internal import GraphQL
internal import JSON

/// Builds one plan, from the root down. Slots of records are given out as fields ask for them; a call's shape is
/// complete when everything below it is planned.
struct PlanBuilder {
    /// The plan would hold more than it may.
    struct TooLarge: Error {}

    let mapping: MappedSchema
    let profile: Profile
    private let grants: Grants
    let entry: OperationEntry
    private var collector: FieldCollector
    var fetches: [FetchDraft] = []
    private(set) var dropped: [DroppedField] = []
    private var droppedIndices: [String: Int] = [:]
    /// By index in `dropped`: the selections of the field.
    private var droppedSelections: [[ObjectIdentifier]] = []
    private var plannedFields = 0
    private let rootRecord = ShapeBuilder()

    init(mapping: MappedSchema, entry: OperationEntry, profile: Profile, conditions: Conditions, grants: Grants) {
        self.mapping = mapping
        self.entry = entry
        self.profile = profile
        self.grants = grants
        let indices = Dictionary(
            entry.conditionVariables.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        collector = FieldCollector(schema: mapping.schema, fragments: entry.fragments) { name in
            indices[name].map { conditions[$0] } ?? false
        }
    }

    var rootRecordSlots: Int { rootRecord.root.slotCount }

    /// About what a planned field and a call keep, with their strings, slots and class headers.
    var estimatedBytes: Int { 512 + plannedFields * 384 + fetches.count * 1024 }

    /// The selection of the root type.
    mutating func root(_ type: NamedType) throws(TooLarge) -> ObjectSelection {
        let position = Position(node: rootRecord.root, fetch: nil, responsePath: [], lists: [])
        return try selection(
            of: type, at: position, sets: [(entry.operation.selectionSet, type.name)], isRoot: true)
    }

    /// What is answered of an object of a concrete type.
    private mutating func selection(
        of type: NamedType, at position: Position, sets: [(set: SelectionSet, enclosingType: String)], isRoot: Bool
    ) throws(TooLarge) -> ObjectSelection {
        let groups = collector.collect(for: type, from: sets)
        plannedFields += groups.count + 1
        if collector.steps + plannedFields > PlanLimits.planningSteps { throw TooLarge() }
        // All calls of an object come before those below its fields: so root calls come first.
        var sources: [Resolution] = []
        for (index, group) in groups.enumerated() {
            sources.append(resolve(group, of: type, at: position, rootIndex: isRoot ? index : position.rootIndex))
        }
        var fields: [PlannedField] = []
        for (group, resolution) in zip(groups, sources) {
            fields.append(try field(group, resolution, of: type, at: position))
        }
        return ObjectSelection(typeName: type.name, fields: fields)
    }

    // MARK: Sources

    /// Where a field's value is, and the place of the value in its call's result.
    enum Resolution {
        case typeName
        case introspection
        case dropped
        case denied(MappedField, AccessRefusal)
        case path(MappedField, JSONPath)
        case fetch(MappedField, FetchID)
    }

    private mutating func resolve(
        _ group: CollectedFieldGroup, of type: NamedType, at position: Position, rootIndex: Int
    ) -> Resolution {
        let field = group.fields[0].field
        switch field.name.value {
        case "__typename": return .typeName
        case "__schema", "__type": return .introspection
        default: break
        }
        guard let mapped = mapping.field(field.name.value, on: type.name) else { return .dropped }
        if let refusal = mapped.refusal(of: grants), !mapped.isDropped(for: profile) {
            return .denied(mapped, refusal)
        }
        switch mapped.mapping(for: profile) {
        case .dropped: return .dropped
        case .path(let path): return .path(mapped, path)
        case .rest(let rest):
            let id = fetch(rest, mapped, field, group.responseKey, at: position, rootIndex: rootIndex)
            return .fetch(mapped, id)
        }
    }

    // MARK: Fields

    private mutating func field(
        _ group: CollectedFieldGroup, _ resolution: Resolution, of type: NamedType, at position: Position
    ) throws(TooLarge) -> PlannedField {
        let field = group.fields[0].field
        let source: FieldSource
        let output: OutputType
        var uncertain: FieldArguments?
        switch resolution {
        case .typeName:
            source = .typeName
            output = .nonNull(.leaf(.string))
        case .introspection:
            source = .introspection(IntrospectionField(fields: group.fields.map(\.field), document: entry.document))
            let isSchema = field.name.value == "__schema"
            output = isSchema ? .nonNull(.leaf(.custom("__Schema"))) : .leaf(.custom("__Type"))
        case .dropped:
            source = .dropped(noteDropped(group, of: type))
            output = .leaf(.custom(""))
        case .denied(let mapped, let refusal):
            source = .denied(refusal)
            // Nothing of the value is looked at but whether it may be null.
            output = mapped.definition.type.isNonNull ? .nonNull(.leaf(.custom(""))) : .leaf(.custom(""))
        case .path(let mapped, let path):
            let steps = position.node.steps(along: path)
            source = .path(steps.steps)
            let below = position.child(group.responseKey, .path(path))
            output = try self.output(mapped, group, from: steps.node, below: below, isBatchOfOne: false)
            uncertain = uncertainArguments(of: mapped.definition, in: field)
        case .fetch(let mapped, let id):
            source = .fetch(id)
            let below = position.child(group.responseKey, .fetch(id))
            let batch = fetches[id].batch
            output = try self.output(
                mapped, group, from: fetches[id].value, below: below, isBatchOfOne: batch.map { !$0.isList } ?? false)
        }
        return PlannedField(
            responseKey: group.responseKey, coordinate: "\(type.name).\(field.name.value)",
            offsets: group.fields.map(\.field.offset), source: source, type: output, uncertainArguments: uncertain)
    }

    /// The field's index in `dropped`.
    private mutating func noteDropped(_ group: CollectedFieldGroup, of type: NamedType) -> Int {
        let coordinate = "\(type.name).\(group.fields[0].field.name.value)"
        let isConditional = group.fields.allSatisfy { field in
            mapping.schema.type(named: field.enclosingType)?.isAbstract ?? false
        }
        let selections = group.fields.map { ObjectIdentifier($0.field) }
        if let index = droppedIndices[coordinate] {
            droppedSelections[index] += selections
            if !isConditional { dropped[index] = DroppedField(coordinate: coordinate, isConditional: false) }
            return index
        }
        droppedIndices[coordinate] = dropped.count
        dropped.append(DroppedField(coordinate: coordinate, isConditional: isConditional))
        droppedSelections.append(selections)
        return dropped.count - 1
    }

    /// The indices of `dropped` in order of first selection. Planning goes type by type, and meets what is selected on
    /// several types of one position in another order.
    var droppedOrder: [Int] {
        guard dropped.count > 1 else { return Array(dropped.indices) }
        let ranks = collector.ranks(below: entry.operation.selectionSet)
        let first = droppedSelections.map { selections in selections.compactMap { ranks[$0] }.min() ?? .max }
        return dropped.indices.sorted { (first[$0], $0) < (first[$1], $1) }
    }

    // MARK: Types

    /// How a field's value at `node` is completed. The outermost list has the profile's cap. Of a batch that gives one
    /// element to each parent, `node` is the list of all elements, and the value one of them.
    private mutating func output(
        _ mapped: MappedField, _ group: CollectedFieldGroup, from node: ShapeBuilder.Node, below: Place,
        isBatchOfOne: Bool
    ) throws(TooLarge) -> OutputType {
        try output(
            mapped.definition.type, isBatchOfOne ? node.elements() : node, group, below: below,
            cap: mapped.cap(for: profile))
    }

    private mutating func output(
        _ type: TypeReference, _ node: ShapeBuilder.Node, _ group: CollectedFieldGroup, below: Place, cap: Int?
    ) throws(TooLarge) -> OutputType {
        switch type {
        case .nonNull(let wrapped):
            return .nonNull(try output(wrapped, node, group, below: below, cap: cap))
        case .list(let item):
            return .list(
                try output(item, node.elements(), group, below: below.item(cap: cap), cap: nil), cap: cap)
        case .named(let name):
            guard let named = mapping.schema.type(named: name) else { return .leaf(.custom(name)) }
            if named.isLeaf { return .leaf(LeafType(named)) }
            let position = below.position(at: node)
            if named.kind == .object { return .object(try selection(of: named, at: position, group)) }
            return .abstract(try abstract(named, at: position, group))
        }
    }

    /// The selection for one type at a position; made once for the same fields, since several types of the parent
    /// can lead to it.
    private mutating func selection(
        of type: NamedType, at position: Position, _ group: CollectedFieldGroup
    ) throws(TooLarge) -> ObjectSelection {
        let key = Position.SelectionKey(
            type: type.name, fields: group.fields.map { ObjectIdentifier($0.field) })
        if let known = position.selections[key] { return known }
        var sets: [(set: SelectionSet, enclosingType: String)] = []
        for collected in group.fields {
            guard let set = collected.field.selectionSet else { continue }
            let enclosing = mapping.schema.type(named: collected.enclosingType)
            let declared = enclosing.flatMap { mapping.schema.field(named: collected.field.name.value, on: $0) }
            sets.append((set, declared?.type.namedType ?? type.name))
        }
        let selection = try selection(of: type, at: position, sets: sets, isRoot: false)
        position.selections[key] = selection
        return selection
    }

    private mutating func abstract(
        _ type: NamedType, at position: Position, _ group: CollectedFieldGroup
    ) throws(TooLarge) -> AbstractSelection {
        try AbstractSelection(type, at: position.node, in: mapping) { member throws(TooLarge) in
            try selection(of: member, at: position, group)
        }
    }
}

extension LeafType {
    /// How a scalar or enum type is completed.
    init(_ type: NamedType) {
        if type.kind == .enum {
            self = .enumeration(EnumerationValues(typeName: type.name, names: type.values.names))
            return
        }
        switch type.name {
        case "Int": self = .int
        case "Float": self = .float
        case "String": self = .string
        case "Boolean": self = .boolean
        case "ID": self = .id
        default: self = .custom(type.name)
        }
    }
}
