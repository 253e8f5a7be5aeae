internal import Bytes
internal import Configuration
internal import Redis
internal import Resilience
internal import Telemetry

/// A rule whose buckets Redis keeps, for all gateways that use it. Any thread.
///
/// A bucket is known there as here by when it will be full: by how many nanoseconds were missing, and when that was by
/// Redis' own clock, so that the gateways' clocks don't matter. It is gone when it is full.
final class SharedLimit: Sendable {
    /// Takes tokens of one bucket. `KEYS[1]`: the bucket; `ARGV[1]` and `[2]`: nanoseconds that its tokens take to come,
    /// and that a whole bucket takes. Gives what is missing then; where there aren't as many, -1 less what is missing.
    static let script = RedisScript(
        """
        local time = redis.call('TIME')
        local now = time[1] * 1000000 + time[2]
        local wanted, capacity = tonumber(ARGV[1]), tonumber(ARGV[2])
        local missing = 0
        local at, was = string.match(redis.call('GET', KEYS[1]) or '', '^(%d+) (%d+)$')
        if at then
          missing = math.min(math.max(was - math.max(now - at, 0) * 1000, 0), capacity)
        end
        local after = missing + wanted
        if after > capacity then
          return -1 - missing
        end
        redis.call('SET', KEYS[1], string.format('%.0f %.0f', now, after), 'PX', math.ceil(after / 1000000))
        return after
        """)

    private let limit: RateLimit
    /// What the keys of its buckets begin with: gateways whose rule is the same share them.
    private let prefix: String
    private let capacity: String
    /// Requests that were decided on without Redis.
    let alone: Counter

    init(_ configuration: RateLimitConfiguration, _ limit: RateLimit, name: String, _ metrics: MetricsRegistry) {
        self.limit = limit
        prefix = "sluice:limit:\(name):\(configuration.rate):\(limit.burst)\(configuration.countsCost ? ":cost" : ""):"
        capacity = "\(limit.capacity)"
        alone = metrics.counter(
            "sluice_rate_limited_alone_total",
            help: "Requests held to this process's own bucket, since Redis said nothing in time.",
            labels: ["rule": name])
    }

    /// Makes `command` take tokens of a key's bucket.
    func fill(_ command: RedisCommand, tokens: Int, key: RawSpan) {
        command.append("1")
        command.append(prefix, digestOf: key)
        command.append(UInt64(tokens) * limit.interval)
        command.append(capacity)
    }

    /// What Redis' reply says of a request; nil where that is nothing.
    func verdict(on tokens: Int, _ reply: RedisReply?) -> RateLimit.Verdict? {
        guard case .integer(let number) = reply else { return nil }
        return limit.verdict(tokens, isAllowed: number >= 0, missing: UInt64(number >= 0 ? number : -1 - number))
    }
}
