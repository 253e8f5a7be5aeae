/// §5.2.2.1: no two operations have the same name.
enum OperationNameUniqueness: ValidationRule {
    static func install(in visitor: inout ValidationVisitor, _ context: ValidationContext) {
        var seen: [String: UInt32] = [:]
        visitor.definition.append { definition in
            guard case .operation(let operation) = definition, let name = operation.name else { return }
            if let first = seen[name.value] {
                context.report(
                    "There can be only one operation named \"\(name.value.bounded)\".", at: first, name.offset)
            } else {
                seen[name.value] = name.offset
            }
        }
    }
}
