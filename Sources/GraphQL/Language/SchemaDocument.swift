// The syntax tree of the schema definition language (GraphQL §3). A definition and the extension of the same kind
// share one node type with `isExtension` set, since an extension only leaves things out.

/// A parsed document of type system definitions and extensions only.
public struct SchemaDocument: Sendable {
    /// The text that it was parsed from; its name is the file's.
    public let source: Source
    /// All definitions and extensions, in order.
    public let definitions: [TypeSystemDefinition]
}

/// One definition or extension of the type system.
public enum TypeSystemDefinition: Sendable {
    /// `schema` or `extend schema` (§3.3).
    case schema(SchemaDefinition)
    /// A type or its extension (§3.5 to §3.10).
    case type(TypeDefinition)
    /// `directive @name on …` (§3.13).
    case directive(DirectiveDefinition)

    /// Byte offset of its first token.
    public var offset: UInt32 {
        switch self {
        case .schema(let definition): definition.offset
        case .type(let definition): definition.offset
        case .directive(let definition): definition.offset
        }
    }

    /// What validation calls it: the type's or directive's name, or `schema`.
    public var name: String {
        switch self {
        case .schema: "schema"
        case .type(let definition): definition.name.value
        case .directive(let definition): definition.name.value
        }
    }
}

/// `schema { query: … }` or its extension.
public struct SchemaDefinition: Sendable {
    /// Whether it stands behind `extend`.
    public let isExtension: Bool
    /// The description, if any.
    public let description: Description?
    /// The directives, in order.
    public let directives: [Directive]
    /// The root operation types, in order.
    public let operationTypes: [OperationTypeDefinition]
    /// Byte offset of its first token.
    public let offset: UInt32
}

/// `query: Type` in a schema definition.
public struct OperationTypeDefinition: Sendable {
    /// Which operations start there.
    public let kind: OperationKind
    /// The object type's name.
    public let type: Name
    /// Byte offset of the operation kind.
    public let offset: UInt32
}

/// The six kinds of named types, as introspection writes them.
public enum TypeKind: String, Sendable, CaseIterable {
    /// A leaf with a textual or numeric form (§3.5).
    case scalar = "SCALAR"
    /// Fields, and the interfaces that it implements (§3.6).
    case object = "OBJECT"
    /// Fields that several types share (§3.7).
    case interface = "INTERFACE"
    /// One of several object types (§3.8).
    case union = "UNION"
    /// A leaf of named values (§3.9).
    case `enum` = "ENUM"
    /// Fields of an argument's value (§3.10).
    case inputObject = "INPUT_OBJECT"
}

/// A type definition or type extension of any kind; the members of other kinds are empty.
public struct TypeDefinition: Sendable {
    /// Which kind of type.
    public let kind: TypeKind
    /// Whether it stands behind `extend`.
    public let isExtension: Bool
    /// The description, if any.
    public let description: Description?
    /// The name.
    public let name: Name
    /// The directives, in order.
    public let directives: [Directive]
    /// The interfaces that an object or interface implements.
    public var interfaces: [Name] = []
    /// The fields of an object or interface.
    public var fields: [FieldDefinition] = []
    /// The members of a union.
    public var memberTypes: [Name] = []
    /// The values of an enum.
    public var values: [EnumValueDefinition] = []
    /// The fields of an input object.
    public var inputFields: [InputValueDefinition] = []
    /// Byte offset of its first token.
    public let offset: UInt32
}

/// A field of an object or interface.
public struct FieldDefinition: Sendable {
    /// The description, if any.
    public let description: Description?
    /// The name.
    public let name: Name
    /// The arguments, in order.
    public let arguments: [InputValueDefinition]
    /// The type.
    public let type: TypeSyntax
    /// The directives, in order.
    public let directives: [Directive]
}

/// An argument, or a field of an input object.
public struct InputValueDefinition: Sendable {
    /// The description, if any.
    public let description: Description?
    /// The name.
    public let name: Name
    /// The type.
    public let type: TypeSyntax
    /// The default value, a constant.
    public let defaultValue: Value?
    /// The directives, in order.
    public let directives: [Directive]
}

/// A value of an enum.
public struct EnumValueDefinition: Sendable {
    /// The description, if any.
    public let description: Description?
    /// The name.
    public let name: Name
    /// The directives, in order.
    public let directives: [Directive]
}

/// `directive @name(…) repeatable on …`.
public struct DirectiveDefinition: Sendable {
    /// The description, if any.
    public let description: Description?
    /// The name without `@`.
    public let name: Name
    /// The arguments, in order.
    public let arguments: [InputValueDefinition]
    /// Whether it may stand more than once at one place.
    public let isRepeatable: Bool
    /// Where it may stand, in the order written.
    public let locations: [DirectiveLocation]
    /// Byte offset of its first token.
    public let offset: UInt32
}

/// Where a directive may stand (§3.13, DirectiveLocation), as introspection writes it.
public enum DirectiveLocation: String, Sendable, CaseIterable {
    /// On a query operation.
    case query = "QUERY"
    /// On a mutation operation.
    case mutation = "MUTATION"
    /// On a subscription operation.
    case subscription = "SUBSCRIPTION"
    /// On a field of a selection set.
    case field = "FIELD"
    /// On a fragment definition.
    case fragmentDefinition = "FRAGMENT_DEFINITION"
    /// On a fragment spread.
    case fragmentSpread = "FRAGMENT_SPREAD"
    /// On an inline fragment.
    case inlineFragment = "INLINE_FRAGMENT"
    /// On a variable definition.
    case variableDefinition = "VARIABLE_DEFINITION"
    /// On a schema definition.
    case schema = "SCHEMA"
    /// On a scalar type.
    case scalar = "SCALAR"
    /// On an object type.
    case object = "OBJECT"
    /// On a field of an object or interface type.
    case fieldDefinition = "FIELD_DEFINITION"
    /// On an argument's definition.
    case argumentDefinition = "ARGUMENT_DEFINITION"
    /// On an interface type.
    case interface = "INTERFACE"
    /// On a union type.
    case union = "UNION"
    /// On an enum type.
    case `enum` = "ENUM"
    /// On an enum's value.
    case enumValue = "ENUM_VALUE"
    /// On an input object type.
    case inputObject = "INPUT_OBJECT"
    /// On an input object's field.
    case inputFieldDefinition = "INPUT_FIELD_DEFINITION"
}
