import Foundation
import Testing

@testable import Configuration

@Suite("Rules")
struct RuleTests {
    static let page: String = {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return (try? String(contentsOf: root.appending(path: "docs/rules.md"), encoding: .utf8)) ?? ""
    }()

    @Test func `docs rules explains every rule, and no other`() {
        let explained = Self.page.split(separator: "\n").filter { $0.hasPrefix("### ") }.map { String($0.dropFirst(4)) }
        #expect(explained == Rule.allCases.map(\.rawValue), "in the order of the code")
    }

    @Test func `a warning names its rule, in text and in JSON`() throws {
        let warning = Problem(
            file: "f", line: 1, column: 2, severity: .warning, message: "m", suggestion: "s", rule: .noBreaker)
        #expect(warning.summary == #"f:1:2: warning: m (did you mean "s"?) [no-breaker]"#)
        #expect(ProblemReport([warning]).json.contains(#""suggestion":"s","rule":"no-breaker"}"#))
        #expect(!ProblemReport([Problem(file: "f", line: 1, column: 2, message: "m")]).json.contains("rule"))
    }

    @Test(
        arguments: [
            ("a: 1 # check: allow no-breaker", true), ("# check: allow no-breaker\na: 1", true),
            ("  # It is down often. check: allow no-breaker\na: 1", true),
            ("# check: allow slow-retry, no-breaker\na: 1", true), ("# check: allow no-breakers\na: 1", false),
            ("check: allow no-breaker", false), ("b: 1 # check: allow no-breaker\na: 1", false),
            ("# check: allow no-breaker\n\na: 1", false),
        ])
    func `a comment allows its rules on its line, or alone on the next`(text: String, isAllowed: Bool) {
        let line = text.split(separator: "\n", omittingEmptySubsequences: false).count
        let source = SourceFile(path: "f", bytes: Array(text.utf8))
        let warning = Problem(
            file: "f", line: line, column: 1, severity: .warning, message: "m", rule: .noBreaker)
        #expect(ProblemReport([warning], sources: [source]).problems.isEmpty == isAllowed)
        let error = Problem(file: "f", line: line, column: 1, message: "m")
        #expect(ProblemReport([error], sources: [source]).problems == [error])
    }

    @Test(
        arguments: [
            ("127.9.9.9", true, true), ("::1", true, true), ("localhost", true, true), ("db.localhost", true, true),
            ("10.0.0.1", false, true), ("172.31.0.1", false, true), ("172.32.0.1", false, false),
            ("fd00::1", false, true), ("fe80::1", false, true), ("2001:db8::1", false, false),
            ("users", false, true), ("users.svc", false, true), ("users.internal", false, true),
            ("internal", false, true), ("users.example.com", false, false), ("8.8.8.8", false, false),
            ("0.0.0.0", false, false), ("::", false, false),
        ])
    func `a host tells where it is`(host: String, isThisMachine: Bool, isOwnNetwork: Bool) {
        let reach = Reach(host: host)
        #expect(reach.isThisMachine == isThisMachine && reach.isOwnNetwork == isOwnNetwork)
    }
}
