/// A value that a client gave, coerced to its input type (GraphQL §3.5 to §3.12 "Input Coercion"). Immutable.
public indirect enum InputValue: Sendable, Hashable {
    /// `null`.
    case null
    /// An `Int`.
    case int(Int)
    /// A `Float`.
    case float(Double)
    /// A `String` or an `ID`.
    case string(String)
    /// A `Boolean`.
    case boolean(Bool)
    /// An enum value's name.
    case `enum`(String)
    /// A number that a custom scalar took, as JSON text with its digits kept.
    case number(String)
    /// A list's items.
    case list([InputValue])
    /// An input object's fields, or what a custom scalar took, in order; fields without a value are not there.
    case object([InputMember])

    /// What an input object holds under a name.
    public subscript(name: String) -> InputValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }
}

/// A field of an input object's value.
public struct InputMember: Sendable, Hashable {
    /// The field's name.
    public let name: String
    /// Its value.
    public let value: InputValue

    /// A field from its name and value.
    public init(name: String, value: InputValue) {
        self.name = name
        self.value = value
    }
}

/// Coerced values of an operation's variables by name, without the dollar sign. One that was given no value and has no
/// default is not there (§6.1.2).
public typealias CoercedVariables = [String: InputValue]
