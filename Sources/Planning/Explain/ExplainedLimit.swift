/// What an operation measures against one limit.
public struct ExplainedLimit: Sendable, Hashable {
    /// Whether the operation keeps to it.
    public enum Verdict: String, Sendable {
        /// It does.
        case within
        /// It doesn't.
        case exceeded
        /// What upstreams answer decides: a call too many gets an error.
        case possible
    }

    /// Which limit.
    public let name: LimitName
    /// What was measured; nil where nothing bounds it.
    public let measured: Int?
    /// The limit; nil: none.
    public let limit: Limit?
    /// Whether the operation keeps to it.
    public let verdict: Verdict

    init(_ name: LimitName, _ measured: Int?, _ limit: Limit?, isCertain: Bool = true) {
        self.name = name
        self.measured = measured
        self.limit = limit
        let isWithin = limit.map { limit in measured.map { $0 <= limit.max } ?? false } ?? true
        verdict = isWithin ? .within : isCertain ? .exceeded : .possible
    }

    /// All limits of an operation, in the order in which they are judged.
    static func all(
        _ measures: OperationMeasures, cost: Int, calls: Int?, _ limits: PlanLimits, upstreamCalls: Limit?
    ) -> [ExplainedLimit] {
        [
            ExplainedLimit(.tokens, measures.tokens, limits.tokens),
            ExplainedLimit(.depth, measures.depth, limits.depth),
            ExplainedLimit(.aliases, measures.aliases, limits.aliases),
            ExplainedLimit(.rootFields, measures.rootFields, limits.rootFields),
            ExplainedLimit(.cost, cost, limits.cost),
            ExplainedLimit(.upstreamCalls, calls, upstreamCalls, isCertain: false),
        ]
    }
}

extension ExplainedLimit: CustomStringConvertible {
    /// The limit as one line: `depth 4 of 15`.
    public var description: String {
        let bound = limit.map { " of \($0.max)" } ?? ""
        let isMeasured = limit?.mode == .measure ? ", only measured" : ""
        let note =
            switch verdict {
            case .within: ""
            case .exceeded: limit?.mode == .measure ? ": more, but it runs" : ": refused"
            case .possible: limit?.mode == .measure ? "" : ": a call more gets an error"
            }
        return
            "\(name.rawValue) \(measured.map(String.init) ?? "?")\(bound)\(isMeasured)\(note)"
    }
}
