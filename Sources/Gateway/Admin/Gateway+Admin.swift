internal import Configuration
public import EventLoop
internal import Synchronization
internal import Telemetry
internal import Upstream

extension Gateway: AdminSource {
    /// The admin listener, and where it was to be.
    struct AdminListening: Sendable {
        let configured: ListenAddress
        let server: AdminServer
    }

    /// Where the admin listener is; nil where there is none.
    public var adminAddress: SocketAddress? { admin.withLock { $0?.server.address } }

    /// Listens on `admin.listen`, if the configuration has an `admin` block.
    func startAdmin() throws(ListenError) {
        guard let listen = snapshot.configuration.admin?.listen.value else { return }
        let listening = try makeAdmin(listen)
        admin.withLock { $0 = listening }
    }

    /// An admin listener on `listen`.
    func makeAdmin(_ listen: ListenAddress) throws(ListenError) -> AdminListening {
        guard let address = SocketAddress(listen.description) else {
            throw ListenError(message: "\"\(listen)\" is no address to listen on; write an IP address and a port.")
        }
        guard !listeners.withLock({ $0.contains { address.collides(with: $0.bound) } }) else {
            throw ListenError(message: "Can't listen on \(address) for admin: the public listener is there.")
        }
        reportNeighbour(on: address)
        do throws(SystemError) {
            return AdminListening(configured: listen, server: try AdminServer.start(on: address, source: self))
        } catch {
            throw ListenError(message: "Can't listen on \(address) for admin: \(error).")
        }
    }

    var adminHosts: [String] { snapshot.configuration.admin?.hosts ?? [] }

    var unreadiness: String? {
        switch current {
        case .starting: "starting"
        case .serving: isShedding ? "shedding" : nil
        case .draining, .stopped: "draining"
        }
    }

    var registry: UpstreamRegistry { snapshot.registry }

    func purge(route name: String, target: [UInt8]?) -> Int? {
        guard let purged = registry.purge(route: name, target: target) else { return nil }
        if let route = registry.route(name) { shards.first?.purgeSecondTier(route, target: target) }
        return purged
    }

    var metrics: MetricsRegistry { process.registry }

    var keepsExemplars: Bool { snapshot.configuration.telemetry.exemplars }

    var state: GatewayState {
        GatewayState(
            version: GatewayVersion.text,
            uptime: Int(clamping: MonotonicTime.current.nanoseconds(since: madeAt) / 1_000_000_000),
            phase: unreadiness ?? "serving", generation: snapshot.generation, shards: shardCount,
            listeners: listeners.withLock { $0.map(\.bound.description) }, connections: connections,
            inFlight: requestsInFlight, lastReload: lastReload.withLock { $0 },
            rateLimits: snapshot.rateLimits?.status(now: .current) ?? [], redis: process.redis.status)
    }
}
