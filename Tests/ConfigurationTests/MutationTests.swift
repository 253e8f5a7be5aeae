import Configuration
import TestSupport
import Testing

@Suite struct `gateway.yaml: anything may stand in it` {
    @Test func `mutations of a good file never trap, and problems stay inside the file`() {
        var generator = SystemRandomNumberGenerator()
        let seed = UInt64.random(in: 0 ... .max, using: &generator)
        print("seed \(seed)")
        var random = Seeded(seed)
        let good = Array(contractExample.utf8)
        let pieces = [
            "{", "}", "[", "]", ":", "\n", "  ", "&a ", "*a ", "!!x ", "${", "$${X}", "\"", "'", "\t", "-1", "1e999",
            "|", ">", "?", "~", "\u{FEFF}", "\u{2028}", "…", "\r", "- ", "<<: ", "#",
        ]
        for _ in 0..<400 {
            var bytes = good
            for _ in 0...Int(random.next() % 6) {
                let at = Int(random.next() % UInt64(bytes.count))
                switch random.next() % 5 {
                case 0: bytes[at] = UInt8(truncatingIfNeeded: random.next())
                case 1: bytes.remove(at: at)
                case 2: bytes.insert(contentsOf: pieces[Int(random.next() % UInt64(pieces.count))].utf8, at: at)
                case 3: bytes.removeSubrange(at..<min(bytes.count, at + Int(random.next() % 40)))
                default:
                    let from = Int(random.next() % UInt64(bytes.count))
                    bytes.insert(contentsOf: bytes[from..<min(bytes.count, from + 30)], at: at)
                }
                if bytes.isEmpty { bytes = good }
            }
            check(bytes)
        }
    }

    @Test func `every beginning of a good file is safe to read`() {
        let good = Array(contractExample.utf8)
        for length in stride(from: 0, to: good.count, by: 7) { check(Array(good[..<length])) }
    }

    private func check(_ bytes: [UInt8]) {
        let source = SourceFile(path: "f", bytes: bytes)
        let loaded = GatewayConfiguration.load(source, environment: ["X": "1"])
        let lines = bytes.count { $0 == 0x0A || $0 == 0x0D } + 1
        for problem in loaded.problems {
            #expect(problem.line >= 1 && problem.line <= lines && problem.column >= 1)
        }
        #expect(loaded.configuration != nil || loaded.hasErrors)
        _ = ProblemReport(loaded.problems, sources: [source]).text
    }

    @Test(arguments: [
        String(repeating: "[", count: 1_000_000), String(repeating: "- ", count: 500_000),
        String(repeating: "{a: ", count: 250_000), String(repeating: "a", count: 1 << 20),
        String(repeating: "\"", count: 1_000_000), String(repeating: "? ", count: 500_000),
    ])
    func `a large hostile file is refused quickly`(text: String) {
        let clock = ContinuousClock()
        let time = clock.measure { #expect(load(text).hasErrors) }
        #expect(time < .seconds(5))
    }

    @Test func `a file over the bound is not read`() {
        let loaded = load(String(repeating: "#", count: (1 << 20) + 1))
        #expect(loaded.problems.map(\.message) == ["the file is larger than 1048576 bytes, the most that is read"])
    }
}
