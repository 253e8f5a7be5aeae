internal import Bytes
internal import EventLoop
internal import JSON
internal import Redis
internal import Resilience
internal import Telemetry
internal import Upstream

/// The JSON of the admin's pages.
enum AdminDocuments {
    /// Appends `{status, upstreams, breakers}` of `/healthz?full=1`, both by name.
    static func appendHealth(_ registry: UpstreamRegistry, now: MonotonicTime, to output: ByteBuffer) {
        output.append("{\"status\":\"ok\",\"upstreams\":{")
        let breakers = self.breakers(registry, now)
        appendUpstreams(registry, breakers, now, to: output)
        output.append("},\"breakers\":{")
        appendBreakers(breakers, to: output)
        output.append("}}")
    }

    /// Appends what `/state` shows.
    static func appendState(
        _ state: GatewayState, _ registry: UpstreamRegistry, now: MonotonicTime, to output: ByteBuffer
    ) {
        output.append("{\"version\":")
        output.appendJSONString(state.version)
        append("uptime", state.uptime, to: output)
        output.append(",\"phase\":")
        output.appendJSONString(state.phase)
        append("generation", state.generation, to: output)
        append("shards", state.shards, to: output)
        output.append(",\"listeners\":[")
        appendList(state.listeners, to: output) { output.appendJSONString($0) }
        output.append("]")
        append("connections", state.connections, to: output)
        append("inFlight", state.inFlight, to: output)
        if let reload = state.lastReload { append(reload, to: output) }
        let breakers = self.breakers(registry, now)
        output.append(",\"breakers\":{")
        appendBreakers(breakers, to: output)
        output.append("},\"upstreams\":{")
        appendUpstreams(registry, breakers, now, to: output)
        output.append("}")
        append(registry.cacheStatus, to: output)
        append(state.rateLimits, to: output)
        if let redis = state.redis { append(redis, to: output) }
        output.append(",")
        appendGuards(registry, now: now, to: output)
        output.append("}")
    }

    private static func append(_ cache: CacheStatus, to output: ByteBuffer) {
        output.append(",\"cache\":{\"capacity\":")
        output.append(decimal: cache.capacity)
        append("entries", cache.entries, to: output)
        append("bytes", cache.bytes, to: output)
        append("evictions", cache.evictions, to: output)
        output.append(",\"results\":{")
        appendList(cache.verdicts, to: output) { verdict, calls in
            output.appendJSONName(verdict.label)
            output.append(decimal: calls)
        }
        output.append("}}")
    }

    private static func append(_ rules: [RateLimitStatus], to output: ByteBuffer) {
        output.append(",\"rateLimits\":[")
        appendList(rules, to: output) { rule in
            output.append("{\"rule\":")
            output.appendJSONString(rule.name)
            output.append(",\"rate\":")
            output.appendJSONString(rule.rate)
            append("burst", rule.burst, to: output)
            output.append(",\"store\":")
            output.appendJSONString(rule.store)
            append("buckets", rule.buckets, to: output)
            append("refused", rule.refused, to: output)
            if let alone = rule.alone { append("alone", alone, to: output) }
            output.append("}")
        }
        output.append("]")
    }

    private static func append(_ redis: RedisStatus, to output: ByteBuffer) {
        output.append(",\"redis\":{\"url\":")
        output.appendJSONString(redis.url)
        output.append(",\"state\":")
        output.appendJSONString(redis.state)
        append("connections", redis.usable, to: output)
        if let problem = redis.problem {
            output.append(",\"problem\":")
            output.appendJSONString(problem)
        }
        output.append(",\"commands\":{")
        appendList(redis.commands, to: output) { outcome, count in
            output.appendJSONName(outcome.rawValue)
            output.append(decimal: count)
        }
        output.append("}}")
    }

    private static func append(_ reload: LastReload, to output: ByteBuffer) {
        output.append(",\"lastReload\":{\"time\":")
        output.appendJSONString(reload.time.text)
        switch reload.outcome {
        case .reloaded(_, let warnings):
            output.append(",\"result\":\"success\"")
            if !warnings.isEmpty { append(problems: warnings, to: output) }
        case .refused(let reason):
            output.append(",\"result\":\"failure\"")
            append(problems: reason, to: output)
        }
        output.append("}")
    }

    private static func append(problems text: String, to output: ByteBuffer) {
        output.append(",\"problems\":")
        output.appendJSONString(text)
    }

    /// Appends `{name, state, forced}` of one breaker.
    static func appendBreaker(_ name: String, _ registry: UpstreamRegistry, now: MonotonicTime, to output: ByteBuffer) {
        guard let breaker = breakers(registry, now).first(where: { $0.name == name }) else { return }
        output.append("{\"name\":")
        output.appendJSONString(name)
        output.append(",")
        appendMembers(of: breaker, to: output)
        output.append("}")
    }

    /// All breakers by name. Where a route and an upstream share one name, the one that lets least through stands for
    /// both: a member may be there only once.
    private static func breakers(_ registry: UpstreamRegistry, _ now: MonotonicTime) -> [BreakerStatus] {
        var kept: [BreakerStatus] = []
        for breaker in registry.breakers(now: now) {
            guard let last = kept.last, last.name == breaker.name else {
                kept.append(breaker)
                continue
            }
            if breaker.state.rawValue > last.state.rawValue { kept[kept.count - 1] = breaker }
        }
        return kept
    }

    private static func appendUpstreams(
        _ registry: UpstreamRegistry, _ breakers: [BreakerStatus], _ now: MonotonicTime, to output: ByteBuffer
    ) {
        appendList(registry.upstreams, to: output) { upstream in
            output.appendJSONName(upstream.name)
            output.append("{\"targets\":[")
            appendList(upstream.targets(now: now), to: output) { target in
                output.append("{\"url\":")
                output.appendJSONString(target.url)
                if let address = target.address {
                    output.append(",\"address\":")
                    output.appendJSONString(address)
                }
                output.append(",\"state\":")
                output.appendJSONString(target.state.rawValue)
                output.append("}")
            }
            output.append("]")
            append("inFlight", upstream.callsInFlight, to: output)
            if let name = upstream.breakerName, let breaker = breakers.first(where: { $0.name == name }) {
                output.append(",\"breaker\":")
                output.appendJSONString(breaker.state.description)
            }
            output.append("}")
        }
    }

    private static func appendBreakers(_ breakers: [BreakerStatus], to output: ByteBuffer) {
        appendList(breakers, to: output) { breaker in
            output.appendJSONName(breaker.name)
            output.append("{")
            appendMembers(of: breaker, to: output)
            output.append("}")
        }
    }

    private static func appendMembers(of breaker: BreakerStatus, to output: ByteBuffer) {
        output.append("\"state\":")
        output.appendJSONString(breaker.state.description)
        output.append(breaker.isForced ? ",\"forced\":true" : ",\"forced\":false")
    }

    static func append(_ name: StaticString, _ number: Int, to output: ByteBuffer) {
        output.append(",")
        output.appendJSONName(name)
        output.append(decimal: number)
    }

    private static func appendList<Element>(
        _ elements: [Element], to output: ByteBuffer, _ append: (Element) -> Void
    ) {
        for (index, element) in elements.enumerated() {
            if index > 0 { output.append(",") }
            append(element)
        }
    }
}
