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

    /// Makes everything ready. A route whose upstream isn't among `upstreams` is left out, and so is an upstream
    /// without a target.
    /// - Parameters:
    ///   - metrics: where calls are counted.
    ///   - previous: the registry that this one follows; guards with the same name and settings go on as they are, and
    ///     so does what is known of targets.
    public convenience init(
        upstreams: [UpstreamSettings], routes: [RouteSettings], metrics: MetricsRegistry,
        previous: UpstreamRegistry? = nil
    ) {
        self.init(upstreams: upstreams, routes: routes, metrics: metrics, previous: previous, resolver: .shared)
    }

    /// - Parameter resolver: who knows what names stand for.
    init(
        upstreams: [UpstreamSettings], routes: [RouteSettings], metrics: MetricsRegistry, previous: UpstreamRegistry?,
        resolver: NameResolver
    ) {
        let guards = GuardTable(previous: previous?.guards, resolver: resolver)
        let made = upstreams.filter { !$0.targets.isEmpty }.map { Upstream($0, guards, metrics) }
        let byName = Dictionary(made.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        self.upstreams = made
        self.routes = routes.compactMap { route in
            byName[route.upstream].map { UpstreamRoute(route, $0, guards) }
        }
        routesByName = Dictionary(self.routes.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        doors = byName.mapValues {
            UpstreamRoute(RouteSettings(name: $0.name, upstream: $0.name), $0, guards, isDoor: true)
        }
        self.guards = guards.guards
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

    /// Every breaker and its state at `now`, by name.
    public func breakers(now: MonotonicTime) -> [BreakerStatus] {
        guards.sortedBreakers.map { $0.status(now: now) }
    }

    /// Holds the breaker `name` (both, where a route and an upstream of that name have one) in a state, or with nil lets it decide by itself again.
    /// - Returns: false if there is none of that name.
    public func force(breaker name: String, _ override: CircuitBreaker.Override?) -> Bool {
        let named = guards.breakers.values.filter { $0.name == name }
        for breaker in named { breaker.force(override) }
        return !named.isEmpty
    }
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
