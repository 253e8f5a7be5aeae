/// §5.8.4: an operation uses every variable that it defines, itself or through fragments.
enum VariablesUsed: ValidationRule {
    static func install(in visitor: inout ValidationVisitor, _ context: ValidationContext) {
        visitor.operationUse.append { operation, uses in
            guard !operation.variables.isEmpty else { return }
            let used = Set(uses.lazy.flatMap(\.variables).map(\.name))
            for variable in operation.variables where !used.contains(variable.name.value) {
                let place = operation.name.map { " in operation \"\($0.value.bounded)\"" } ?? ""
                context.report(
                    "Variable \"$\(variable.name.value.bounded)\" is never used\(place).", at: variable.offset)
            }
        }
    }
}
