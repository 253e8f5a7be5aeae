/// Decides what a bounded cache keeps: S3-FIFO, after J. Yang, Y. Zhang, Z. Qiu, Y. Yue and K. V. Rashmi, "FIFO queues
/// are all you need for cache eviction", SOSP 2023, algorithm 1.
///
/// What is new enters a small queue of a tenth of the room. Only what is asked for twice more before it comes to that
/// queue's end goes on to the main queue; the rest leaves, and is remembered for a while by its key alone, so that a
/// second coming enters the main queue at once. So a scan of keys that are asked for once passes through the small
/// queue, and leaves alone what is in use.
///
/// A value without clock or lock. Costs are in bytes and counted by the caller; the sum never passes `capacity`.
public struct S3FIFO<Value: Sendable>: Sendable {
    private struct Node: Sendable {
        var key: Int
        var value: Value?
        var cost: Int
        /// Hits since it was last moved, at most 3.
        var hits: UInt8 = 0
        var isInMain: Bool
        var next: Int32 = -1
        var previous: Int32 = -1
    }

    /// A doubly linked list of nodes, newest first.
    private struct Queue: Sendable {
        var newest: Int32 = -1
        var oldest: Int32 = -1
        var cost = 0
    }

    /// Bytes that all entries and what is remembered of others may cost.
    public private(set) var capacity: Int
    /// What each entry costs beside its value: its place in the lists and in the table.
    public static var overhead: Int { 128 }
    /// What one remembered key costs.
    static var ghostCost: Int { 48 }

    /// Entries that had to leave for others, so far.
    public private(set) var evictions: UInt64 = 0
    private var nodes: [Node] = []
    private var free: [Int32] = []
    private var places: [Int: Int32] = [:]
    private var small = Queue()
    private var main = Queue()
    /// Keys that left the small queue, oldest first from `ghostStart` on, and how often each stands there.
    private var ghosts: [Int] = []
    private var ghostStart = 0
    private var ghostCounts: [Int: Int] = [:]

    /// An empty cache.
    public init(capacity: Int) {
        self.capacity = max(capacity, 0)
    }

    /// Entries.
    public var count: Int { places.count }

    /// Bytes that entries and remembered keys cost.
    public var cost: Int { small.cost + main.cost + ghostCount * Self.ghostCost }

    private var ghostCount: Int { ghosts.count - ghostStart }

    /// As many keys are remembered as there are entries in the main queue, within a sixteenth of the room.
    private var ghostLimit: Int { min(max(count, 16), capacity / 16 / Self.ghostCost) }

    // MARK: Using

    /// The value at `key`, and that it is in use.
    public mutating func value(at key: Int) -> Value? {
        guard let place = places[key] else { return nil }
        if nodes[Int(place)].hits < 3 { nodes[Int(place)].hits += 1 }
        return nodes[Int(place)].value
    }

    /// The value at `key`, without a sign of use.
    public func peek(at key: Int) -> Value? { places[key].flatMap { nodes[Int($0)].value } }

    /// Puts `value` at `key`, in place of one that is there; that one's use counts on.
    /// - Parameter cost: its bytes, without `overhead`.
    /// - Returns: what had to leave for it: `value` itself where it is larger than the whole room.
    public mutating func insert(_ value: Value, at key: Int, cost: Int) -> [Value] {
        let cost = cost + Self.overhead
        var left: [Value] = []
        guard cost <= capacity else {
            if let old = remove(key) { left.append(old) }
            left.append(value)
            return left
        }
        if let place = places[key] {
            let node = Int(place)
            if let old = nodes[node].value { left.append(old) }
            let growth = cost - nodes[node].cost
            nodes[node].value = value
            nodes[node].cost = cost
            if nodes[node].isInMain { main.cost += growth } else { small.cost += growth }
            makeRoom(for: 0, &left)
            return left
        }
        makeRoom(for: cost, &left)
        let isInMain = forgetGhost(key)
        let place = place(Node(key: key, value: value, cost: cost, isInMain: isInMain))
        places[key] = place
        push(place)
        return left
    }

    /// Takes the entry at `key` out.
    public mutating func remove(_ key: Int) -> Value? {
        guard let place = places[key] else { return nil }
        unlink(place)
        return drop(place)
    }

