internal import GraphQL

/// Puts the fragments of a document into an order for work that is done once for each, in time linear in the document.
struct FragmentOrder {
    private let fragments: [String: FragmentDefinition]
    /// Selections looked at so far.
    private(set) var steps = 0

    init(fragments: [String: FragmentDefinition]) { self.fragments = fragments }

    /// Every fragment that can be reached, each behind those that it spreads itself; in a cycle some are not. Chains of
    /// fragments may be as long as the document, so this keeps a list instead of recursing.
    mutating func bottomUp(from root: SelectionSet) -> [FragmentDefinition] {
        var ordered: [FragmentDefinition] = []
        var entered: Set<String> = []
        var pending: [(name: String, isEntered: Bool)] = spreads(below: root).map { ($0, false) }
        while let (name, isEntered) = pending.popLast() {
            guard let fragment = fragments[name] else { continue }
            if isEntered {
                ordered.append(fragment)
            } else if entered.insert(name).inserted {
                pending.append((name, true))
                pending += spreads(below: fragment.selectionSet).map { ($0, false) }
            }
        }
        return ordered
    }

    private mutating func spreads(below root: SelectionSet) -> [String] {
        var names: [String] = []
        var pending = [root]
        while let set = pending.popLast() {
            for selection in set.selections {
                steps += 1
                switch selection {
                case .field(let field): if let inner = field.selectionSet { pending.append(inner) }
                case .inlineFragment(let fragment): pending.append(fragment.selectionSet)
                case .fragmentSpread(let spread): names.append(spread.name.value)
                }
            }
        }
        return names
    }
}
