/// Writes a schema's API as SDL: what its documents define, without what is hidden (definitions and uses of the built-in
/// directives) and without what every schema has.
public struct SchemaPrinter {
    private let schema: Schema
    private let includes: (SchemaField) -> Bool

    private init(schema: Schema, includes: @escaping (SchemaField) -> Bool) {
        self.schema = schema
        self.includes = includes
    }

    /// The SDL text.
    ///
    /// - Parameter includes: whether a field of an object or interface is printed.
    public static func print(_ schema: Schema, includes: (SchemaField) -> Bool = { _ in true }) -> String {
        withoutActuallyEscaping(includes) { includes in
            SchemaPrinter(schema: schema, includes: includes).text()
        }
    }

    private func text() -> String {
        var definitions: [TypeSystemDefinition] = []
        if let definition = schemaDefinition() { definitions.append(.schema(definition)) }
        for directive in schema.directives where directive.origin == .document {
            definitions.append(.directive(syntax(of: directive)))
        }
        for type in schema.types where type.origin == .document { definitions.append(.type(syntax(of: type))) }
        return Printer.print(SchemaDocument(source: Source(""), definitions: definitions))
    }

    /// The `schema` definition, where the names of the root types or anything on it make it necessary (§3.3.1).
    private func schemaDefinition() -> SchemaDefinition? {
        var roots: [OperationTypeDefinition] = []
        var isDefault = true
        for (kind, defaultName) in [
            (OperationKind.query, "Query"), (.mutation, "Mutation"), (.subscription, "Subscription"),
        ] {
            let type = schema.rootType(for: kind)
            if let type { roots.append(OperationTypeDefinition(kind: kind, type: name(type.name), offset: 0)) }
            if type?.name != defaultName, type != nil || schema.type(named: defaultName)?.kind == .object {
                isDefault = false
            }
        }
        let directives = directives(schema.appliedDirectives)
        if isDefault, schema.description == nil, directives.isEmpty { return nil }
        return SchemaDefinition(
            isExtension: false, description: description(schema.description), directives: directives,
            operationTypes: roots, offset: 0)
    }

    private func syntax(of type: NamedType) -> TypeDefinition {
        TypeDefinition(
            kind: type.kind, isExtension: false, description: description(type.description), name: name(type.name),
            directives: directives(type.appliedDirectives), interfaces: type.interfaces.map(name),
            fields: type.fields.filter(includes).map(syntax), memberTypes: type.memberTypes.map(name),
            values: type.values.map { value in
                EnumValueDefinition(
                    description: description(value.description), name: name(value.name),
                    directives: directives(value.appliedDirectives))
            },
            inputFields: type.inputFields.map(syntax), offset: 0)
    }

    private func syntax(of field: SchemaField) -> FieldDefinition {
        FieldDefinition(
            description: description(field.description), name: name(field.name),
            arguments: field.arguments.map(syntax), type: syntax(of: field.type),
            directives: directives(field.appliedDirectives))
    }

    private func syntax(of input: SchemaInputValue) -> InputValueDefinition {
        InputValueDefinition(
            description: description(input.description), name: name(input.name), type: syntax(of: input.type),
            defaultValue: input.defaultValue, directives: directives(input.appliedDirectives))
    }

    private func syntax(of directive: SchemaDirective) -> DirectiveDefinition {
        DirectiveDefinition(
            description: description(directive.description), name: name(directive.name),
            arguments: directive.arguments.map(syntax), isRepeatable: directive.isRepeatable,
            locations: directive.locations, offset: 0)
    }

    private func syntax(of type: TypeReference) -> TypeSyntax {
        TypeSyntax(reference: type, offset: 0, nameOffset: 0)
    }

    private func name(_ text: String) -> Name { Name(value: text, offset: 0) }

    private func description(_ text: String?) -> Description? {
        text.map { Description(value: $0, isBlock: true, offset: 0) }
    }

    private func directives(_ applied: [AppliedDirective]) -> [Directive] {
        applied.filter { schema.directives[$0.name]?.origin != .hidden }.map(\.directive)
    }
}
