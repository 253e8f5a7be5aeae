import Testing

@testable import GraphQL

/// The text of each token.
private func tokens(_ text: String) throws -> [String] {
    var lexer = Lexer(bytes: Array(text.utf8))
    var texts: [String] = []
    while true {
        let token = try lexer.next()
        if token.kind == .endOfFile { return texts }
        texts.append(String(decoding: lexer.bytes[token.start..<token.end], as: UTF8.self))
    }
}

private func isRefused(_ text: String) -> Bool { (try? tokens(text)) == nil }

@Suite("GraphQL §2.1 Source Text")
struct SourceTextTests {
    @Test(arguments: ["\u{0}", "\u{1}", "\u{7F}", "é", "\u{D7FF}", "\u{E000}", "\u{FFFF}", "\u{10000}", "\u{10FFFF}"])
    func `any Unicode scalar value may stand in a string or a comment, and nowhere else`(character: String) throws {
        #expect(try Parser.parseValue(Source("\"\(character)\"")).stringValue == character)
        #expect(try Parser.parseValue(Source("\"\"\"\(character)\"\"\"")).stringValue == character)
        #expect(try tokens("a #\(character)\nb") == ["a", "b"])
        #expect(isRefused("a \(character) b"))
    }
}

@Suite("GraphQL §2.1.1 White Space")
struct WhiteSpaceTests {
    @Test func `tabs and spaces part tokens, any number of them`() throws {
        #expect(try tokens("\t  a\t \tb  ") == ["a", "b"])
    }

    @Test(arguments: ["\u{B}", "\u{C}", "\u{A0}", "\u{2003}", "\u{3000}", "\u{85}"])
    func `other characters that look blank are refused`(character: String) {
        #expect(isRefused("a\(character)b"))
    }
}

@Suite("GraphQL §2.1.2 Line Terminators")
struct LineTerminatorTests {
    @Test(arguments: [("\n", 2), ("\r", 2), ("\r\n", 2), ("\n\r", 3), ("\r\r\n", 3)])
    func `LF, CR and CRLF end a line`(terminator: String, line: Int) throws {
        let text = "{ a\(terminator)?"
        #expect(try tokens("a\(terminator)b") == ["a", "b"])
        #expect(syntaxError(text)?.hasPrefix("\(line):1 ") == true)
    }

    @Test(arguments: ["\u{2028}", "\u{2029}"])
    func `separators of Unicode don't`(character: String) { #expect(isRefused("a\(character)b")) }
}

@Suite("GraphQL §2.1.3 Comments")
struct CommentTests {
    @Test(arguments: ["a # b c\nd", "a #\rd", "a # \" } \"\"\" \r\nd#", "a\n# b\n# c\nd # end"])
    func `a comment goes to the end of its line`(text: String) throws { #expect(try tokens(text) == ["a", "d"]) }

    @Test func `a number sign in a string begins none`() throws {
        #expect(try tokens("\"# a\" b") == ["\"# a\"", "b"])
    }
}

@Suite("GraphQL §2.1.4 Insignificant Commas")
struct CommaTests {
    @Test(arguments: [
        ("{ a b(c: 1 d: [1 2]) }", ",{ a,,b(c: 1,d: [,1,2,],), },"),
        ("query ($a: Int $b: Int) { a }", "query ($a: Int, $b: Int,) { a, }"),
    ])
    func `commas mean nothing`(without: String, with: String) throws {
        #expect(
            structure(of: try Parser.parseDocument(Source(without)).definitions)
                == structure(of: try Parser.parseDocument(Source(with)).definitions))
    }
}

@Suite("GraphQL §2.1.6 Ignored Tokens")
struct IgnoredTokenTests {
    @Test func `a byte order mark is ignored before and behind tokens`() throws {
        #expect(try tokens("\u{FEFF}{\u{FEFF}a\u{FEFF}}\u{FEFF}") == ["{", "a", "}"])
    }

    @Test(arguments: [
        ("na me", ["na", "me"]), ("na\u{FEFF}me", ["na", "me"]), ("1 2", ["1", "2"]), ("1,2", ["1", "2"]),
        ("\"a b\"", ["\"a b\""]),
    ])
    func `nothing is ignored within a token`(text: String, expected: [String]) throws {
        #expect(try tokens(text) == expected)
    }

    @Test(arguments: ["1 .5", "1. 5", ". . .", "- 1", "1e 5"])
    func `a token that is cut in two is none`(text: String) { #expect(isRefused(text)) }
}

@Suite("GraphQL §2.1.7 Punctuators")
struct PunctuatorTests {
    @Test(arguments: ["!", "$", "&", "(", ")", "...", ":", "=", "@", "[", "]", "{", "|", "}"])
    func `each is a token of its own`(punctuator: String) throws {
        #expect(try tokens("a\(punctuator)\(punctuator)b") == ["a", punctuator, punctuator, "b"])
    }

    @Test(arguments: ["%", "*", "+", ";", "<", ">", "?", "\\", "^", "`", "~", "/", ".", "..", "'"])
    func `no other character is one`(character: String) { #expect(isRefused("a \(character) b")) }
}

@Suite("GraphQL §2.1.8 Names")
struct NameTests {
    @Test(arguments: ["a", "_", "__x", "a1", "A_b_9", "aZ", "Zz09_"])
    func `a name is letters, digits and underscores`(name: String) throws { #expect(try tokens(name) == [name]) }

    @Test(arguments: ["1a", "é", "aé", "a-b", "a.b"])
    func `what begins with a digit or holds anything else is none`(text: String) { #expect(isRefused(text)) }

    @Test func `names are told apart by case and underscores`() throws {
        let schema = try schema("type Query { name: Int Name: Int NAME: Int na_me: Int }")
        #expect(schema.queryType.fields.names == ["name", "Name", "NAME", "na_me"])
    }

    @Test func `names of the API don't begin with two underscores`() throws {
        #expect(try schemaProblems("type Query { a(_b: Int): Int _c: Int }") == [])
        #expect(try schemaProblems("type Query { __a: Int }").count == 1)
    }
}
