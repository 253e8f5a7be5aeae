internal import Configuration
internal import Redis

extension RedisSettings {
    /// What `redis` of the configuration says.
    init(_ redis: RedisConfiguration, in configuration: GatewayConfiguration) {
        let file = { (path: Located<String>?) in path.map { configuration.resolve($0.value) } }
        let trust = redis.tls.map {
            TLS(
                ca: file($0.ca), certificate: file($0.certificate), key: file($0.key), serverName: $0.serverName,
                verify: $0.verify)
        }
        self.init(
            host: redis.host, port: redis.port, user: redis.user, password: redis.password, database: redis.database,
            tls: redis.isSecure ? trust ?? TLS() : nil)
    }
}
