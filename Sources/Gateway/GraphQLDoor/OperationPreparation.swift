internal import Bytes
internal import Configuration
internal import Execution
internal import GraphQL
internal import JSON
internal import Planning

/// What stands between a request and its run: the document, the operation, its variables and its plan; from the
/// snapshot's cache where they are known.
struct OperationPreparation {
    let served: ServedSnapshot
    private let profile: Profile
    let grants: Grants
    let metrics: LimitMetrics
    /// Where clients register documents; nil where no client asks.
    let registered: RegisteredDocumentCache?

    /// - Parameter grants: what the caller's token grants.
    init(
        _ served: ServedSnapshot, _ profile: Profile, _ metrics: LimitMetrics,
        _ registered: RegisteredDocumentCache? = nil, grants: Grants = .anonymous
    ) {
        self.served = served
        self.profile = profile
        self.grants = grants
        self.metrics = metrics
        self.registered = registered
    }

    init(_ request: GatewayRequest) {
        self.init(
            request.served, request.profile, request.shard.limits, request.shard.registered, grants: request.grants)
    }

    var snapshot: Snapshot { served.snapshot }

    /// An operation ready to run.
    struct Ready {
        let plan: ExecutablePlan
        let variables: CoercedVariables
        /// What it costs by `@cost` and `@listSize`.
        let cost: Int
        /// Whether it is one of the operator's own, to which no limit applies.
        let isTrusted: Bool
    }

    /// Why an operation isn't run.
    struct Refusal: Error {
        let kind: AnswerKind
        let errors: [RequestError]
        /// Whether it is a mutation that a GET asked for.
        var isMutationOverGet = false

        init(_ kind: AnswerKind, _ errors: [RequestError]) {
            self.kind = kind
            self.errors = errors
        }

        init(_ kind: AnswerKind, _ code: ErrorCode, _ message: String, _ locations: [Location] = []) {
            self.init(kind, [RequestError(code: code, message: message, locations: locations)])
        }
    }

    /// Makes `operation` ready.
    /// - Parameter isSafe: whether only a query may run: the method is GET.
    func prepare(_ operation: OperationRequest, isSafe: Bool) throws(Refusal) -> Ready {
        let mapping = try mapping()
        let document = try document(operation, mapping)
        let index = try select(operation, document)
        let values = VariableValues.read(operation.variables, in: operation.body)
        return try prepare(index, of: document, mapping, values, isSafe: isSafe, isTrusted: document.isListed)
    }

    /// Makes the only operation of a stored document ready; it is trusted.
    func prepare(stored text: [UInt8], variables: [InputMember]) throws(Refusal) -> Ready {
        let mapping = try mapping()
        let document = try document(text, mapping, isTrusted: true)
        return try prepare(0, of: document, mapping, variables, isSafe: false, isTrusted: true)
    }

    private func mapping() throws(Refusal) -> MappedSchema {
        guard let mapping = snapshot.mapping else {
            throw Refusal(.refused, .operationResolutionFailure, "The gateway has no schema.")
        }
        return mapping
    }

    private func prepare(
        _ index: Int, of document: CachedDocument<ExecutablePlan>, _ mapping: MappedSchema, _ values: [InputMember],
        isSafe: Bool, isTrusted: Bool
    ) throws(Refusal) -> Ready {
        let entry = document.operations[index]
        if entry.operation.kind == .subscription {
            throw Refusal(
                .refused, .operationResolutionFailure, "The gateway does not run subscriptions.",
                [document.document.source.location(at: entry.operation.offset)])
        }
        if isSafe, entry.operation.kind == .mutation {
            var refusal = Refusal(.refused, .badRequest, "A mutation has to be posted; GET runs queries only.")
            refusal.isMutationOverGet = true
            throw refusal
        }
        let variables = try coerce(values, entry, mapping)
        let conditions = conditions(entry, variables)
        if let known = document.plan(operation: index, profile: profile, conditions: conditions, grants: grants) {
            let cost = try judge(known.plan.measures, variables, entry, isTrusted: isTrusted)
            return Ready(plan: known, variables: variables, cost: cost, isTrusted: isTrusted)
        }
        let measures = try measure(index, of: document, mapping, conditions)
        let cost = try judge(measures, variables, entry, isTrusted: isTrusted)
        let plan = try plan(index, of: document, mapping, conditions, measures)
        return Ready(plan: plan, variables: variables, cost: cost, isTrusted: isTrusted)
    }

