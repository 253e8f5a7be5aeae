// Members of types: each from a definition or an extension, each name once.

extension SchemaBuilder {
    mutating func type(_ base: Located<TypeDefinition>, extensions: [Located<TypeDefinition>]) -> NamedType {
        let definition = base.definition
        let parts = [base] + extensions
        return NamedType(
            name: definition.name.value, kind: definition.kind, description: definition.description?.value,
            appliedDirectives: parts.flatMap { applied($0.definition.directives, $0.source) },
            interfaces: parts.flatMap { part in
                part.definition.interfaces.map { ($0.value, part.position($0.offset)) }
            },
            fields: fields(of: definition.name.value, parts),
            memberTypes: parts.flatMap { part in
                part.definition.memberTypes.map { ($0.value, part.position($0.offset)) }
            },
            values: values(of: definition.name.value, parts),
            inputFields: inputFields(of: definition.name.value, parts), origin: base.origin,
            position: base.position(definition.name.offset))
    }

    private mutating func fields(of parent: String, _ parts: [Located<TypeDefinition>]) -> [SchemaField] {
        var fields: [SchemaField] = []
        var names: Set<String> = []
        for part in parts {
            for definition in part.definition.fields {
                guard isNew("Field", definition.name, of: parent, part, in: &names) else { continue }
                fields.append(field(definition, parent: parent, part.source))
            }
        }
        return fields
    }

    private mutating func field(_ definition: FieldDefinition, parent: String, _ source: Source) -> SchemaField {
        let coordinate = "\(parent).\(definition.name.value)"
        return SchemaField(
            name: definition.name.value, parentName: parent, description: definition.description?.value,
            arguments: arguments(definition.arguments, of: coordinate, source), type: definition.type.reference,
            appliedDirectives: applied(definition.directives, source),
            position: SourcePosition(source: source, offset: definition.name.offset),
            typePosition: SourcePosition(source: source, offset: definition.type.nameOffset))
    }

    private mutating func arguments(
        _ definitions: [InputValueDefinition], of owner: String, _ source: Source
    ) -> [SchemaInputValue] {
        var arguments: [SchemaInputValue] = []
        for definition in definitions {
            let coordinate = "\(owner)(\(definition.name.value):)"
            if arguments.contains(where: { $0.name == definition.name.value }) {
                report(
                    "Argument \"\(coordinate)\" can only be defined once.",
                    at: SourcePosition(source: source, offset: definition.name.offset), coordinate: coordinate)
            } else {
                arguments.append(inputValue(definition, coordinate: coordinate, source))
            }
        }
        return arguments
    }

    private mutating func inputFields(
        of parent: String, _ parts: [Located<TypeDefinition>]
    ) -> [SchemaInputValue] {
        var fields: [SchemaInputValue] = []
        var names: Set<String> = []
        for part in parts {
            for definition in part.definition.inputFields {
                guard isNew("Field", definition.name, of: parent, part, in: &names) else { continue }
                let coordinate = "\(parent).\(definition.name.value)"
                fields.append(inputValue(definition, coordinate: coordinate, part.source))
            }
        }
        return fields
    }

    private func inputValue(
        _ definition: InputValueDefinition, coordinate: String, _ source: Source
    ) -> SchemaInputValue {
        SchemaInputValue(
            name: definition.name.value, coordinate: coordinate, description: definition.description?.value,
            type: definition.type.reference, defaultValue: definition.defaultValue,
            appliedDirectives: applied(definition.directives, source),
            position: SourcePosition(source: source, offset: definition.name.offset),
            typePosition: SourcePosition(source: source, offset: definition.type.nameOffset))
    }

    private mutating func values(of parent: String, _ parts: [Located<TypeDefinition>]) -> [SchemaEnumValue] {
        var values: [SchemaEnumValue] = []
        var names: Set<String> = []
        for part in parts {
            for definition in part.definition.values {
                guard isNew("Enum value", definition.name, of: parent, part, in: &names) else { continue }
                values.append(
                    SchemaEnumValue(
                        name: definition.name.value, parentName: parent,
                        description: definition.description?.value,
                        appliedDirectives: applied(definition.directives, part.source),
                        position: part.position(definition.name.offset)))
            }
        }
        return values
    }

    /// Adds a member's name to those of its type, which it reports if the type has it already.
    private mutating func isNew(
        _ what: String, _ name: Name, of parent: String, _ part: Located<TypeDefinition>, in names: inout Set<String>
    ) -> Bool {
        if names.insert(name.value).inserted { return true }
        let coordinate = "\(parent).\(name.value)"
        report(
            "\(what) \"\(coordinate)\" can only be defined once.", at: part.position(name.offset),
            coordinate: coordinate)
        return false
    }

    mutating func directive(_ located: Located<DirectiveDefinition>) -> SchemaDirective {
        let definition = located.definition
        return SchemaDirective(
            name: definition.name.value, description: definition.description?.value,
            arguments: arguments(definition.arguments, of: "@\(definition.name.value)", located.source),
            isRepeatable: definition.isRepeatable, locations: definition.locations, origin: located.origin,
            position: located.position(definition.name.offset))
    }

    func applied(_ directives: [Directive], _ source: Source) -> [AppliedDirective] {
        directives.map { AppliedDirective(directive: $0, source: source) }
    }
}
