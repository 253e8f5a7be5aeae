internal import Bytes
internal import EventLoop
internal import Resilience
internal import Synchronization
internal import Telemetry

/// The stored answers of all shards, bounded in bytes. Any thread: each operation takes one short lock, and no content
/// is copied or let go under it.
final class AnswerCache: Sendable {
    private struct State {
        var entries: S3FIFO<CacheEntry>
        /// For the spread of ends: seeded once.
        var random = IdentifierGenerator()
    }

    private let state: Mutex<State>

    /// An empty cache. Its size comes with each `store`, since a reload may change it.
    init() {
        state = Mutex(State(entries: S3FIFO(capacity: 0)))
    }

    /// The entry for calls with this key, and that it is in use.
    func entry(_ key: ByteBuffer, hash: Int) -> CacheEntry? {
        guard let entry = state.withLock({ $0.entries.value(at: hash) }), entry.key.equals(key) else { return nil }
        return entry
    }

    /// Keeps `entry`; others leave for it.
    func store(_ entry: CacheEntry, hash: Int, capacity: Int) {
        let left = state.withLock { state in
            var left: [CacheEntry] = []
            if state.entries.capacity != capacity { left = state.entries.resize(to: capacity) }
            left += state.entries.insert(entry, at: hash, cost: entry.cost)
            return left
        }
        withExtendedLifetime(left) {}
    }

    /// Forgets what there is for this key.
    func remove(hash: Int) {
        let left = state.withLock { $0.entries.remove(hash) }
        withExtendedLifetime(left) {}
    }

    /// Forgets what is stored for a route's calls, or for those to one path and query.
    /// - Returns: how many entries that were.
    func purge(route: UInt64, target: [UInt8]?) -> Int {
        let left = state.withLock { state in
            state.entries.removeAll { $0.route == route && (target == nil || $0.target == target) }
        }
        return left.count
    }

    /// A number from 0 to 1, drawn anew each time.
    func chance() -> Double { state.withLock { Double.random(in: 0...1, using: &$0.random) } }

    /// Counts at this moment.
    var reading: (entries: Int, bytes: Int, evictions: UInt64) {
        state.withLock { ($0.entries.count, $0.entries.cost, $0.entries.evictions) }
    }
}
