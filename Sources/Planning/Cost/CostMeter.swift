internal import GraphQL

/// Finds an operation's cost in time linear in the document: every selection is looked at once, and a fragment's cost
/// is kept for all of its spreads. Counted as the other limits are: after expansion, a fragment once for each selection
/// set that spreads it. What `@skip` and `@include` leave out, and what the profile drops, costs nothing.
struct CostMeter {
    private let mapping: MappedSchema
    private let profile: Profile
    private let fragments: [String: FragmentDefinition]
    private let isIncluded: ([Directive]) -> Bool
    private var terms: [OperationCost.Term] = []
    private var measured: [String: OperationCost.Operand] = [:]
    private var fieldCosts: [FieldKey: FieldCost?] = [:]
    /// Selections looked at so far.
    private(set) var steps = 0

    private struct FieldKey: Hashable {
        let type: String
        let field: String
    }

    init(mapping: MappedSchema, entry: OperationEntry, profile: Profile, conditions: Conditions) {
        self.mapping = mapping
        self.profile = profile
        fragments = entry.fragments
        isIncluded = { entry.includes($0, under: conditions) }
    }

    /// The cost of an operation of a validated document.
    mutating func measure(_ operation: OperationDefinition) -> OperationCost {
        guard let root = mapping.schema.rootType(for: operation.kind) else { return OperationCost() }
        var order = FragmentOrder(fragments: fragments)
        for fragment in order.bottomUp(from: operation.selectionSet) {
            guard let type = mapping.schema.type(named: fragment.typeCondition.value) else { continue }
            measured[fragment.name.value] = cost(of: fragment.selectionSet, on: type)
        }
        steps += order.steps
        let result = cost(of: operation.selectionSet, on: root)
        return OperationCost(terms: terms, result: result)
    }

    /// A sum under way.
    private struct Sum {
        var constant = 0
        var terms: [Int] = []

        mutating func add(_ operand: OperationCost.Operand) {
            switch operand {
            case .constant(let value): constant = constant.addingSaturating(value)
            case .term(let index): terms.append(index)
            }
        }
    }

    private mutating func finished(_ sum: Sum) -> OperationCost.Operand {
        if sum.terms.isEmpty { return .constant(sum.constant) }
        if sum.constant == 0, sum.terms.count == 1 { return .term(sum.terms[0]) }
        return term(.sum(constant: sum.constant, sum.terms))
    }

    private mutating func term(_ term: OperationCost.Term) -> OperationCost.Operand {
        terms.append(term)
        return .term(terms.count - 1)
    }

    /// What a selection set costs for one object of `type`. An object is of one type only, so of fragments on different
    /// object types the most expensive counts. Recurses over selection sets, which the parser bounds; not over
    /// fragments.
    private mutating func cost(of set: SelectionSet, on type: NamedType) -> OperationCost.Operand {
        var total = Sum()
        var alternatives: [String: Sum] = [:]
        var spread: Set<String> = []
        for selection in set.selections {
            steps += 1
            guard isIncluded(selection.directives) else { continue }
            let condition: String?
            let part: OperationCost.Operand
            switch selection {
            case .field(let field):
                condition = nil
                part = cost(of: field, on: type)
            case .inlineFragment(let fragment):
                condition = fragment.typeCondition?.value
                // What is known of an object tells more than an interface that it implements.
                let narrowed = type.kind == .object ? nil : condition.flatMap { mapping.schema.type(named: $0) }
                part = cost(of: fragment.selectionSet, on: narrowed ?? type)
            case .fragmentSpread(let use):
                guard spread.insert(use.name.value).inserted, let known = measured[use.name.value] else { continue }
                condition = fragments[use.name.value]?.typeCondition.value
                part = known
            }
            if type.isAbstract, let condition, mapping.schema.type(named: condition)?.kind == .object {
                alternatives[condition, default: Sum()].add(part)
            } else {
                total.add(part)
            }
        }
        if !alternatives.isEmpty { total.add(mostExpensive(alternatives)) }
        return finished(total)
    }

    private mutating func mostExpensive(_ alternatives: [String: Sum]) -> OperationCost.Operand {
        let costs = alternatives.sorted { $0.key < $1.key }.map { finished($0.value) }
        let constants = costs.compactMap { if case .constant(let value) = $0 { value } else { nil } }
        let constant = constants.max() ?? 0
        if constants.count == costs.count { return .constant(constant) }
        let rest = costs.filter { if case .term = $0 { true } else { false } }
        return rest.count == 1 && constant == 0 ? rest[0] : term(.maximum([.constant(constant)] + rest))
    }

    /// Introspection costs nothing: it makes no calls, and limits of its own bound it.
    private mutating func cost(of field: Field, on type: NamedType) -> OperationCost.Operand {
        let name = field.name.value
        guard !name.hasPrefix("__"), let cost = fieldCost(name, on: type),
            let definition = mapping.schema.field(named: name, on: type)
        else { return .constant(0) }
        var items = OperationCost.Operand.constant(0)
        if let set = field.selectionSet, let inner = mapping.schema.type(of: definition.type) {
            items = self.cost(of: set, on: inner)
        }
        if items == .constant(0) { return .constant(cost.weight) }
        guard !cost.sizes.isEmpty else {
            var sum = Sum(constant: cost.weight)
            sum.add(items)
            return finished(sum)
        }
        let sizes = cost.sizes.map { size($0, of: field, definition) }
        if case .constant(let each) = items, sizes.allSatisfy({ $0.variable == nil }) {
            let count = sizes.reduce(0) { max($0, $1.items([:])) }
            return .constant(count.multiplyingSaturating(each).addingSaturating(cost.weight))
        }
        return term(.list(weight: cost.weight, sizes, items: items))
    }

    /// The number of items: of a literal, of the argument's default, or left to the request.
    private func size(_ size: ListSize, of field: Field, _ definition: SchemaField) -> OperationCost.Size {
        guard let name = size.argument, let argument = definition.arguments[name] else {
            return OperationCost.Size(size: size, variable: nil, argument: nil)
        }
        let fallback = argument.defaultValue.flatMap(\.intValue)
        guard let given = field.arguments.first(where: { $0.name.value == name })?.value else {
            return OperationCost.Size(size: size, variable: nil, argument: fallback)
        }
        if let variable = given.variableName {
            return OperationCost.Size(size: size, variable: variable, argument: fallback)
        }
        return OperationCost.Size(size: size, variable: nil, argument: given.intValue)
    }

    /// What a field costs on a type; for an interface's field the most of all implementers. Nil where it is dropped.
    private mutating func fieldCost(_ name: String, on type: NamedType) -> FieldCost? {
        let key = FieldKey(type: type.name, field: name)
        if let found = fieldCosts[key] { return found }
        var result: FieldCost?
        for object in mapping.schema.possibleTypes(of: type) {
            guard let mapped = mapping.field(name, on: object.name), let cost = mapped.cost(for: profile) else {
                continue
            }
            result = result?.merged(with: cost) ?? cost
        }
        fieldCosts[key] = .some(result)
        return result
    }
}

extension Value {
    /// The integer that the literal is.
    fileprivate var intValue: Int? { if case .int(let digits) = kind { Int(digits) } else { nil } }
}
