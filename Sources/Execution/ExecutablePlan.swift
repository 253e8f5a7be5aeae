public import GraphQL
public import Planning

/// A plan laid out for running: made once when the plan is made, kept beside it in the plan cache.
public final class ExecutablePlan: Sendable {
    /// The plan that it runs.
    public let plan: Plan
    let tables: PlanTables
    /// For each fetch the JSON text of its route's `fallback.value`.
    let fallbacks: [[UInt8]?]
    /// For each fetch its parent; −1 for a root field's.
    let parents: [Int32]
    /// The entries of the root fields that are fetched.
    let rootFields: [Int]

    let schema: Schema
    /// For each fetch its field's arguments, where they read no variables.
    let constantArguments: [FieldArgumentValues?]
    /// For each fetch the variables that its field's arguments are, where each is one and nothing else is to be known.
    let plainArguments: [[PlainArgument]?]
    let introspect: IntrospectionRenderer?

    /// - Parameters:
    ///   - plan: the plan.
    ///   - schema: the schema that it was planned for.
    ///   - fallbacks: the JSON text of each route's `fallback.value`, by `RouteDescription.index`; routes beyond the
    ///     end have none.
    ///   - introspect: answers introspection fields; nil answers them with null.
    public init(
        _ plan: Plan, schema: Schema, fallbacks: [[UInt8]?] = [], introspect: IntrospectionRenderer? = nil
    ) {
        self.plan = plan
        let tables = PlanTables(root: .object(plan.root), fetches: plan.fetches)
        self.tables = tables
        self.fallbacks = plan.fetches.map { fetch in
            fallbacks.indices.contains(fetch.route.index) ? fallbacks[fetch.route.index] : nil
        }
        self.schema = schema
        self.introspect = introspect
        constantArguments = plan.fetches.map { Self.constantArguments($0.arguments, schema) }
        plainArguments = plan.fetches.map { Self.plainArguments($0.arguments) }
        parents = plan.fetches.map { Int32(clamping: $0.parent ?? -1) }
        let root = tables.selections[Int(tables.types[tables.root].child)]
        let range = Int(root.firstField)..<Int(root.firstField + root.fieldCount)
        rootFields = range.filter { tables.fields[$0].source == .fetch }
    }
}
