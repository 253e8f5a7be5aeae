/// §5.5.2.1: a fragment that is spread exists.
enum FragmentSpreadTargetDefined: ValidationRule {
    static func install(in visitor: inout ValidationVisitor, _ context: ValidationContext) {
        visitor.spread.append { spread, fragment, _ in
            guard fragment == nil else { return }
            context.report("Unknown fragment \"\(spread.name.value.bounded)\".", at: spread.name.offset)
        }
    }
}
