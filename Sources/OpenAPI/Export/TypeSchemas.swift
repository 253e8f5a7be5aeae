internal import GraphQL
internal import Planning

/// Types of the schema as JSON Schema: those that doors answer and take, each once under `components`, so that types may
/// refer to themselves.
final class TypeSchemas {
    private let mapping: MappedSchema
    private let profile: Profile
    private var written: [(String, DocumentValue)] = []
    private var asked: Set<String> = []
    private var pending: [NamedType] = []

    init(_ mapping: MappedSchema) {
        self.mapping = mapping
        profile = mapping.profiles.defaultProfile
    }

    /// What was asked for, with all that it refers to, in that order.
    func components() -> [(String, DocumentValue)] {
        while !pending.isEmpty {
            let type = pending.removeFirst()
            written.append((type.name, Self.described(definition(of: type), type.description)))
        }
        return written
    }

    /// The schema of a type reference; null fits where it isn't Non-Null.
    /// - Parameter cap: how many items the outermost list keeps.
    func schema(_ type: TypeReference, cap: Int? = nil) -> DocumentValue {
        switch type {
        case .nonNull(let wrapped): base(wrapped, cap: cap)
        default: Self.nullable(base(type, cap: cap), isAny: isAny(type))
        }
    }

    private func base(_ type: TypeReference, cap: Int?) -> DocumentValue {
        switch type {
        case .nonNull(let wrapped): return base(wrapped, cap: cap)
        case .list(let item):
            let list = DocumentValue.object([("type", .string("array")), ("items", schema(item))])
            return cap.map { list.adding([("maxItems", .number("\($0)"))]) } ?? list
        case .named(let name): return named(name)
        }
    }

    /// The schema of a named type: written out for the specification's scalars, else a reference.
    func named(_ name: String) -> DocumentValue {
        switch name {
        case "String", "ID": return .object([("type", .string("string"))])
        case "Boolean": return .object([("type", .string("boolean"))])
        case "Float": return .object([("type", .string("number"))])
        case "Int": return .object([("type", .string("integer")), ("format", .string("int32"))])
        default:
            guard let type = mapping.schema.type(named: name) else { return .empty }
            if asked.insert(name).inserted { pending.append(type) }
            return .reference("schemas", name)
        }
    }

    /// A schema that null fits too.
    /// - Parameter isAny: whether any JSON fits it.
    static func nullable(_ schema: DocumentValue, isAny: Bool = false) -> DocumentValue {
        if isAny || schema.members.isEmpty { return schema }
        let null = DocumentValue.object([("type", .string("null"))])
        if schema.members.count == 1, case ("anyOf", .array(let alternatives)) = schema.members[0] {
            return .object([("anyOf", .array(alternatives + [null]))])
        }
        guard case .string(let type)? = schema.members.first(where: { $0.0 == "type" })?.1 else {
            return .object([("anyOf", .array([schema, null]))])
        }
        return .object(
            schema.members.map { $0.0 == "type" ? ("type", .array([.string(type), .string("null")])) : $0 })
    }

    static func described(_ schema: DocumentValue, _ description: String?) -> DocumentValue {
        description.map { .object([("description", .string($0))] + schema.members) } ?? schema
    }

    /// Whether a type is a custom scalar: any JSON.
    private func isAny(_ type: TypeReference) -> Bool {
        guard !type.isList, let named = mapping.schema.type(of: type) else { return false }
        return named.kind == .scalar && named.origin == .document
    }

    // MARK: Definitions

    private func definition(of type: NamedType) -> DocumentValue {
        switch type.kind {
        case .scalar:
            return type.specifiedByURL.map { .object([("externalDocs", .object([("url", .string($0))]))]) } ?? .empty
        case .enum:
            return .object([("type", .string("string")), ("enum", .array(type.values.map { .string($0.name) }))])
        case .object: return object(type)
        case .interface, .union:
            return .object([("anyOf", .array(mapping.schema.possibleTypes(of: type).map { named($0.name) }))])
        case .inputObject: return input(type)
        }
    }

    /// All fields that are scalars are always there. Objects in objects are answered some levels deep, and left out below.
    private func object(_ type: NamedType) -> DocumentValue {
        var properties: [(String, DocumentValue)] = []
        var required: [DocumentValue] = []
        for answered in mapping.shapedFields(of: type, for: profile) {
            let field = answered.field
            properties.append((field.name, property(schema(field.type, cap: answered.cap), field)))
            let isProtected = (field.appliedDirectives + type.appliedDirectives).contains { $0.name == "auth" }
            if mapping.schema.type(of: field.type)?.isLeaf == true, !isProtected {
                required.append(.string(field.name))
            }
        }
        return Self.object(properties, required: required)
    }

    private func property(_ schema: DocumentValue, _ field: SchemaField) -> DocumentValue {
        let described = Self.described(schema, field.description)
        return field.deprecationReason == nil ? described : described.adding([("deprecated", .boolean(true))])
    }

    private func input(_ type: NamedType) -> DocumentValue {
        let properties = type.inputFields.map { field in
            let schema = Self.described(schema(field.type), field.description)
            return (field.name, field.defaultValue.map { schema.adding([("default", DocumentValue($0))]) } ?? schema)
        }
        let required = type.inputFields.filter(\.isRequired).map { DocumentValue.string($0.name) }
        return Self.object(properties, required: required).adding([("additionalProperties", .boolean(false))])
    }

    static func object(_ properties: [(String, DocumentValue)], required: [DocumentValue]) -> DocumentValue {
        let object = DocumentValue.object([("type", .string("object")), ("properties", .object(properties))])
        return required.isEmpty ? object : object.adding([("required", .array(required))])
    }
}
