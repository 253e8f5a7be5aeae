public import GraphQL

/// Everything about answering one operation that does not depend on the request: decided from the schema mapping, the
/// document, the operation's name, the profile and the values of the variables in `@skip` and `@include`.
///
/// Fields are already collected (GraphQL §6.3.2), for each concrete object type, in the order of the answer; nothing
/// that is skipped or dropped is left to look at. Immutable, so one plan serves any number of requests on any thread.
public final class Plan: Sendable {
    /// Query or mutation. In a mutation the root fields run one after the other.
    public let kind: OperationKind
    /// The operation's name, if it has one.
    public let operationName: String?
    /// The operation itself, for its variable definitions.
    public let operation: OperationDefinition
    /// The text that byte offsets in the plan point into.
    public let source: Source
    /// The device profile that the plan is for.
    public let profile: Profile
    /// What the token grants of the callers that the plan is for.
    public let grants: Grants
    /// What is answered at the root.
    public let root: ObjectSelection
    /// All calls: those of the root fields first, in order, and every parent before its children. The index is the
    /// call's `FetchID`.
    public let fetches: [FetchPlan]
    /// Fields that the profile leaves out, by the index that their sources have.
    public let dropped: [DroppedField]
    /// The indices of `dropped` in order of first selection.
    public let droppedOrder: [Int]
    /// What the operation was measured at against the limits.
    public let measures: OperationMeasures
    /// Slots of the root record: one join slot for each root field that is fetched.
    public let rootRecordSlots: Int
    /// About how much memory the plan keeps, in bytes, for the plan cache's bound.
    public let estimatedBytes: Int

    init(
        operation: OperationDefinition, source: Source, profile: Profile, grants: Grants, root: ObjectSelection,
        fetches: [FetchPlan], dropped: [DroppedField], droppedOrder: [Int], measures: OperationMeasures,
        rootRecordSlots: Int, estimatedBytes: Int
    ) {
        kind = operation.kind
        operationName = operation.name?.value
        self.operation = operation
        self.source = source
        self.profile = profile
        self.grants = grants
        self.root = root
        self.fetches = fetches
        self.dropped = dropped
        self.droppedOrder = droppedOrder
        self.measures = measures
        self.rootRecordSlots = rootRecordSlots
        self.estimatedBytes = estimatedBytes
    }

    /// The places of a field in the document, for an error. Takes time linear in the document.
    public func locations(of field: PlannedField) -> [Location] {
        field.offsets.map { source.location(at: $0) }
    }
}

/// A field that a profile leaves out, as `extensions.profile.dropped` names it.
public struct DroppedField: Sendable, Hashable {
    /// Its schema coordinate, `User.history`.
    public let coordinate: String
    /// Whether it was selected on an abstract type only: then it counts if an object of its type came.
    public let isConditional: Bool

    /// A dropped field.
    public init(coordinate: String, isConditional: Bool) {
        self.coordinate = coordinate
        self.isConditional = isConditional
    }
}

/// What an operation measures, fragments expanded.
public struct OperationMeasures: Sendable, Hashable {
    /// Fields on the longest path, the leaf included.
    public var depth = 0
    /// Fields under an alias, a fragment counted once for each selection set that spreads it.
    public var aliases = 0
    /// Fields at the root, counted likewise.
    public var rootFields = 0
    /// Selection sets and fragment spreads on the longest way down: how deep code that walks them recurses.
    public var nesting = 0
    /// Lexical tokens of the document.
    public var tokens = 0
    /// What it costs by `@cost` and `@listSize`, with the profile's list caps.
    public var cost = OperationCost()

    /// Nothing measured yet.
    public init() {}
}
