internal import Configuration
internal import Redis
internal import Synchronization
internal import Telemetry

/// The Redis that the newest configuration names. Any thread.
final class ConfiguredRedis: Sendable {
    private let registry: MetricsRegistry
    private let log: LogWriter
    private let server = Mutex<RedisServer?>(nil)

    init(_ registry: MetricsRegistry, _ log: LogWriter) {
        self.registry = registry
        self.log = log
        registry.collect("sluice_redis_connections", help: "Connections to Redis that can be used, one a shard.") {
            [weak self] in self?.status.map { [MetricsRegistry.Sample([:], Double($0.usable))] } ?? []
        }
    }

    /// How it is; nil where there is none.
    var status: RedisStatus? { server.withLock { $0 }?.status }

    /// The Redis of `configuration`; nil where there is none. It stays the same while its settings do, but for what is in
    /// the files that they name. Blocks on those files.
    func adopt(_ configuration: GatewayConfiguration) -> RedisServer? {
        let settings = configuration.redis.map { RedisSettings($0, in: configuration) }
        let log = ServerLog(log, configuration.telemetry)
        let (adopted, isKnown) = server.withLock { server in
            if let known = server, known.settings == settings { return (server, true) }
            server = settings.map { settings in
                RedisServer(settings, registry) { event in
                    switch event {
                    case .lost(let reason):
                        log.write(
                            .warn, "Redis can't be used: this process counts and stores for itself until it can",
                            ["url": settings.url, "reason": reason])
                    case .back: log.write(.info, "Redis can be used again", ["url": settings.url])
                    }
                }
            }
            return (server, false)
        }
        if isKnown { adopted?.readFiles() }
        return adopted
    }
}
