internal import Configuration
internal import EventLoop
internal import Telemetry

/// The rules of `rateLimits`, by when a request is held to them. Immutable but for the rules' buckets; any thread.
final class RateLimits: Sendable {
    /// In the file's order.
    let rules: [RateLimitRule]
    /// Those of the client's address alone, before its token is looked at; nil = none.
    let address: [RateLimitRule]?
    /// Those of the caller, once its token is believed; nil = none.
    let caller: [RateLimitRule]?
    /// Those that want to know the REST door, or the operation and what it costs; nil = none.
    let door: [RateLimitRule]?

    /// The rules of a configuration; those that are as they were in `previous` go on with their buckets.
    /// - Returns: nil where there are none.
    init?(_ configurations: [RateLimitConfiguration], metrics: MetricsRegistry, previous: RateLimits?) {
        guard !configurations.isEmpty else { return nil }
        var rules: [RateLimitRule] = []
        for configuration in configurations {
            let alike = rules.count { $0.configuration.key == configuration.key }
            let name = alike == 0 ? configuration.key : "\(configuration.key)-\(alike + 1)"
            let former = previous?.rules.first { $0.name == name && $0.isAlike(configuration) }
            rules.append(former ?? RateLimitRule(configuration, name: name, metrics))
        }
        self.rules = rules
        func among(_ isMember: (RateLimitConfiguration) -> Bool) -> [RateLimitRule]? {
            let members = rules.filter { isMember($0.configuration) }
            return members.isEmpty ? nil : members
        }
        address = among { $0.isOfAddressAlone }
        caller = among { !$0.isOfAddressAlone && !$0.needsDoor }
        door = among { $0.needsDoor }
    }

    /// What `/state` shows.
    func status(now: MonotonicTime) -> [RateLimitStatus] { rules.map { $0.status(now: now) } }
}

/// What `/state` shows of one rule.
struct RateLimitStatus: Sendable {
    var name: String
    /// `100/s`
    var rate: String
    var burst: Int
    /// `local` or `redis`
    var store: String
    /// Buckets of this process that aren't full.
    var buckets: Int
    /// Requests that it has refused.
    var refused: Int
    /// Requests that this process decided on alone, since Redis couldn't; nil where it keeps no bucket.
    var alone: Int?
}
