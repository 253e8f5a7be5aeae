internal import Bytes
internal import Configuration
internal import EventLoop
internal import HTTP
internal import HTTPServer
internal import JOSE
internal import Telemetry

/// Decides who is shown how a request went (`telemetry.inspect`).
extension GatewayRequest {
    /// The field by which a client asks.
    static let inspectionField = "x-sluice-trace"

    /// Sees whether the client asks to be shown how the request goes, and may be. Once it is known whose it is.
    func readInspection() {
        let request = exchange.request.fields
        guard let index = request.index(ofName: Self.inspectionField) else { return }
        let value = request.value(at: index)
        if value.equalsInConstantTime(shard.process.consoleKey) {
            isInspected = true
        } else if let rules = snapshot.configuration.telemetry.inspect, value.equals("1") {
            isInspected = isAllowed(by: rules)
        }
    }

    private func isAllowed(by rules: InspectConfiguration) -> Bool {
        // Behind a proxy everyone would have its address.
        if !rules.addresses.isEmpty, !isFromTrustedProxy, let address = exchange.peer.ip {
            let bytes = address.networkBytes
            if rules.addresses.contains(where: { $0.contains(bytes) }) { return true }
        }
        guard let token else { return false }
        return rules.claims.contains { claim in
            token.claims.text(claim.path) == claim.value || token.claims.strings(claim.path).contains(claim.value)
        }
    }

    /// Appends `"timing":{…}`: how the request went so far.
    func appendTiming(to output: ByteBuffer) {
        output.append("\"timing\":")
        record.appendTiming(elapsed: elapsed, to: output)
    }

    /// Says it in a field, for doors whose answers have no place for it.
    func addServerTiming() {
        let elapsed = elapsed
        fields.append(name: "server-timing") { record.appendServerTiming(elapsed: elapsed, to: $0) }
    }

    /// Nanoseconds since it arrived.
    private var elapsed: UInt64 { shard.loop.preciseNow().nanoseconds(since: exchange.receivedAt) }
}

extension RawSpan {
    /// Whether it holds exactly the UTF-8 of `secret`; how long that takes tells nothing of where they differ.
    func equalsInConstantTime(_ secret: String) -> Bool {
        guard byteCount == secret.utf8.count else { return false }
        var difference: UInt8 = 0
        for (offset, byte) in secret.utf8.enumerated() { difference |= self.byte(at: offset) ^ byte }
        return difference == 0
    }
}
