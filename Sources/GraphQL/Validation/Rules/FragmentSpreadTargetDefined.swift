/// §5.5.2.1: a fragment that is spread exists.
enum FragmentSpreadTargetDefined: ValidationRule {
    static func install(in visitor: inout ValidationVisitor, _ context: ValidationContext) {
        visitor.spread.append { spread, _ in
            let name = spread.name.value
            guard context.fragments[name] == nil else { return }
            context.report("Unknown fragment \"\(name.bounded)\".", at: spread.name.offset)
        }
    }
}
