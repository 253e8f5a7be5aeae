/// §5.7.2: a directive stands only where its definition says.
enum DirectivesInValidLocations: ValidationRule {
    static func install(in visitor: inout ValidationVisitor, _ context: ValidationContext) {
        let directives = context.schema.directives
        visitor.directives.append { used, location in
            for directive in used {
                guard let definition = directives[directive.name.value], definition.origin != .hidden,
                    !definition.locations.contains(location)
                else { continue }
                context.report(
                    "Directive \"@\(definition.name)\" may not be used on \(location.rawValue).", at: directive.offset)
            }
        }
    }
}
