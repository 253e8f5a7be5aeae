/// §5.2.4.1: a subscription selects one field, not of introspection, and none of its root selections is conditional.
enum SingleRootField: ValidationRule {
    static func install(in visitor: inout ValidationVisitor, _ context: ValidationContext) {
        visitor.definition.append { definition in
            guard case .operation(let operation) = definition, operation.kind == .subscription else { return }
            check(operation, context)
        }
    }

    private static func check(_ operation: OperationDefinition, _ context: ValidationContext) {
        let title = operation.name.map { "Subscription \"\($0.value.bounded)\"" } ?? "Anonymous Subscription"
        let root = RootSelection(operation.selectionSet, context)
        if !root.conditions.isEmpty {
            context.report(
                "\(title) must not use `@skip` or `@include` directives in the top level selection.",
                at: root.conditions)
        }
        if Set(root.fields.map(\.responseKey)).count > 1 {
            context.report(
                "\(title) must select only one top level field.", at: root.fields.dropFirst().map(\.offset))
        }
        let introspection = root.fields.filter { $0.name.value.hasPrefix("__") }
        if !introspection.isEmpty {
            context.report(
                "\(title) must not select an introspection top level field.", at: introspection.map(\.offset))
        }
    }
}

/// The fields of a root selection set through all its fragments (CollectSubscriptionFields), with a list of its own
/// instead of recursion.
private struct RootSelection {
    var fields: [Field] = []
    /// Places of `@skip` and `@include`.
    var conditions: [UInt32] = []

    init(_ set: SelectionSet, _ context: ValidationContext) {
        var pending = [set]
        var seen: Set<Int> = []
        while let set = pending.popLast() {
            for selection in set.selections {
                conditions += selection.directives.filter { ["skip", "include"].contains($0.name.value) }.map(\.offset)
                switch selection {
                case .field(let field): fields.append(field)
                case .inlineFragment(let fragment): pending.append(fragment.selectionSet)
                case .fragmentSpread(let spread):
                    guard let index = context.fragmentIndex(spread.name.value), seen.insert(index).inserted
                    else { continue }
                    pending.append(context.fragments[index].selectionSet)
                }
            }
        }
    }
}
