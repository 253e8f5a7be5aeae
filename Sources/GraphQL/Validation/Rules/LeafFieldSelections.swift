/// §5.3.3: fields of objects have a selection set, leaves have none.
enum LeafFieldSelections: ValidationRule {
    static func install(in visitor: inout ValidationVisitor, _ context: ValidationContext) {
        visitor.field.append { field, _, definition in
            guard let definition, let type = context.schema.type(of: definition.type) else { return }
            let name = field.name.value
            if type.isLeaf, let set = field.selectionSet {
                context.report(
                    "Field \"\(name)\" must not have a selection since type \"\(definition.type)\" has no subfields.",
                    at: set.offset)
            } else if !type.isLeaf, field.selectionSet == nil {
                context.report(
                    "Field \"\(name)\" of type \"\(definition.type)\" must have a selection of subfields. "
                        + "Did you mean \"\(name) { ... }\"?",
                    at: field.offset)
            }
        }
    }
}
