/// §5.8.1: no two variables of an operation have the same name.
enum VariableUniqueness: ValidationRule {
    static func install(in visitor: inout ValidationVisitor, _ context: ValidationContext) {
        visitor.definition.append { definition in
            guard case .operation(let operation) = definition else { return }
            var seen: [String: UInt32] = [:]
            for variable in operation.variables {
                let name = variable.name
                if let first = seen[name.value] {
                    context.report(
                        "There can be only one variable named \"$\(name.value.bounded)\".", at: first, name.offset)
                } else {
                    seen[name.value] = name.offset
                }
            }
        }
    }
}
