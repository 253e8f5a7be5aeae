public import GraphQL

/// What a plan would do, for people and tools: the calls in dependency order, what runs side by side, and the worst
/// case. Nothing is sent. Times are in nanoseconds.
public struct Explanation: Sendable {
    /// The kind of operation, `query` or `mutation`.
    public let kind: String
    /// Its name.
    public let operationName: String?
    /// The profile's name.
    public let profile: String
    /// The calls, parents before children.
    public let calls: [ExplainedCall]
    /// Coordinates of the fields that the profile leaves out.
    public let dropped: [DroppedField]
    /// Calls at most; nil where a list of unknown length decides and no limit bounds them.
    public let worstCaseCalls: Int?
    /// Tries at most, retries included.
    public let worstCaseTries: Int?
    /// The longest that the answer can take; nil where nothing bounds it.
    public let worstCaseTime: UInt64?
    /// Whether calls that are counted per list item are bounded only by the limit of upstream calls.
    public let isBoundedByLimit: Bool
    /// The whole-request deadline; nil: none.
    public let deadline: UInt64?
    /// What the operation costs with the variables given.
    public let cost: Int
    /// Each limit, and how the operation keeps to it.
    public let limits: [ExplainedLimit]

    /// What happens around each call, in order (contract: one order for all).
    public static let order =
        "deadline → ip rate limits → token → other rate limits → cache and single flight → concurrency → breaker → "
        + "(try → timeout → retry within budget and deadline) → fallback"

    /// Explains a plan.
    ///
    /// - Parameters:
    ///   - variables: values of the variables that the cost depends on.
    ///   - requestTimeout: the whole-request deadline.
    ///   - limits: what operations are judged by.
    ///   - upstreamCalls: how many calls one request may make.
    public init(
        _ plan: Plan, variables: CoercedVariables = [:], requestTimeout: UInt64? = nil, limits: PlanLimits = .none,
        upstreamCalls: Limit? = nil
    ) {
        kind = plan.kind.rawValue
        operationName = plan.operationName
        profile = plan.profile.name
        dropped = plan.droppedOrder.map { plan.dropped[$0] }
        var calls: [ExplainedCall] = []
        for fetch in plan.fetches {
            calls.append(ExplainedCall(fetch, parent: fetch.parent.map { calls[$0] }))
        }
        self.calls = calls
        let counts = calls.map(\.calls)
        let total = counts.contains(nil) ? nil : counts.reduce(0) { $0.addingSaturating($1 ?? 0) }
        let bound = upstreamCalls?.mode == .enforce ? upstreamCalls?.max : nil
        isBoundedByLimit = bound.map { bound in total.map { $0 > bound } ?? true } ?? false
        worstCaseCalls = isBoundedByLimit ? bound : total
        deadline = requestTimeout
        cost = plan.measures.cost.value(variables)
        self.limits = ExplainedLimit.all(
            plan.measures, cost: cost, calls: total, limits, upstreamCalls: upstreamCalls)
        if isBoundedByLimit, let bound {
            worstCaseTries = (calls.map(\.tries).max() ?? 0).multiplyingSaturating(bound)
        } else {
            worstCaseTries =
                counts.contains(nil)
                ? nil
                : calls.reduce(0) { $0.addingSaturating(($1.calls ?? 0).multiplyingSaturating($1.tries)) }
        }
        worstCaseTime = Self.time(calls, plan.kind == .mutation, bound: requestTimeout)
    }

    /// The longest chain of calls, or in a mutation the sum of each root field's, within the deadline.
    private static func time(_ calls: [ExplainedCall], _ isSerial: Bool, bound: UInt64?) -> UInt64? {
        guard !calls.isEmpty else { return 0 }
        var longest: [Int: UInt64] = [:]
        for call in calls {
            guard let end = call.end else { return bound }
            longest[isSerial ? call.rootIndex : 0] = max(end, longest[isSerial ? call.rootIndex : 0] ?? 0)
        }
        let total = longest.values.reduce(UInt64(0)) { $0.addingSaturating($1) }
        return bound.map { min($0, total) } ?? total
    }
}

