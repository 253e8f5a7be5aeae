/// Why a document does not parse, and where.
public struct GraphQLSyntaxError: Error, Sendable, Hashable {
    /// What kind of refusal this is; limits are told apart, since they are answered with another code.
    public enum Kind: Sendable, Hashable {
        /// The text is not in the grammar.
        case syntax
        /// The document has more lexical tokens than this.
        case tokenLimitExceeded(Int)
        /// Selection sets, values or types are nested deeper than this.
        case nestedTooDeeply(Int)
    }

    /// Grammar or limit.
    public let kind: Kind
    /// A sentence for the client.
    public let message: String
    /// Byte offset of the token or character that is to blame.
    public let offset: UInt32

    static func syntax(_ reason: String, at offset: Int) -> GraphQLSyntaxError {
        GraphQLSyntaxError(
            kind: .syntax, message: "Syntax Error: \(reason)", offset: UInt32(clamping: offset))
    }

    static func tokenLimit(_ limit: Int, at offset: Int) -> GraphQLSyntaxError {
        GraphQLSyntaxError(
            kind: .tokenLimitExceeded(limit),
            message: "Document contains more than \(limit) tokens. Parsing aborted.",
            offset: UInt32(clamping: offset))
    }

    static func tooDeep(_ limit: Int, at offset: UInt32) -> GraphQLSyntaxError {
        GraphQLSyntaxError(
            kind: .nestedTooDeeply(limit), message: "Document is nested deeper than \(limit) levels. Parsing aborted.",
            offset: offset)
    }
}
