import Testing

@testable import GraphQL

@Suite("GraphQL §2.10.4 String Value: block strings")
struct BlockStringTests {
    private func value(_ raw: String) throws -> String? {
        try Parser.parseValue(Source("\"\"\"\(raw)\"\"\"")).stringValue
    }

    @Test(arguments: [
        ("", ""), ("\n", ""), (" \n\t\n ", ""), ("abc", "abc"), ("  abc  ", "  abc  "),
        ("\n  Hello,\n    World!\n\n  Yours,\n    GraphQL.\n", "Hello,\n  World!\n\nYours,\n  GraphQL."),
        ("  first\n    second\n     third", "  first\nsecond\n third"),
        ("\n\n   \n  a\n \n  b\n  \n", "a\n\nb"), ("\r\n  a\r  b\n", "a\nb"), ("\n\ta\n\tb", "a\nb"),
        ("\n  a\n      \n  b", "a\n    \nb"), ("\n a\n\tb", "a\nb"), ("\n é\n  😀", "é\n 😀"),
    ])
    func `common indentation and blank lines at the ends go`(raw: String, expected: String) throws {
        #expect(try value(raw) == expected)
    }

    @Test func `what a block string can hold reads back the same, at every indentation`() throws {
        var held = 0
        forEveryWord(of: ["\"", "\\", " ", "\n", "a", "\t"], upTo: 5) { letters in
            let text = letters.joined()
            guard BlockString.canHold(text) else { return }
            held += 1
            for indentation in ["", "  "] {
                let written = BlockString.written(text, indentation: indentation)
                if (try? Parser.parseValue(Source(written)).stringValue) != text {
                    Issue.record("\(text.debugDescription) as \(written.debugDescription)")
                }
            }
        }
        #expect(held > 1000)
    }

    @Test func `no short content traps, and what is read is printed and read the same`() throws {
        forEveryWord(of: ["\"", "\\", " ", "\n", "\r", "a"], upTo: 5) { letters in
            guard let read = try? Parser.parseValue(Source("\"\"\"\(letters.joined())\"\"\"")) else { return }
            let again = try? Parser.parseValue(Source(read.description))
            if again?.stringValue != read.stringValue { Issue.record("\(letters)") }
        }
    }
}
