internal import Bytes
internal import Execution
internal import HTTP
internal import HTTPServer
internal import Resilience
internal import Upstream

extension GatewayRequest: TargetSelectionContext {
    /// Which target of the route's upstream the request had best go to.
    /// - Parameter argument: the key that the bound argument is, where there is one.
    func targetPreference(_ route: UpstreamRoute?, argument: UInt64?) -> TargetPreference {
        guard let selection = route?.upstream.selection else { return .none }
        return selection.preference(of: self, argument: argument, scratch: shard.keyScratch)
    }

    /// Appends the peer's address, or behind a trusted proxy what that says of it.
    func appendClientAddress(to output: ByteBuffer) {
        let fields = exchange.request.fields
        if let index = fields.index(of: .xForwardedFor), isFromTrustedProxy {
            output.append(fields.value(at: index))
        } else {
            exchange.appendPeerText(to: output)
        }
    }
}
