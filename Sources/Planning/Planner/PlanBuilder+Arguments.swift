internal import GraphQL

extension PlanBuilder {
    /// The arguments of a field that reads them from nowhere but the document, if coercing them can fail when it is run
    /// (GraphQL §6.4.1): where a nullable variable stands at a Non-Null position, which validation allows if the
    /// position has a default (§5.8.5). Nil for nearly every field.
    func uncertainArguments(of definition: SchemaField, in field: Field) -> FieldArguments? {
        let isUncertain = field.arguments.contains { argument in
            definition.arguments[argument.name.value].map { mayBeNull(argument.value, $0.type) } ?? false
        }
        return isUncertain ? FieldArguments(definition: definition, field: field) : nil
    }

    /// Recurses over the literal, whose nesting the parser bounds.
    private func mayBeNull(_ value: Value, _ type: TypeReference) -> Bool {
        switch value.kind {
        case .variable(let name):
            let variable = entry.operation.variables.first { $0.name.value == name }
            return type.isNonNull && variable?.type.reference.isNonNull == false
        case .list(let items):
            return type.itemType.map { itemType in items.contains { mayBeNull($0, itemType) } } ?? false
        case .object(let fields):
            let input = mapping.schema.type(of: type)
            return fields.contains { field in
                input?.inputFields[field.name.value].map { mayBeNull(field.value, $0.type) } ?? false
            }
        case .int, .float, .string, .boolean, .null, .enum: return false
        }
    }
}
