/// §5.4.3: Non-Null arguments without a default are given.
enum RequiredArguments: ValidationRule {
    static func install(in visitor: inout ValidationVisitor, _ context: ValidationContext) {
        visitor.arguments.append { list in
            guard let definitions = list.definitions, !definitions.isEmpty else { return }
            for definition in definitions
            where definition.isRequired && !list.arguments.contains(where: { $0.name.value == definition.name }) {
                context.report(
                    "\(title(list.owner)) argument \"\(definition.name)\" of type \"\(definition.type)\" is required, "
                        + "but it was not provided.",
                    at: list.offset)
            }
        }
    }

    private static func title(_ owner: ArgumentList.Owner) -> String {
        switch owner {
        case .field(let field, _): "Field \"\(field.name)\""
        case .directive(let directive): "Directive \"@\(directive.name)\""
        case .unknown: "Field"
        }
    }
}
