/// §5.1.1: a document to execute holds only operations and fragments.
enum ExecutableDefinitions: ValidationRule {
    static func install(in visitor: inout ValidationVisitor, _ context: ValidationContext) {
        visitor.definition.append { definition in
            guard case .typeSystem(let definition) = definition else { return }
            var name = "\"\(definition.name.bounded)\""
            if case .schema = definition { name = "schema" }
            context.report("The \(name) definition is not executable.", at: definition.offset)
        }
    }
}
