/// §5.5.1.1: no two fragments have the same name.
enum FragmentNameUniqueness: ValidationRule {
    static func install(in visitor: inout ValidationVisitor, _ context: ValidationContext) {
        var seen: [String: UInt32] = [:]
        visitor.definition.append { definition in
            guard case .fragment(let fragment) = definition else { return }
            let name = fragment.name
            if let first = seen[name.value] {
                context.report(
                    "There can be only one fragment named \"\(name.value.bounded)\".", at: first, name.offset)
            } else {
                seen[name.value] = name.offset
            }
        }
    }
}
