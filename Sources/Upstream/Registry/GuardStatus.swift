public import EventLoop

/// How the guards of an upstream stand, or those that a route has of its own.
public struct GuardStatus: Hashable, Sendable {
    /// The upstream's name.
    public let upstream: String
    /// The route's name; nil for the upstream's guards, which its routes share.
    public let route: String?
    /// Places among the calls; nil where the route uses the upstream's.
    public internal(set) var places: BulkheadStatus?
    /// Retries that the budget would grant now; nil where it has none.
    public internal(set) var retriesLeft: Int?
    /// Nanoseconds after which a call is hedged: `UInt64.max` while that isn't known, nil where none is.
    public internal(set) var hedgeAfter: UInt64?
}

/// How the places of an upstream, or of a route that has its own, are used.
public struct BulkheadStatus: Hashable, Sendable {
    /// Calls that have a place.
    public let inFlight: Int
    /// Calls that wait for one.
    public let queued: Int
    /// Places there are now: `max`, or what an adaptive limit has found.
    public let limit: Int
}

extension UpstreamRegistry {
    /// The guards of every upstream, and after each those of its routes that have some of their own, at `now`.
    public func guards(now: MonotonicTime) -> [GuardStatus] {
        upstreams.flatMap { upstream in
            var own = GuardStatus(upstream: upstream.name, route: nil)
            own.places = upstream.bulkhead.status
            own.retriesLeft = upstream.budget?.left(now: now)
            return [own] + routes.filter { $0.upstream === upstream }.compactMap { $0.ownGuards(now: now) }
        }
    }
}

extension UpstreamRoute {
    /// What the route doesn't share with its upstream; nil where it shares all.
    fileprivate func ownGuards(now: MonotonicTime) -> GuardStatus? {
        var own = GuardStatus(upstream: upstream.name, route: name)
        if bulkhead !== upstream.bulkhead { own.places = bulkhead.status }
        if budget !== upstream.budget { own.retriesLeft = budget?.left(now: now) }
        own.hedgeAfter = hedge?.delay
        return own.places == nil && own.retriesLeft == nil && own.hedgeAfter == nil ? nil : own
    }
}
