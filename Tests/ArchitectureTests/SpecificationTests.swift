import Foundation
import Testing

/// That the GraphQL specification (September 2025) is tested section by section.
@Suite("Sections of the GraphQL specification")
struct SpecificationTests {
    /// The sections that say something to be tested, from those on language, type system, introspection, validation,
    /// execution and response. Left out: response streams (§6.2.3.1 to §6.2.3.3, §7.1.2), since the gateway runs no
    /// subscriptions, and what only groups its own sections.
    static let sections = """
        2.1 2.1.1 2.1.2 2.1.3 2.1.4 2.1.5 2.1.6 2.1.7 2.1.8 2.2 2.3 2.4 2.5 2.6 2.7 2.8 2.9 2.9.1 2.9.2
        2.10 2.10.1 2.10.2 2.10.3 2.10.4 2.10.5 2.10.6 2.10.7 2.10.8 2.11 2.12 2.13 2.14
        3.1 3.2 3.3 3.3.1 3.3.2 3.4 3.4.1 3.4.2 3.4.3 3.5 3.5.1 3.5.2 3.5.3 3.5.4 3.5.5 3.5.6 3.6 3.6.1 3.6.2 3.6.3
        3.7 3.7.1 3.8 3.8.1 3.9 3.9.1 3.10 3.10.1 3.10.2 3.11 3.12 3.12.1 3.13 3.13.1 3.13.2 3.13.3 3.13.4 3.13.5
        4 4.1 4.2
        5.1.1 5.2.1.1 5.2.2.1 5.2.3.1 5.2.4.1 5.3.1 5.3.2 5.3.3 5.4.1 5.4.2 5.4.3 5.5.1.1 5.5.1.2 5.5.1.3 5.5.1.4
        5.5.2.1 5.5.2.2 5.5.2.3 5.6.1 5.6.2 5.6.3 5.6.4 5.7.1 5.7.2 5.7.3 5.8.1 5.8.2 5.8.3 5.8.4 5.8.5
        6.1 6.1.1 6.1.2 6.2.1 6.2.2 6.2.3 6.3 6.3.1 6.3.2 6.3.3 6.3.4 6.4 6.4.1 6.4.2 6.4.3 6.4.4
        7.1.1 7.1.3 7.1.4 7.1.5 7.1.6 7.1.7 7.1.8 7.2.1 7.2.2
        """.split(whereSeparator: \.isWhitespace).map(String.init)

    @Test func `each section has a suite of its number`() throws {
        var found: Set<String> = []
        for file in Checkout.files(in: Checkout.root.appending(path: "Tests"), withExtension: "swift") {
            let text = try String(contentsOf: file, encoding: .utf8)
            for match in text.matches(of: #/@Suite\("GraphQL §([0-9.]+)[ ,"]/#) { found.insert(String(match.output.1)) }
        }
        #expect(Self.sections.filter { !found.contains($0) } == [])
        #expect(found.filter { !Self.sections.contains($0) && $0.contains(".") } == [])
    }
}
