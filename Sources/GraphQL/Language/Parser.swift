// The parser (GraphQL §2 and §3): recursive descent with one token of lookahead. Entry points are static functions:
//     Parser.parseDocument(source, tokenLimit:)   any document, as requests send it
//     Parser.parseSchemaDocument(source)          SDL only
//     Parser.parseValue / parseConstantValue / parseType
// Time is linear in the text, stack is bounded by `maximumDepth`, and a token limit stops at the first token too many.

/// Makes syntax trees of documents.
public struct Parser {
    /// How deep selection sets, values and types may nest unless told otherwise.
    public static let defaultMaximumDepth = 200

    var token: Token
    private var lexer: Lexer
    private let maximumDepth: Int
    private var depth = 0

    private init(_ source: Source, tokenLimit: Int?, maximumDepth: Int) throws(GraphQLSyntaxError) {
        lexer = Lexer(bytes: source.bytes, tokenLimit: tokenLimit)
        self.maximumDepth = maximumDepth
        token = try lexer.next()
    }

    /// Parses a whole document of any definitions.
    ///
    /// - Parameters:
    ///   - tokenLimit: how many lexical tokens it may have; nil for any number.
    ///   - maximumDepth: how deep selection sets, values and types may nest.
    public static func parseDocument(
        _ source: Source, tokenLimit: Int? = nil, maximumDepth: Int = defaultMaximumDepth
    ) throws(GraphQLSyntaxError) -> Document {
        var parser = try Parser(source, tokenLimit: tokenLimit, maximumDepth: maximumDepth)
        var definitions: [Definition] = []
        repeat {
            definitions.append(try parser.definition())
        } while parser.token.kind != .endOfFile
        return Document(source: source, definitions: definitions, tokenCount: parser.lexer.tokenCount)
    }

    /// Parses a document that may hold only type system definitions and extensions; an empty one, or one of comments
    /// only, is accepted.
    public static func parseSchemaDocument(
        _ source: Source, tokenLimit: Int? = nil, maximumDepth: Int = defaultMaximumDepth
    ) throws(GraphQLSyntaxError) -> SchemaDocument {
        var parser = try Parser(source, tokenLimit: tokenLimit, maximumDepth: maximumDepth)
        var definitions: [TypeSystemDefinition] = []
        while parser.token.kind != .endOfFile {
            let start = parser.token
            guard case .typeSystem(let definition) = try parser.definition() else {
                throw GraphQLSyntaxError.syntax(
                    "Unexpected \(parser.describe(start)): a schema holds no operations or fragments.", at: start.start)
            }
            definitions.append(definition)
        }
        return SchemaDocument(source: source, definitions: definitions)
    }

    /// Parses a single value, which may hold variables (§2.10).
    public static func parseValue(
        _ source: Source, maximumDepth: Int = defaultMaximumDepth
    ) throws(GraphQLSyntaxError) -> Value {
        var parser = try Parser(source, tokenLimit: nil, maximumDepth: maximumDepth)
        let value = try parser.value(isConstant: false)
        try parser.expect(.endOfFile)
        return value
    }

    /// Parses a single value without variables (§2.10).
    public static func parseConstantValue(
        _ source: Source, maximumDepth: Int = defaultMaximumDepth
    ) throws(GraphQLSyntaxError) -> Value {
        var parser = try Parser(source, tokenLimit: nil, maximumDepth: maximumDepth)
        let value = try parser.value(isConstant: true)
        try parser.expect(.endOfFile)
        return value
    }

    /// Parses a single type reference (§2.12).
    public static func parseType(
        _ source: Source, maximumDepth: Int = defaultMaximumDepth
    ) throws(GraphQLSyntaxError) -> TypeReference {
        var parser = try Parser(source, tokenLimit: nil, maximumDepth: maximumDepth)
        let type = try parser.type()
        try parser.expect(.endOfFile)
        return type.reference
    }
}

// MARK: Tokens

extension Parser {
    mutating func advance() throws(GraphQLSyntaxError) { token = try lexer.next() }

    /// Passes over a token of that kind, or throws.
    mutating func expect(_ kind: Token.Kind) throws(GraphQLSyntaxError) {
        guard token.kind == kind else {
            throw GraphQLSyntaxError.syntax("Expected \(kind), found \(describe(token)).", at: token.start)
        }
        if kind != .endOfFile { try advance() }
    }

    /// Passes over a token of that kind if it is next.
    mutating func skip(_ kind: Token.Kind) throws(GraphQLSyntaxError) -> Bool {
        guard token.kind == kind else { return false }
        try advance()
        return true
    }

    /// Whether the next token is that name.
    func isKeyword(_ word: String) -> Bool {
        token.kind == .name && token.end - token.start == word.utf8.count
            && lexer.bytes[token.start..<token.end].elementsEqual(word.utf8)
    }

    mutating func skipKeyword(_ word: String) throws(GraphQLSyntaxError) -> Bool {
        guard isKeyword(word) else { return false }
        try advance()
        return true
    }

    mutating func expectKeyword(_ word: String) throws(GraphQLSyntaxError) {
        guard try skipKeyword(word) else {
            throw GraphQLSyntaxError.syntax("Expected \"\(word)\", found \(describe(token)).", at: token.start)
        }
    }

    mutating func name() throws(GraphQLSyntaxError) -> Name {
        let name = Name(value: text(of: token), offset: token.offset)
        try expect(.name)
        return name
    }

    func text(of token: Token) -> String { String(decoding: lexer.bytes[token.start..<token.end], as: UTF8.self) }

    func unexpected() -> GraphQLSyntaxError { .syntax("Unexpected \(describe(token)).", at: token.start) }

    /// A token as messages write it: its kind, and its text where the kind does not say it.
    func describe(_ token: Token) -> String {
        switch token.kind {
        case .name, .int, .float: "\(token.kind) \"\(text(of: token))\""
        case .string, .blockString: "\(token.kind) \"\(String(token.string.unicodeScalars.prefix(64)))\""
        default: "\(token.kind)"
        }
    }

    /// Runs `body` one level deeper, or throws where that is too deep.
    mutating func nested<Result>(
        _ body: (inout Parser) throws(GraphQLSyntaxError) -> Result
    ) throws(GraphQLSyntaxError) -> Result {
        guard depth < maximumDepth else { throw GraphQLSyntaxError.tooDeep(maximumDepth, at: token.offset) }
        depth += 1
        let result = try body(&self)
        depth -= 1
        return result
    }

    /// `open item+ close`.
    mutating func list<Item>(
        _ open: Token.Kind, _ close: Token.Kind, _ item: (inout Parser) throws(GraphQLSyntaxError) -> Item
    ) throws(GraphQLSyntaxError) -> [Item] {
        try expect(open)
        var items: [Item] = []
        repeat { items.append(try item(&self)) } while try !skip(close)
        return items
    }

    /// `open item+ close`, or nothing.
    mutating func optionalList<Item>(
        _ open: Token.Kind, _ close: Token.Kind, _ item: (inout Parser) throws(GraphQLSyntaxError) -> Item
    ) throws(GraphQLSyntaxError) -> [Item] {
        token.kind == open ? try list(open, close, item) : []
    }
}
