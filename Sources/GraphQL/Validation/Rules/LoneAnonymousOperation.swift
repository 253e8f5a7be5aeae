/// §5.2.3.1: an operation without a name is the only one.
enum LoneAnonymousOperation: ValidationRule {
    static func install(in visitor: inout ValidationVisitor, _ context: ValidationContext) {
        let isAlone = context.operations.count == 1
        visitor.definition.append { definition in
            guard !isAlone, case .operation(let operation) = definition, operation.name == nil else { return }
            context.report("This anonymous operation must be the only defined operation.", at: operation.offset)
        }
    }
}
