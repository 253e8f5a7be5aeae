internal import Bytes
internal import HTTP
internal import HTTPServer
internal import Upstream

/// For how long a client may use an answer again: the least of what the parts of the answer allow, as for a request it
/// was told of each of them. Parts of which nothing is known allow nothing.
struct ClientReuse {
    /// Seconds that all parts so far are fresh; nil before the first.
    private var seconds: Int?
    private var isPrivate = false

    /// A call has ended.
    /// - Parameter isPrivate: whether its answer is of one caller only.
    mutating func add(_ call: UpstreamCall, isPrivate: Bool) {
        let fresh = call.secondsFresh ?? 0
        seconds = min(seconds ?? fresh, fresh)
        if isPrivate { self.isPrivate = true }
    }

    /// Something stands in for a part: the answer isn't to be used again.
    mutating func forbid() { seconds = 0 }

    /// The value of `Cache-Control`.
    func append(to fields: FieldList, isPrivate: Bool) {
        guard let seconds, seconds > 0 else { return fields.append(.cacheControl, "no-store") }
        fields.append(.cacheControl) { value in
            value.append("max-age=")
            value.append(decimal: seconds)
            value.append(self.isPrivate || isPrivate ? ", private" : ", public")
        }
    }
}

extension GatewayRequest {
    /// Says for how long the client may use the answer again, where it is one to a GET and any answers are stored.
    func addCacheControl(isComplete: Bool) {
        guard snapshot.storesAnswers else { return }
        let head = exchange.request
        guard head.method == .get || head.method == .head else { return }
        var reuse = self.reuse
        if !isComplete { reuse.forbid() }
        // What a token allows is of its bearer only (RFC 9111 §3.5).
        reuse.append(to: fields, isPrivate: head.fields.contains(.authorization))
    }

    /// Takes note of how long the answer of `call` may be used again.
    func noteReuse(of call: UpstreamCall, route index: Int) {
        guard snapshot.storesAnswers else { return }
        reuse.add(call, isPrivate: snapshot.privateRoutes[index])
    }

    /// Says how the cache had a part in the answer of a route's door: `Age` (RFC 9111 §5.1) and `Cache-Status`
    /// (RFC 9211).
    func addCacheStatus(of call: UpstreamCall) {
        guard let verdict = call.cacheVerdict else { return }
        if let age = call.age { fields.append(.age) { $0.append(decimal: age) } }
        fields.append(name: "cache-status") { value in
            value.append("sluice; ")
            switch verdict {
            case .hit, .negative: value.append("hit")
            case .stale where call.isFallback: value.append("fwd=stale; detail=stale-if-error")
            case .stale: value.append("hit; detail=stale-while-revalidate")
            case .revalidated: value.append("fwd=stale; fwd-status=304")
            case .miss: value.append(call.secondsFresh == nil ? "fwd=uri-miss" : "fwd=uri-miss; stored")
            case .bypass: value.append("fwd=bypass")
            case .shared: value.append("fwd=uri-miss; collapsed")
            }
            if let seconds = call.secondsFresh {
                value.append("; ttl=")
                value.append(decimal: seconds)
            }
        }
    }
}
