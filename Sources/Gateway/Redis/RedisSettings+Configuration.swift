internal import Configuration
internal import EventLoop
internal import Redis

extension RedisSettings {
    /// What `redis` of the configuration says.
    init(_ redis: RedisConfiguration, in configuration: GatewayConfiguration) {
        let tls = redis.tls.map { ClientTLSSettings($0, in: configuration) }
        self.init(
            host: redis.host, port: redis.port, user: redis.user, password: redis.password, database: redis.database,
            tls: redis.isSecure ? tls ?? ClientTLSSettings() : nil)
    }
}
