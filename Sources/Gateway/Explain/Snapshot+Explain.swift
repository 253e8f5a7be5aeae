public import Configuration
public import Planning

extension Snapshot {
    /// What `explain` gives: the plan in words, or what is wrong.
    public struct Explained: Sendable {
        /// The explanation; nil where the operation can't be planned. It is there where a limit refuses the operation.
        public let explanation: Explanation?
        /// Errors in what was asked, and warnings.
        public let report: ProblemReport
    }

    /// Plans an operation and says what the plan would do. Nothing is sent. Any thread; it reads the disk where the
    /// document is a file.
    public func explain(_ request: ExplainRequest) -> Explained {
        var explainer = Explainer(self)
        let explanation = explainer.explain(request)
        return Explained(
            explanation: explanation, report: ProblemReport(explainer.problems, sources: explainer.sources))
    }

    /// What `schema` gives: the SDL, or what is wrong.
    public struct PrintedSchema: Sendable {
        /// The schema's text; nil where there are errors.
        public let text: String?
        /// Errors in what was asked.
        public let report: ProblemReport
    }

    /// The API schema as SDL.
    /// - Parameter profile: the name of the profile whose hidden fields are left out; nil leaves all in.
    public func printSchema(profile name: String?) -> PrintedSchema {
        guard let mapping else {
            let message = "the configuration has no graphql block: there is no schema"
            let problem = Problem(file: configuration.file, at: .start, message: message)
            return PrintedSchema(text: nil, report: ProblemReport([problem]))
        }
        guard let name else { return PrintedSchema(text: mapping.printSchema(), report: ProblemReport([])) }
        guard let profile = profiles.profile(named: name) else {
            let source = SourceFile(path: "--profile", bytes: Array(name.utf8))
            return PrintedSchema(text: nil, report: ProblemReport([unknownProfile(name)], sources: [source]))
        }
        return PrintedSchema(text: mapping.printSchema(for: profile), report: ProblemReport([]))
    }

    /// That there is no profile of that name.
    func unknownProfile(_ name: String) -> Problem {
        let names = profiles.profiles.map(\.name)
        return Problem(
            file: "--profile", at: .start,
            message: "there is no profile \"\(name)\"; there are \(names.joined(separator: ", "))",
            suggestion: Suggestion.nearest(to: name, among: names))
    }
}
