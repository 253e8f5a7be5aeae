import Testing

@testable import GraphQL

@Suite("GraphQL §2 and §3: printing")
struct PrinterTests {
    @Test func `an executable document of everything prints as it was written`() throws {
        let document = try Parser.parseDocument(Source(KitchenSink.executable))
        #expect(Printer.print(document) == KitchenSink.executable)
    }

    @Test func `a schema document of everything prints as it was written`() throws {
        let document = try Parser.parseSchemaDocument(Source(KitchenSink.schema))
        #expect(Printer.print(document) == KitchenSink.schema)
        let mixed = try Parser.parseDocument(Source(KitchenSink.schema + KitchenSink.executable))
        let again = try Parser.parseDocument(Source(Printer.print(mixed)))
        #expect(structure(of: again) == structure(of: mixed))
    }

    @Test func `leading separators and commas go`() throws {
        let text =
            "union U = | A | B directive @d on | FIELD | QUERY type T implements & I { a(b: Int, c: Int,): Int, }"
        let printed = Printer.print(try Parser.parseDocument(Source(text)))
        #expect(
            printed == """
                union U = A | B

                directive @d on FIELD | QUERY

                type T implements I {
                  a(b: Int, c: Int): Int
                }

                """)
    }

    @Test(arguments: 0..<300 as Range<UInt64>)
    func `a random document reads back from its text, and prints the same again`(seed: UInt64) throws {
        var random = RandomDocument(seed: seed)
        let document = random.document()
        let text = Printer.print(document)
        let again = try Parser.parseDocument(Source(text))
        // Compared outside of the macro, which would print both trees.
        let isSame = structure(of: again) == structure(of: document) && Printer.print(again) == text
        #expect(isSame, "seed \(seed):\n\(text)")
    }
}
