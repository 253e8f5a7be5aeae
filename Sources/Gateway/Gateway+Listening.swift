internal import Configuration
public import EventLoop
internal import HTTPServer
internal import Synchronization
internal import Telemetry

extension Gateway {
    /// An address that the shards listen on.
    struct Listening: Sendable {
        /// As the configuration writes it.
        let configured: ListenAddress
        /// With the port that was taken, where it has port 0.
        let bound: SocketAddress
    }

    /// Why the gateway can't serve.
    public struct ListenError: Error, Sendable {
        /// A sentence for the operator.
        public let message: String
    }

    /// Listens on every address of `server.listen`, on every shard, and on `admin.listen`.
    /// - Returns: the addresses, with the port that was taken where the configuration has port 0.
    /// - Throws: `ListenError` when an address can't be had; nothing listens then.
    public func start() throws(ListenError) -> [SocketAddress] {
        let snapshot = snapshot
        do throws(ListenError) {
            // First, so that it can say that the rest isn't ready yet.
            try startAdmin()
            for address in snapshot.configuration.server.listen {
                let listening = try listen(on: address.value)
                listeners.withLock { $0.append(listening) }
            }
        } catch {
            stop()
            throw error
        }
        beginServing()
        return listeners.withLock { $0.map(\.bound) }
    }

    /// Listens on `address` on every shard, or on none.
    func listen(on address: ListenAddress) throws(ListenError) -> Listening {
        guard let wanted = SocketAddress(address.description) else {
            throw ListenError(message: "\"\(address)\" is no address to listen on; write an IP address and a port.")
        }
        if let mine = adminAddress, wanted.collides(with: mine) {
            throw ListenError(message: "Can't listen on \(wanted): the admin listener is there.")
        }
        reportNeighbour(on: wanted)
        var bound = wanted
        for shard in shards {
            // The first shard finds the port, the others share it.
            let result = shard.onLoop { [bound] shard in
                Result { () throws(SystemError) in try shard.server.listen(on: bound, reusePort: true) }
            }
            switch result {
            case .success(let taken): bound = taken
            case .failure(let error):
                stopListening(on: bound)
                throw ListenError(message: "Can't listen on \(wanted): \(error).")
            }
        }
        return Listening(configured: address, bound: bound)
    }

    /// Says that another process listens on an address as well: one that this one relieves, or one that shouldn't.
    func reportNeighbour(on address: SocketAddress) {
        guard Socket.isListenedOn(address) else { return }
        serverLog.write(
            .warn, "another process listens here too; each gets a part of the connections until one of them ends",
            ["address": "\(address)"])
    }

    /// Stops listening on an address; connections that came by it stay.
    func stopListening(on address: SocketAddress) {
        for shard in shards {
            shard.onLoop { $0.server.stopListening(on: address) }
        }
    }
}

extension SocketAddress {
    /// Whether one socket can't listen on both.
    func collides(with other: SocketAddress) -> Bool {
        guard case .ip(let host, let port) = self, case .ip(let otherHost, let otherPort) = other else {
            return self == other
        }
        return port == otherPort && port != 0 && (host == otherHost || host.isUnspecified || otherHost.isUnspecified)
    }
}
