/// §5.8.3: an operation defines every variable that it uses, also through fragments.
enum VariableUsesDefined: ValidationRule {
    static func install(in visitor: inout ValidationVisitor, _ context: ValidationContext) {
        visitor.operationUse.append { operation, uses in
            let defined = Set(operation.variables.map(\.name.value))
            for use in uses {
                for variable in use.variables where !defined.contains(variable.name) {
                    let place = operation.name.map { " by operation \"\($0.value.bounded)\"" } ?? ""
                    context.report(
                        "Variable \"$\(variable.name.bounded)\" is not defined\(place).",
                        at: variable.offset, operation.offset)
                }
            }
        }
    }
}
