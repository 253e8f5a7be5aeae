/// A value as it is written in a document (GraphQL §2.10). Constants, as in SDL and in default values, hold no
/// variables: the parser sees to it.
public struct Value: Sendable {
    /// The forms of a value.
    public enum Kind: Sendable {
        /// `$name`, without the dollar sign.
        case variable(String)
        /// An integer's digits as written, of any length.
        case int(String)
        /// A number with a fraction or exponent, as written.
        case float(String)
        /// A string's value, escapes decoded, and whether it was a block string.
        case string(String, isBlock: Bool)
        /// `true` or `false`.
        case boolean(Bool)
        /// `null`.
        case null
        /// An enum value's name.
        case `enum`(String)
        /// A list's items.
        case list([Value])
        /// An input object's fields in order, possibly with doubles (§5.6.3 forbids them).
        case object([ObjectField])
    }

    /// The form and content.
    public let kind: Kind
    /// Byte offset of its first token.
    public let offset: UInt32

    /// Whether it is the literal `null`.
    public var isNull: Bool { if case .null = kind { true } else { false } }
    /// The name of the variable that it is.
    public var variableName: String? { if case .variable(let name) = kind { name } else { nil } }
    /// The value of the string literal that it is.
    public var stringValue: String? { if case .string(let text, _) = kind { text } else { nil } }
    /// The value of the boolean literal that it is.
    public var booleanValue: Bool? { if case .boolean(let value) = kind { value } else { nil } }
    /// The items of the list literal that it is.
    public var listValue: [Value]? { if case .list(let items) = kind { items } else { nil } }
    /// The fields of the object literal that it is.
    public var objectFields: [ObjectField]? { if case .object(let fields) = kind { fields } else { nil } }
}

/// A field of an input object literal.
public struct ObjectField: Sendable {
    /// The field's name.
    public let name: Name
    /// Its value.
    public let value: Value
    /// Byte offset of the name.
    public var offset: UInt32 { name.offset }
}

extension Value: CustomStringConvertible {
    /// The value in GraphQL syntax, on one line but for block strings.
    public var description: String { Printer.print(self) }
}
