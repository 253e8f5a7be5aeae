/// `cache` of a route: which of its answers are stored, and how long they are used.
public struct CacheConfiguration: Sendable {
    /// Where the block stands.
    public var mark: Mark
    /// `ttl`: how long an answer is fresh; nil leaves that to what the upstream says.
    public var ttl: TimeSpan?
    /// `staleWhileRevalidate`: how long after that it is served while it is refreshed.
    public var staleWhileRevalidate: TimeSpan?
    /// `staleIfError`: how long after that it stands in for a failed call.
    public var staleIfError: TimeSpan?
    /// `negative`: how long a 404 is kept; nil = it isn't.
    public var negative: TimeSpan?
    /// `store`: whether other gateways find the answers too.
    public var store = StoreKind.local
}
