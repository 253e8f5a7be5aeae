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
    public var tls: TLS?

    /// How the certificate of a Redis is trusted. Paths are those of files.
    public struct TLS: Hashable, Sendable {
        /// A PEM file of authorities, instead of the system's.
        public var ca: String?
        /// Our own certificate, PEM.
        public var certificate: String?
        /// The key of `certificate`, PEM.
        public var key: String?
        /// The name asked for and verified, instead of the host.
        public var serverName: String?
        /// False trusts any certificate.
        public var verify: Bool

        /// TLS settings; without any, the system's authorities, verified.
        public init(
            ca: String? = nil, certificate: String? = nil, key: String? = nil, serverName: String? = nil,
            verify: Bool = true
        ) {
            self.ca = ca
            self.certificate = certificate
            self.key = key
            self.serverName = serverName
            self.verify = verify
        }
    }

    /// Settings.
    public init(
        host: String, port: UInt16 = 6379, user: String? = nil, password: String? = nil, database: Int = 0,
        tls: TLS? = nil
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
