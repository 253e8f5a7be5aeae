public import Resilience

/// A route as configured, as far as making the call goes. What is nil here is the upstream's. Times in nanoseconds.
public struct RouteSettings: Sendable {
    /// Its name; the name of its breaker too, if it has one of its own.
    public var name: String
    /// The name of its upstream.
    public var upstream: String
    /// Of one try.
    public var timeout: UInt64?
    /// Where given, the route has a budget of its own.
    public var retry: RetrySettings?
    /// Where given, the route has a breaker of its own.
    public var breaker: CircuitBreaker.Settings?
    /// Where given, the route has places and a queue of its own.
    public var concurrency: ConcurrencySettings?
    /// When a slow call is sent a second time.
    public var hedge: Hedging.Settings?
    /// Whether it may be tried again whatever its method.
    public var isIdempotent: Bool
    /// Whether equal calls that are under way at once are made once.
    public var isShared: Bool
    /// Where given, answers are stored.
    public var cache: CachePolicy?

    /// A route.
    public init(
        name: String, upstream: String, timeout: UInt64? = nil, retry: RetrySettings? = nil,
        breaker: CircuitBreaker.Settings? = nil, concurrency: ConcurrencySettings? = nil,
        hedge: Hedging.Settings? = nil, isIdempotent: Bool = false, isShared: Bool = false, cache: CachePolicy? = nil
    ) {
        self.name = name
        self.upstream = upstream
        self.timeout = timeout
        self.retry = retry
        self.breaker = breaker
        self.concurrency = concurrency
        self.hedge = hedge
        self.isIdempotent = isIdempotent
        self.isShared = isShared
        self.cache = cache
    }
}
