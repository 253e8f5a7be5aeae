import Configuration
import Foundation
import Testing

/// One case is two files in `Golden/`: `NAME.yaml`, and `NAME.expected` with all that `check` prints for it.
/// `SLUICE_UPDATE_GOLDEN=1` writes the second anew; read what changed before you commit it.
@Suite struct `gateway.yaml: problems and their places` {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")
    static let environment = ["HOST": "127.0.0.1", "TIMEOUT": "soon"]
    static let names: [String] = {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return files.filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }.sorted()
    }()

    @Test(arguments: names)
    func `each file gives exactly its problems`(name: String) throws {
        let bytes = try Data(contentsOf: Self.folder.appending(path: "\(name).yaml"))
        let source = SourceFile(path: "\(name).yaml", bytes: Array(bytes))
        let loaded = GatewayConfiguration.load(source, environment: Self.environment)
        let printed = ProblemReport(loaded.problems, sources: [loaded.source]).text
        let expectedFile = Self.folder.appending(path: "\(name).expected")
        if ProcessInfo.processInfo.environment["SLUICE_UPDATE_GOLDEN"] != nil {
            try Data(printed.utf8).write(to: expectedFile)
        }
        let expected = try String(decoding: Data(contentsOf: expectedFile), as: UTF8.self)
        #expect(printed == expected)
    }

    @Test func `there are enough cases to mean something`() {
        #expect(Self.names.count >= 40)
    }

    @Test func `five different mistakes are five located problems`() throws {
        let path = Self.folder.appending(path: "five-mistakes.yaml").path
        let loaded = GatewayConfiguration.load(path: path, environment: [:])
        #expect(loaded.problems.map(\.line) == [3, 7, 9, 10, 12])
        #expect(loaded.problems.map(\.column) == [3, 14, 25, 58, 13])
        #expect(loaded.hasErrors)
        #expect(loaded.configuration != nil, "what could be read is there for the checks that follow")
    }

    @Test func `a missing file is a problem at its beginning that says what to do`() {
        let loaded = GatewayConfiguration.load(path: "/nowhere/gateway.yaml", environment: [:])
        #expect(loaded.configuration == nil)
        let expected = "/nowhere/gateway.yaml:1:1: error: no such file; check the path, or name another file"
        #expect(loaded.problems.map(\.summary) == [expected])
    }

    @Test func `a folder is no file`() {
        let loaded = GatewayConfiguration.load(path: "/", environment: [:])
        #expect(loaded.problems.map(\.summary) == ["/:1:1: error: this is a folder, not a file"])
    }
}
