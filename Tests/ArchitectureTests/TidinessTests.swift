import Foundation
import Testing

@Suite("House rules")
struct TidinessTests {
    static let sources = Checkout.files(in: Checkout.root.appending(path: "Sources"), withExtension: "swift")

    @Test func `no source file is larger than 24 KB`() throws {
        // Where none were found, nothing here could fail.
        #expect(Self.sources.count > 500)
        for file in Self.sources {
            let size = try Data(contentsOf: file).count
            #expect(
                size <= 24_576, "\(file.lastPathComponent) holds \(size) bytes: split it by what its parts are about")
        }
    }

    @Test func `nothing in the sources traps on purpose on what comes from outside`() throws {
        for file in Self.sources {
            let text = try String(contentsOf: file, encoding: .utf8)
            #expect(!text.contains(#/\bfatalError\(|\btry!|\bas! /#), "\(file.lastPathComponent)")
        }
    }

    @Test func `no leftover marks`() throws {
        let marks = ["TO" + "DO", "FIX" + "ME", "X" + "XX"]
        let tests = Checkout.files(in: Checkout.root.appending(path: "Tests"), withExtension: "swift")
        for file in Self.sources + tests {
            let text = try String(contentsOf: file, encoding: .utf8)
            for mark in marks {
                let isHeld = text.split { !$0.isLetter && !$0.isNumber && $0 != "_" }.contains { $0 == mark }
                #expect(!isHeld, "\(file.lastPathComponent) holds \(mark)")
            }
        }
    }

    @Test func `tests wait on conditions instead of sleeping`() throws {
        let calls = ["usleep" + "(", "Task.sleep" + "(", "Thread.sleep" + "("]
        for file in Checkout.files(in: Checkout.root.appending(path: "Tests"), withExtension: "swift") {
            let text = try String(contentsOf: file, encoding: .utf8)
            for call in calls {
                #expect(!text.contains(call), "\(file.lastPathComponent) calls \(call)…)")
            }
        }
    }

    @Test func `tests keep their files where the system does`() throws {
        for file in Checkout.files(in: Checkout.root.appending(path: "Tests"), withExtension: "swift") {
            let text = try String(contentsOf: file, encoding: .utf8)
            #expect(!text.contains("/tm" + "p/"), "\(file.lastPathComponent)")
        }
    }

    @Test func `what is declared is used`() throws {
        var words = Words()
        for file in Self.sources { words.add(try Data(contentsOf: file), isDeclaring: true) }
        for folder in ["Tests", "Benchmarks"] {
            for file in Checkout.files(in: Checkout.root.appending(path: folder), withExtension: "swift") {
                words.add(try Data(contentsOf: file), isDeclaring: false)
            }
        }
        // The compiler and the standard library call these.
        let called: Set = ["callAsFunction", "checkIsolated", "isIsolatingCurrentContext"]
        let unused = words.declared.filter { words.counts[$0] == 1 && !called.contains($0) }.sorted()
        #expect(unused == [], "declared, and named nowhere else")
    }

    @Test func `each shim is used`() throws {
        var words = Words()
        for file in Self.sources { words.add(try Data(contentsOf: file), isDeclaring: false) }
        let support = Checkout.root.appending(path: "Tests/TestSupport")
        for file in Checkout.files(in: support, withExtension: "swift") {
            words.add(try Data(contentsOf: file), isDeclaring: false)
        }
        let libraries = Checkout.root.appending(path: "Sources/SystemLibraries")
        for file in Checkout.files(in: libraries, withExtension: "h") {
            var header = Words()
            header.add(try Data(contentsOf: file), isDeclaring: false)
            let unused = header.counts.filter { word, count in
                word.hasPrefix("sluice_") && count == 1 && words.counts[word] == nil
            }
            #expect(unused.keys.sorted() == [], "\(file.pathComponents.suffix(2).joined(separator: "/"))")
        }
    }
}

/// How often each word stands in code, and which are declared there. Comments don't count, but for those that share a
/// line with code.
private struct Words {
    private(set) var counts: [String: Int] = [:]
    private(set) var declared: Set<String> = []
    private static let keywords: Set = ["func", "var", "let", "struct", "class", "enum", "protocol", "typealias"]

    mutating func add(_ text: Data, isDeclaring: Bool) {
        for line in text.split(separator: UInt8(ascii: "\n")) {
            let code = line.drop { $0 == UInt8(ascii: " ") }
            if code.starts(with: "//".utf8) { continue }
            var previous = ""
            for bytes in code.split(whereSeparator: { !Self.isWord($0) }) {
                let word = String(decoding: bytes, as: UTF8.self)
                counts[word, default: 0] += 1
                if isDeclaring, Self.keywords.contains(previous) { declared.insert(word) }
                previous = word
            }
        }
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        byte | 0x20 &- UInt8(ascii: "a") < 26 || byte &- UInt8(ascii: "0") < 10 || byte == UInt8(ascii: "_")
    }
}
