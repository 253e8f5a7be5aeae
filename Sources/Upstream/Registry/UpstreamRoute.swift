internal import Bytes
public import EventLoop
internal import HTTP
internal import Resilience
public import Telemetry

/// A route made ready: its settings merged with its upstream's, and the guards that it shares with others. Immutable
/// but for those; any thread.
public final class UpstreamRoute: Sendable {
    /// The route's name; of a passthrough door, the upstream's.
    public let name: String
    /// The upstream that it goes to.
    public let upstream: Upstream
    /// What telemetry calls it.
    public let subject: CallSubject
    /// Nanoseconds of one try; nil = only the deadline.
    public let timeout: UInt64?
    /// Bytes of content that a buffered answer may have.
    public var bodyLimit: Int { upstream.bodyLimit }
    /// Tries of one call at most.
    public var attempts: Int { policy?.attempts ?? 1 }
    /// The name of its breaker, if it has one.
    public var breakerName: String? { breaker?.name }

    let isIdempotent: Bool
    /// Whether equal calls that are under way at once are made once.
    let isShared: Bool
    /// What tells its calls from those of other routes, and of itself under another configuration.
    let identity: UInt64
    let sharing: SharedAnswers
    /// Where answers are stored; nil where they aren't.
    let cache: RouteCache?
    let policy: RetryPolicy?
    let budget: SharedBudget?
    let breaker: SharedBreaker?
    let bulkhead: SharedBulkhead
    let hedge: SharedHedge?

    /// - Parameter isDoor: whether only streamed calls are made, which are never hedged.
    init(
        _ settings: RouteSettings, _ upstream: Upstream, _ guards: GuardTable, _ sharing: Sharing,
        isDoor: Bool = false
    ) {
        name = settings.name
        self.upstream = upstream
        subject = CallSubject(name: upstream.name, route: isDoor ? nil : settings.name)
        timeout = settings.timeout ?? upstream.settings.timeout
        isIdempotent = settings.isIdempotent
        isShared = settings.isShared && !isDoor
        identity = sharing.process.identity(of: settings, upstream.settings)
        self.sharing = sharing.process
        cache = settings.cache.flatMap { policy in
            guard let cache = sharing.settings, !isDoor else { return nil }
            return RouteCache(
                policy: policy, settings: cache, answers: sharing.process.answers,
                tier: SecondTier(settings, upstream.settings))
        }
        policy = (settings.retry ?? upstream.settings.retry)?.policy
        budget = settings.retry.map { guards.budget(.route(settings.name), $0.budget) } ?? upstream.budget
        breaker = settings.breaker.map { guards.breaker(.route(settings.name), $0) } ?? upstream.breaker
        bulkhead = settings.concurrency.map { guards.bulkhead(.route(settings.name), $0) } ?? upstream.bulkhead
        // How long an answer usually takes is each route's own.
        let hedging = isDoor ? nil : settings.hedge ?? upstream.settings.hedge
        hedge = hedging.map { guards.hedge(.route(settings.name), $0) }
    }

    /// Whether a request of `method` may be sent twice (contract: GET, HEAD, OPTIONS, PUT, DELETE, or declared so).
    func isRetryable(_ method: Method) -> Bool {
        switch method {
        case .get, .head, .options, .put, .delete: true
        default: isIdempotent
        }
    }
}

/// An upstream made ready. Immutable but for its guards and its targets; any thread.
public final class Upstream: Sendable {
    /// Its name.
    public let name: String
    /// The name of its breaker, if it has one.
    public var breakerName: String? { breaker?.name }
    /// Calls that have one of its places: those of routes with places of their own aren't among them.
    public var callsInFlight: Int { bulkhead.inFlight }
    let settings: UpstreamSettings
    let budget: SharedBudget?
    let breaker: SharedBreaker?
    let bulkhead: SharedBulkhead
    let metrics: UpstreamMetrics
    let pool: TargetPool

    var bodyLimit: Int { settings.bodyLimit }

    init(_ settings: UpstreamSettings, _ guards: GuardTable, _ metrics: MetricsRegistry) {
        name = settings.name
        self.settings = settings
        pool = guards.pool(settings, metrics)
        budget = settings.retry.map { guards.budget(.upstream(settings.name), $0.budget) }
        breaker = settings.breaker.map { guards.breaker(.upstream(settings.name), $0) }
        bulkhead = guards.bulkhead(.upstream(settings.name), settings.concurrency)
        self.metrics = UpstreamMetrics(settings.name, metrics)
    }

    /// What of a request decides which target it goes to; nil if nothing does.
    public var selection: TargetSelection? { pool.selection }

    /// Every target and its state at `now`, in the configuration's order.
    public func targets(now: MonotonicTime) -> [TargetStatus] { pool.status(now: now) }

    /// Whether `endpoint` is reached through libcurl.
    func usesCurl(_ endpoint: Endpoint) -> Bool {
        endpoint.isSecure || settings.transport == .curl
    }
}

/// What is counted for one upstream.
final class UpstreamMetrics: Sendable {
    /// By the status' first digit, from 1xx; the first is for exchanges without an answer.
    private let durations: [Histogram]
    /// Retries made.
    let retries: Counter
    /// Tries sent a second time.
    let hedges: Counter
    /// Of these, those whose second request had the answer.
    let hedgesWon: Counter
    /// Calls that no place was found for.
    let overloaded: Counter
    /// Calls that a breaker refused.
    let breakerOpen: Counter

    init(_ upstream: String, _ registry: MetricsRegistry) {
        durations = ["error", "1xx", "2xx", "3xx", "4xx", "5xx"].map { status in
            registry.histogram(
                "http_client_request_duration_seconds", help: "Duration of the requests sent to upstreams, each try.",
                labels: ["upstream": upstream, "status": status])
        }
        retries = registry.counter(
            "sluice_retries_total", help: "Tries of upstream calls beyond the first.", labels: ["upstream": upstream])
        hedges = registry.counter(
            "sluice_hedges_total", help: "Tries of upstream calls sent a second time because they were slow.",
            labels: ["upstream": upstream])
        hedgesWon = registry.counter(
            "sluice_hedges_won_total", help: "Hedged tries that the second request answered.",
            labels: ["upstream": upstream])
        overloaded = Self.refused(upstream, "overloaded", registry)
        breakerOpen = Self.refused(upstream, "breaker_open", registry)
    }

    private static func refused(_ upstream: String, _ reason: String, _ registry: MetricsRegistry) -> Counter {
        registry.counter(
            "sluice_calls_refused_total", help: "Calls that were not made: no place in the queue, or an open breaker.",
            labels: ["upstream": upstream, "reason": reason])
    }

    /// Counts one exchange that took `nanoseconds`; `status` is nil where there was no answer.
    func record(status: Int?, nanoseconds: UInt64) {
        let position = min((status ?? 0) / 100, durations.count - 1)
        durations[position].record(nanoseconds: nanoseconds)
    }
}
