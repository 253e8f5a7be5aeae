/// §5.2.1.1: the schema has a root type for the operation.
enum OperationTypeExistence: ValidationRule {
    static func install(in visitor: inout ValidationVisitor, _ context: ValidationContext) {
        visitor.definition.append { definition in
            guard case .operation(let operation) = definition, context.schema.rootType(for: operation.kind) == nil
            else { return }
            context.report("The \(operation.kind) operation is not supported by the schema.", at: operation.offset)
        }
    }
}
