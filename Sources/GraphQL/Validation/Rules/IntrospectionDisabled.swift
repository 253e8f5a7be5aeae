/// Where introspection is turned off, `__schema` and `__type` are not there to be selected.
enum IntrospectionDisabled: ValidationRule {
    static func install(in visitor: inout ValidationVisitor, _ context: ValidationContext) {
        visitor.field.append { field, _, _ in
            let name = field.name.value
            guard name == "__schema" || name == "__type" else { return }
            context.report("GraphQL introspection is disabled: \"\(name)\" can't be selected.", at: field.offset)
        }
    }
}
