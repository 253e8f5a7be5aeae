internal import GraphQL

/// Measures operations in time linear in the document: every selection is looked at once, and a fragment's measure is
/// kept for all of its spreads. Counters stop at `Int.max`.
struct OperationMeter {
    /// What a selection set measures, fragments expanded.
    private struct Measure {
        var depth = 0
        var aliases = 0
        var fields = 0
        var nesting = 0

        /// Takes in what stands beside it in the same selection set.
        mutating func merge(_ other: Measure) {
            depth = max(depth, other.depth)
            nesting = max(nesting, other.nesting)
            aliases = aliases.addingSaturating(other.aliases)
            fields = fields.addingSaturating(other.fields)
        }
    }

    private let fragments: [String: FragmentDefinition]
    private var measured: [String: Measure] = [:]
    /// Selections looked at so far.
    private(set) var steps = 0

    init(fragments: [String: FragmentDefinition]) { self.fragments = fragments }

    /// Measures an operation of a validated document. Should fragments form a cycle all the same, a spread that closes
    /// it counts nothing.
    mutating func measure(_ operation: OperationDefinition) -> OperationMeasures {
        var order = FragmentOrder(fragments: fragments)
        for fragment in order.bottomUp(from: operation.selectionSet) {
            measured[fragment.name.value] = measure(fragment.selectionSet)
        }
        steps += order.steps
        let measure = measure(operation.selectionSet)
        var measures = OperationMeasures()
        measures.depth = measure.depth
        measures.aliases = measure.aliases
        measures.rootFields = measure.fields
        measures.nesting = measure.nesting
        return measures
    }

    /// Recurses over selection sets, which the parser bounds; not over fragments.
    private mutating func measure(_ set: SelectionSet) -> Measure {
        var total = Measure()
        var spread: Set<String> = []
        for selection in set.selections {
            steps += 1
            switch selection {
            case .field(let field): total.merge(measure(field))
            case .inlineFragment(let fragment): total.merge(measure(fragment.selectionSet))
            case .fragmentSpread(let use):
                // A second spread in the same selection set adds nothing.
                guard spread.insert(use.name.value).inserted, let inner = measured[use.name.value] else { continue }
                total.merge(inner)
            }
        }
        total.nesting = total.nesting.addingSaturating(1)
        return total
    }

    /// Introspection counts in depth only.
    private mutating func measure(_ field: Field) -> Measure {
        var result = field.selectionSet.map { measure($0) } ?? Measure()
        result.depth = result.depth.addingSaturating(1)
        let isIntrospection = field.name.value.hasPrefix("__")
        result.fields = isIntrospection ? 0 : 1
        result.aliases = isIntrospection ? 0 : result.aliases.addingSaturating(field.alias == nil ? 0 : 1)
        return result
    }
}

extension Int {
    func addingSaturating(_ other: Int) -> Int {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }

    func multiplyingSaturating(_ other: Int) -> Int {
        let (product, overflow) = multipliedReportingOverflow(by: other)
        return overflow ? .max : product
    }
}
