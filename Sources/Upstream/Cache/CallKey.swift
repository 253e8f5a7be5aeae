internal import Bytes
internal import HTTP
internal import Resilience

/// What makes two calls the same: route, group of targets, method, path, query, content, and every field that goes with
/// the request but those that the gateway gives each request for itself (contract section 6, Single flight).
///
/// Each part stands behind its length, so that no two different requests have one key.
enum CallKey {
    /// Appends the key of `call`, which goes to the route of that identity.
    static func append(_ call: UpstreamCall, route identity: UInt64, to key: ByteBuffer) {
        key.append(littleEndian: identity)
        key.append(littleEndian: UInt32(truncatingIfNeeded: call.preference.group))
        append(call.method, to: key)
        let target = call.target
        append(target.bytes, to: key)
        if let body = call.body {
            key.append(1)
            append(body.bytes, to: key)
        } else {
            key.append(0)
        }
        let fields = call.fields
        for index in 0..<fields.count {
            if let known = fields.known(at: index) {
                if isOfOneRequest(known) { continue }
                key.append(1)
                key.append(known.rawValue)
            } else {
                let name = fields.name(at: index)
                if isOfB3(name) { continue }
                key.append(0)
                key.append(littleEndian: UInt32(truncatingIfNeeded: name.byteCount))
                for offset in 0..<name.byteCount { key.append(name.byte(at: offset).asciiLowercased) }
            }
            append(fields.value(at: index), to: key)
        }
    }

    private static func append(_ part: RawSpan, to key: ByteBuffer) {
        key.append(littleEndian: UInt32(truncatingIfNeeded: part.byteCount))
        key.append(part)
    }

    private static func append(_ method: Method, to key: ByteBuffer) {
        if method == .get { return key.append(0) }
        let name = method.description
        key.append(1)
        key.append(littleEndian: UInt32(truncatingIfNeeded: name.utf8.count))
        key.append(name)
    }

    /// Whether a field tells of one request of a client's and nothing about the answer.
    private static func isOfOneRequest(_ field: KnownField) -> Bool {
        switch field {
        case .xRequestID, .traceparent, .tracestate, .baggage, .b3, .xRequestTimeoutMs: true
        default: false
        }
    }

    /// Whether the field of that name does.
    static func isOfOneRequest(_ name: RawSpan) -> Bool {
        if let known = KnownField(name) { return isOfOneRequest(known) }
        return isOfB3(name)
    }

    /// Whether it is one of the several fields of B3.
    private static func isOfB3(_ name: RawSpan) -> Bool {
        name.byteCount > 5 && name.extracting(0..<5).equalsIgnoringCase("x-b3-")
    }
}
