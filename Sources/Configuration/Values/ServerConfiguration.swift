/// `server`: the public listeners and what a connection may cost.
public struct ServerConfiguration: Sendable {
    /// `listen`: at least one address.
    public var listen = [Located(ListenAddress(host: "127.0.0.1", port: 8080), at: .start)]
    /// `tls`; nil = the listeners speak plain HTTP.
    public var tls: ListenerTLS?
    /// `limits`.
    public var limits = Limits()
    /// `timeouts`.
    public var timeouts = Timeouts()
    /// `trustedProxies`: peers whose forwarding headers are believed.
    public var trustedProxies: [AddressBlock] = []
    /// `cache`: bytes that stored answers may take; 0 = none are stored.
    public var cache = 64 << 20
    /// `drain`: how long running requests may take after SIGTERM.
    public var drain = TimeSpan.seconds(30)

    /// `server.limits`: sizes in bytes.
    public struct Limits: Sendable {
        /// A request's head.
        public var headers = 32 << 10
        /// A request's buffered content.
        public var body = 2 << 20
        /// Open connections.
        public var connections = 10_000
        /// Open connections of one address (of one /64, where it is IPv6) that is no trusted proxy; 0 = no cap.
        public var connectionsPerAddress = 0
        /// Requests at once; 0 = no cap.
        public var inFlight = 0
    }

    /// `server.timeouts`.
    public struct Timeouts: Sendable {
        /// A connection without a request.
        public var idle = TimeSpan.seconds(75)
        /// The whole head.
        public var headers = TimeSpan.seconds(10)
        /// A pause in a body.
        public var body = TimeSpan.seconds(30)
        /// The whole request: the deadline.
        public var request = TimeSpan.seconds(5)
    }
}

/// `admin`: the listener for health, metrics, state and the console.
public struct AdminConfiguration: Sendable {
    /// `listen`: one address.
    public var listen = Located(ListenAddress(host: "127.0.0.1", port: 9090), at: .start)
    /// `hosts`: names that a Host field may hold beside IP literals and `localhost`, in lower case.
    public var hosts: [String] = []
}

/// An address to listen on.
public struct ListenAddress: Hashable, Sendable, CustomStringConvertible {
    /// An IPv4 address, an IPv6 address without brackets, or a host name.
    public var host: String
    /// The port; 0 = the system picks one.
    public var port: UInt16

    /// `host:port`, an IPv6 address in brackets.
    public var description: String {
        host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}

/// A block of IP addresses in CIDR notation (RFC 4632); a single address is a block of its full length.
public struct AddressBlock: Hashable, Sendable {
    /// The address in network order: 4 or 16 bytes.
    public var address: [UInt8]
    /// How many leading bits count.
    public var prefixLength: Int

    /// Whether an address (4 or 16 bytes in network order) lies in the block.
    public func contains(_ other: [UInt8]) -> Bool {
        guard other.count == address.count, prefixLength <= address.count * 8 else { return false }
        let whole = prefixLength / 8
        guard other[..<whole] == address[..<whole] else { return false }
        let rest = prefixLength % 8
        return rest == 0 || (other[whole] ^ address[whole]) >> (8 - rest) == 0
    }
}
