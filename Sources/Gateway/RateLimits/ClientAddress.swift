internal import Bytes
internal import Configuration
internal import EventLoop
internal import HTTP
internal import HTTPServer

/// Whose request it is by its address, for limits.
extension GatewayRequest {
    /// Appends the client's address, or of an IPv6 address the network of 64 bits, which is as much as one client has
    /// to itself; false where it came by something without addresses.
    func appendClientNetwork(to key: ByteBuffer) -> Bool {
        guard let address = clientAddress else { return false }
        switch address {
        case .v4(let bits): key.append(littleEndian: bits)
        case .v6(let high, _): key.append(littleEndian: high)
        }
        return true
    }

    /// The peer's address; behind trusted proxies the right-most hop that is none of them. A hop that can't be read
    /// ends the way back: what stands left of it is no better than what it says itself.
    private var clientAddress: IPAddress? {
        guard let peer = exchange.peer.ip else { return nil }
        guard isFromTrustedProxy else { return peer }
        let proxies = snapshot.configuration.server.trustedProxies
        let fields = exchange.request.fields
        var hops: [IPAddress?] = []
        if fields.contains(.xForwardedFor) {
            fields.forEachMember(of: .xForwardedFor) { member in
                hops.append(ForwardedHop.address(member))
                return true
            }
        } else {
            fields.forEachMember(of: .forwarded) { member in
                hops.append(ForwardedHop.address(forwarded: member))
                return true
            }
        }
        var client = peer
        for hop in hops.reversed() {
            guard let hop else { break }
            client = hop
            let bytes = hop.networkBytes
            guard proxies.contains(where: { $0.contains(bytes) }) else { break }
        }
        return client
    }
}

/// One hop as proxies write it.
enum ForwardedHop {
    /// A member of `X-Forwarded-For`: an address, perhaps with a port, one of IPv6 in brackets then.
    static func address(_ member: RawSpan) -> IPAddress? {
        // Longer than any address with its port.
        guard member.byteCount <= 64 else { return nil }
        let text = member.string
        if let address = IPAddress(text) { return address }
        if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
            return IPAddress(String(text[text.index(after: text.startIndex)..<end]))
        }
        return text.firstIndex(of: ":").flatMap { IPAddress(String(text[..<$0])) }
    }

    /// A member of `Forwarded` (RFC 7239 §4): the node that its `for` names.
    static func address(forwarded member: RawSpan) -> IPAddress? {
        guard member.byteCount <= 1024 else { return nil }
        for pair in member.string.split(separator: ";") {
            let parts = pair.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, parts[0].trimmingSpaces.lowercased() == "for" else { continue }
            let node = ByteBuffer(capacity: 64)
            node.append(String(parts[1].trimmingSpaces.filter { $0 != "\"" }))
            return address(node.bytes)
        }
        return nil
    }
}

extension Substring {
    fileprivate var trimmingSpaces: Substring {
        var text = self
        while text.first == " " || text.first == "\t" { text.removeFirst() }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return text
    }
}
