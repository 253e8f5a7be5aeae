/// How large an operation may be. Nil is no limit.
public struct PlanLimits: Sendable, Hashable {
    /// Fields on the longest path.
    public var depth: Int?
    /// Fields under an alias.
    public var aliases: Int?
    /// Fields at the root.
    public var rootFields: Int?

    /// Limits, by default those of the configuration's defaults.
    public init(depth: Int? = 15, aliases: Int? = 30, rootFields: Int? = 20) {
        self.depth = depth
        self.aliases = aliases
        self.rootFields = rootFields
    }

    /// How deep selection sets and fragment spreads may go together, whatever the limits: planning recurses over them.
    static let nesting = 250
    /// How many fields and fragments planning looks at, each time that a selection set spreads them: bounds the
    /// plan's time and size also where every single limit holds.
    static let planningSteps = 50_000

    /// The first limit that `measures` exceeds, as a sentence.
    func refusal(of measures: OperationMeasures) -> String? {
        if let depth, measures.depth > depth {
            return "The operation is \(measures.depth) fields deep; at most \(depth) are allowed."
        }
        if let aliases, measures.aliases > aliases {
            return "The operation has \(measures.aliases) aliases; at most \(aliases) are allowed."
        }
        if let rootFields, measures.rootFields > rootFields {
            return "The operation has \(measures.rootFields) root fields; at most \(rootFields) are allowed."
        }
        if measures.nesting > Self.nesting {
            return "The operation nests fragments and selection sets \(measures.nesting) deep; at most "
                + "\(Self.nesting) are allowed."
        }
        return nil
    }
}
