public import EventLoop
public import Resilience
public import Telemetry

/// All upstreams and routes of one configuration, with the guards that the whole process shares: breakers, retry
/// budgets and places. Immutable but for those; any thread.
public final class UpstreamRegistry: Sendable {
    /// The upstreams, as given.
    public let upstreams: [Upstream]
    /// The routes, as given.
    public let routes: [UpstreamRoute]
    private let doors: [String: UpstreamRoute]
    private let routesByName: [String: UpstreamRoute]
    private let guards: GuardTable.Guards
    private let sharing: SharedAnswers
    private let cacheCapacity: Int

    /// Makes everything ready. A route whose upstream isn't among `upstreams` is left out, and so is an upstream
    /// without a target.
    /// - Parameters:
    ///   - metrics: where calls are counted.
    ///   - cache: the cache of the process; nil where there is none.
    ///   - previous: the registry that this one follows; guards with the same name and settings go on as they are, and
    ///     so does what is known of targets.
    public convenience init(
        upstreams: [UpstreamSettings], routes: [RouteSettings], metrics: MetricsRegistry,
        cache: CacheSettings? = nil, previous: UpstreamRegistry? = nil
    ) {
        self.init(
            upstreams: upstreams, routes: routes, metrics: metrics, cache: cache, previous: previous,
            resolver: .shared)
    }

    /// - Parameter resolver: who knows what names stand for.
    init(
        upstreams: [UpstreamSettings], routes: [RouteSettings], metrics: MetricsRegistry,
        cache: CacheSettings? = nil, previous: UpstreamRegistry?, resolver: NameResolver
    ) {
        let guards = GuardTable(previous: previous?.guards, resolver: resolver)
        let process = previous?.sharing ?? SharedAnswers(metrics)
        let sharing = Sharing(process: process, settings: cache)
        let made = upstreams.filter { !$0.targets.isEmpty }.map { Upstream($0, guards, metrics) }
        let byName = Dictionary(made.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        self.upstreams = made
        self.routes = routes.compactMap { route in
            byName[route.upstream].map { UpstreamRoute(route, $0, guards, sharing) }
        }
        routesByName = Dictionary(self.routes.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        doors = byName.mapValues {
            UpstreamRoute(RouteSettings(name: $0.name, upstream: $0.name), $0, guards, sharing, isDoor: true)
        }
        self.guards = guards.guards
        self.sharing = process
        cacheCapacity = cache?.capacity ?? 0
    }

    /// Has the state of its guards shown among `metrics`, in place of that of the registry before it. To be called once
    /// it serves: one that is refused must not be seen.
    public func publish(to metrics: MetricsRegistry) {
        let breakers = guards.sortedBreakers
        let upstreams = self.upstreams
        metrics.collect("sluice_breaker_state", help: "State of each breaker: 0 closed, 1 half-open, 2 open.") {
            let now = MonotonicTime.current
            return breakers.map { breaker in
                MetricsRegistry.Sample(["breaker": breaker.name], Double(breaker.status(now: now).state.rawValue))
            }
        }
        metrics.collect("sluice_upstream_calls_in_flight", help: "Calls that have a place at each upstream.") {
            upstreams.map { MetricsRegistry.Sample(["upstream": $0.name], Double($0.bulkhead.inFlight)) }
        }
        collectGuards(metrics)
        collectTargets(metrics)
    }

    /// No new request runs on this registry but on `next`: connections to servers that are no target there may go.
    public func retire(after next: UpstreamRegistry) {
        for (name, pool) in guards.pools where next.guards.pools[name] !== pool { pool.retire() }
    }

    /// The route called `name`, or nil.
    public func route(_ name: String) -> UpstreamRoute? { routesByName[name] }

    /// What a passthrough door to the upstream `name` calls: a route with the upstream's settings. Nil if there is no
    /// such upstream.
    public func door(to name: String) -> UpstreamRoute? { doors[name] }

    /// Forgets the stored answers of a route.
    /// - Parameter target: the path and query whose answers go; nil = all.
    /// - Returns: how many they were; nil if there is no such route.
    public func purge(route name: String, target: [UInt8]? = nil) -> Int? {
        route(name).map { sharing.answers.purge(route: $0.identity, target: target) }
    }

    /// What the cache holds and has done so far.
    public var cacheStatus: CacheStatus {
        let reading = sharing.answers.reading
        return CacheStatus(
            capacity: cacheCapacity, entries: reading.entries, bytes: reading.bytes, evictions: Int(reading.evictions),
            verdicts: CacheVerdict.allCases.map { ($0, Int(sharing.counters.value(of: $0))) })
    }

    /// Every breaker and its state at `now`, by name.
    public func breakers(now: MonotonicTime) -> [BreakerStatus] {
        guards.sortedBreakers.map { $0.status(now: now) }
    }

    /// Holds the breaker `name` (both, where a route and an upstream of that name have one) in a state, or with nil lets
    /// it decide by itself again.
    /// - Returns: false if there is none of that name.
    public func force(breaker name: String, _ override: CircuitBreaker.Override?) -> Bool {
        let named = guards.breakers.values.filter { $0.name == name }
        for breaker in named { breaker.force(override) }
        return !named.isEmpty
    }
}

/// The cache as operators see it.
public struct CacheStatus: Sendable {
    /// Bytes that there is room for; 0 = there is no cache.
    public let capacity: Int
    /// Stored answers.
    public let entries: Int
    /// Bytes that they take.
    public let bytes: Int
    /// Stored answers that left to make room for others.
    public let evictions: Int
    /// Calls by where their answer came from.
    public let verdicts: [(verdict: CacheVerdict, calls: Int)]
}

/// A breaker as operators see it.
public struct BreakerStatus: Hashable, Sendable {
    /// The name of its route or upstream.
    public let name: String
    /// The state.
    public let state: CircuitBreaker.State
    /// Whether an operator holds it there.
    public let isForced: Bool
}
