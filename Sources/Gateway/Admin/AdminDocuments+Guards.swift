internal import Bytes
internal import EventLoop
internal import JSON
internal import Upstream

extension AdminDocuments {
    /// Appends `"guards":[…]`, for each upstream and then for each of its routes with guards of its own: `upstream`,
    /// `route`, and of `inFlight`, `queued`, `limit`, `retriesLeft` and `hedgeAfterMs` those that it has. The last is
    /// null until enough answers were measured.
    static func appendGuards(_ registry: UpstreamRegistry, now: MonotonicTime, to output: ByteBuffer) {
        output.append("\"guards\":[")
        for (index, status) in registry.guards(now: now).enumerated() {
            if index > 0 { output.append(",") }
            append(status, to: output)
        }
        output.append("]")
    }

    private static func append(_ status: GuardStatus, to output: ByteBuffer) {
        output.append("{\"upstream\":")
        output.appendJSONString(status.upstream)
        if let route = status.route {
            output.append(",\"route\":")
            output.appendJSONString(route)
        }
        if let places = status.places {
            append("inFlight", places.inFlight, to: output)
            append("queued", places.queued, to: output)
            append("limit", places.limit, to: output)
        }
        if let retries = status.retriesLeft { append("retriesLeft", retries, to: output) }
        if let delay = status.hedgeAfter {
            if delay == .max {
                output.append(",\"hedgeAfterMs\":null")
            } else {
                append("hedgeAfterMs", Int(clamping: (delay + 999_999) / 1_000_000), to: output)
            }
        }
        output.append("}")
    }
}
