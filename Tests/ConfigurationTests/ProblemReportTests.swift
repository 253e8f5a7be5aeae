import Configuration
import Foundation
import Testing

@Suite struct `Problems as text and JSON` {
    let source = SourceFile(path: "a.graphql", bytes: Array("type Query {\n\tuser: Usr\n}\n".utf8))

    @Test func `the offending line stands below its problem, with a caret`() {
        let problem = Problem(
            file: "a.graphql", line: 2, column: 8, message: "there is no type \"Usr\"", suggestion: "User")
        let report = ProblemReport([problem], sources: [source])
        #expect(
            report.text == """
                a.graphql:2:8: error: there is no type "Usr" (did you mean "User"?)
                    \tuser: Usr
                    \t      ^

                """)
        #expect(report.hasErrors)
    }

    @Test func `the same problem twice is kept once, and all are sorted`() {
        let first = Problem(file: "b", line: 1, column: 2, severity: .warning, message: "x")
        let second = Problem(file: "a", line: 9, column: 1, message: "y")
        let report = ProblemReport([first, second, first])
        #expect(report.problems == [second, first])
        #expect(report.errors == 1)
        #expect(report.warnings == 1)
    }

    @Test func `JSON holds every member and escapes what it must`() throws {
        let problem = Problem(file: "a\"\\\u{1}", line: 3, column: 4, message: "tab\tline\n", suggestion: "ü")
        let json = ProblemReport([problem]).json
        let value = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
        let item = (value?["problems"] as? [[String: Any]])?.first
        #expect(item?["file"] as? String == "a\"\\\u{1}")
        #expect(item?["line"] as? Int == 3)
        #expect(item?["column"] as? Int == 4)
        #expect(item?["severity"] as? String == "error")
        #expect(item?["message"] as? String == "tab\tline\n")
        #expect(item?["suggestion"] as? String == "ü")
        #expect(value?["errors"] as? Int == 1)
        #expect(value?["warnings"] as? Int == 0)
    }

    @Test func `no problems is an empty text and an empty list`() {
        #expect(ProblemReport([]).text.isEmpty)
        #expect(ProblemReport([]).json == #"{"problems":[],"errors":0,"warnings":0}"#)
    }

    @Test func `of a very long line only what is near the column is shown`() {
        let long = SourceFile(path: "f", bytes: [UInt8](repeating: 0x78, count: 100_000))
        let problem = Problem(file: "f", line: 1, column: 50_000, message: "m")
        #expect(ProblemReport([problem], sources: [long]).text.utf8.count < 400)
    }

    @Test(arguments: [(1, "a"), (2, "b"), (3, ""), (4, "c"), (5, nil)] as [(Int, String?)])
    func `LF, CR and CRLF end lines`(number: Int, expected: String?) {
        #expect(SourceFile(path: "f", bytes: Array("a\nb\r\n\rc".utf8)).line(number) == expected)
    }

    @Test(
        arguments: [
            ("tiemout", "timeout"), ("Timeout", "timeout"), ("retr", "retry"), ("xyz", nil), ("", nil),
            (String(repeating: "a", count: 1000), nil),
        ] as [(String, String?)])
    func `only near words are suggested`(word: String, expected: String?) {
        #expect(Suggestion.nearest(to: word, among: ["timeout", "retry", "breaker"]) == expected)
    }
}
