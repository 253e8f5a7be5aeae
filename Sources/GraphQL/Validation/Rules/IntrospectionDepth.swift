/// Not of the specification: lists of introspection that lead back to types nest less than three deep, since each level
/// multiplies the answer by the size of the schema.
enum IntrospectionDepth: ValidationRule {
    private static let limit = 3

    static func install(in visitor: inout ValidationVisitor, _ context: ValidationContext) {
        visitor.end.append {
            let scopes = context.scopes
            // Fields on types of introspection can only be met below `__schema` and `__type`.
            guard scopes.entries.contains(where: { $0.parent.isIntrospection }) else { return }
            var deepest = Array(repeating: -1, count: scopes.scopes.count)
            var pending: [(scope: Int, depth: Int)] = scopes.entries.compactMap { entry in
                guard entry.definition?.type.namedType.hasPrefix("__") == true, !entry.parent.isIntrospection
                else { return nil }
                return entry.child.map { ($0, 0) }
            }
            while let (scope, depth) = pending.popLast() {
                guard depth > deepest[scope] else { continue }
                deepest[scope] = depth
                for fragment in scopes.scopes[scope].spreads { pending.append((fragment, depth)) }
                for entry in scopes.scopes[scope].entries.map({ scopes.entries[$0] }) {
                    let below = depth + (isTypeList(entry) ? 1 : 0)
                    if below >= limit {
                        context.report("Maximum introspection depth exceeded.", at: entry.field.offset)
                        return
                    }
                    if let child = entry.child { pending.append((child, below)) }
                }
            }
        }
    }

    private static func isTypeList(_ entry: SelectionScopes.Entry) -> Bool {
        ["fields", "interfaces", "possibleTypes", "inputFields"].contains(entry.field.name.value)
    }
}