    /// What the operation measures, whatever its variables are.
    func measure(
        _ index: Int, of document: CachedDocument<ExecutablePlan>, _ mapping: MappedSchema, _ conditions: Conditions
    ) throws(Refusal) -> OperationMeasures {
        let planner = snapshot.planner ?? Planner(mapping: mapping)
        return try planning(document) { () throws(PlanningError) in
            try planner.measure(document.operations[index], profile: profile, conditions: conditions)
        }
    }

    /// Plans an operation of `document`, and keeps the plan with it.
    func plan(
        _ index: Int, of document: CachedDocument<ExecutablePlan>, _ mapping: MappedSchema, _ conditions: Conditions,
        _ measures: OperationMeasures
    ) throws(Refusal) -> ExecutablePlan {
        let planner = snapshot.planner ?? Planner(mapping: mapping)
        let plan = try planning(document) { () throws(PlanningError) in
            try planner.plan(
                document.operations[index], profile: profile, conditions: conditions, grants: grants, measures: measures
            )
        }
        let executable = snapshot.executable(plan, schema: mapping)
        served.plans.insert(executable, for: plan, in: document, operation: index, conditions: conditions)
        return executable
    }

    /// What `work` gives, or its error as a refusal.
    private func planning<Result>(
        _ document: CachedDocument<ExecutablePlan>, _ work: () throws(PlanningError) -> Result
    ) throws(Refusal) -> Result {
        do throws(PlanningError) {
            return try work()
        } catch {
            let code: ErrorCode = error.kind == .limitExceeded ? .limitExceeded : .operationResolutionFailure
            throw Refusal(.refused, code, error.message, [document.document.source.location(at: error.offset)])
        }
    }

    /// Counts what an operation measures, and refuses it where it is above a limit that is enforced.
    /// - Returns: what it costs.
    private func judge(
        _ measures: OperationMeasures, _ variables: CoercedVariables, _ entry: OperationEntry, isTrusted: Bool
    ) throws(Refusal) -> Int {
        let cost = measures.cost.value(variables)
        metrics.record(measures, cost: cost)
        guard !isTrusted, let limits = snapshot.planner?.limits else { return cost }
        let excesses = limits.excesses(of: measures, cost: cost)
        for excess in excesses { metrics.count(excess.name, excess.limit.mode) }
        guard let refused = excesses.first(where: \.isEnforced) else { return cost }
        let place = entry.document.source.location(at: entry.operation.offset)
        throw Refusal(.refused, .limitExceeded, refused.message, [place])
    }

    // MARK: Operation and variables

    private func select(
        _ operation: OperationRequest, _ document: CachedDocument<ExecutablePlan>
    ) throws(Refusal) -> Int {
        let name = operation.operationName.kind == .string ? operation.operationName.string(in: operation.body) : nil
        if let index = document.operationIndex(named: name) { return index }
        let message: String
        if let name {
            message = "The document holds no operation named \"\(name.prefix(100))\"."
        } else if document.operations.isEmpty {
            message = "The document holds no operation."
        } else {
            message = "The document holds several operations: say which to run by \"operationName\"."
        }
        throw Refusal(.refused, .operationResolutionFailure, message)
    }

    private func coerce(
        _ values: [InputMember], _ entry: OperationEntry, _ mapping: MappedSchema
    ) throws(Refusal) -> CoercedVariables {
        if entry.operation.variables.isEmpty { return [:] }
        do throws(VariableCoercionError) {
            return try mapping.schema.coerceVariableValues(of: entry.operation, values: values)
        } catch {
            let source = entry.document.source
            throw Refusal(
                .refused,
                error.problems.map { problem in
                    RequestError(
                        code: .badUserInput, message: problem.message, locations: [source.location(at: problem.offset)])
                })
        }
    }

    private func conditions(_ entry: OperationEntry, _ variables: CoercedVariables) -> Conditions {
        var conditions = Conditions()
        for (index, name) in entry.conditionVariables.enumerated() {
            if case .boolean(true) = variables[name] { conditions[index] = true }
        }
        return conditions
    }
}
