internal import Bytes
internal import EventLoop
internal import HTTP
internal import Redis
internal import Telemetry

/// The second tier of the cache, in Redis: asked by a call that leads, before it goes to its upstream.
extension SharedCall {
    /// Asks for the call's answer in Redis.
    /// - Returns: false where it isn't asked; else the call goes on with the reply, or when none came in time.
    func lookUp(_ route: UpstreamRoute) -> Bool {
        guard let cache = route.cache, let tier = cache.tier, !call.isExclusive, !isDetached,
            let redis = client.redis, let command = redis.makeCommand()
        else { return false }
        command.append("GET")
        let target = call.target
        tier.append(target.bytes, flight.key, to: command)
        let lookUp = beginLookUp()
        redis.send(command, by: call.deadline) { [self] reply in
            guard endLookUp(lookUp) else { return }
            if case .value(let value) = reply, let entry = read(value, route, cache) {
                use(entry, route, cache)
            } else {
                send(route)
            }
        }
        return true
    }

    private func read(_ value: ByteBuffer, _ route: UpstreamRoute, _ cache: RouteCache) -> CacheEntry? {
        let entry = SecondTier.entry(
            value, key: flight.key, route: route.identity, target: call.target, now: loop.now, wallTime: .now)
        guard let entry, entry.answer.status == 404 || cache.isUsable(entry.answer.body) else { return nil }
        return entry
    }

    /// Keeps `entry` here too, and serves it if that may be; else it is what the upstream is asked about.
    private func use(_ entry: CacheEntry, _ route: UpstreamRoute, _ cache: RouteCache) {
        if let stored, stored.freshness.receivedAt >= entry.freshness.receivedAt { return send(route) }
        cache.store(entry, hash: flight.hash)
        let use = entry.freshness.use(at: loop.preciseNow().nanoseconds)
        guard use != .stale else {
            stored = entry
            return send(route)
        }
        call.cacheVerdict = use == .fresh ? (entry.answer.status == 404 ? .negative : .hit) : .stale
        serve(entry, route)
    }

    /// Keeps `entry` for this process, and for others where the route says so.
    func keep(_ entry: CacheEntry, _ cache: RouteCache) {
        cache.store(entry, hash: flight.hash)
        guard let tier = cache.tier, entry.answer.body.count <= SecondTier.largest,
            let command = client.redis?.makeCommand()
        else { return }
        command.append("SET")
        let target = call.target
        tier.append(target.bytes, flight.key, to: command)
        command.append(SecondTier.value(entry, now: loop.now, wallTime: .now))
        command.append("PX")
        command.append(SecondTier.lifetime(entry, now: loop.now))
        client.redis?.send(command) { _ in }
    }

    /// Forgets what is stored for the call, here and where others would find it.
    func forget(_ cache: RouteCache) {
        cache.remove(hash: flight.hash)
        guard let tier = cache.tier, let command = client.redis?.makeCommand() else { return }
        command.append("UNLINK")
        let target = call.target
        tier.append(target.bytes, flight.key, to: command)
        client.redis?.send(command) { _ in }
    }
}

extension UpstreamClient {
    /// A step through all keys that forgets those of a pattern. `ARGV[1]` and `[2]`: where it begins, and the pattern.
    /// Gives where the next step begins, 0 after the last.
    private static let purgeStep = RedisScript(
        """
        local step = redis.call('SCAN', ARGV[1], 'MATCH', ARGV[2], 'COUNT', 1000)
        for _, key in ipairs(step[2]) do
          redis.call('UNLINK', key)
        end
        return step[1]
        """)

    /// Forgets in Redis what is stored of a route's answers, step by step; what can't be reached goes with its time.
    /// - Parameter target: the path and query whose answers go; nil = all.
    public func purgeSecondTier(_ route: UpstreamRoute, target: [UInt8]?) {
        guard let tier = route.cache?.tier else { return }
        purge(tier.pattern(target), from: "0")
    }

    private func purge(_ pattern: String, from cursor: String) {
        guard let redis, let command = redis.makeCommand(running: Self.purgeStep) else { return }
        for argument in ["0", cursor, pattern] { command.append(argument) }
        redis.send(command) { [weak self] reply in
            guard case .value(let next) = reply, next.count <= 20, next.string != "0" else { return }
            self?.purge(pattern, from: next.string)
        }
    }
}
