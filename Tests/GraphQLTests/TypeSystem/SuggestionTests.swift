import GraphQL
import Testing

@Suite("Suggestions for misspelt names")
struct SuggestionTests {
    @Test(
        arguments: [
            ("nmae", ["name", "id"], ["name"]), ("NAME", ["nam", "name"], ["name", "nam"]), ("abc", ["xyz"], []),
            ("greenish", ["green"], ["green"]), ("a", ["b", "A", "long"], ["A"]), ("", ["a", "ab"], []),
            ("Bar", ["A"], []),
            ("users", ["posts", "user", "usersById", "usres"], ["user", "usres"]), ("same", ["same"], ["same"]),
            (String(repeating: "a", count: 10_000), ["aaaa"], []),
        ] as [(String, [String], [String])])
    func `near names come, the nearest first`(name: String, known: [String], expected: [String]) {
        #expect(suggestions(for: name, among: known) == expected)
        #expect(suggestion(for: name, among: known) == expected.first)
    }
}
