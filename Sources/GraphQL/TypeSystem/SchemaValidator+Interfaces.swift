// IsValidImplementation (GraphQL §3.6 and §3.7, "Type Validation").

extension SchemaValidator {
    mutating func checkInterfaces(of type: NamedType) {
        var names: Set<String> = []
        for (name, position) in zip(type.interfaces, type.interfacePositions) {
            guard let interface = resolve(name, at: position, coordinate: type.name) else { continue }
            if interface.kind != .interface {
                report(
                    "Type \(type.name) must only implement Interface types, it cannot implement \(name).",
                    at: position, coordinate: type.name)
            } else if interface === type {
                report(
                    "Type \(name) cannot implement itself because it would create a circular reference.",
                    at: position, coordinate: type.name)
            } else if !names.insert(name).inserted {
                report("Type \(type.name) can only implement \(name) once.", at: position, coordinate: type.name)
            } else {
                checkAncestors(of: type, through: interface, at: position)
                for field in interface.fields { checkImplementation(of: field, of: interface, by: type) }
            }
        }
    }

    /// A type names also the interfaces that its interfaces implement.
    private mutating func checkAncestors(
        of type: NamedType, through interface: NamedType, at position: SourcePosition
    ) {
        for ancestor in interface.interfaces where !type.interfaces.contains(ancestor) {
            report(
                ancestor == type.name
                    ? "Type \(type.name) cannot implement \(interface.name) because it would create a circular "
                        + "reference."
                    : "Type \(type.name) must implement \(ancestor) because it is implemented by \(interface.name).",
                at: position, coordinate: type.name)
        }
    }

    private mutating func checkImplementation(
        of expected: SchemaField, of interface: NamedType, by type: NamedType
    ) {
        guard let field = type.fields[expected.name] else {
            report(
                "Interface field \(expected.coordinate) expected but \(type.name) does not provide it.",
                at: type.position, coordinate: type.name,
                suggestion: suggestion(for: expected.name, among: type.fields.names))
            return
        }
        let areKnown = schema.type(of: field.type) != nil && schema.type(of: expected.type) != nil
        if areKnown, !schema.isSubType(field.type, of: expected.type) {
            report(
                "Interface field \(expected.coordinate) expects type \(expected.type) but \(field.coordinate) is "
                    + "type \(field.type).", at: field.typePosition, coordinate: field.coordinate)
        }
        if let deprecated = field.appliedDirectives.first(where: { $0.name == "deprecated" }),
            expected.deprecationReason == nil
        {
            report(
                "Interface field \(expected.coordinate) is not deprecated, so implementation field "
                    + "\(field.coordinate) must not be deprecated.", at: deprecated.position,
                coordinate: field.coordinate)
        }
        checkArguments(of: field, implementing: expected)
    }

    private mutating func checkArguments(of field: SchemaField, implementing expected: SchemaField) {
        for expectedArgument in expected.arguments {
            guard let argument = field.arguments[expectedArgument.name] else {
                report(
                    "Interface field argument \(expectedArgument.coordinate) expected but \(field.coordinate) does "
                        + "not provide it.", at: field.position, coordinate: field.coordinate,
                    suggestion: suggestion(for: expectedArgument.name, among: field.arguments.names))
                continue
            }
            if argument.type != expectedArgument.type {
                report(
                    "Interface field argument \(expectedArgument.coordinate) expects type \(expectedArgument.type) "
                        + "but \(argument.coordinate) is type \(argument.type).", at: argument.typePosition,
                    coordinate: argument.coordinate)
            }
        }
        for argument in field.arguments where argument.isRequired && expected.arguments[argument.name] == nil {
            report(
                "Argument \"\(argument.coordinate)\" must not be required type \"\(argument.type)\" if not provided "
                    + "by the Interface field \"\(expected.coordinate)\".", at: argument.position,
                coordinate: argument.coordinate)
        }
    }
}
