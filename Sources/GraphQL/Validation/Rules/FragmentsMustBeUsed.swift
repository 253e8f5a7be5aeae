/// §5.5.1.4: every fragment is spread by some operation, directly or through others.
enum FragmentsMustBeUsed: ValidationRule {
    static func install(in visitor: inout ValidationVisitor, _ context: ValidationContext) {
        visitor.end.append {
            guard !context.fragments.isEmpty else { return }
            var used: Set<String> = []
            var pending = context.operationUses
            while let use = pending.popLast() {
                for spread in use.spreads where used.insert(spread.name.value).inserted {
                    if let fragment = context.fragmentUses[spread.name.value] { pending.append(fragment) }
                }
            }
            for fragment in context.document.fragments where !used.contains(fragment.name.value) {
                context.report("Fragment \"\(fragment.name.value.bounded)\" is never used.", at: fragment.offset)
            }
        }
    }
}
