extension SchemaValidator {
    /// A directive's definition (GraphQL §3.13).
    mutating func check(_ directive: SchemaDirective) {
        checkName(directive.name, at: directive.position, coordinate: "@\(directive.name)")
        for argument in directive.arguments { checkInput(argument, location: .argumentDefinition) }
    }

    /// Directives in use on a part of the schema (§5.7 and §5.4 hold in SDL too): known, in their place, not repeated,
    /// with the right arguments.
    mutating func checkApplied(
        _ applied: [AppliedDirective], on location: DirectiveLocation, coordinate: String?
    ) {
        var names: Set<String> = []
        for use in applied {
            guard let definition = schema.directives[use.name] else {
                report(
                    "Unknown directive \"@\(use.name)\".", at: use.position, coordinate: coordinate,
                    suggestion: suggestion(for: use.name, among: schema.directives.names).map { "@\($0)" })
                continue
            }
            if !definition.locations.contains(location) {
                report(
                    "Directive \"@\(use.name)\" may not be used on \(location.rawValue).", at: use.position,
                    coordinate: coordinate)
            }
            if !definition.isRepeatable, !names.insert(use.name).inserted {
                report(
                    "The directive \"@\(use.name)\" can only be used once at this location.", at: use.position,
                    coordinate: coordinate)
            }
            checkArguments(of: use, definition, coordinate: coordinate)
        }
    }

    private mutating func checkArguments(
        of use: AppliedDirective, _ definition: SchemaDirective, coordinate: String?
    ) {
        var given: Set<String> = []
        for argument in use.directive.arguments {
            let name = argument.name.value
            let position = use.position(at: argument.offset)
            if !given.insert(name).inserted {
                report("There can be only one argument named \"\(name)\".", at: position, coordinate: coordinate)
            }
            if let expected = definition.arguments[name] {
                checkLiteral(argument.value, expected.type, source: use.source, coordinate: coordinate)
            } else {
                report(
                    "Unknown argument \"\(name)\" on directive \"@\(use.name)\".", at: position,
                    coordinate: coordinate, suggestion: suggestion(for: name, among: definition.arguments.names))
            }
        }
        for expected in definition.arguments where expected.isRequired && !given.contains(expected.name) {
            report(
                "Directive \"@\(use.name)\" argument \"\(expected.name)\" of type \"\(expected.type)\" is required, "
                    + "but it was not provided.", at: use.position, coordinate: coordinate)
        }
    }
}
