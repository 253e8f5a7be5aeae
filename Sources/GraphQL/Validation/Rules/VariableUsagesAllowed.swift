/// §5.8.5: a variable's type fits every position that it is used in.
enum VariableUsagesAllowed: ValidationRule {
    static func install(in visitor: inout ValidationVisitor, _ context: ValidationContext) {
        visitor.operationUse.append { operation, uses in
            let definitions = Dictionary(
                operation.variables.map { ($0.name.value, $0) }, uniquingKeysWith: { first, _ in first })
            guard !definitions.isEmpty else { return }
            for use in uses {
                for variable in use.variables {
                    guard let definition = definitions[variable.name] else { continue }
                    check(variable, definition, context)
                }
            }
        }
    }

    private static func check(_ use: VariableUse, _ definition: VariableDefinition, _ context: ValidationContext) {
        let type = definition.type.reference
        // A type that the schema does not have has been reported.
        guard let expected = use.type, context.schema.type(of: type) != nil else { return }
        if let oneOf = use.oneOf, !type.isNonNull {
            context.report(
                "Variable \"$\(use.name.bounded)\" is of type \"\(type)\" but must be non-nullable to be used for "
                    + "OneOf Input Object \"\(oneOf)\".",
                at: definition.offset, use.offset)
        } else if !isAllowed(type, definition.defaultValue, expected, use, context.schema) {
            context.report(
                "Variable \"$\(use.name.bounded)\" of type \"\(type)\" used in position expecting type "
                    + "\"\(expected)\".",
                at: definition.offset, use.offset)
        }
    }

    /// IsVariableUsageAllowed: a nullable variable fits a Non-Null position if a default stands in for no value.
    private static func isAllowed(
        _ type: TypeReference, _ defaultValue: Value?, _ expected: TypeReference, _ use: VariableUse, _ schema: Schema
    ) -> Bool {
        guard expected.isNonNull, !type.isNonNull else { return schema.isSubType(type, of: expected) }
        let hasDefault = defaultValue.map { !$0.isNull } ?? false
        return (hasDefault || use.hasDefault) && schema.isSubType(type, of: expected.nullable)
    }
}
