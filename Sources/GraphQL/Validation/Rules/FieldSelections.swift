/// §5.3.1: the type that a field is selected on has it.
enum FieldSelections: ValidationRule {
    static func install(in visitor: inout ValidationVisitor, _ context: ValidationContext) {
        visitor.field.append { field, parent, definition in
            guard definition == nil, let parent else { return }
            let name = field.name.value
            context.report(
                "Cannot query field \"\(name.bounded)\" on type \"\(parent.name)\"."
                    + hint(name, parent, context),
                at: field.offset)
        }
    }

    /// A type below an abstract one that has the field, or else a field that was meant.
    private static func hint(_ name: String, _ parent: NamedType, _ context: ValidationContext) -> String {
        let schema = context.schema
        let maySuggest = context.maySuggest
        let possible =
            parent.isAbstract
            ? schema.possibleTypes(of: parent).filter { $0.fields[name].map(maySuggest) ?? false } : []
        guard possible.isEmpty else {
            let interfaces = schema.types.filter { type in
                type.kind == .interface && type.fields[name] != nil
                    && possible.contains { $0.interfaces.contains(type.name) }
            }
            return DidYouMean.text((interfaces + possible).map(\.name), kind: "to use an inline fragment on")
        }
        return DidYouMean.text(for: name, among: parent.fields.filter(maySuggest).map(\.name))
    }
}
