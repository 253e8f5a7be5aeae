internal import GraphQL
internal import JSON

/// A call that is being planned: its shape still grows.
final class FetchDraft {
    let mapping: RestMapping
    let coordinate: String
    let responsePath: [String]
    let parent: FetchID?
    let joinSlot: Int
    let rootIndex: Int
    let parentLists: [Int?]
    let arguments: FieldArguments
    let bindings: [Binding]
    let at: [PathStep]
    let batch: BatchPlan?
    let shape: ShapeBuilder
    /// Where the value is that `at` leads to.
    let value: ShapeBuilder.Node

    init(
        _ mapping: RestMapping, _ mapped: MappedField, _ field: Field, route: RouteDescription, responseKey: String,
        at position: Position, rootIndex: Int
    ) {
        self.mapping = mapping
        coordinate = mapped.coordinate
        responsePath = position.responsePath + [responseKey]
        parent = position.fetch
        joinSlot = position.node.reserveSlot()
        self.rootIndex = rootIndex
        parentLists = position.lists
        arguments = FieldArguments(definition: mapped.definition, field: field)
        bindings = mapping.bindings.map { Binding($0, parent: position.node) }
        shape = ShapeBuilder()
        (at, value) = shape.root.steps(along: mapping.at)
        let items = value
        batch = mapping.batch.map { batch in
            BatchPlan(
                parentKey: position.node.steps(along: batch.parentKey).steps, input: batch.input,
                max: route.batchMax, answerKey: items.elements().steps(along: batch.answerKey).steps,
                isList: mapped.definition.type.isList)
        }
    }

    /// Whether the same call serves another field at the same response path.
    func serves(_ other: RestMapping, _ field: Field) -> Bool {
        mapping == other && Self.text(of: arguments.field) == Self.text(of: field)
    }

    private static func text(of field: Field) -> [String] {
        field.arguments.map { "\($0.name.value):\($0.value)" }.sorted()
    }
}

extension PlanBuilder {
    /// The call of a field: a new one, or that of another concrete type at the same position with the same mapping.
    mutating func fetch(
        _ rest: RestMapping, _ mapped: MappedField, _ field: Field, _ responseKey: String, at position: Position,
        rootIndex: Int
    ) -> FetchID {
        for id in position.fetches
        where fetches[id].responsePath.last == responseKey && fetches[id].serves(rest, field) {
            return id
        }
        let id = fetches.count
        fetches.append(
            FetchDraft(
                rest, mapped, field, route: mapping.routes[rest.route], responseKey: responseKey, at: position,
                rootIndex: rootIndex))
        position.fetches.append(id)
        position.child(responseKey, .fetch(id)).rootIndex = rootIndex
        return id
    }

    /// The finished calls.
    func fetchPlans() -> [FetchPlan] {
        fetches.enumerated().map { id, draft in
            FetchPlan(
                id: id, route: mapping.routes[draft.mapping.route], parent: draft.parent,
                coordinate: draft.coordinate, responsePath: draft.responsePath, joinSlot: draft.joinSlot,
                bindings: draft.bindings, arguments: draft.arguments, at: draft.at, shape: draft.shape.build(),
                batch: draft.batch, rootIndex: draft.rootIndex, parentLists: draft.parentLists)
        }
    }
}

extension Binding {
    /// A binding whose paths start at the parent's record.
    init(_ mapped: MappedBinding, parent: ShapeBuilder.Node) {
        switch mapped {
        case .literal(let value): self = .literal(value)
        case .argument(let names): self = .argument(names)
        case .this(let path): self = .parent(parent.steps(along: path).steps)
        case .batch: self = .batch
        case .header(let name): self = .header(name)
        case .claim(let names): self = .claim(names)
        case .clientSubject: self = .clientSubject
        case .profile: self = .profile
        case .list(let items): self = .list(items.map { Binding($0, parent: parent) })
        case .object(let members):
            self = .object(members.map { ($0.name, Binding($0.value, parent: parent)) })
        }
    }
}
