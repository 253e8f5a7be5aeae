public import EventLoop
internal import Synchronization

/// One server that calls are made to: what a transport needs to know of it. Immutable; any thread.
public final class Endpoint: Sendable {
    /// Whether it is spoken to over TLS.
    public let isSecure: Bool
    /// A name, an IPv4 address, or an IPv6 address without brackets.
    public let host: String
    /// The port.
    public let port: UInt16
    /// The path of its Unix socket; nil = it has a host and a port.
    public let socket: String?
    /// What stands before every request target: empty, or `/prefix`.
    public let basePath: String
    /// The value of Host: the port is left out where it is the scheme's own (RFC 9110 §7.2).
    public let authority: String
    /// Whether only addresses of the internet are connected to.
    let isPublic: Bool
    /// How it is trusted.
    public let tls: ClientTLSSettings
    /// Where its connections go, in the order in which they are tried; empty = what `host` resolves to.
    let addresses: [SocketAddress]
    /// Where transports keep its connections.
    let place: ConnectionPlace

    /// The place's number.
    var slot: Int { place.number }

    /// The URL, without anything that may be secret: there is nothing of the kind in it.
    public var url: String {
        if let socket { return basePath.isEmpty ? "unix:\(socket)" : "unix:\(socket):\(basePath)" }
        return "\(isSecure ? "https" : "http")://\(authority)\(basePath)"
    }

    /// An endpoint.
    public convenience init(_ target: TargetSettings, tls: ClientTLSSettings = ClientTLSSettings()) {
        self.init(target, tls: tls, resolved: [])
    }

    /// - Parameter resolved: what its name resolves to, as far as this endpoint is concerned; empty = not looked up yet.
    init(_ target: TargetSettings, tls: ClientTLSSettings, resolved: [SocketAddress]) {
        isSecure = target.isSecure
        host = target.host
        port = target.port
        socket = target.socket
        basePath = target.basePath
        isPublic = target.isPublic
        self.tls = tls
        let name = target.host.utf8.contains(UInt8(ascii: ":")) ? "[\(target.host)]" : target.host
        let isUsualPort = target.socket != nil || target.port == (target.isSecure ? 443 : 80)
        authority = isUsualPort ? name : "\(name):\(target.port)"
        if let socket = target.socket {
            addresses = [.unix(socket)]
        } else if let literal = IPAddress(target.host) {
            addresses = [.ip(literal, port: target.port)]
        } else {
            addresses = resolved
        }
        place = ConnectionPlace.of(
            ConnectionPlace.Key(
                isSecure: isSecure, host: host, port: port, isPublic: isPublic, tls: tls, addresses: addresses))
    }

    /// Whether it may be connected to at `address`: a name may come to stand for anything, also for what is inside.
    func permits(_ address: SocketAddress) -> Bool {
        guard isPublic else { return true }
        return address.ip?.isPublic == true
    }

    /// Whether `host` is a name: what it stands for may change.
    var isNamed: Bool { socket == nil && IPAddress(host) == nil }
}

/// Where transports keep the connections to one server: a small number that stands for its name, addresses and trust. A
/// configuration loaded later that names the same server gets the same place, and so finds its connections again.
///
/// Places are never given up: there are as many as there were different servers.
final class ConnectionPlace: Sendable {
    struct Key: Hashable {
        var isSecure: Bool
        var host: String
        var port: UInt16
        var isPublic: Bool
        var tls: ClientTLSSettings
        var addresses: [SocketAddress]
    }

    /// Counts places.
    let number: Int
    private let users = Atomic<Int>(0)
    private let retired = Atomic<Bool>(false)

    private init(_ number: Int) {
        self.number = number
    }

    private static let places = Mutex<[Key: ConnectionPlace]>([:])

    static func of(_ key: Key) -> ConnectionPlace {
        places.withLock { places in
            if let place = places[key] { return place }
            let place = ConnectionPlace(places.count)
            places[key] = place
            return place
        }
    }

    /// Whether nobody will ask for its connections any more: those that are idle can go.
    var isRetired: Bool { retired.load(ordering: .relaxed) }

    /// Somebody has a target there.
    func use() {
        users.wrappingAdd(1, ordering: .relaxed)
        retired.store(false, ordering: .relaxed)
    }

    /// Takes one `use` back.
    func giveUp() {
        if users.wrappingSubtract(1, ordering: .relaxed).newValue <= 0 { retired.store(true, ordering: .relaxed) }
    }
}
