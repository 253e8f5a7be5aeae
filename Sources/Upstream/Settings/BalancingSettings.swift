public import Resilience

/// How calls are shared among an upstream's targets. Times in nanoseconds.
public struct BalancingSettings: Hashable, Sendable {
    /// How the next target is chosen.
    public var balance: Balance
    /// nil = no target is checked.
    public var health: HealthSettings?
    /// nil = no target is ejected.
    public var ejection: OutlierEjection.Settings?
    /// In which a target that comes back gets its whole load; 0 = at once.
    public var slowStart: UInt64

    /// How the next target is chosen.
    public enum Balance: Hashable, Sendable {
        /// In turn, by weight.
        case roundRobin
        /// The one with fewer requests of two drawn at random.
        case leastRequests
        /// The one that the key belongs to; in turn where a request has none.
        case hash(KeySource)
    }

    /// What of a request always comes to the same target.
    public enum KeySource: Hashable, Sendable {
        /// A field of the client's request, in lower case.
        case header(String)
        /// A claim of the client's token.
        case claim([String])
        /// The value that the route's template variable, or `$args` of that name, is bound to.
        case argument(String)
    }

    /// Settings; by themselves only taking turns.
    public init(
        balance: Balance = .roundRobin, health: HealthSettings? = nil, ejection: OutlierEjection.Settings? = nil,
        slowStart: UInt64 = 0
    ) {
        self.balance = balance
        self.health = health
        self.ejection = ejection
        self.slowStart = slowStart
    }

    /// As the pure part takes them.
    var policies: TargetSet.Settings {
        let balance: TargetSet.Balance =
            switch self.balance {
            case .roundRobin: .roundRobin
            case .leastRequests: .leastRequests
            case .hash: .hash
            }
        return TargetSet.Settings(
            balance: balance, health: health?.thresholds, ejection: ejection, slowStart: slowStart)
    }
}

/// A `health` block. Times in nanoseconds.
public struct HealthSettings: Hashable, Sendable {
    /// What is asked for with GET; a 2xx passes. It stands after the target's base path.
    public var path: String
    /// Between two checks of a target.
    public var interval: UInt64
    /// After which a check has failed.
    public var timeout: UInt64
    /// How many checks in a row it takes.
    public var thresholds: HealthState.Settings

    /// Settings; the defaults are those of a `health` block.
    public init(
        path: String, interval: UInt64 = 2_000_000_000, timeout: UInt64 = 500_000_000,
        thresholds: HealthState.Settings = HealthState.Settings()
    ) {
        self.path = path
        self.interval = interval
        self.timeout = timeout
        self.thresholds = thresholds
    }
}

/// A field that a request must have for a canary to be asked.
public struct FieldCondition: Hashable, Sendable {
    /// The field's name in lower case.
    public var name: String
    /// Its whole value.
    public var value: String

    /// A condition.
    public init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}
