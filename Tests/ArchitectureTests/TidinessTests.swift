import Foundation
import Testing

@Suite("House rules")
struct TidinessTests {
    static let sources = Checkout.files(in: Checkout.root.appending(path: "Sources"), withExtension: "swift")

    @Test func `no source file is larger than 24 KB`() throws {
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
}
