/// §5.8.2: the type of a variable exists, and values can be of it.
enum VariablesAreInputTypes: ValidationRule {
    static func install(in visitor: inout ValidationVisitor, _ context: ValidationContext) {
        visitor.variable.append { variable in
            let reference = variable.type.reference
            let name = reference.namedType
            guard let type = context.schema.type(named: name), type.origin != .hidden else {
                let known = context.schema.types.lazy.filter { $0.isInputType && $0.origin != .hidden }.map(\.name)
                context.report(
                    "Unknown type \"\(name.bounded)\"." + DidYouMean.text(for: name, among: known),
                    at: variable.type.nameOffset)
                return
            }
            if !type.isInputType {
                context.report(
                    "Variable \"$\(variable.name.value.bounded)\" cannot be non-input type \"\(reference)\".",
                    at: variable.type.offset)
            }
        }
    }
}
