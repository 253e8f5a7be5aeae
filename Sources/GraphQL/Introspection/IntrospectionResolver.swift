/// An object of introspection (GraphQL §4.2).
enum IntrospectionObject {
    case schema
    case type(TypeReference)
    case field(SchemaField)
    case inputValue(SchemaInputValue)
    case enumValue(SchemaEnumValue)
    case directive(SchemaDirective)
}

/// The value of a field of introspection.
enum IntrospectionValue {
    case null
    case text(String)
    case flag(Bool)
    case texts([String])
    case object(IntrospectionObject)
    case objects([IntrospectionObject])

    static func optional(_ text: String?) -> IntrospectionValue { text.map(IntrospectionValue.text) ?? .null }
}

/// Reads the fields of introspection objects from the schema.
struct IntrospectionResolver {
    let schema: Schema

    func value(of field: IntrospectionField, on object: IntrospectionObject) -> IntrospectionValue {
        switch object {
        case .schema: schemaValue(field)
        case .type(let reference): typeValue(field, reference)
        case .field(let definition): fieldValue(field, definition)
        case .inputValue(let definition): inputValue(field, definition)
        case .enumValue(let definition): enumValue(field, definition)
        case .directive(let definition): directiveValue(field, definition)
        }
    }

    /// §4.2.1, `__Schema`.
    private func schemaValue(_ field: IntrospectionField) -> IntrospectionValue {
        switch field.name {
        case "description": .optional(schema.description)
        case "types": .objects(schema.types.filter { $0.origin != .hidden }.map { .type(.named($0.name)) })
        case "queryType": .object(.type(.named(schema.queryType.name)))
        case "mutationType": schema.mutationType.map { .object(.type(.named($0.name))) } ?? .null
        case "subscriptionType": schema.subscriptionType.map { .object(.type(.named($0.name))) } ?? .null
        case "directives": .objects(schema.directives.filter { $0.origin != .hidden }.map { .directive($0) })
        default: typeName("__Schema", field)
        }
    }

    /// §4.2.2, `__Type`: also Non-Nulls and lists are types.
    private func typeValue(_ field: IntrospectionField, _ reference: TypeReference) -> IntrospectionValue {
        if field.name == "__typename" { return .text("__Type") }
        switch reference {
        case .nonNull(let wrapped): return wrapperValue(field, "NON_NULL", wrapped)
        case .list(let item): return wrapperValue(field, "LIST", item)
        case .named(let name): return schema.type(named: name).map { namedTypeValue(field, $0) } ?? .null
        }
    }

    private func wrapperValue(
        _ field: IntrospectionField, _ kind: String, _ wrapped: TypeReference
    ) -> IntrospectionValue {
        switch field.name {
        case "kind": .text(kind)
        case "ofType": .object(.type(wrapped))
        default: .null
        }
    }

    private func namedTypeValue(_ field: IntrospectionField, _ type: NamedType) -> IntrospectionValue {
        let hasFields = type.kind == .object || type.kind == .interface
        return switch field.name {
        case "kind": .text(type.kind.rawValue)
        case "name": .text(type.name)
        case "description": .optional(type.description)
        case "specifiedByURL": .optional(type.specifiedByURL)
        case "isOneOf": type.kind == .inputObject ? .flag(type.isOneOf) : .null
        case "fields" where hasFields: .objects(type.fields.filter(shown(field)).map { .field($0) })
        case "interfaces" where hasFields: .objects(type.interfaces.map { .type(.named($0)) })
        case "possibleTypes" where type.isAbstract:
            .objects(schema.possibleTypes(of: type).map { .type(.named($0.name)) })
        case "enumValues" where type.kind == .enum: .objects(type.values.filter(shown(field)).map { .enumValue($0) })
        case "inputFields" where type.kind == .inputObject:
            .objects(type.inputFields.filter(shown(field)).map { .inputValue($0) })
        default: .null
        }
    }

    /// §4.2.3, `__Field`.
    private func fieldValue(_ field: IntrospectionField, _ definition: SchemaField) -> IntrospectionValue {
        switch field.name {
        case "name": .text(definition.name)
        case "description": .optional(definition.description)
        case "args": .objects(definition.arguments.filter(shown(field)).map { .inputValue($0) })
        case "type": .object(.type(definition.type))
        default: deprecation(field, definition, of: "__Field")
        }
    }

    /// §4.2.4, `__InputValue`.
    private func inputValue(_ field: IntrospectionField, _ definition: SchemaInputValue) -> IntrospectionValue {
        switch field.name {
        case "name": .text(definition.name)
        case "description": .optional(definition.description)
        case "type": .object(.type(definition.type))
        case "defaultValue": .optional(definition.defaultValue?.description)
        default: deprecation(field, definition, of: "__InputValue")
        }
    }

    /// §4.2.5, `__EnumValue`.
    private func enumValue(_ field: IntrospectionField, _ definition: SchemaEnumValue) -> IntrospectionValue {
        switch field.name {
        case "name": .text(definition.name)
        case "description": .optional(definition.description)
        default: deprecation(field, definition, of: "__EnumValue")
        }
    }

    /// §4.2.6, `__Directive`.
    private func directiveValue(_ field: IntrospectionField, _ definition: SchemaDirective) -> IntrospectionValue {
        switch field.name {
        case "name": .text(definition.name)
        case "description": .optional(definition.description)
        case "isRepeatable": .flag(definition.isRepeatable)
        case "locations": .texts(definition.locations.map(\.rawValue))
        case "args": .objects(definition.arguments.filter(shown(field)).map { .inputValue($0) })
        default: typeName("__Directive", field)
        }
    }

    private func deprecation(
        _ field: IntrospectionField, _ definition: some Deprecable, of type: String
    ) -> IntrospectionValue {
        switch field.name {
        case "isDeprecated": .flag(definition.deprecationReason != nil)
        case "deprecationReason": .optional(definition.deprecationReason)
        default: typeName(type, field)
        }
    }

    private func typeName(_ name: String, _ field: IntrospectionField) -> IntrospectionValue {
        field.name == "__typename" ? .text(name) : .null
    }

    /// Deprecated members are shown where they are asked for.
    private func shown<Member: Deprecable>(_ field: IntrospectionField) -> (Member) -> Bool {
        { field.includesDeprecated || $0.deprecationReason == nil }
    }
}

/// What `@deprecated` may stand on.
private protocol Deprecable {
    var deprecationReason: String? { get }
}

extension SchemaField: Deprecable {}
extension SchemaInputValue: Deprecable {}
extension SchemaEnumValue: Deprecable {}
