extension Schema {
    /// Builds one schema from documents, definitions and extensions in any order and across files (GraphQL §3).
    ///
    /// - Parameters:
    ///   - documents: the SDL, each with its file's name as its source's name.
    ///   - builtIns: SDL of directives and scalars that are known without the documents defining them, and that are
    ///     not part of the API. A document may repeat one, if it says the same.
    /// - Throws: every problem found; nothing that is wrong hides something else, where it can be helped.
    public static func build(
        documents: [SchemaDocument], builtIns: String = ""
    ) throws(SchemaErrors) -> Schema {
        var builder = SchemaBuilder(documents: documents, builtIns: builtIns)
        let schema = builder.schema()
        var validator = SchemaValidator(schema: schema)
        validator.validate()
        let problems = builder.problems + validator.problems
        if !problems.isEmpty {
            throw SchemaErrors(problems: builder.sorted(problems), schema: schema)
        }
        return schema
    }
}

/// Merges definitions and extensions into types. It reports what has to do with merging: doubles, extensions of nothing,
/// root types. What can be told from the merged schema is `SchemaValidator`'s.
struct SchemaBuilder {
    /// A definition and the document that it stands in.
    struct Located<Definition> {
        let definition: Definition
        let source: Source
        let origin: DefinitionOrigin

        func position(_ offset: UInt32) -> SourcePosition { SourcePosition(source: source, offset: offset) }
    }

    private(set) var problems: [SchemaProblem] = []
    /// Names of the types, in order of definition.
    private var typeNames: [String] = []
    private var types: [String: Located<TypeDefinition>] = [:]
    private var typeExtensions: [Located<TypeDefinition>] = []
    private var directives: [Located<DirectiveDefinition>] = []
    private var schemaDefinition: Located<SchemaDefinition>?
    private var schemaExtensions: [Located<SchemaDefinition>] = []
    private let sources: [Source]

    init(documents: [SchemaDocument], builtIns: String) {
        sources = documents.map(\.source)
        // Definitions of the documents come first in the order of types, but what is built in must be known before.
        let specification = Source(SpecificationTypes.definitions, name: SpecificationTypes.sourceName)
        collectText(specification, origin: .specification)
        collectText(Source(builtIns, name: "built-in definitions"), origin: .hidden)
        let builtInTypes = typeNames
        let builtInDirectives = directives
        typeNames = []
        directives = []
        for document in documents {
            for definition in document.definitions {
                collect(definition, document.source, .document, builtInDirectives)
            }
        }
        typeNames += builtInTypes
        directives += builtInDirectives
    }

    private mutating func collectText(_ source: Source, origin: DefinitionOrigin) {
        do throws(GraphQLSyntaxError) {
            for definition in try Parser.parseSchemaDocument(source).definitions {
                collect(definition, source, origin, [])
            }
        } catch {
            problems.append(SchemaProblem(error.message, at: SourcePosition(source: source, offset: error.offset)))
        }
    }

    private mutating func collect(
        _ definition: TypeSystemDefinition, _ source: Source, _ origin: DefinitionOrigin,
        _ builtIns: [Located<DirectiveDefinition>]
    ) {
        switch definition {
        case .schema(let schema):
            let located = Located(definition: schema, source: source, origin: origin)
            if schema.isExtension {
                schemaExtensions.append(located)
            } else if schemaDefinition == nil {
                schemaDefinition = located
            } else {
                report("Must provide only one schema definition.", at: located.position(schema.offset))
            }
        case .type(let type):
            let located = Located(definition: type, source: source, origin: origin)
            type.isExtension ? typeExtensions.append(located) : collect(located)
        case .directive(let directive):
            collect(Located(definition: directive, source: source, origin: origin), builtIns)
        }
    }

    private mutating func collect(_ type: Located<TypeDefinition>) {
        let name = type.definition.name
        guard let existing = types[name.value] else {
            types[name.value] = type
            typeNames.append(name.value)
            return
        }
        if existing.origin != .document, existing.definition.kind == .scalar, type.definition.kind == .scalar { return }
        report(
            "There can be only one type named \"\(name.value)\".", at: type.position(name.offset),
            coordinate: name.value)
    }

    private mutating func collect(
        _ directive: Located<DirectiveDefinition>, _ builtIns: [Located<DirectiveDefinition>]
    ) {
        let name = directive.definition.name
        if let builtIn = builtIns.first(where: { $0.definition.name.value == name.value }) {
            if builtIn.origin == .hidden, !builtIn.definition.isEquivalent(to: directive.definition) {
                report(
                    "The definition of directive \"@\(name.value)\" differs from the built-in one.",
                    at: directive.position(name.offset), coordinate: "@\(name.value)")
            }
        } else if directives.contains(where: { $0.definition.name.value == name.value }) {
            report(
                "There can be only one directive named \"@\(name.value)\".", at: directive.position(name.offset),
                coordinate: "@\(name.value)")
        } else {
            directives.append(directive)
        }
    }

    mutating func report(
        _ message: String, at position: SourcePosition, coordinate: String? = nil, suggestion: String? = nil
    ) {
        problems.append(SchemaProblem(message, at: position, coordinate: coordinate, suggestion: suggestion))
    }

