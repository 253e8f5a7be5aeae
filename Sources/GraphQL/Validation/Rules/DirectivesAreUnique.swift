/// §5.7.3: a directive that is not repeatable stands once in a place.
enum DirectivesAreUnique: ValidationRule {
    static func install(in visitor: inout ValidationVisitor, _ context: ValidationContext) {
        let directives = context.schema.directives
        visitor.directives.append { used, _ in
            guard used.count > 1 else { return }
            var seen: [String: UInt32] = [:]
            for directive in used {
                guard let definition = directives[directive.name.value], !definition.isRepeatable else { continue }
                if let first = seen[definition.name] {
                    context.report(
                        "The directive \"@\(definition.name)\" can only be used once at this location.",
                        at: first, directive.offset)
                } else {
                    seen[definition.name] = directive.offset
                }
            }
        }
    }
}
