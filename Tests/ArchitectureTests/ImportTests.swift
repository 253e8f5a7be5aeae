import Foundation
import Testing

/// SwiftPM lets a target import whatever it can reach, so the drawn direction is held here.
@Suite("Imports go only downwards")
struct ImportTests {
    /// Targets of Package.swift from the top down, each with what it may import.
    static let targets: [(name: String, dependencies: Set<String>)] = {
        let manifest = (try? String(contentsOf: Checkout.root.appending(path: "Package.swift"), encoding: .utf8)) ?? ""
        var targets: [(name: String, dependencies: Set<String>)] = []
        // What follows the package itself isn't part of what is shipped.
        let shipped = manifest.components(separatedBy: "\nif Context.environment")[0]
        let entry =
            #/(?:module|systemLibrary|executableTarget)\(\s*(?:name: )?"(\w+)"((?:(?!\n        (?:module|systemLibrary|\.|tests)).|\n(?!        (?:module|systemLibrary|\.|tests)))*)/#
        for match in shipped.matches(of: entry) {
            let names = match.output.2.matches(of: #/"(\w+)"/#).map { String($0.output.1) }
            targets.append((String(match.output.1), Set(names)))
        }
        return targets
    }()

    @Test func `the manifest names its targets from the top down`() {
        let names = Self.targets.map(\.name)
        #expect(names.first == "sluice")
        #expect(
            Self.targets.first { $0.name == "Gateway" }?.dependencies.isSuperset(of: ["Execution", "Bytes"]) == true)
        #expect(Self.targets.first { $0.name == "Bytes" }?.dependencies.isEmpty == true)
        for (index, target) in Self.targets.enumerated() {
            for dependency in target.dependencies.intersection(names) {
                #expect(
                    names.firstIndex(of: dependency)! > index, "\(target.name) imports upwards: \(dependency)")
            }
        }
    }

    @Test func `a source file imports only what its target declares`() throws {
        let names = Set(Self.targets.map(\.name))
        for target in Self.targets {
            let folder = Checkout.root.appending(path: "Sources/\(target.name)")
            for file in Checkout.files(in: folder, withExtension: "swift") {
                let text = try String(contentsOf: file, encoding: .utf8)
                for match in text.matches(
                    of: #/(?m)^\s*(?:(?:public|package|internal|private|fileprivate) )?import (?:\w+ )?(\w+)/#)
                {
                    let imported = String(match.output.1)
                    guard names.contains(imported) else { continue }
                    #expect(
                        target.dependencies.contains(imported),
                        "\(file.lastPathComponent) of \(target.name) imports \(imported), which its target doesn't declare"
                    )
                }
            }
        }
    }

    @Test func `Foundation stays out of what serves requests`() throws {
        let allowed: Set = ["sluice", "DemoServices", "Configuration"]
        for target in Self.targets where !allowed.contains(target.name) {
            let folder = Checkout.root.appending(path: "Sources/\(target.name)")
            for file in Checkout.files(in: folder, withExtension: "swift") {
                let text = try String(contentsOf: file, encoding: .utf8)
                #expect(!text.contains(#/(?m)^\s*(?:\w+ )?import Foundation\b/#), "\(file.lastPathComponent)")
            }
        }
    }
}
