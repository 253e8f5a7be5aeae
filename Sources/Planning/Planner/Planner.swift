internal import GraphQL

/// Makes plans. Immutable; its work depends on nothing but what it is given.
public struct Planner: Sendable {
    /// The schema and where its fields come from.
    public let mapping: MappedSchema
    /// How large an operation may be.
    public let limits: PlanLimits

    /// A planner for one schema.
    public init(mapping: MappedSchema, limits: PlanLimits = PlanLimits()) {
        self.mapping = mapping
        self.limits = limits
    }

    /// Plans an operation of a validated document within the limits, as far as they don't depend on variables.
    ///
    /// - Parameters:
    ///   - entry: the operation.
    ///   - profile: one of the mapping's profiles.
    ///   - conditions: the values of the entry's `conditionVariables`.
    ///   - grants: what the caller's token grants.
    public func plan(
        _ entry: OperationEntry, profile: Profile, conditions: Conditions = Conditions(), grants: Grants = .all
    ) throws(PlanningError) -> Plan {
        let measures = try measure(entry, profile: profile, conditions: conditions)
        let excesses = limits.excesses(of: measures, cost: measures.cost.constant ?? 0)
        if let excess = excesses.first(where: \.isEnforced) {
            throw PlanningError(kind: .limitExceeded, message: excess.message, offset: entry.operation.offset)
        }
        return try plan(entry, profile: profile, conditions: conditions, grants: grants, measures: measures)
    }

    /// Plans an operation whose measures the caller has judged; `limits` don't matter. Planning looks at no more
    /// selections than a fixed bound, and refuses an operation that needs more.
    ///
    /// - Parameter measures: what `measure` gave for the same.
    public func plan(
        _ entry: OperationEntry, profile: Profile, conditions: Conditions, grants: Grants = .all,
        measures: OperationMeasures
    ) throws(PlanningError) -> Plan {
        let operation = entry.operation
        let rootType = try rootType(of: operation)
        var builder = PlanBuilder(
            mapping: mapping, entry: entry, profile: profile, conditions: conditions, grants: grants)
        let root: ObjectSelection
        do throws(PlanBuilder.TooLarge) {
            root = try builder.root(rootType)
        } catch {
            throw PlanningError(
                kind: .limitExceeded,
                message: "The operation's plan is too large: it takes more than \(PlanLimits.planningSteps) steps.",
                offset: operation.offset)
        }
        return Plan(
            operation: operation, source: entry.document.source, profile: profile, grants: grants, root: root,
            fetches: builder.fetchPlans(), dropped: builder.dropped, droppedOrder: builder.droppedOrder,
            measures: measures, rootRecordSlots: builder.rootRecordSlots, estimatedBytes: builder.estimatedBytes)
    }

    /// Measures an operation of a validated document, in time linear in the document. Refuses what no limit allows: an
    /// operation that can't be planned at all.
    public func measure(
        _ entry: OperationEntry, profile: Profile, conditions: Conditions = Conditions()
    ) throws(PlanningError) -> OperationMeasures {
        _ = try rootType(of: entry.operation)
        var meter = OperationMeter(fragments: entry.fragments)
        var measures = meter.measure(entry.operation)
        var refusal: String?
        if measures.nesting > PlanLimits.nesting {
            refusal =
                "The operation nests fragments and selection sets \(measures.nesting) deep; at most "
                + "\(PlanLimits.nesting) are allowed."
        }
        if entry.conditionVariables.count > Conditions.maximumCount {
            refusal =
                "The operation uses \(entry.conditionVariables.count) variables in @skip and @include; at most "
                + "\(Conditions.maximumCount) are allowed."
        }
        if let refusal {
            throw PlanningError(kind: .limitExceeded, message: refusal, offset: entry.operation.offset)
        }
        var costMeter = CostMeter(mapping: mapping, entry: entry, profile: profile, conditions: conditions)
        measures.cost = costMeter.measure(entry.operation)
        measures.tokens = entry.document.tokenCount
        return measures
    }

    private func rootType(of operation: OperationDefinition) throws(PlanningError) -> NamedType {
        guard operation.kind != .subscription, let type = mapping.schema.rootType(for: operation.kind) else {
            throw PlanningError(
                kind: .operationUnsupported, message: "The gateway does not run \(operation.kind.rawValue) operations.",
                offset: operation.offset)
        }
        return type
    }
}
