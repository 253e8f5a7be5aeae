internal import Configuration
internal import EventLoop
internal import HTTP
internal import HTTPServer
internal import Planning
internal import Resilience

extension GatewayRequest {
    /// How much the request matters: what a trusted proxy says of it (RFC 9218), else its door, else its profile.
    func priority(of door: Priority?) -> Priority {
        let fields = exchange.request.fields
        if let index = fields.index(ofName: "priority"), isFromTrustedProxy,
            let urgency = PriorityField.urgency(in: fields.value(at: index))
        {
            return Priority(urgency: urgency)
        }
        return door ?? snapshot.priorities[profile.index]
    }

    /// Whether the peer is one of `server.trustedProxies`.
    var isFromTrustedProxy: Bool {
        let proxies = snapshot.configuration.server.trustedProxies
        guard !proxies.isEmpty, let address = exchange.peer.ip else { return false }
        let bytes = address.networkBytes
        return proxies.contains { $0.contains(bytes) }
    }
}
