public import EventLoop
public import Resilience

/// An upstream as configured: where it is, and how calls to it are guarded. Times in nanoseconds, sizes in bytes.
public struct UpstreamSettings: Sendable {
    /// The name that routes, metrics and errors know it by.
    public var name: String
    /// Its servers. At least one, and one that is for everybody.
    public var targets: [TargetSettings]
    /// How calls are shared among them.
    public var balancing: BalancingSettings
    /// Which client makes the calls.
    public var transport: TransportChoice
    /// How `https` targets are trusted.
    public var tls: ClientTLSSettings
    /// Of one try; nil = only the request's deadline.
    public var timeout: UInt64?
    /// nil = no retries.
    public var retry: RetrySettings?
    /// nil = no breaker.
    public var breaker: CircuitBreaker.Settings?
    /// Calls at once, and calls waiting.
    public var concurrency: ConcurrencySettings
    /// When a slow call is sent a second time; nil = never. Each route measures for itself.
    public var hedge: Hedging.Settings?
    /// Bytes of content that a buffered answer may have.
    public var bodyLimit: Int
    /// Bytes that an answer's head may have.
    public var headLimit: Int

    /// An upstream; the defaults are those of `gateway.yaml`.
    public init(
        name: String, targets: [TargetSettings], balancing: BalancingSettings = BalancingSettings(),
        transport: TransportChoice = .auto, tls: ClientTLSSettings = ClientTLSSettings(),
        timeout: UInt64? = nil, retry: RetrySettings? = nil, breaker: CircuitBreaker.Settings? = nil,
        concurrency: ConcurrencySettings = ConcurrencySettings(), hedge: Hedging.Settings? = nil,
        bodyLimit: Int = 16 << 20, headLimit: Int = 64 << 10
    ) {
        self.name = name
        self.targets = targets
        self.balancing = balancing
        self.transport = transport
        self.tls = tls
        self.timeout = timeout
        self.retry = retry
        self.breaker = breaker
        self.concurrency = concurrency
        self.hedge = hedge
        self.bodyLimit = bodyLimit
        self.headLimit = headLimit
    }
}

/// One server of an upstream.
public struct TargetSettings: Hashable, Sendable {
    /// Whether it is spoken to over TLS.
    public var isSecure: Bool
    /// A name, an IPv4 address, or an IPv6 address without brackets; `localhost` for a Unix socket.
    public var host: String
    /// The port; means nothing for a Unix socket.
    public var port: UInt16
    /// The path of the Unix socket that it listens on; nil = it has a host and a port.
    public var socket: String?
    /// What stands before every request target: empty, or `/prefix` without a slash at its end.
    public var basePath: String
    /// Its share of the calls, from 1.
    public var weight: Int
    /// Makes it a canary: only requests with all these fields go there.
    public var condition: [FieldCondition]
    /// Makes it a canary: only this share of the requests goes there, over 0 and below 1.
    public var share: Double?
    /// Whether it is on the internet: addresses of private networks are never connected to.
    public var isPublic: Bool

    /// A target.
    public init(
        isSecure: Bool = false, host: String, port: UInt16, socket: String? = nil, basePath: String = "",
        weight: Int = 1, condition: [FieldCondition] = [], share: Double? = nil, isPublic: Bool = false
    ) {
        self.isSecure = isSecure
        self.host = host
        self.port = port
        self.socket = socket
        self.basePath = basePath
        self.weight = weight
        self.condition = condition
        self.share = share
        self.isPublic = isPublic
    }
}

/// Which client makes an upstream's calls.
public enum TransportChoice: Hashable, Sendable {
    /// The direct one for `http`, curl for `https`.
    case auto
    /// libcurl.
    case curl
    /// Our own, for `http`; `https` targets go to libcurl all the same.
    case direct
}

/// A `retry` block.
public struct RetrySettings: Hashable, Sendable {
    /// When another try follows.
    public var policy: RetryPolicy
    /// Retries as a share of calls, 0 to 1.
    public var budget: Double

    /// Retry settings; the defaults are those of a `retry` block.
    public init(policy: RetryPolicy = RetryPolicy(), budget: Double = 0.2) {
        self.policy = policy
        self.budget = budget
    }
}

/// A `concurrency` block.
public struct ConcurrencySettings: Hashable, Sendable {
    /// Calls under way at once.
    public var max: Int
    /// Calls that may wait for one of those.
    public var queue: Int
    /// Whether fewer than `max` are let through while that makes answers slower.
    public var isAdaptive: Bool

    /// Concurrency settings; the defaults are those of a `concurrency` block.
    public init(max: Int = 256, queue: Int = 64, isAdaptive: Bool = false) {
        self.max = max
        self.queue = queue
        self.isAdaptive = isAdaptive
    }
}
