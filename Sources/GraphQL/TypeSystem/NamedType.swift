// What a schema holds (GraphQL §3). A named type of any kind is one class, as introspection's `__Type` is: members
// that its kind does not have are empty. All of it is immutable and shared between threads. References between types
// are by name (`TypeReference`); `Schema` resolves them.

/// Where a definition comes from.
public enum DefinitionOrigin: Sendable {
    /// From the specification: the five scalars, `@skip` and its like, the introspection types.
    case specification
    /// Given to `Schema.build` as built in: known, but not part of the API that introspection shows.
    case hidden
    /// From a schema document.
    case document
}

/// A type of the schema.
public final class NamedType: Named {
    /// The name.
    public let name: String
    /// Which kind of type.
    public let kind: TypeKind
    /// The description, if any.
    public let description: String?
    /// The directives on its definition and extensions, in order.
    public let appliedDirectives: [AppliedDirective]
    /// The interfaces that it says it implements, in order.
    public let interfaces: [String]
    /// The fields of an object or interface, without `__typename` and its like.
    public let fields: NamedTable<SchemaField>
    /// The object types of a union, in order.
    public let memberTypes: [String]
    /// The values of an enum.
    public let values: NamedTable<SchemaEnumValue>
    /// The fields of an input object.
    public let inputFields: NamedTable<SchemaInputValue>
    /// Where the definition comes from.
    public let origin: DefinitionOrigin
    /// Where its name stands.
    public let position: SourcePosition
    /// Where each of `interfaces` and of `memberTypes` was written.
    let interfacePositions: [SourcePosition]
    let memberPositions: [SourcePosition]

    init(
        name: String, kind: TypeKind, description: String? = nil, appliedDirectives: [AppliedDirective] = [],
        interfaces: [(name: String, position: SourcePosition)] = [], fields: [SchemaField] = [],
        memberTypes: [(name: String, position: SourcePosition)] = [], values: [SchemaEnumValue] = [],
        inputFields: [SchemaInputValue] = [], origin: DefinitionOrigin, position: SourcePosition
    ) {
        self.name = name
        self.kind = kind
        self.description = description
        self.appliedDirectives = appliedDirectives
        self.interfaces = interfaces.map(\.name)
        self.fields = NamedTable(fields)
        self.memberTypes = memberTypes.map(\.name)
        self.values = NamedTable(values)
        self.inputFields = NamedTable(inputFields)
        self.origin = origin
        self.position = position
        interfacePositions = interfaces.map(\.position)
        memberPositions = memberTypes.map(\.position)
    }

    /// Whether exactly one field of this input object must be given (§3.10.1).
    public var isOneOf: Bool { appliedDirectives.contains { $0.name == "oneOf" } }
    /// The URL of a custom scalar's specification (§3.13.4).
    public var specifiedByURL: String? {
        appliedDirectives.first { $0.name == "specifiedBy" }?.argument(named: "url")?.stringValue
    }
    /// Interface or union: which object it is shows only at run time.
    public var isAbstract: Bool { kind == .interface || kind == .union }
    /// Object, interface or union: needs a selection set.
    public var isComposite: Bool { kind == .object || isAbstract }
    /// Scalar or enum: takes no selection set.
    public var isLeaf: Bool { kind == .scalar || kind == .enum }
    /// Whether arguments and variables may have it (§3.4.2).
    public var isInputType: Bool { isLeaf || kind == .inputObject }
    /// Whether fields may have it (§3.4.2).
    public var isOutputType: Bool { kind != .inputObject }
    /// Whether it is one of the introspection types (§4.2).
    public var isIntrospection: Bool { name.utf8.starts(with: "__".utf8) }
}

/// A field of an object or interface type.
public final class SchemaField: Named {
    /// The name.
    public let name: String
    /// The name of the type that it belongs to.
    public let parentName: String
    /// The description, if any.
    public let description: String?
    /// The arguments.
    public let arguments: NamedTable<SchemaInputValue>
    /// The type.
    public let type: TypeReference
    /// The directives, in order.
    public let appliedDirectives: [AppliedDirective]
    /// Where its name stands.
    public let position: SourcePosition
    let typePosition: SourcePosition

    init(
        name: String, parentName: String, description: String?, arguments: [SchemaInputValue], type: TypeReference,
        appliedDirectives: [AppliedDirective], position: SourcePosition, typePosition: SourcePosition
    ) {
        self.name = name
        self.parentName = parentName
        self.description = description
        self.arguments = NamedTable(arguments)
        self.type = type
        self.appliedDirectives = appliedDirectives
        self.position = position
        self.typePosition = typePosition
    }

