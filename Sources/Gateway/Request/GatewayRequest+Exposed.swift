internal import Bytes
internal import Configuration
internal import HTTP
internal import HTTPServer
internal import Upstream

/// Fields of upstreams' answers on answers that the gateway composes: none but those that the configuration names.
extension GatewayRequest {
    /// Takes over what `forwarding` exposes of a call's answer, whatever its status.
    func expose(_ call: UpstreamCall, by forwarding: RouteForwarding) {
        if forwarding.expose.isEmpty { return }
        guard case .answer(_, let head, _) = call.outcome, !exchange.isAnswered else { return }
        for field in forwarding.expose { expose(field, of: head.fields) }
    }

    private func expose(_ field: HeadersConfiguration.Exposed, of answer: FieldList) {
        guard var index = answer.index(ofName: field.name) else { return }
        let fields = fields
        if let known = fields.index(ofName: field.name) {
            switch field.merge {
            case .first: return
            case .append: break
            case .least:
                // Where one of them is no number, the other is the better answer.
                guard let number = answer.value(at: index).wholeNumber else { return }
                if let least = fields.value(at: known).wholeNumber, least <= number { return }
                fields.removeAll { fields.name(at: $0).equalsIgnoringCase(answer.name(at: index)) }
            }
        }
        while true {
            fields.append(lineAt: index, of: answer)
            guard field.merge != .least, let next = answer.index(ofName: answer.name(at: index), from: index + 1) else {
                return
            }
            index = next
        }
    }
}
