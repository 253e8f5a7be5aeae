/// What a route's `cache` block says. Times in nanoseconds.
public struct CachePolicy: Hashable, Sendable {
    /// How long an answer is fresh, whatever its origin says; nil leaves that to the origin.
    public var ttl: UInt64?
    /// How long after that it is still served while one call refreshes it; nil leaves that to the origin.
    public var staleWhileRevalidate: UInt64?
    /// How long after that it stands in for a failed call; nil leaves that to the origin.
    public var staleIfError: UInt64?
    /// How long a 404 is kept; nil = it isn't.
    public var negative: UInt64?
    /// Whether answers are kept in Redis too.
    public var isShared: Bool

    /// A policy; without any of these the origin decides.
    public init(
        ttl: UInt64? = nil, staleWhileRevalidate: UInt64? = nil, staleIfError: UInt64? = nil, negative: UInt64? = nil,
        isShared: Bool = false
    ) {
        self.ttl = ttl
        self.staleWhileRevalidate = staleWhileRevalidate
        self.staleIfError = staleIfError
        self.negative = negative
        self.isShared = isShared
    }
}