    /// The schema coordinate, `Type.field` (§2.14).
    public var coordinate: String { "\(parentName).\(name)" }
    /// Why it is deprecated; nil if it isn't.
    public var deprecationReason: String? { appliedDirectives.deprecationReason }
}

/// An argument of a field or directive, or a field of an input object.
public final class SchemaInputValue: Named {
    /// The name.
    public let name: String
    /// The schema coordinate: `Type.field(name:)`, `@directive(name:)` or `Input.name` (§2.14).
    public let coordinate: String
    /// The description, if any.
    public let description: String?
    /// The type.
    public let type: TypeReference
    /// The default value, a constant that is valid for the type.
    public let defaultValue: Value?
    /// The directives, in order.
    public let appliedDirectives: [AppliedDirective]
    /// Where its name stands.
    public let position: SourcePosition
    let typePosition: SourcePosition

    init(
        name: String, coordinate: String, description: String?, type: TypeReference, defaultValue: Value?,
        appliedDirectives: [AppliedDirective], position: SourcePosition, typePosition: SourcePosition
    ) {
        self.name = name
        self.coordinate = coordinate
        self.description = description
        self.type = type
        self.defaultValue = defaultValue
        self.appliedDirectives = appliedDirectives
        self.position = position
        self.typePosition = typePosition
    }

    /// Whether a value must be given: Non-Null without a default.
    public var isRequired: Bool { type.isNonNull && defaultValue == nil }
    /// Why it is deprecated; nil if it isn't.
    public var deprecationReason: String? { appliedDirectives.deprecationReason }
}

/// A value of an enum type.
public final class SchemaEnumValue: Named {
    /// The name.
    public let name: String
    /// The name of the enum.
    public let parentName: String
    /// The description, if any.
    public let description: String?
    /// The directives, in order.
    public let appliedDirectives: [AppliedDirective]
    /// Where its name stands.
    public let position: SourcePosition

    init(
        name: String, parentName: String, description: String?, appliedDirectives: [AppliedDirective],
        position: SourcePosition
    ) {
        self.name = name
        self.parentName = parentName
        self.description = description
        self.appliedDirectives = appliedDirectives
        self.position = position
    }

    /// The schema coordinate, `Enum.VALUE` (§2.14).
    public var coordinate: String { "\(parentName).\(name)" }
    /// Why it is deprecated; nil if it isn't.
    public var deprecationReason: String? { appliedDirectives.deprecationReason }
}

/// A directive that documents may use.
public final class SchemaDirective: Named {
    /// The name without `@`.
    public let name: String
    /// The description, if any.
    public let description: String?
    /// The arguments.
    public let arguments: NamedTable<SchemaInputValue>
    /// Whether it may stand more than once at one place.
    public let isRepeatable: Bool
    /// Where it may stand, in the order written.
    public let locations: [DirectiveLocation]
    /// Where the definition comes from.
    public let origin: DefinitionOrigin
    /// Where its name stands.
    public let position: SourcePosition

    init(
        name: String, description: String?, arguments: [SchemaInputValue], isRepeatable: Bool,
        locations: [DirectiveLocation], origin: DefinitionOrigin, position: SourcePosition
    ) {
        self.name = name
        self.description = description
        self.arguments = NamedTable(arguments)
        self.isRepeatable = isRepeatable
        self.locations = locations
        self.origin = origin
        self.position = position
    }
}

/// A directive's use on a part of the schema, with the file that it stands in.
public struct AppliedDirective: Sendable {
    /// The directive as written; its offsets are into `source`.
    public let directive: Directive
    /// The document that it stands in.
    public let source: Source

    /// The name without `@`.
    public var name: String { directive.name.value }
    /// Where its `@` stands.
    public var position: SourcePosition { SourcePosition(source: source, offset: directive.offset) }

    /// The value given for an argument; nil where none was, also if the argument has a default.
    public func argument(named name: String) -> Value? { directive.argument(named: name)?.value }

    /// Where something at `offset` of the directive's arguments stands.
    public func position(at offset: UInt32) -> SourcePosition { SourcePosition(source: source, offset: offset) }
}

extension [AppliedDirective] {
    /// The reason that `@deprecated` gives, or its default (§3.13.3).
    var deprecationReason: String? {
        guard let deprecated = first(where: { $0.name == "deprecated" }) else { return nil }
        return deprecated.argument(named: "reason")?.stringValue ?? "No longer supported"
    }
}
