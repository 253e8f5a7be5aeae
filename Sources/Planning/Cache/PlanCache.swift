/// Documents and their plans, by the documents' bytes: the least recently used leave first. Bounded by count and by
/// (estimated) bytes. One for each shard, confined to its thread.
///
/// `Prepared` is the form in which the owner runs a plan, and which is made once with it.
public final class PlanCache<Prepared: AnyObject> {
    private let hasher: DocumentHash
    private let maximumCount: Int
    private let maximumBytes: Int
    private var table: [UInt64: CachedDocument<Prepared>] = [:]
    private var mostRecent: CachedDocument<Prepared>?
    private weak var leastRecent: CachedDocument<Prepared>?

    /// Bytes that all entries are counted as.
    public private(set) var bytes = 0
    /// Documents kept.
    public var count: Int { table.count }

    /// An empty cache.
    ///
    /// - Parameter seed: a random number, so that clients can't aim at collisions.
    public init(maximumCount: Int = 1000, maximumBytes: Int = 32 << 20, seed: UInt64) {
        self.maximumCount = max(1, maximumCount)
        self.maximumBytes = maximumBytes
        hasher = DocumentHash(seed: seed)
    }

    deinit {
        // One after the other: freeing the chain from its head would recurse as deep as it is long.
        while let head = mostRecent {
            mostRecent = head.lessRecent
            head.lessRecent = nil
        }
    }

    /// The document of exactly these bytes, which then is the most recently used.
    public func document(_ text: RawSpan) -> CachedDocument<Prepared>? {
        guard let found = table[hasher.hash(text)], text.holds(found.bytes) else { return nil }
        found.uses &+= 1
        if mostRecent !== found {
            unlink(found)
            linkFirst(found)
        }
        return found
    }

    /// The documents asked for most often, most used first, and what they were planned for: what a cache that takes
    /// this one's place had better know from the start.
    public func mostUsed(_ count: Int) -> [UsedDocument] {
        table.values.sorted { $0.uses > $1.uses }.prefix(count).map { UsedDocument(text: $0.bytes, plans: $0.purposes) }
    }

    /// Keeps a document as the most recently used one. One of the same hash gives way.
    public func insert(_ document: CachedDocument<Prepared>) {
        let text = document.bytes
        document.hash = unsafe hasher.hash(text.span.bytes)
        if let previous = table[document.hash] { remove(previous) }
        guard document.cost <= largestCost else { return }
        table[document.hash] = document
        bytes += document.cost
        linkFirst(document)
        evict()
    }

    /// A document or plan that would push out more than this is not kept: one client's giant must not empty the cache.
    private var largestCost: Int { maximumBytes / 4 }

    /// Keeps a plan with its document. If the document has left the cache since, only the document has it.
    ///
    /// - Parameters:
    ///   - prepared: what running the plan needs; counted as much as the plan itself.
    ///   - operation: the operation's index in the document's `operations`.
    public func insert(
        _ prepared: Prepared, for plan: Plan, in document: CachedDocument<Prepared>, operation: Int,
        conditions: Conditions
    ) {
        let cost = plan.estimatedBytes.multiplyingSaturating(2)
        guard cost <= largestCost else { return }
        let growth = document.insert(
            prepared, for: plan, cost: cost, operation: operation, conditions: conditions)
        guard table[document.hash] === document else { return }
        bytes += growth
        evict()
    }

    private func evict() {
        while table.count > maximumCount || bytes > maximumBytes, let victim = leastRecent { remove(victim) }
    }

    private func remove(_ document: CachedDocument<Prepared>) {
        unlink(document)
        table[document.hash] = nil
        bytes -= document.cost
    }

    private func linkFirst(_ document: CachedDocument<Prepared>) {
        document.lessRecent = mostRecent
        mostRecent?.moreRecent = document
        mostRecent = document
        if leastRecent == nil { leastRecent = document }
    }

    private func unlink(_ document: CachedDocument<Prepared>) {
        let before = document.moreRecent
        let after = document.lessRecent
        if let before { before.lessRecent = after } else { mostRecent = after }
        if let after { after.moreRecent = before } else { leastRecent = before }
        document.moreRecent = nil
        document.lessRecent = nil
    }
}
