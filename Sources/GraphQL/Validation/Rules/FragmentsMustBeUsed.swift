/// §5.5.1.4: every fragment is spread by some operation, directly or through others.
enum FragmentsMustBeUsed: ValidationRule {
    static func install(in visitor: inout ValidationVisitor, _ context: ValidationContext) {
        visitor.end.append {
            guard !context.fragments.isEmpty else { return }
            var isUsed = Array(repeating: false, count: context.fragments.count)
            var pending = context.operationUses
            while let use = pending.popLast() {
                for spread in use.spreads where !isUsed[spread.fragment] {
                    isUsed[spread.fragment] = true
                    pending.append(context.fragmentUses[spread.fragment])
                }
            }
            for (index, fragment) in context.fragments.enumerated() where !isUsed[index] {
                context.report("Fragment \"\(fragment.name.value.bounded)\" is never used.", at: fragment.offset)
            }
        }
    }
}
