/// `balance` of an upstream: how the next target is chosen.
public enum BalanceConfiguration: Hashable, Sendable {
    /// In turn, by weight.
    case roundRobin
    /// The one with fewer requests of two drawn at random.
    case leastRequests
    /// The one that the key belongs to: `{hash: header.x-user-id}`.
    case hash(KeySource)

    /// The name of the argument whose value is the key; nil where it is another's, or none.
    public var argument: String? {
        if case .hash(.argument(let name)) = self { name } else { nil }
    }

    /// What of a request always comes to the same target.
    public enum KeySource: Hashable, Sendable {
        /// `header.x`, in lower case.
        case header(String)
        /// `claims.x`, with its dots.
        case claim([String])
        /// `args.x`: the route's template variable of that name.
        case argument(String)
    }
}

/// `health` of an upstream: how its targets are checked.
public struct HealthConfiguration: Sendable {
    /// Where the block stands.
    public var mark: Mark
    /// `path` that is asked for, after the target's own.
    public var path = "/healthz"
    /// `interval` between two checks of a target.
    public var interval = TimeSpan.seconds(2)
    /// `timeout` of a check; shorter than the interval.
    public var timeout = TimeSpan.milliseconds(500)
    /// `unhealthyAfter`: failed checks in a row that take a target out.
    public var unhealthyAfter = 3
    /// `healthyAfter`: passed checks in a row that bring it back.
    public var healthyAfter = 2
}

/// `ejection` of an upstream: a target whose calls fail is left alone for a while.
public struct EjectionConfiguration: Sendable {
    /// Where the block stands.
    public var mark: Mark
    /// `consecutiveFailures`: failed calls in a row that take a target out.
    public var consecutiveFailures = 5
    /// `for`: how long it stays out.
    public var duration = TimeSpan.seconds(10)
    /// `max`: the share of all targets that may be out at once; over 0.
    public var max = 0.5
}
