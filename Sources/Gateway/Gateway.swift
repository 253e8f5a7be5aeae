internal import Configuration
internal import Dispatch
public import EventLoop
internal import HTTP
internal import HTTPServer
internal import Synchronization
public import Telemetry
internal import Upstream

/// The running gateway: its shards, their listeners, and what an operator can ask of it. Any thread.
public final class Gateway: Sendable {
    /// The configuration's origin; nil where there is none to read again.
    let source: ConfigurationSource?
    let process: GatewayProcess
    /// When it was made, on the monotonic clock.
    let madeAt = MonotonicTime.current
    /// The admin listener, while there is one.
    let admin = Mutex<AdminListening?>(nil)
    /// Where the shards listen.
    let listeners = Mutex<[Listening]>([])
    /// The files that were read last, if they were refused; they matter beside those of `snapshot`.
    let refusedFiles = Mutex<[String]>([])
    /// What the last reload came to; nil before the first.
    let lastReload = Mutex<LastReload?>(nil)
    /// Reloads run here, one after the other.
    let reloads = DispatchQueue(label: "reload")
    let reloadMetrics: ReloadMetrics
    let shards: [ShardThread]
    /// Checks the targets of upstreams.
    private let health = HealthChecker()
    /// Shared by all servers, and kept over reloads.
    private let connectionLimit: ConnectionLimit
    private let addressLimit = AddressLimit()
    private let served: Mutex<Snapshot>
    private let phase = Atomic<Int>(0)

    /// Where a gateway is in its life.
    public enum Phase: Int, Sendable {
        case starting, serving, draining, stopped
    }

    /// A gateway over `snapshot` that doesn't listen yet.
    /// - Parameters:
    ///   - metrics: the registry that the snapshot was loaded with.
    ///   - source: where the snapshot was loaded from; without it there are no reloads.
    ///   - shards: how many loops serve, each on a thread of its own; at least one.
    ///   - output: the descriptor that access lines and the log go to.
    /// - Throws: `SystemError` when the process can't have that many threads or descriptors.
    public init(
        _ snapshot: Snapshot, metrics: MetricsRegistry, source: ConfigurationSource? = nil, shards: Int,
        output: Int32 = 1
    ) throws(SystemError) {
        self.source = source
        served = Mutex(snapshot)
        process = GatewayProcess(registry: metrics, log: LogWriter(descriptor: output))
        connectionLimit = ConnectionLimit(snapshot.configuration.server.limits.connections)
        addressLimit.set(snapshot.configuration.server)
        reloadMetrics = ReloadMetrics(metrics)
        var threads: [ShardThread] = []
        let settings = ServerSettings(snapshot, connections: connectionLimit, addresses: addressLimit)
        for index in 0..<max(shards, 1) {
            threads.append(try ShardThread(name: "shard-\(index)", process, snapshot, settings))
        }
        self.shards = threads
        snapshot.registry.publish(to: metrics)
        fetchKeys(snapshot)
    }

    /// What new requests run on.
    public var snapshot: Snapshot { served.withLock { $0 } }

    /// The files and patterns of files whose change is a change of the configuration.
    var configurationFiles: [String] {
        let served = snapshot.configuration.files
        return served + refusedFiles.withLock { $0.filter { !served.contains($0) } }
    }

    /// The log that it and its owner write to.
    public var serverLog: ServerLog { ServerLog(process.log, snapshot.configuration.telemetry) }

    /// Where it is in its life.
    public var current: Phase { Phase(rawValue: phase.load(ordering: .acquiring)) ?? .stopped }

    /// Whether new requests had better go elsewhere for now.
    public var isShedding: Bool { process.shedder.isShedding(snapshot.shedLimits, now: .current) }

    /// Requests being served.
    public var requestsInFlight: Int { process.shedder.inFlight }

    /// Open connections.
    public var connections: Int { connectionLimit.current }

    /// Whether clients come by TLS.
    public var isSecure: Bool { snapshot.tls != nil }

    /// Loops that serve.
    public var shardCount: Int { shards.count }

    /// The first listeners are there.
    func beginServing() {
        phase.store(Phase.serving.rawValue, ordering: .releasing)
        checkHealth(of: snapshot)
    }

    private func checkHealth(of snapshot: Snapshot) {
        do throws(SystemError) {
            try health.follow(snapshot.registry)
        } catch {
            serverLog.write(.error, "no target is checked: there is no thread to be had", ["reason": "\(error)"])
        }
    }

    /// What servers keep to under `snapshot`.
    func serverSettings(_ snapshot: Snapshot) -> ServerSettings {
        ServerSettings(snapshot, connections: connectionLimit, addresses: addressLimit)
    }

    /// New requests run on `snapshot` as soon as each shard has heard of it.
    func adopt(_ snapshot: Snapshot) {
        let previous = served.withLock { served in
            defer { served = snapshot }
            return served
        }
        previous.registry.retire(after: snapshot.registry)
        connectionLimit.maximum = snapshot.configuration.server.limits.connections
        addressLimit.set(snapshot.configuration.server)
        snapshot.registry.publish(to: process.registry)
        checkHealth(of: snapshot)
        fetchKeys(snapshot)
    }

    // MARK: Ending

    /// Says that it isn't ready any more, stops taking connections, waits for the requests under way, at most
    /// `server.drain`, and stops the shards. Not to be called on a loop's thread.
    public func drain() {
        phase.store(Phase.draining.rawValue, ordering: .releasing)
        // A reload under way ends first; none begins after it.
        reloads.sync {}
        admin.withLock { $0?.server }?.yield()
        // All at once: none takes connections while another ends its requests.
        let drained = shards.map { $0.drain() }
        for done in drained { done.wait() }
        stop()
    }

    /// Stops the shards at once.
    func stop() {
        health.stop()
        for shard in shards { shard.stop() }
        phase.store(Phase.stopped.rawValue, ordering: .releasing)
        admin.withLock { $0.take() }?.server.stop()
        process.flushSpans()
        _ = process.log.stop()
    }
}

extension ServerLog {
    /// The log that `telemetry.logs` describes, over `writer`.
    init(_ writer: LogWriter, _ telemetry: TelemetryConfiguration) {
        self.init(
            writer, format: telemetry.logFormat == .json ? .json : .text,
            level: LogLevel(name: telemetry.logLevel.rawValue) ?? .info)
    }
}

extension AddressLimit {
    /// What `server` says; trusted proxies are exempt.
    fileprivate func set(_ server: ServerConfiguration) {
        let proxies = server.trustedProxies
        set(server.limits.connectionsPerAddress) { address in
            let bytes = address.networkBytes
            return proxies.contains { $0.contains(bytes) }
        }
    }
}

extension ServerSettings {
    /// What `server` of the configuration says.
    init(_ snapshot: Snapshot, connections limit: ConnectionLimit, addresses: AddressLimit) {
        self.init()
        let server = snapshot.configuration.server
        tls = snapshot.tls
        self.addresses = addresses
        headLimits = HeadLimits(
            startLine: min(HeadLimits().startLine, server.limits.headers), head: server.limits.headers)
        connections = limit
        idleTimeout = server.timeouts.idle.nanoseconds
        headersTimeout = server.timeouts.headers.nanoseconds
        bodyTimeout = server.timeouts.body.nanoseconds
        writeTimeout = server.timeouts.body.nanoseconds
        drainTimeout = server.drain.nanoseconds
    }
}
