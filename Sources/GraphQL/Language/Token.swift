/// A lexical token (GraphQL §2.1.5, Lexical Tokens): its kind and where its bytes are.
struct Token {
    enum Kind {
        case endOfFile, bang, dollar, ampersand, leftParenthesis, rightParenthesis, ellipsis, colon, equals, at
        case leftBracket, rightBracket, leftBrace, pipe, rightBrace
        case name, int, float, string, blockString
    }

    var kind: Kind
    var start: Int
    var end: Int
    /// The value of a string or block string; empty for every other kind.
    var string = ""

    var offset: UInt32 { UInt32(clamping: start) }
}

extension Token.Kind: CustomStringConvertible {
    /// The kind as error messages name it.
    var description: String {
        switch self {
        case .endOfFile: "<EOF>"
        case .bang: "\"!\""
        case .dollar: "\"$\""
        case .ampersand: "\"&\""
        case .leftParenthesis: "\"(\""
        case .rightParenthesis: "\")\""
        case .ellipsis: "\"...\""
        case .colon: "\":\""
        case .equals: "\"=\""
        case .at: "\"@\""
        case .leftBracket: "\"[\""
        case .rightBracket: "\"]\""
        case .leftBrace: "\"{\""
        case .pipe: "\"|\""
        case .rightBrace: "\"}\""
        case .name: "Name"
        case .int: "Int"
        case .float: "Float"
        case .string: "String"
        case .blockString: "BlockString"
        }
    }
}