/// One call of a plan.
public struct ExplainedCall: Sendable {
    /// Its index among the calls.
    public let id: FetchID
    /// The call that it waits for.
    public let parent: FetchID?
    /// How many calls come before it in its chain.
    public let level: Int
    /// The field's coordinate.
    public let coordinate: String
    /// The response keys down to the field.
    public let responsePath: [String]
    /// The route's name.
    public let route: String
    /// The upstream's name.
    public let upstream: String
    /// Method and request template.
    public let request: String
    /// Each input of the route and what it is bound to.
    public let bindings: [(input: String, value: String)]
    /// Whether one call serves many parents.
    public let isBatch: Bool
    /// How many keys one call of a batch takes.
    public let batchMax: Int?
    /// Calls at most; nil: one for each item of a list of unknown length.
    public let calls: Int?
    /// Tries of one call at most.
    public let tries: Int
    /// The bound of one try; nil: the deadline.
    public let timeout: UInt64?
    /// The longest that one call takes with its retries; nil: until the deadline.
    public let time: UInt64?
    /// The longest until its end, the calls that it waits for included.
    public let end: UInt64?
    /// The breaker's name.
    public let breaker: String?
    /// Whether a value stands in when it fails.
    public let hasFallback: Bool
    /// When it is sent a second time, which is no try of its own; nil = never.
    public let hedge: String?
    /// Whether it is made once for all who ask the same at once; never in a mutation.
    public let isShared: Bool
    /// How its answers are stored; nil where they aren't.
    public let cache: CacheDescription?
    /// The root field that it belongs to.
    public let rootIndex: Int
    /// Objects that it is made for at most; nil: unknown.
    private let parents: Int?

    init(_ fetch: FetchPlan, parent: ExplainedCall?) {
        id = fetch.id
        self.parent = fetch.parent
        level = (parent?.level ?? -1) + 1
        coordinate = fetch.coordinate
        responsePath = fetch.responsePath
        route = fetch.route.name
        upstream = fetch.route.upstream
        request = fetch.route.template.text
        bindings = fetch.bindings.enumerated().map { index, binding in
            (fetch.route.inputName(index), binding.text(batch: fetch.batch))
        }
        isBatch = fetch.batch != nil
        batchMax = fetch.batch?.max
        let perParent = fetch.parentLists.reduce(Optional(1)) { product, cap in
            product.flatMap { product in cap.map { product.multiplyingSaturating($0) } }
        }
        let before = parent.map(\.parents) ?? 1
        let parents = before.flatMap { before in perParent.map { before.multiplyingSaturating($0) } }
        self.parents = parents
        if isBatch {
            calls = batchMax.map { max in parents.map { ($0.addingSaturating(max - 1)) / Swift.max(max, 1) } } ?? 1
        } else {
            calls = parents
        }
        let policies = fetch.route.policies
        // A request with a body that may not be sent twice is tried once.
        tries = policies.isIdempotent ? max(1, policies.attempts) : 1
        timeout = policies.timeout
        let tries = UInt64(tries)
        let time = policies.timeout.map { timeout in
            timeout.multiplyingSaturating(tries)
                .addingSaturating(policies.backoffMax.multiplyingSaturating(tries - 1))
        }
        self.time = time
        let start = parent.map(\.end) ?? 0
        end = start.flatMap { start in time.map { start.addingSaturating($0) } }
        breaker = policies.breaker
        hasFallback = policies.hasFallback
        hedge = policies.hedge
        isShared = policies.isShared
        cache = policies.cache
        rootIndex = fetch.rootIndex
    }
}

extension UInt64 {
    func addingSaturating(_ other: UInt64) -> UInt64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }

    func multiplyingSaturating(_ other: UInt64) -> UInt64 {
        let (product, overflow) = multipliedReportingOverflow(by: other)
        return overflow ? .max : product
    }
}
