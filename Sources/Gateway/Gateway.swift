internal import Configuration
public import EventLoop
internal import HTTP
internal import HTTPServer
internal import Synchronization
public import Telemetry
internal import Upstream

/// The running gateway: its shards, their listeners, and what an operator can ask of it. Any thread.
public final class Gateway: Sendable {
    /// What it runs on.
    public let snapshot: Snapshot
    /// The log that it and its owner write to.
    public let serverLog: ServerLog
    let process: GatewayProcess
    /// When it was made, on the monotonic clock.
    let madeAt = MonotonicTime.current
    /// The admin listener, while there is one.
    let admin = Mutex<AdminServer?>(nil)
    /// Where the shards listen.
    let listeners = Mutex<[SocketAddress]>([])
    private let threads: [EventLoopThread]
    private let settings: ServerSettings
    private let shards = Mutex<[LoopConfined<Shard>]>([])
    private let phase = Atomic<Int>(0)

    /// Where a gateway is in its life.
    public enum Phase: Int, Sendable {
        case starting, serving, draining, stopped
    }

    /// A gateway over `snapshot` that doesn't listen yet.
    /// - Parameters:
    ///   - metrics: the registry that the snapshot was loaded with.
    ///   - shards: how many loops serve, each on a thread of its own; at least one.
    ///   - output: the descriptor that access lines and the log go to.
    /// - Throws: `SystemError` when the process can't have that many threads or descriptors.
    public init(
        _ snapshot: Snapshot, metrics: MetricsRegistry, shards: Int, output: Int32 = 1
    ) throws(SystemError) {
        self.snapshot = snapshot
        let telemetry = snapshot.configuration.telemetry
        let log = LogWriter(descriptor: output)
        serverLog = ServerLog(
            log, format: telemetry.logFormat == .json ? .json : .text,
            level: LogLevel(name: telemetry.logLevel.rawValue) ?? .info)
        process = GatewayProcess(registry: metrics, log: log)
        var threads: [EventLoopThread] = []
        for index in 0..<max(shards, 1) { threads.append(try EventLoopThread(name: "shard-\(index)")) }
        self.threads = threads
        settings = ServerSettings(snapshot.configuration.server)
    }

    /// Where it is in its life.
    public var current: Phase { Phase(rawValue: phase.load(ordering: .acquiring)) ?? .stopped }

    /// Whether new requests had better go elsewhere for now.
    public var isShedding: Bool { process.shedder.isShedding(snapshot.shedLimits, now: .current) }

    /// Requests being served.
    public var requestsInFlight: Int { process.shedder.inFlight }

    /// Open connections.
    public var connections: Int { settings.connections.current }

    /// Loops that serve.
    public var shardCount: Int { threads.count }

    // MARK: Listening

    /// Why the gateway can't serve.
    public struct ListenError: Error, Sendable {
        /// A sentence for the operator.
        public let message: String
    }

    /// Listens on every address of `server.listen`, on every shard, and on `admin.listen`.
    /// - Returns: the addresses, with the port that was taken where the configuration has port 0.
    /// - Throws: `ListenError` when an address can't be had; nothing listens then.
    public func start() throws(ListenError) -> [SocketAddress] {
        var bound: [SocketAddress] = []
        let addresses = try listenAddresses()
        // First, so that it can say that the rest isn't ready yet.
        do throws(ListenError) {
            try startAdmin()
        } catch {
            stop()
            throw error
        }
        for (index, thread) in threads.enumerated() {
            // The first shard finds the ports, the others share them.
            let wanted = index == 0 ? addresses : bound
            let result = thread.onLoop { [self] in
                Result { () throws(SystemError) in try startShard(thread.loop, wanted) }
            }
            switch result {
            case .success(let taken): bound = taken
            case .failure(let error):
                stop()
                let list = addresses.map(\.description).joined(separator: ", ")
                throw ListenError(message: "Can't listen on \(list): \(error).")
            }
        }
        listeners.withLock { $0 = bound }
        phase.store(Phase.serving.rawValue, ordering: .releasing)
        return bound
    }

    private func listenAddresses() throws(ListenError) -> [SocketAddress] {
        var addresses: [SocketAddress] = []
        for listen in snapshot.configuration.server.listen {
            guard let address = SocketAddress(listen.value.description) else {
                throw ListenError(
                    message: "\"\(listen.value)\" is no address to listen on; write an IP address and a port.")
            }
            addresses.append(address)
        }
        return addresses
    }

    private func startShard(_ loop: EventLoop, _ addresses: [SocketAddress]) throws(SystemError) -> [SocketAddress] {
        let shard = Shard(loop, process, snapshot)
        let server = shard.makeServer(settings)
        var bound: [SocketAddress] = []
        let confined = LoopConfined(shard, to: loop)
        shards.withLock { $0.append(confined) }
        for address in addresses { bound.append(try server.listen(on: address, reusePort: true)) }
        return bound
    }

    // MARK: Ending

    /// Stops taking connections, waits for the requests under way, at most `server.drain`, and stops the shards. Not to
    /// be called on a loop's thread.
    public func drain() {
        phase.store(Phase.draining.rawValue, ordering: .releasing)
        let all = shards.withLock { $0 }
        // All at once: none takes connections while another ends its requests.
        let drained = zip(all, threads).map { confined, thread in
            let done = Latch()
            thread.loop.execute {
                guard let server = confined.unwrapped.server else { return done.open() }
                server.drain { done.open() }
            }
            return done
        }
        for done in drained { done.wait() }
        stop()
    }

    /// Stops the shards at once.
    private func stop() {
        let all = shards.withLock { $0 }
        for (confined, thread) in zip(all, threads) {
            thread.onLoop {
                confined.unwrapped.server?.close()
                confined.unwrapped.client.close()
            }
        }
        for thread in threads {
            thread.loop.stop()
            thread.join()
        }
        phase.store(Phase.stopped.rawValue, ordering: .releasing)
        admin.withLock { $0.take() }?.stop()
        _ = process.log.stop()
    }
}

extension ServerSettings {
    /// What `server` of the configuration says.
    init(_ server: ServerConfiguration) {
        self.init()
        headLimits = HeadLimits(
            startLine: min(HeadLimits().startLine, server.limits.headers), head: server.limits.headers)
        connections = ConnectionLimit(server.limits.connections)
        idleTimeout = server.timeouts.idle.nanoseconds
        headersTimeout = server.timeouts.headers.nanoseconds
        bodyTimeout = server.timeouts.body.nanoseconds
        writeTimeout = server.timeouts.body.nanoseconds
        drainTimeout = server.drain.nanoseconds
    }
}
