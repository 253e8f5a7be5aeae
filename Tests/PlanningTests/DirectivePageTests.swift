import Foundation
import Planning
import Testing

@Suite("The page of directives")
struct DirectivePageTests {
    static let page: String = {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return (try? String(contentsOf: root.appending(path: "docs/reference/directives.md"), encoding: .utf8)) ?? ""
    }()

    @Test func `it has the definitions, and a part for each`() {
        let hasDefinitions = Self.page.contains("\n\(BuiltInDirectives.definitions)\n")
        #expect(hasDefinitions)
        let names = BuiltInDirectives.definitions.split(separator: "\n").filter { $0.hasPrefix("directive ") }
            .map { String($0.dropFirst("directive ".count).prefix { $0 != "(" && $0 != " " }) }
        let parts = Self.page.split(separator: "\n").filter { $0.hasPrefix("### ") }.map { String($0.dropFirst(4)) }
        #expect(parts == names)
    }
}
