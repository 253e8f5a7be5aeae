internal import Bytes

/// The cache as one route uses it. Any thread.
struct RouteCache: Sendable {
    let policy: CachePolicy
    let settings: CacheSettings
    let answers: AnswerCache
    /// Where gateways share answers; nil where this route's aren't.
    let tier: SecondTier?

    var refreshTimeout: UInt64 { settings.refreshTimeout }

    func isUsable(_ body: ByteBuffer) -> Bool { settings.isUsable(body) }

    func entry(_ key: ByteBuffer, hash: Int) -> CacheEntry? { answers.entry(key, hash: hash) }

    func store(_ entry: CacheEntry, hash: Int) { answers.store(entry, hash: hash, capacity: settings.capacity) }

    func remove(hash: Int) { answers.remove(hash: hash) }

    func chance() -> Double { answers.chance() }
}

/// What a configuration's routes are made with.
struct Sharing {
    let process: SharedAnswers
    /// Nil where the cache has no room.
    let settings: CacheSettings?
}
