internal import JSON

/// Every problem of one run, and the files to show them in: what `sluice check` prints.
public struct ProblemReport: Sendable {
    /// The problems, sorted by file, line and column.
    public let problems: [Problem]
    private let sources: [String: SourceFile]

    /// A report.
    /// - Parameters:
    ///   - problems: in any order; the same one twice is kept once. A warning that the file allows at its place is left
    ///     out (`SourceFile.allows`).
    ///   - sources: the files that problems name; one that is missing only costs the line below its problems.
    public init(_ problems: [Problem], sources: [SourceFile] = []) {
        let sources = Dictionary(sources.map { ($0.path, $0) }) { first, _ in first }
        self.problems = Set(problems).filter { problem in
            guard let rule = problem.rule, let source = sources[problem.file] else { return true }
            return !source.allows(rule, at: problem.line)
        }.sorted()
        self.sources = sources
    }

    /// This report with more problems.
    /// - Parameter sources: the files that they are in.
    public func adding(_ more: [Problem], sources files: [SourceFile]) -> ProblemReport {
        ProblemReport(problems + more, sources: Array(sources.values) + files)
    }

    /// How many problems are errors.
    public var errors: Int { problems.count { $0.severity == .error } }
    /// How many are warnings.
    public var warnings: Int { problems.count { $0.severity == .warning } }
    /// Whether the gateway refuses to start.
    public var hasErrors: Bool { problems.contains { $0.severity == .error } }

    /// For people: each problem's summary, the offending line, and a caret below it. Empty where nothing is wrong.
    public var text: String {
        problems.map { problem in
            var text = problem.summary + "\n"
            if let line = sources[problem.file]?.line(problem.line), !line.isEmpty {
                text += Self.excerpt(of: line, column: problem.column)
            }
            return text
        }.joined()
    }

    /// What `sluice check` prints: the text, and below it how many problems there are. Empty where nothing is wrong.
    public var printout: String {
        let counts = [(errors, "error"), (warnings, "warning")].filter { $0.0 > 0 }
            .map { "\($0) \($1)\($0 == 1 ? "" : "s")" }.joined(separator: ", ")
        return counts.isEmpty ? "" : text + counts + "\n"
    }

    /// For programs: `{"problems": […], "errors": N, "warnings": N}` (contract section 1), one line.
    public var json: String {
        let items = problems.map { problem in
            var text = "{\"file\":\(problem.file.quotedAsJSON),\"line\":\(problem.line),\"column\":\(problem.column)"
            text += ",\"severity\":\"\(problem.severity.rawValue)\",\"message\":\(problem.message.quotedAsJSON)"
            if let suggestion = problem.suggestion { text += ",\"suggestion\":\(suggestion.quotedAsJSON)" }
            if let rule = problem.rule { text += ",\"rule\":\(rule.rawValue.quotedAsJSON)" }
            return text + "}"
        }
        return "{\"problems\":[\(items.joined(separator: ","))],\"errors\":\(errors),\"warnings\":\(warnings)}"
    }

    /// The line and a caret below the column; of a long line only what is near the column.
    private static func excerpt(of line: String, column: Int) -> String {
        let scalars = Array(line.unicodeScalars)
        let position = min(max(0, column - 1), scalars.count)
        let start = position > 120 ? position - 60 : 0
        let shown = scalars[start..<min(scalars.count, start + 160)]
        var text = "    "
        for scalar in shown { text.unicodeScalars.append(printable(scalar)) }
        text += "\n    "
        for scalar in scalars[start..<position] { text.unicodeScalars.append(scalar == "\t" ? "\t" : " ") }
        return text + "^\n"
    }

    /// Control characters would reach the reader's terminal.
    private static func printable(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
        return isControl && scalar != "\t" ? "\u{FFFD}" : scalar
    }
}
