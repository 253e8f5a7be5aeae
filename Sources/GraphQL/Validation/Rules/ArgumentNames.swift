/// §5.4.1: the field or directive has the argument.
enum ArgumentNames: ValidationRule {
    static func install(in visitor: inout ValidationVisitor, _ context: ValidationContext) {
        visitor.arguments.append { list in
            guard !list.arguments.isEmpty, let definitions = list.definitions else { return }
            for argument in list.arguments where definitions[argument.name.value] == nil {
                let name = argument.name.value
                context.report(
                    "Unknown argument \"\(name.bounded)\" on \(place(list.owner))."
                        + DidYouMean.text(for: name, among: definitions.names),
                    at: argument.offset)
            }
        }
    }

    private static func place(_ owner: ArgumentList.Owner) -> String {
        switch owner {
        case .field(let field, let parent): "field \"\(parent.name).\(field.name)\""
        case .directive(let directive): "directive \"@\(directive.name)\""
        case .unknown: "field"
        }
    }
}
