/// §5.7.1: the schema defines the directive. Those that only build the schema are not for documents.
enum DirectivesAreDefined: ValidationRule {
    static func install(in visitor: inout ValidationVisitor, _ context: ValidationContext) {
        let directives = context.schema.directives
        visitor.directives.append { used, _ in
            for directive in used {
                let name = directive.name.value
                if let definition = directives[name], definition.origin != .hidden { continue }
                let known = directives.lazy.filter { $0.origin != .hidden }.map(\.name)
                context.report(
                    "Unknown directive \"@\(name.bounded)\"."
                        + DidYouMean.text(suggestions(for: name, among: known).map { "@\($0)" }),
                    at: directive.offset)
            }
        }
    }
}
