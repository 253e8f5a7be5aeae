/// A type as fields, arguments and variables name it (GraphQL §2.12): a named type within lists and Non-Nulls.
/// Nesting is bounded by the parser.
public indirect enum TypeReference: Sendable, Hashable {
    /// A named type.
    case named(String)
    /// `[item]`.
    case list(TypeReference)
    /// `type!`; the wrapped type is never itself `nonNull`.
    case nonNull(TypeReference)

    /// The name inside all lists and Non-Nulls.
    public var namedType: String {
        switch self {
        case .named(let name): name
        case .list(let item): item.namedType
        case .nonNull(let wrapped): wrapped.namedType
        }
    }

    /// Whether null is excluded.
    public var isNonNull: Bool { if case .nonNull = self { true } else { false } }

    /// The type without an outer `!`.
    public var nullable: TypeReference { if case .nonNull(let wrapped) = self { wrapped } else { self } }

    /// The item type of a list, also of a Non-Null one; nil for anything else.
    public var itemType: TypeReference? { if case .list(let item) = nullable { item } else { nil } }

    /// Whether it is a list, Non-Null or not.
    public var isList: Bool { itemType != nil }
}

extension TypeReference: CustomStringConvertible {
    /// The type in GraphQL syntax.
    public var description: String {
        switch self {
        case .named(let name): name
        case .list(let item): "[\(item)]"
        case .nonNull(let wrapped): "\(wrapped)!"
        }
    }
}

/// A type reference and where it was written.
public struct TypeSyntax: Sendable {
    /// The type.
    public let reference: TypeReference
    /// Byte offset of its first token.
    public let offset: UInt32
    /// Byte offset of the name inside all lists and Non-Nulls.
    public let nameOffset: UInt32
}
