/// Gathers the problems of one gateway.yaml while it is read. It belongs to one reading.
final class ProblemCollector {
    /// A file can hold very many mistakes; more than this many help nobody.
    static let maximum = 1000

    let file: String
    private(set) var problems: [Problem] = []
    /// The keys that were known where an object was read, by the object's path with `*` for names: what the JSON Schema
    /// is held to.
    private(set) var knownKeys: [String: [String]] = [:]

    init(file: String) {
        self.file = file
    }

    func note(keys: [String], at pattern: String) { knownKeys[pattern] = keys }

    func error(_ message: String, at mark: Mark, suggestion: String? = nil) {
        add(Problem(file: file, at: mark, message: message, suggestion: suggestion))
    }

    func warning(_ message: String, at mark: Mark, rule: Rule? = nil) {
        add(Problem(file: file, at: mark, severity: .warning, message: message, rule: rule))
    }

    private func add(_ problem: Problem) {
        if problems.count < Self.maximum { problems.append(problem) }
    }
}
