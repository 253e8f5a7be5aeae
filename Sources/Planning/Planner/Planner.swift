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

    /// Plans an operation of a validated document.
    ///
    /// Measuring takes time linear in the document; planning itself looks at no more selections than a fixed bound, and
    /// refuses an operation that needs more.
    ///
    /// - Parameters:
    ///   - entry: the operation.
    ///   - profile: one of the mapping's profiles.
    ///   - conditions: the values of the entry's `conditionVariables`.
    public func plan(
        _ entry: OperationEntry, profile: Profile, conditions: Conditions = Conditions()
    ) throws(PlanningError) -> Plan {
        let operation = entry.operation
        guard operation.kind != .subscription, let rootType = mapping.schema.rootType(for: operation.kind) else {
            throw PlanningError(
                kind: .operationUnsupported, message: "The gateway does not run \(operation.kind.rawValue) operations.",
                offset: operation.offset)
        }
        let measures = try measure(entry)
        var builder = PlanBuilder(mapping: mapping, entry: entry, profile: profile, conditions: conditions)
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
            operation: operation, source: entry.document.source, profile: profile, root: root,
            fetches: builder.fetchPlans(), dropped: builder.dropped, measures: measures,
            rootRecordSlots: builder.rootRecordSlots, estimatedBytes: builder.estimatedBytes)
    }

    /// Measures an operation of a validated document, and refuses it where a limit is exceeded.
    public func measure(_ entry: OperationEntry) throws(PlanningError) -> OperationMeasures {
        var meter = OperationMeter(fragments: entry.fragments)
        let measures = meter.measure(entry.operation)
        var refusal = limits.refusal(of: measures)
        if entry.conditionVariables.count > Conditions.maximumCount {
            refusal =
                "The operation uses \(entry.conditionVariables.count) variables in @skip and @include; at most "
                + "\(Conditions.maximumCount) are allowed."
        }
        if let refusal {
            throw PlanningError(kind: .limitExceeded, message: refusal, offset: entry.operation.offset)
        }
        return measures
    }
}
