public import GraphQL

/// A validated document with its operations and the plans made for them so far, each in the form that it is run in.
/// Confined to its cache's thread.
public final class CachedDocument<Prepared: AnyObject> {
    /// The document's bytes as received.
    public let bytes: [UInt8]
    /// The document.
    public let document: Document
    /// Its operations, in order.
    public let operations: [OperationEntry]
    /// Whether the operator has listed it as trusted.
    public let isListed: Bool

    /// The document's hash in its cache.
    var hash: UInt64 = 0
    /// Bytes that it and its plans are counted as.
    private(set) var cost: Int
    private var plans: [Entry] = []
    private var nextVictim = 0
    /// How often it was asked for.
    var uses = 0
    weak var moreRecent: CachedDocument<Prepared>?
    var lessRecent: CachedDocument<Prepared>?

    /// Plans kept for one document; more replace the oldest. A client chooses the conditions, so they are bounded.
    static var maximumPlans: Int { 32 }

    private struct Entry {
        let operation: Int
        let profile: Int
        let conditions: Conditions
        let grants: Grants
        let prepared: Prepared
        let cost: Int
    }

    /// A document that parsed and validated.
    public init(bytes: [UInt8], document: Document, isListed: Bool = false) {
        self.bytes = bytes
        self.isListed = isListed
        self.document = document
        operations = OperationEntry.entries(of: document)
        // The syntax tree is several times the text.
        cost = 1024 + bytes.count * 10
    }

    /// The operation to run (GraphQL §6.1, GetOperation): the one of that name, or the only one if none is named. Its
    /// index in `operations`; nil where there is no such operation, or several and no name.
    public func operationIndex(named name: String?) -> Int? {
        guard let name else { return operations.count == 1 ? 0 : nil }
        return operations.firstIndex { $0.operation.name?.value == name }
    }

    /// The plan made for an operation, if it is still there.
    public func plan(operation: Int, profile: Profile, conditions: Conditions, grants: Grants = .all) -> Prepared? {
        for entry in plans
        where entry.operation == operation && entry.profile == profile.index && entry.conditions == conditions
            && entry.grants == grants
        {
            return entry.prepared
        }
        return nil
    }

    /// What the plans that it has were made for.
    var purposes: [PlanPurpose] {
        plans.map { PlanPurpose(operation: $0.operation, profile: $0.profile, conditions: $0.conditions) }
    }

    /// Keeps a plan; gives the bytes by which the cost has changed.
    func insert(
        _ prepared: Prepared, for plan: Plan, cost planCost: Int, operation: Int, conditions: Conditions
    ) -> Int {
        let before = cost
        let entry = Entry(
            operation: operation, profile: plan.profile.index, conditions: conditions, grants: plan.grants,
            prepared: prepared, cost: planCost)
        cost += planCost
        if plans.count < Self.maximumPlans {
            plans.append(entry)
        } else {
            cost -= plans[nextVictim].cost
            plans[nextVictim] = entry
            nextVictim = (nextVictim + 1) % Self.maximumPlans
        }
        return cost - before
    }
}
