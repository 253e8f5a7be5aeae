/// Why a text is not the JSON that was asked for, and where (RFC 8259).
public struct JSONError: Error, Sendable, Hashable {
    /// The kinds of refusal.
    public enum Kind: UInt8, Sendable, Hashable {
        /// The text ends inside a value, or holds none.
        case unexpectedEnd
        /// A byte stands where the grammar has no place for it.
        case unexpectedByte
        /// A number is not in the grammar: a leading zero, no digits after the point or in the exponent.
        case invalidNumber
        /// A control character stands unescaped in a string.
        case controlCharacter
        /// A backslash is followed by none of the escapes of RFC 8259 §7.
        case invalidEscape
        /// A string holds bytes that are not well-formed UTF-8 (RFC 3629).
        case invalidUTF8
        /// Something other than white space follows the value.
        case trailingBytes
        /// Lists and objects are nested deeper than allowed.
        case nestedTooDeeply
        /// The text, or what is to be remembered of it, is larger than allowed.
        case tooLarge
        /// The value is well-formed but of another kind than was asked for.
        case unexpectedKind
    }

    /// What is wrong.
    public let kind: Kind
    /// Byte offset of the byte that is to blame, from the start of the text.
    public let offset: Int

    /// An error of this kind at this byte offset.
    public init(_ kind: Kind, at offset: Int) {
        self.kind = kind
        self.offset = offset
    }
}

extension JSONError: CustomStringConvertible {
    /// A sentence without any of the text's content: fit for logs and for clients.
    public var description: String {
        let reason =
            switch kind {
            case .unexpectedEnd: "the text ends too early"
            case .unexpectedByte: "unexpected byte"
            case .invalidNumber: "malformed number"
            case .controlCharacter: "unescaped control character in a string"
            case .invalidEscape: "unknown escape in a string"
            case .invalidUTF8: "ill-formed UTF-8 in a string"
            case .trailingBytes: "something follows the value"
            case .nestedTooDeeply: "nested too deeply"
            case .tooLarge: "too large"
            case .unexpectedKind: "a value of another kind"
            }
        return "\(reason) at byte \(offset)"
    }
}
