/// Who keeps something.
public enum StoreKind: String, CaseIterable, Sendable {
    /// This process alone.
    case local
    /// All processes that use one Redis.
    case redis
}

/// `redis`: where what gateways share is kept.
public struct RedisConfiguration: Sendable {
    /// `url` as written, which may hold a password.
    public var url = Located("", at: .start)
    /// A name, an IPv4 address, or an IPv6 address without brackets.
    public var host = ""
    /// The port.
    public var port: UInt16 = 6379
    /// Whether the scheme is `rediss`: TLS.
    public var isSecure = false
    /// The user's name; nil = Redis' standard one.
    public var user: String?
    /// The password; nil = none.
    public var password: String?
    /// The number of the database.
    public var database = 0
    /// `tls`; nil = the system's authorities, verified.
    public var tls: UpstreamConfiguration.TLS?
}
