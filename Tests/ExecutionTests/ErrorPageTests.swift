import Execution
import Foundation
import Testing

@Suite("The page of error codes")
struct ErrorPageTests {
    static let page: String = {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return (try? String(contentsOf: root.appending(path: "docs/reference/errors.md"), encoding: .utf8)) ?? ""
    }()

    @Test func `it tells every code, and no other`() {
        let told = Self.page.split(separator: "\n").filter { $0.hasPrefix("| `") }.compactMap { line in
            line.split(separator: "`").dropFirst().first.map(String.init)
        }
        #expect(told.sorted() == ErrorCode.allCases.map(\.rawValue).sorted())
    }
}
