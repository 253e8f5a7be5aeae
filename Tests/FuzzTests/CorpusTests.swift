import Foundation
import FuzzEntries
import Testing

@Suite("Corpora of the fuzzer")
struct CorpusTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fuzz/Corpus")

    @Test(arguments: FuzzEntry.all.map(\.name))
    func `every input of a corpus is taken`(name: String) throws {
        let entry = try #require(FuzzEntry.all.first { $0.name == name })
        let files = try FileManager.default.contentsOfDirectory(
            at: Self.folder.appending(path: name), includingPropertiesForKeys: nil)
        #expect(!files.isEmpty)
        for file in files { entry.run(Array(try Data(contentsOf: file))) }
    }

    /// What a fuzzer finds first, for entries whose corpora hold nothing of the kind.
    @Test(arguments: FuzzEntry.all.map(\.name))
    func `damaged inputs of a corpus are taken`(name: String) throws {
        let entry = try #require(FuzzEntry.all.first { $0.name == name })
        let files = try FileManager.default.contentsOfDirectory(
            at: Self.folder.appending(path: name), includingPropertiesForKeys: nil)
        for file in files.sorted(by: { $0.path < $1.path }) {
            let bytes = Array(try Data(contentsOf: file).prefix(2000))
            for length in Set([0, 1, bytes.count / 3, bytes.count / 2, max(0, bytes.count - 1)]) {
                entry.run(Array(bytes.prefix(length)))
            }
            for (index, byte) in [0, 0x22, 0x7B, 0xFF].enumerated() where !bytes.isEmpty {
                var damaged = bytes
                damaged[damaged.count * (index + 1) / 5] = UInt8(byte)
                entry.run(damaged)
            }
        }
    }

    @Test func `every corpus has its entry`() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
        #expect(Set(names).subtracting(FuzzEntry.all.map(\.name)) == [])
    }
}
