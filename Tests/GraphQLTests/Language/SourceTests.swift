import GraphQL
import Testing

@Suite("GraphQL §2.1.2 Line Terminators, and places in a source")
struct SourceTests {
    @Test(arguments: [
        ("abc", 0, 1, 1), ("abc", 2, 1, 3), ("a\nb", 2, 2, 1), ("a\rb", 2, 2, 1), ("a\r\nb", 3, 2, 1),
        ("a\r\nb", 2, 1, 3), ("a\n\n\nb", 4, 4, 1), ("é{", 2, 1, 2), ("😀{", 4, 1, 3), ("\u{FEFF}{", 3, 1, 2),
        ("abc", 99, 1, 4), ("", 0, 1, 1),
    ])
    func `lines end at LF, CR and CRLF, and columns count UTF-16 code units`(
        text: String, offset: UInt32, line: Int, column: Int
    ) {
        #expect(Source(text).location(at: offset) == Location(line: line, column: column))
    }

    @Test func `many places are found in one pass`() {
        let source = Source("a\r\n\u{FEFF}é😀{\r\r\n\n b\n", lineOffset: 3)
        let offsets = (0...UInt32(source.bytes.count + 2)).shuffled()
        let expected = offsets.map { source.location(at: $0) }
        #expect(
            source.locations(at: [offsets, [], [0, 0]]) == [
                expected, [], Array(repeating: expected[offsets.firstIndex(of: 0) ?? 0], count: 2),
            ])
    }

    @Test func `lines before the source are added`() {
        #expect(Source("a\nb", lineOffset: 10).location(at: 2) == Location(line: 12, column: 1))
    }
}
