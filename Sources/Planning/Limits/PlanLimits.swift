/// One limit: how much is allowed, and what comes of more.
public struct Limit: Sendable, Hashable, ExpressibleByIntegerLiteral {
    /// What comes of an operation above a limit.
    public enum Mode: String, Sendable, CaseIterable {
        /// It is refused as `LIMIT_EXCEEDED`.
        case enforce
        /// It runs, and is counted.
        case measure
    }

    /// The most that is allowed.
    public var max: Int
    /// What comes of more.
    public var mode: Mode

    /// A limit.
    public init(max: Int, mode: Mode = .enforce) {
        self.max = max
        self.mode = mode
    }

    /// A limit that is enforced.
    public init(integerLiteral value: Int) { self.init(max: value) }
}

/// The limits by their names in the configuration.
public enum LimitName: String, Sendable, CaseIterable {
    case depth, tokens, aliases, rootFields, cost, upstreamCalls, batch
}

/// How large an operation may be. Nil is no limit.
public struct PlanLimits: Sendable, Hashable {
    /// Fields on the longest path.
    public var depth: Limit?
    /// Lexical tokens of the document.
    public var tokens: Limit?
    /// Fields under an alias.
    public var aliases: Limit?
    /// Fields at the root.
    public var rootFields: Limit?
    /// What the operation costs by `@cost` and `@listSize`.
    public var cost: Limit?

    /// Limits, by default those of the configuration's defaults.
    public init(
        depth: Limit? = 15, tokens: Limit? = 10_000, aliases: Limit? = 30, rootFields: Limit? = 20,
        cost: Limit? = 5_000
    ) {
        self.depth = depth
        self.tokens = tokens
        self.aliases = aliases
        self.rootFields = rootFields
        self.cost = cost
    }

    /// No limits, for operations that are trusted.
    public static let none = PlanLimits(depth: nil, tokens: nil, aliases: nil, rootFields: nil, cost: nil)

    /// How deep selection sets and fragment spreads may go together, whatever the limits: planning recurses over them.
    static let nesting = 250
    /// How many fields and fragments planning looks at, each time that a selection set spreads them: bounds the
    /// plan's time and size also where every single limit holds.
    static let planningSteps = 50_000

    /// Which limits an operation exceeds, enforced or not. Empty, and found without allocation, for the usual one.
    ///
    /// - Parameter cost: the value of `measures.cost` for the request's variables.
    public func excesses(of measures: OperationMeasures, cost: Int) -> [LimitExcess] {
        var found: [LimitExcess] = []
        check(measures.tokens, tokens, .tokens, &found)
        check(measures.depth, depth, .depth, &found)
        check(measures.aliases, aliases, .aliases, &found)
        check(measures.rootFields, rootFields, .rootFields, &found)
        check(cost, self.cost, .cost, &found)
        return found
    }

    private func check(_ measured: Int, _ limit: Limit?, _ name: LimitName, _ found: inout [LimitExcess]) {
        guard let limit, measured > limit.max else { return }
        found.append(LimitExcess(name: name, measured: measured, limit: limit))
    }
}

/// That an operation is above a limit.
public struct LimitExcess: Sendable, Hashable {
    /// Which limit.
    public let name: LimitName
    /// What was measured.
    public let measured: Int
    /// The limit.
    public let limit: Limit

    /// A limit and what was measured above it.
    public init(name: LimitName, measured: Int, limit: Limit) {
        self.name = name
        self.measured = measured
        self.limit = limit
    }

    /// Whether the operation must not run.
    public var isEnforced: Bool { limit.mode == .enforce }

    /// A sentence for the client.
    public var message: String {
        switch name {
        case .depth: "The operation is \(measured) fields deep; at most \(limit.max) are allowed."
        case .tokens: "The document has \(measured) tokens; at most \(limit.max) are allowed."
        case .aliases: "The operation has \(measured) aliases; at most \(limit.max) are allowed."
        case .rootFields: "The operation has \(measured) root fields; at most \(limit.max) are allowed."
        case .cost: "The operation may cost \(measured); at most \(limit.max) is allowed."
        case .upstreamCalls: "The operation makes \(measured) upstream calls; at most \(limit.max) are allowed."
        case .batch: "A batch may hold at most \(limit.max) operations."
        }
    }
}
