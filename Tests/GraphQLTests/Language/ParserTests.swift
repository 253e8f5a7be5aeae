import GraphQL
import Testing

@Suite("GraphQL §2: documents")
struct ParserTests {
    @Test(arguments: [
        ("", "1:1 Syntax Error: Unexpected <EOF>."),
        ("{", "1:2 Syntax Error: Expected Name, found <EOF>."),
        ("{}", "1:2 Syntax Error: Expected Name, found \"}\"."),
        ("{ a", "1:4 Syntax Error: Expected Name, found <EOF>."),
        ("{ a: }", "1:6 Syntax Error: Expected Name, found \"}\"."),
        ("{ a() }", "1:5 Syntax Error: Expected Name, found \")\"."),
        ("{ a(b: ) }", "1:8 Syntax Error: Unexpected \")\"."),
        ("{ a(b: $) }", "1:9 Syntax Error: Expected Name, found \")\"."),
        ("{ ...on }", "1:9 Syntax Error: Expected Name, found \"}\"."),
        ("fragment on on T { a }", "1:10 Syntax Error: Unexpected Name \"on\"."),
        ("fragment f T { a }", "1:12 Syntax Error: Expected \"on\", found Name \"T\"."),
        ("notAnOperation Foo { a }", "1:1 Syntax Error: Unexpected Name \"notAnOperation\"."),
        ("query ($x: Int = $y) { a }", "1:18 Syntax Error: Unexpected variable \"$y\" in constant value."),
        ("query ($x: Int @d(a: [$y])) { a }", "1:23 Syntax Error: Unexpected variable \"$y\" in constant value."),
        ("query ($x: Int = ) { a }", "1:18 Syntax Error: Unexpected \")\"."),
        ("query () { a }", "1:8 Syntax Error: Expected \"$\", found \")\"."),
        ("query q", "1:8 Syntax Error: Expected \"{\", found <EOF>."),
        ("{ a } 5", "1:7 Syntax Error: Unexpected Int \"5\"."),
        ("{ a } \"text\"", "1:13 Syntax Error: Unexpected <EOF>."),
        (
            "\"text\" { a }",
            "1:1 Syntax Error: Unexpected description, descriptions are not supported for shorthand queries."
        ),
        ("{ a(b: [1 }", "1:11 Syntax Error: Unexpected \"}\"."),
        ("{ a(b: {c 1}) }", "1:11 Syntax Error: Expected \":\", found Int \"1\"."),
        ("query ($x: [Int) { a }", "1:16 Syntax Error: Expected \"]\", found \")\"."),
        ("query ($x: Int!!) { a }", "1:16 Syntax Error: Expected \"$\", found \"!\"."),
        ("enum E { true }", "1:10 Syntax Error: Name \"true\" is reserved and cannot be used for an enum value."),
        ("extend type T", "1:14 Syntax Error: Unexpected <EOF>."),
        ("extend schema", "1:14 Syntax Error: Unexpected <EOF>."),
        (
            "\"d\" extend type T { a: Int }",
            "1:1 Syntax Error: Unexpected description, descriptions are not supported on extensions."
        ),
        ("directive @d on NOWHERE", "1:17 Syntax Error: Unexpected Name \"NOWHERE\"."),
        ("type T { }", "1:10 Syntax Error: Expected Name, found \"}\"."),
        ("type T { a }", "1:12 Syntax Error: Expected \":\", found \"}\"."),
        ("union U = ", "1:11 Syntax Error: Expected Name, found <EOF>."),
        ("schema { query: Q, q: R }", "1:20 Syntax Error: Unexpected Name \"q\"."),
        ("input I { a: Int = $x }", "1:20 Syntax Error: Unexpected variable \"$x\" in constant value."),
    ])
    func `what is not in the grammar is refused with its place`(text: String, message: String) {
        #expect(syntaxError(text) == message)
    }

    @Test(arguments: ["on", "fragment", "query", "mutation", "subscription", "type", "true", "false", "null", "extend"])
    func `keywords are names wherever a name stands`(word: String) throws {
        let text = """
            query \(word)($\(word): Int @\(word)) { \(word): \(word)(\(word): {\(word): $\(word)}) { ...f } }
            fragment f on \(word) { a }
            type \(word) implements \(word) { \(word)(\(word): \(word)): \(word) }
            """
        let document = try Parser.parseDocument(Source(text))
        #expect(document.operations.first?.name?.value == word)
        #expect(document.fragments.first?.typeCondition.value == word)
    }

