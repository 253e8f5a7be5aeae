internal import EventLoop
internal import Synchronization

/// One server that calls are made to: what a transport needs to know of it. Immutable; any thread.
public final class Endpoint: Sendable {
    /// Whether it is spoken to over TLS.
    public let isSecure: Bool
    /// A name, an IPv4 address, or an IPv6 address without brackets.
    public let host: String
    /// The port.
    public let port: UInt16
    /// What stands before every request target: empty, or `/prefix`.
    public let basePath: String
    /// The value of Host: the port is left out where it is the scheme's own (RFC 9110 §7.2).
    public let authority: String
    /// How it is trusted.
    public let tls: TLSSettings
    /// A small number that stands for host, port and trust: where transports keep its connections. A configuration
    /// loaded later that names the same server gets the same number, and so finds its connections again.
    let slot: Int
    /// Where `host` is an address: nothing needs to be resolved.
    let literalAddress: SocketAddress?

    /// The URL, without anything that may be secret: there is nothing of the kind in it.
    public var url: String { "\(isSecure ? "https" : "http")://\(authority)\(basePath)" }

    /// An endpoint.
    public init(_ target: TargetSettings, tls: TLSSettings = TLSSettings()) {
        isSecure = target.isSecure
        host = target.host
        port = target.port
        basePath = target.basePath
        self.tls = tls
        let name = target.host.utf8.contains(UInt8(ascii: ":")) ? "[\(target.host)]" : target.host
        authority = target.port == (target.isSecure ? 443 : 80) ? name : "\(name):\(target.port)"
        slot = Endpoint.slot(of: Key(isSecure: isSecure, host: host, port: port, tls: tls))
        literalAddress = IPAddress(target.host).map { .ip($0, port: target.port) }
    }

    private struct Key: Hashable {
        var isSecure: Bool
        var host: String
        var port: UInt16
        var tls: TLSSettings
    }

    private static let slots = Mutex<[Key: Int]>([:])

    private static func slot(of key: Key) -> Int {
        slots.withLock { slots in
            if let slot = slots[key] { return slot }
            let slot = slots.count
            slots[key] = slot
            return slot
        }
    }
}
