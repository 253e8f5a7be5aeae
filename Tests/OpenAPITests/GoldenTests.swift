import Configuration
import Foundation
import OpenAPI
import Testing

/// One case is two files in `Fixtures/`: a document, and `NAME.expected` with the gateway.yaml, the schema and all that is
/// printed beside them. `SLUICE_UPDATE_GOLDEN=1` writes the second anew; read what changed before you commit it.
@Suite("OpenAPI documents and what becomes of them")
struct GoldenTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")
    static let documents: [String] = {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return files.filter { !$0.hasSuffix(".expected") }.sorted()
    }()

    @Test(arguments: documents)
    func `each document gives exactly its routes, its schema and its warnings`(file: String) throws {
        let name = String(file.prefix { $0 != "." })
        let source = SourceFile(path: file, bytes: Array(try Data(contentsOf: Self.folder.appending(path: file))))
        let imported = OpenAPIImport(source, upstream: name)
        let configuration = try #require(imported.configuration, "\(imported.report.text)")
        let schema = try #require(imported.schema)
        try Imported.check(schema)
        let printed = "\(configuration)\n---\n\(schema)\n---\n\(imported.report.text)"
        let expectedFile = Self.folder.appending(path: "\(name).expected")
        if ProcessInfo.processInfo.environment["SLUICE_UPDATE_GOLDEN"] != nil {
            try Data(printed.utf8).write(to: expectedFile)
        }
        #expect(try printed == String(decoding: Data(contentsOf: expectedFile), as: UTF8.self))
    }
}