    @Test func `nodes know where they begin`() throws {
        let document = try Parser.parseDocument(Source("query q($v: [Int!]) { alias: field(a: 1) @d ... on T { x } }"))
        let operation = try #require(document.operations.first)
        #expect(operation.variables.map(\.offset) == [8])
        #expect(operation.variables.map(\.type.nameOffset) == [13])
        #expect(operation.selectionSet.selections.map(\.offset) == [22, 44])
        guard case .field(let field) = operation.selectionSet.selections[0] else { return }
        #expect(field.responseKey == "alias")
        #expect(field.name.offset == 29)
        #expect(field.arguments.map(\.value.offset) == [38])
        #expect(field.directives.map(\.offset) == [41])
        #expect(document.tokenCount == 29)
    }

    @Test(arguments: [
        ("{a", 10_000), ("{a(b:[", 10_000), ("{a(b:{c:", 10_000), ("query($v:[", 1),
        ("{a(b:" + String(repeating: "[", count: 10_000), 1),
        ("query($v:" + String(repeating: "[", count: 1_000_000), 1),
        (String(repeating: "{a", count: 500_000), 1), ("{...", 10_000), ("{...on T", 10_000),
    ])
    func `nesting without end is refused on a bounded stack`(piece: String, count: Int) {
        let text = String(repeating: piece, count: count)
        do {
            _ = try Parser.parseDocument(Source(text))
            Issue.record("parsed")
        } catch {
            #expect(error.kind == .nestedTooDeeply(200) || error.kind == .syntax)
            if count > 1, !piece.contains("(") { #expect(error.kind == .nestedTooDeeply(200)) }
        }
    }

    @Test func `200 levels parse, 201 don't`() throws {
        let nested = { (levels: Int) in
            Source(String(repeating: "{a", count: levels) + String(repeating: "}", count: levels))
        }
        _ = try Parser.parseDocument(nested(200))
        #expect(throws: GraphQLSyntaxError.self) { try Parser.parseDocument(nested(201)) }
        let list = Source(String(repeating: "[", count: 201) + String(repeating: "]", count: 201))
        #expect(throws: GraphQLSyntaxError.self) { try Parser.parseValue(list) }
    }

    @Test func `a token limit stops a document of a megabyte at its start`() {
        let text = "{" + String(repeating: "a ", count: 500_000) + "}"
        do {
            _ = try Parser.parseDocument(Source(text), tokenLimit: 10_000)
            Issue.record("parsed")
        } catch {
            #expect(error.kind == .tokenLimitExceeded(10_000))
            #expect(error.offset == 19_999)
        }
    }

    @Test(arguments: ["{ a }", "fragment f on T { a }"])
    func `a schema document holds no operations`(text: String) {
        #expect(throws: GraphQLSyntaxError.self) { try Parser.parseSchemaDocument(Source(text)) }
    }

    @Test(arguments: ["", "# nothing\n"])
    func `a schema document may be empty`(text: String) throws {
        #expect(try Parser.parseSchemaDocument(Source(text)).definitions.isEmpty)
    }

    @Test(arguments: ["Int", "Int!", "[Int]", "[[Int!]]!", "[Int!]!"])
    func `a type prints as it was written (§2.12)`(text: String) throws {
        #expect(try Parser.parseType(Source(text)).description == text)
    }

    @Test(arguments: ["1 2", "Int]"])
    func `a single value or type is followed by nothing`(text: String) {
        #expect(throws: GraphQLSyntaxError.self) { try Parser.parseConstantValue(Source(text)) }
        #expect(throws: GraphQLSyntaxError.self) { try Parser.parseType(Source(text)) }
    }

    @Test func `no short sequence of tokens traps`() {
        let words = ["{", "}", "a", "(", ")", ":", "$", "...", "on", "[", "@", "type", "\"\"", "=", "extend", "query"]
        forEveryWord(of: words, upTo: 3) { word in
            _ = try? Parser.parseDocument(Source(word.joined(separator: " ")))
            _ = try? Parser.parseDocument(Source("{ a " + word.joined(separator: " ")))
        }
    }
}