    /// Takes out every entry for which `isRemoved` says so.
    public mutating func removeAll(where isRemoved: (Value) -> Bool) -> [Value] {
        let keys = places.compactMap { key, place in
            nodes[Int(place)].value.flatMap { isRemoved($0) ? key : nil }
        }
        return keys.compactMap { remove($0) }
    }

    /// Changes the room; what has none any more leaves.
    public mutating func resize(to capacity: Int) -> [Value] {
        self.capacity = max(capacity, 0)
        var left: [Value] = []
        makeRoom(for: 0, &left)
        return left
    }

    // MARK: Leaving

    private mutating func makeRoom(for cost: Int, _ left: inout [Value]) {
        trimGhosts()
        while self.cost + cost > capacity {
            if count == 0 {
                if ghostCount == 0 { return }
                dropGhost()
            } else if small.oldest >= 0, small.cost * 10 >= capacity || main.oldest < 0 {
                leaveSmall(&left)
            } else {
                leaveMain(&left)
            }
        }
    }

    /// The oldest of the small queue goes on to the main one if it was asked for twice since, else it leaves.
    private mutating func leaveSmall(_ left: inout [Value]) {
        let place = small.oldest
        unlink(place)
        if nodes[Int(place)].hits > 1 {
            nodes[Int(place)].hits = 0
            nodes[Int(place)].isInMain = true
            return push(place)
        }
        let key = nodes[Int(place)].key
        evictions &+= 1
        if let value = drop(place) { left.append(value) }
        if ghostLimit > 0 {
            ghosts.append(key)
            ghostCounts[key, default: 0] += 1
            trimGhosts()
        }
    }

    /// The oldest of the main queue leaves, unless it was in use since it came to the end last.
    private mutating func leaveMain(_ left: inout [Value]) {
        let place = main.oldest
        unlink(place)
        if nodes[Int(place)].hits > 0 {
            nodes[Int(place)].hits -= 1
            return push(place)
        }
        evictions &+= 1
        if let value = drop(place) { left.append(value) }
    }

    private mutating func drop(_ place: Int32) -> Value? {
        let node = Int(place)
        places[nodes[node].key] = nil
        defer { nodes[node].value = nil }
        free.append(place)
        return nodes[node].value
    }

    // MARK: Remembered keys

    private mutating func forgetGhost(_ key: Int) -> Bool {
        // Its places in the queue stay until they come to the end.
        ghostCounts.removeValue(forKey: key) != nil
    }

    private mutating func trimGhosts() {
        while ghostCount > ghostLimit { dropGhost() }
    }

    private mutating func dropGhost() {
        let key = ghosts[ghostStart]
        ghostStart += 1
        if let count = ghostCounts[key] { ghostCounts[key] = count > 1 ? count - 1 : nil }
        if ghostStart > 1024, ghostStart * 2 > ghosts.count {
            ghosts.removeFirst(ghostStart)
            ghostStart = 0
        }
    }

    // MARK: Lists

    private mutating func place(_ node: Node) -> Int32 {
        if let place = free.popLast() {
            nodes[Int(place)] = node
            return place
        }
        nodes.append(node)
        return Int32(nodes.count - 1)
    }

    private mutating func push(_ place: Int32) {
        let isInMain = nodes[Int(place)].isInMain
        var queue = isInMain ? main : small
        nodes[Int(place)].previous = -1
        nodes[Int(place)].next = queue.newest
        if queue.newest >= 0 { nodes[Int(queue.newest)].previous = place } else { queue.oldest = place }
        queue.newest = place
        queue.cost += nodes[Int(place)].cost
        if isInMain { main = queue } else { small = queue }
    }

    private mutating func unlink(_ place: Int32) {
        let node = nodes[Int(place)]
        var queue = node.isInMain ? main : small
        if node.previous >= 0 { nodes[Int(node.previous)].next = node.next } else { queue.newest = node.next }
        if node.next >= 0 { nodes[Int(node.next)].previous = node.previous } else { queue.oldest = node.previous }
        queue.cost -= node.cost
        if node.isInMain { main = queue } else { small = queue }
    }
}
