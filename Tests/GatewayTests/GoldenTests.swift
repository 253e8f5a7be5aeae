import Configuration
import Foundation
import Telemetry
import Testing

@testable import Gateway

/// A configuration with all that it names, and what `check` says of it: one file in `Golden/` each, in parts that begin
/// with a line `=== NAME`. The part `problems` is what `check` prints; where there is no `gateway.yaml`, the one of
/// `standard.golden` stands for it. `SLUICE_UPDATE_GOLDEN=1` writes the problems anew; read what changed.
struct GoldenCase: CustomTestStringConvertible, Sendable {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")
    static let all: [GoldenCase] = {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return files.filter { $0.hasSuffix(".golden") }.sorted().map { GoldenCase(name: String($0.dropLast(7))) }
    }()

    let name: String
    var testDescription: String { name }
    private var file: URL { Self.folder.appending(path: "\(name).golden") }

    /// The parts, in the file's order.
    func parts() throws -> [(name: String, text: String)] {
        let text = "\n" + (try String(contentsOf: file, encoding: .utf8))
        return text.dropLast(text.hasSuffix("\n") ? 1 : 0).components(separatedBy: "\n=== ").dropFirst().map { part in
            let lines = part.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
            // The line's end before the next part is this one's.
            return (String(lines[0]), lines.count == 2 && !lines[1].isEmpty ? String(lines[1]) + "\n" : "")
        }
    }

    /// Writes the files into `folder`, checks them, and gives the report with places relative to the folder.
    func check(in folder: URL) throws -> CheckedGateway {
        var parts = try parts()
        if !parts.contains(where: { $0.name == "gateway.yaml" }) {
            parts += try GoldenCase(name: "standard").parts().filter { $0.name == "gateway.yaml" }
        }
        for part in parts where part.name != "problems" {
            let file = folder.appending(path: part.name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(part.text.utf8).write(to: file)
        }
        return Snapshot.load(
            path: folder.appending(path: "gateway.yaml").path, environment: [:], metrics: MetricsRegistry())
    }

    func updateProblems(_ text: String) throws {
        let parts = try parts().filter { $0.name != "problems" } + [("problems", text)]
        try Data(parts.map { "=== \($0.name)\n\($0.text)" }.joined().utf8).write(to: file)
    }
}

@Suite("Configurations with their schemas and operations: problems and their places")
struct GoldenTests {
    @Test(arguments: GoldenCase.all)
    func `each gives exactly its problems`(golden: GoldenCase) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "golden-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let checked = try golden.check(in: folder)
        #expect((checked.snapshot == nil) == checked.report.hasErrors)
        let printed = checked.report.text.replacing("\(folder.path)/", with: "")
        if ProcessInfo.processInfo.environment["SLUICE_UPDATE_GOLDEN"] != nil { try golden.updateProblems(printed) }
        #expect(printed == (try golden.parts().last?.text))
    }

    @Test func `every rule has a warning here or among the cases of gateway.yaml`() throws {
        let others = Checkout.golden
        var text = try GoldenCase.all.map { try $0.parts().last?.text ?? "" }.joined()
        for file in try FileManager.default.contentsOfDirectory(atPath: others.path) where file.hasSuffix(".expected") {
            text += try String(contentsOf: others.appending(path: file), encoding: .utf8)
        }
        // These need certificates and a network: ListenerTLSTests, CheckTests.
        let elsewhere: Set<Rule> = [.unfitCertificate, .unreachableKeys, .unreachableRedis]
        let missing = Rule.allCases.filter { !elsewhere.contains($0) && !text.contains("[\($0.rawValue)]") }
        #expect(missing.isEmpty)
        let bare = text.split(separator: "\n").filter { $0.contains(": warning: ") && !$0.hasSuffix("]") }
        #expect(bare.isEmpty, "each warning names its rule")
    }

    @Test func `there are enough broken cases, with those of gateway.yaml, to mean something`() throws {
        let own = try GoldenCase.all.count { try $0.parts().last?.text.contains(": error: ") == true }
        let others = try FileManager.default.contentsOfDirectory(atPath: Checkout.golden.path).count { file in
            guard file.hasSuffix(".expected") else { return false }
            return try String(contentsOf: Checkout.golden.appending(path: file), encoding: .utf8).contains(": error: ")
        }
        #expect(own + others >= 120)
    }

    @Test func `serving refuses what reading refuses, for the same reasons`() throws {
        var refused = 0
        for file in try FileManager.default.contentsOfDirectory(atPath: Checkout.golden.path).sorted()
        where file.hasSuffix(".yaml") {
            let path = Checkout.golden.appending(path: file).path
            let environment = ["HOST": "127.0.0.1", "TIMEOUT": "soon"]
            let read = GatewayConfiguration.load(path: path, environment: environment)
            let served = Snapshot.load(path: path, environment: environment, metrics: MetricsRegistry())
            #expect(served.report.hasErrors == (served.snapshot == nil), "\(file)")
            let found = Set(served.report.problems.map(\.summary))
            #expect(found.isSuperset(of: read.problems.map(\.summary)), "\(file)")
            if read.hasErrors { refused += 1 }
        }
        #expect(refused >= 60)
    }
}

/// Files of this checkout.
private enum Checkout {
    /// The cases of gateway.yaml alone.
    static let golden = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "ConfigurationTests/Golden")
}
