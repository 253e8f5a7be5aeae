internal import Bytes
internal import Configuration
internal import EventLoop
internal import HTTP
internal import Resilience
internal import Synchronization
internal import Telemetry

/// One rule of `rateLimits`, with its buckets. Any thread.
final class RateLimitRule: Sendable {
    let configuration: RateLimitConfiguration
    /// What answers, metrics and `/state` call it: its key, with a number where several have the same.
    let name: String
    let limit: RateLimit
    /// How Redis is asked, where it keeps the buckets; those here then stand in for it.
    let shared: SharedLimit?
    private let buckets = SharedBuckets()
    private let refused: Counter
    /// The name as a String of structured fields (RFC 9651 §3.3.3); it holds no quotes.
    private let quotedName: String
    /// The line of `RateLimit-Policy`.
    private let policy: String

    /// What counts refusals, by rule.
    static let counter = (
        name: "sluice_rate_limited_total", help: "Requests refused because they came too often."
    )

    init(_ configuration: RateLimitConfiguration, name: String, _ metrics: MetricsRegistry) {
        self.configuration = configuration
        self.name = name
        let seconds = configuration.period.seconds
        limit = RateLimit(
            count: configuration.count, period: UInt64(seconds) * 1_000_000_000, burst: configuration.burst)
        shared = configuration.store == .redis ? SharedLimit(configuration, limit, name: name, metrics) : nil
        refused = metrics.counter(Self.counter.name, help: Self.counter.help, labels: ["rule": name])
        quotedName = "\"\(name)\""
        policy = "\(quotedName);q=\(configuration.count);w=\(seconds)"
    }

    /// Whether another configuration's rule can go on with these buckets.
    func isAlike(_ other: RateLimitConfiguration) -> Bool {
        configuration.parts == other.parts && configuration.rate == other.rate && configuration.burst == other.burst
            && configuration.countsCost == other.countsCost && configuration.store == other.store
    }

    /// Takes tokens of a key's bucket in this process.
    /// - Parameter hash: of the key: its `seededHash`.
    func takeLocally(_ tokens: Int, of hash: Int, now: MonotonicTime) -> RateLimit.Verdict {
        buckets.take(tokens, of: UInt64(bitPattern: Int64(hash)), limit, now: now)
    }

    /// Says in an answer's fields how much is left (draft-ietf-httpapi-ratelimit-headers), and counts a refusal.
    /// - Parameter isRepeated: whether the rule may have been asked for this request before: then only the last counts.
    /// - Returns: the refusal, where it is one.
    func note(_ verdict: RateLimit.Verdict, in fields: FieldList, isRepeated: Bool) -> RateLimitRefusal? {
        if isRepeated { removeLines(from: fields) }
        let seconds = Int(clamping: (verdict.wait + 999_999_999) / 1_000_000_000)
        let wait = verdict.isAllowed ? seconds : max(seconds, 1)
        fields.append(name: "ratelimit-policy") { $0.append(policy) }
        fields.append(name: "ratelimit") { value in
            value.append(quotedName)
            value.append(";r=")
            value.append(decimal: verdict.remaining)
            value.append(";t=")
            value.append(decimal: wait)
        }
        guard !verdict.isAllowed else { return nil }
        refused.add()
        if !fields.contains(.retryAfter) { fields.append(.retryAfter) { $0.append(decimal: wait) } }
        return RateLimitRefusal(rule: name, rate: configuration.rate, seconds: wait)
    }

    private func removeLines(from fields: FieldList) {
        fields.removeAll { index in
            let name = fields.name(at: index)
            guard name.equals("ratelimit") || name.equals("ratelimit-policy") else { return false }
            let value = fields.value(at: index)
            let length = quotedName.utf8.count
            return value.byteCount > length && value.extracting(0..<length).equals(quotedName)
        }
    }

    func status(now: MonotonicTime) -> RateLimitStatus {
        RateLimitStatus(
            name: name, rate: configuration.rate, burst: limit.burst, store: configuration.store.rawValue,
            buckets: buckets.count(now: now), refused: Int(clamping: refused.value),
            alone: shared.map { Int(clamping: $0.alone.value) })
    }
}

/// Why a request is refused with 429.
struct RateLimitRefusal {
    let rule: String
    let rate: String
    /// When it may come again, in seconds; at least 1.
    let seconds: Int

    /// For people.
    var message: String {
        "This was asked too often: the rate limit \"\(rule)\" is \(rate). Ask again in \(seconds) s."
    }
}

/// The buckets of a rule, for all shards: in parts with a lock each, so that shards seldom wait for each other.
private final class SharedBuckets: Sendable {
    private static let partCount = 16
    /// 131,072 buckets in all, of 16 bytes.
    private static let partCapacity = 8_192

    private final class Part: Sendable {
        let table = Mutex(BucketTable(capacity: SharedBuckets.partCapacity))
    }

    private let parts = (0..<partCount).map { _ in Part() }

    func take(_ tokens: Int, of hash: UInt64, _ limit: RateLimit, now: MonotonicTime) -> RateLimit.Verdict {
        parts[Int(hash >> 60)].table.withLock { $0.take(tokens, of: hash, limit, now: now.nanoseconds) }
    }

    func count(now: MonotonicTime) -> Int {
        parts.reduce(0) { sum, part in sum + part.table.withLock { $0.count(now: now.nanoseconds) } }
    }
}
