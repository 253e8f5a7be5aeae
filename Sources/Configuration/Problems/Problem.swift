/// Something wrong in a file that an operator wrote: a `gateway.yaml`, a schema, a stored operation.
public struct Problem: Hashable, Sendable {
    /// How bad it is.
    public enum Severity: String, Hashable, Sendable {
        /// The gateway does not start with it.
        case error
        /// The gateway starts, but perhaps not as meant.
        case warning
    }

    /// The file, as it was named or found.
    public var file: String
    /// The line, from 1.
    public var line: Int
    /// The column, from 1, in the units of the file's parser (gateway.yaml: Unicode scalars).
    public var column: Int
    /// How bad it is.
    public var severity: Severity
    /// What is wrong, in one sentence without a full stop.
    public var message: String
    /// What was probably meant.
    public var suggestion: String?
    /// The rule that a warning belongs to; errors have none.
    public var rule: Rule?

    /// A problem at a place.
    public init(
        file: String, line: Int, column: Int, severity: Severity = .error, message: String, suggestion: String? = nil,
        rule: Rule? = nil
    ) {
        self.file = file
        self.line = line
        self.column = column
        self.severity = severity
        self.message = message
        self.suggestion = suggestion
        self.rule = rule
    }

    /// A problem at a place of `gateway.yaml`.
    public init(
        file: String, at mark: Mark, severity: Severity = .error, message: String, suggestion: String? = nil,
        rule: Rule? = nil
    ) {
        self.init(
            file: file, line: mark.line, column: mark.column, severity: severity, message: message,
            suggestion: suggestion, rule: rule)
    }

    /// `file:line:column: error: message (did you mean "x"?)`, in one line; behind a warning its rule, `[no-breaker]`.
    public var summary: String {
        let hint = suggestion.map { " (did you mean \"\($0)\"?)" } ?? ""
        let rule = rule.map { " [\($0.rawValue)]" } ?? ""
        return "\(file):\(line):\(column): \(severity.rawValue): \(message)\(hint)\(rule)"
    }
}

extension Problem: Comparable {
    /// By file, line and column; at one place by message, so that every run prints the same.
    public static func < (left: Problem, right: Problem) -> Bool {
        if left.file != right.file { return left.file < right.file }
        if left.line != right.line { return left.line < right.line }
        if left.column != right.column { return left.column < right.column }
        return left.message < right.message
    }
}
