import Foundation
import TestSupport
import Testing

@Suite("sluice export openapi")
struct ExportTests {
    @Test func `the repository's own doors are all described`() throws {
        let outcome = try Program.run("export", "openapi")
        #expect(outcome.code == 0 && outcome.errors.isEmpty)
        let document = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
        #expect(document["openapi"] as? String == "3.1.0")
        let paths = try #require(document["paths"] as? [String: Any])
        #expect(
            paths.keys.sorted() == ["/api/v1/home/{id}", "/api/v1/raw/{id}", "/api/v1/users/{id}", "/legacy/{path}"])
    }

    @Test func `a configuration with errors is refused as by check`() throws {
        let workspace = try Workspace(CheckTests.files)
        let outcome = try Program.run("export", "openapi", in: workspace.folder)
        #expect(outcome.code == 1 && outcome.output.isEmpty && outcome.errors.contains("gateway.yaml:2:3: error: "))
    }
}