    /// By document, then offset; what is in no document comes first.
    func sorted(_ problems: [SchemaProblem]) -> [SchemaProblem] {
        let order = Dictionary(
            sources.enumerated().map { (ObjectIdentifier($1), $0) }, uniquingKeysWith: { first, _ in first })
        let key = { (problem: SchemaProblem) in
            (order[ObjectIdentifier(problem.position.source)] ?? -1, problem.offset, problem.message)
        }
        return problems.sorted { key($0) < key($1) }
    }
}

// MARK: The schema

extension SchemaBuilder {
    /// The merged schema; valid only if neither this nor the validator has problems.
    mutating func schema() -> Schema {
        var extensions: [String: [Located<TypeDefinition>]] = [:]
        for located in typeExtensions where canExtend(located) {
            extensions[located.definition.name.value, default: []].append(located)
        }
        var builtTypes: [NamedType] = []
        for name in typeNames {
            guard let definition = types[name] else { continue }
            builtTypes.append(type(definition, extensions: extensions[name] ?? []))
        }
        let table = NamedTable(builtTypes)
        var roots = rootTypes(table)
        let parts = (schemaDefinition.map { [$0] } ?? []) + schemaExtensions
        return Schema(
            description: schemaDefinition?.definition.description?.value,
            appliedDirectives: parts.flatMap { applied($0.definition.directives, $0.source) }, types: table,
            directives: NamedTable(directives.map { directive($0) }),
            queryType: roots.removeValue(forKey: .query) ?? missingQueryType(),
            mutationType: roots[.mutation], subscriptionType: roots[.subscription])
    }

    private mutating func canExtend(_ located: Located<TypeDefinition>) -> Bool {
        let name = located.definition.name
        guard let base = types[name.value] else {
            report(
                "Cannot extend type \"\(name.value)\" because it is not defined.", at: located.position(name.offset),
                coordinate: name.value, suggestion: suggestion(for: name.value, among: types.keys))
            return false
        }
        guard base.definition.kind == located.definition.kind else {
            report(
                "Cannot extend non-\(located.definition.kind.noun) type \"\(name.value)\".",
                at: located.position(name.offset), coordinate: name.value)
            return false
        }
        return true
    }

    /// The root operation types (§3.3.1): those named, else the objects called Query, Mutation and Subscription.
    private mutating func rootTypes(_ types: NamedTable<NamedType>) -> [OperationKind: NamedType] {
        var roots: [OperationKind: NamedType] = [:]
        var named: [OperationKind: Name] = [:]
        if schemaDefinition == nil {
            for (kind, name) in [
                (OperationKind.query, "Query"), (.mutation, "Mutation"), (.subscription, "Subscription"),
            ] {
                if let type = types[name], type.kind == .object { roots[kind] = type }
            }
        }
        for part in (schemaDefinition.map { [$0] } ?? []) + schemaExtensions {
            for operation in part.definition.operationTypes {
                let position = part.position(operation.type.offset)
                if named.updateValue(operation.type, forKey: operation.kind) != nil {
                    report("There can be only one \(operation.kind.rawValue) type in schema.", at: position)
                } else if let type = types[operation.type.value] {
                    if type.kind != .object {
                        report(
                            "\(operation.kind.title) root type must be Object type, it cannot be \(type.name).",
                            at: position, coordinate: type.name)
                    } else if let other = roots.first(where: { $0.value === type })?.key, other != operation.kind {
                        report(
                            "All root types must be different, \"\(type.name)\" is used as \(other.rawValue) and "
                                + "\(operation.kind.rawValue) root type.", at: position, coordinate: type.name)
                    }
                    roots[operation.kind] = type
                } else {
                    report(
                        "Unknown type \"\(operation.type.value)\".", at: position,
                        suggestion: suggestion(for: operation.type.value, among: types.names))
                    // Not also reported as missing.
                    roots[operation.kind] = placeholder(operation.type.value, at: position)
                }
            }
        }
        return roots
    }

    private mutating func missingQueryType() -> NamedType {
        let source = schemaDefinition?.source ?? sources.first ?? Source("", name: "schema")
        let position = SourcePosition(source: source, offset: schemaDefinition?.definition.offset ?? 0)
        report("Query root type must be provided.", at: position)
        return placeholder("Query", at: position)
    }

    /// Stands in for a root type that could not be found; the schema it is in is never handed out.
    private func placeholder(_ name: String, at position: SourcePosition) -> NamedType {
        NamedType(name: name, kind: .object, origin: .document, position: position)
    }
}

extension DirectiveDefinition {
    /// Whether both say the same, descriptions and order of locations aside.
    func isEquivalent(to other: DirectiveDefinition) -> Bool {
        let signature = { (argument: InputValueDefinition) in
            "\(argument.name.value): \(argument.type.reference) = \(argument.defaultValue?.description ?? "")"
        }
        return isRepeatable == other.isRepeatable && Set(locations) == Set(other.locations)
            && Set(arguments.map(signature)) == Set(other.arguments.map(signature))
    }
}

extension OperationKind {
    fileprivate var title: String {
        switch self {
        case .query: "Query"
        case .mutation: "Mutation"
        case .subscription: "Subscription"
        }
    }
}

extension TypeKind {
    /// The kind in the middle of a sentence.
    var noun: String {
        switch self {
        case .scalar: "scalar"
        case .object: "object"
        case .interface: "interface"
        case .union: "union"
        case .enum: "enum"
        case .inputObject: "input object"
        }
    }
}
