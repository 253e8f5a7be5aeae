public import EventLoop

/// One Redis, as configured.
public struct RedisSettings: Hashable, Sendable {
    /// A name, an IPv4 address, or an IPv6 address without brackets.
    public var host: String
    /// The port.
    public var port: UInt16
    /// The user to be; nil = the one that a password alone is for.
    public var user: String?
    /// The password; nil = none is asked for.
    public var password: String?
    /// The number of the database.
    public var database: Int
    /// How its certificate is trusted; nil = it is spoken to without TLS.
    public var tls: ClientTLSSettings?

    /// Settings.
    public init(
        host: String, port: UInt16 = 6379, user: String? = nil, password: String? = nil, database: Int = 0,
        tls: ClientTLSSettings? = nil
    ) {
        self.host = host
        self.port = port
        self.user = user
        self.password = password
        self.database = database
        self.tls = tls
    }

    /// Its URL, without what is secret.
    public var url: String {
        let name = host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host
        return "\(tls == nil ? "redis" : "rediss")://\(name):\(port)" + (database == 0 ? "" : "/\(database)")
    }
}
