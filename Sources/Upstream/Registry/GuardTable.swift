internal import EventLoop
internal import Resilience
internal import Telemetry

/// Collects the guards of one configuration while it is made ready. Those of the configuration before it that are the
/// same go on as they are.
///
/// A route may be called like an upstream, so each kind has its own names.
final class GuardTable {
    enum Owner: Hashable, Sendable {
        case upstream(String)
        case route(String)

        var name: String {
            switch self {
            case .upstream(let name), .route(let name): name
            }
        }
    }

    /// What is kept of it afterwards.
    struct Guards: Sendable {
        var breakers: [Owner: SharedBreaker] = [:]
        var budgets: [Owner: SharedBudget] = [:]
        var bulkheads: [Owner: SharedBulkhead] = [:]
        var hedges: [Owner: SharedHedge] = [:]
        var pools: [String: TargetPool] = [:]

        /// All breakers, sorted by name.
        var sortedBreakers: [SharedBreaker] { breakers.values.sorted { $0.name < $1.name } }
    }

    private(set) var guards = Guards()
    private let previous: Guards
    private let resolver: NameResolver

    init(previous: Guards?, resolver: NameResolver = .shared) {
        self.previous = previous ?? Guards()
        self.resolver = resolver
    }

    /// The targets of an upstream. What is known of those that stay goes on, whatever else has changed.
    func pool(_ upstream: UpstreamSettings, _ metrics: MetricsRegistry) -> TargetPool {
        let settings = TargetPool.Settings(
            targets: upstream.targets, tls: upstream.tls, balancing: upstream.balancing)
        let earlier = previous.pools[upstream.name]
        let pool: TargetPool
        if let earlier, earlier.settings == settings {
            pool = earlier
        } else {
            pool = TargetPool(
                settings, TargetMetrics(upstream.name, metrics), resolver: resolver, after: earlier)
        }
        guards.pools[upstream.name] = pool
        return pool
    }

    func breaker(_ owner: Owner, _ settings: CircuitBreaker.Settings) -> SharedBreaker {
        let earlier = previous.breakers[owner].flatMap { $0.settings == settings ? $0 : nil }
        let breaker = earlier ?? SharedBreaker(name: owner.name, settings: settings)
        guards.breakers[owner] = breaker
        return breaker
    }

    func budget(_ owner: Owner, _ share: Double) -> SharedBudget {
        let earlier = previous.budgets[owner].flatMap { $0.share == share ? $0 : nil }
        let budget = earlier ?? SharedBudget(share: share)
        guards.budgets[owner] = budget
        return budget
    }

    func bulkhead(_ owner: Owner, _ settings: ConcurrencySettings) -> SharedBulkhead {
        let earlier = previous.bulkheads[owner].flatMap { $0.settings == settings ? $0 : nil }
        let bulkhead = earlier ?? SharedBulkhead(settings: settings)
        guards.bulkheads[owner] = bulkhead
        return bulkhead
    }

    func hedge(_ owner: Owner, _ settings: Hedging.Settings) -> SharedHedge {
        let earlier = previous.hedges[owner].flatMap { $0.settings == settings ? $0 : nil }
        let hedge = earlier ?? SharedHedge(settings: settings)
        guards.hedges[owner] = hedge
        return hedge
    }
}
