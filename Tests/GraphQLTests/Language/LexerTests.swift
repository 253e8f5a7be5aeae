import Testing

@testable import GraphQL

@Suite("GraphQL §2.1.5 Lexical Tokens")
struct LexerTests {
    private func tokens(_ bytes: [UInt8], limit: Int? = nil) throws -> [Token] {
        var lexer = Lexer(bytes: bytes, tokenLimit: limit)
        var tokens: [Token] = []
        while true {
            let token = try lexer.next()
            if token.kind == .endOfFile { return tokens }
            tokens.append(token)
        }
    }

    private func kinds(_ text: String) throws -> [Token.Kind] { try tokens(Array(text.utf8)).map(\.kind) }

    @Test func `every punctuator is a token`() throws {
        #expect(
            try kinds("! $ & ( ) ... : = @ [ ] { | }") == [
                .bang, .dollar, .ampersand, .leftParenthesis, .rightParenthesis, .ellipsis, .colon, .equals, .at,
                .leftBracket, .rightBracket, .leftBrace, .pipe, .rightBrace,
            ])
    }

    @Test func `white space, commas, comments and byte order marks mean nothing anywhere`() throws {
        #expect(try kinds("\u{FEFF} ,,\t a # { é 😀 \r b\u{FEFF}\r\n#") == [.name, .name])
    }

    @Test(arguments: ["0", "-0", "9", "-12", "4294967296000"])
    func `an integer (§2.10.1)`(text: String) throws {
        #expect(try kinds(text) == [.int])
    }

    @Test(arguments: ["0.0", "-4.123", "1e5", "0e0", "1E+50", "-1.5e-10"])
    func `a float (§2.10.2)`(text: String) throws {
        #expect(try kinds(text) == [.float])
    }

    @Test(arguments: [
        (#""simple""#, "simple"), (#""""#, ""), (#"" white space ""#, " white space "),
        (#""quote \" \\ \/ \b\f\n\r\t""#, "quote \" \\ / \u{8}\u{C}\n\r\t"), (#""\u0041\u00e9""#, "Aé"),
        (#""\u{1F600} \u{0000000041}""#, "😀 A"), (#""\uD83D\uDE00""#, "😀"), ("\"é😀\u{0}\u{7F}\"", "é😀\u{0}\u{7F}"),
        (#""""block""""#, "block"), (#""""a "quote" and \""" triple""""#, "a \"quote\" and \"\"\" triple"),
        (#""""\n stays""""#, "\\n stays"),
    ])
    func `the value of a string (§2.10.4)`(text: String, value: String) throws {
        #expect(try tokens(Array(text.utf8)).map(\.string) == [value])
    }

    @Test(arguments: [
        ("?", "1:1 Syntax Error: Unexpected character: \"?\"."),
        ("é", "1:1 Syntax Error: Unexpected character: U+00E9."),
        ("\u{0}", "1:1 Syntax Error: Unexpected character: U+0000."),
        ("'a'", "1:1 Syntax Error: Unexpected single quote character ('), did you mean to use a double quote (\")?"),
        ("..", "1:1 Syntax Error: Unexpected character: \".\"."),
        ("00", "1:2 Syntax Error: Invalid number, unexpected digit after 0: \"0\"."),
        ("1.", "1:3 Syntax Error: Invalid number, expected digit but got: <EOF>."),
        ("1.e1", "1:3 Syntax Error: Invalid number, expected digit but got: \"e\"."),
        ("1e", "1:3 Syntax Error: Invalid number, expected digit but got: <EOF>."),
        ("-", "1:2 Syntax Error: Invalid number, expected digit but got: <EOF>."),
        ("0x1", "1:2 Syntax Error: Invalid number, expected digit but got: \"x\"."),
        ("1.2.3", "1:4 Syntax Error: Invalid number, expected digit but got: \".\"."),
        ("1_", "1:2 Syntax Error: Invalid number, expected digit but got: \"_\"."),
        ("\"a", "1:3 Syntax Error: Unterminated string."),
        ("\"a\nb\"", "1:3 Syntax Error: Unterminated string."),
        ("\"\\", "1:3 Syntax Error: Unterminated string."),
        ("\"\"\"a\"\"", "1:7 Syntax Error: Unterminated string."),
        (#""\x""#, #"1:2 Syntax Error: Invalid character escape sequence: "\x"."#),
        (#""\u12G4""#, #"1:2 Syntax Error: Invalid Unicode escape sequence: "\u12"."#),
        (#""\u{}""#, #"1:2 Syntax Error: Invalid Unicode escape sequence: "\u{"."#),
        (#""\u{110000}""#, #"1:2 Syntax Error: Invalid Unicode escape sequence: "\u{110000"."#),
        (#""\u{FFFFFFFFFFFFFFFFFFFF}""#, #"1:2 Syntax Error: Invalid Unicode escape sequence: "\u{FFFFFF"."#),
        (#""\u{D800}""#, #"1:2 Syntax Error: Invalid Unicode escape sequence: "\u{D800"."#),
        (#""\uDEAD""#, #"1:2 Syntax Error: Invalid Unicode escape sequence: "\uDEAD"."#),
        (#""\uD83D""#, #"1:2 Syntax Error: Invalid Unicode escape sequence: "\uD83D"."#),
        (#""\uD83D\u0041""#, #"1:2 Syntax Error: Invalid Unicode escape sequence: "\uD83D\u0041"."#),
    ])
    func `what is no token is refused with its place`(text: String, message: String) {
        #expect(syntaxError(text) { _ = try tokens($0.bytes) } == message)
    }

    @Test(
        arguments: [
            [0x80], [0xC0, 0x80], [0xC3], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80],
            [0xF5, 0x80, 0x80, 0x80], [0xE2, 0x82], [0xFF],
        ] as [[UInt8]])
    func `bytes that are not UTF-8 are refused in strings and comments`(bytes: [UInt8]) {
        for before in ["#", "\"", "\"\"\""] {
            let message = syntaxError(bytes: Array(before.utf8) + bytes) { _ = try tokens($0.bytes) }
            #expect(message?.hasSuffix("Invalid UTF-8.") == true)
        }
    }

    @Test func `the token after the last one allowed is refused, comments and commas don't count`() throws {
        let text = Array("{ a, # comment\n b }".utf8)
        #expect(try tokens(text, limit: 4).count == 4)
        do {
            _ = try tokens(text, limit: 3)
            Issue.record("no error")
        } catch let error as GraphQLSyntaxError {
            #expect(error.kind == .tokenLimitExceeded(3))
            #expect(error.offset == 18)
        }
    }

    @Test func `no short input traps, and tokens never overlap`() {
        let alphabet: [UInt8] = Array("\"\\u{}dD8.-0e#\n ".utf8) + [0xEF, 0xBB, 0xC3]
        forEveryWord(of: alphabet, upTo: 4) { bytes in
            guard let tokens = try? tokens(bytes) else { return }
            var end = 0
            for token in tokens {
                if token.start < end || token.end <= token.start || token.end > bytes.count {
                    Issue.record("tokens of \(bytes)")
                }
                end = token.end
            }
        }
    }
}
