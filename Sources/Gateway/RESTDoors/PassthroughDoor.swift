internal import Bytes
internal import Configuration
internal import Execution
internal import HTTP
internal import HTTPServer
internal import Planning
internal import Upstream

/// A door to an upstream: requests and answers are streamed through as they are (contract section 4, passthrough).
final class PassthroughDoor: RESTDoor {
    /// A piece of the path that is sent.
    enum RewritePart: Sendable {
        case literal([UInt8])
        /// What the pattern's variable of that index took, byte for byte.
        case capture(Int)
    }

    let route: UpstreamRoute
    /// The path that is sent; nil = the request's own.
    let rewrite: [RewritePart]?
    /// Bytes that a request's content may have.
    let bodyLimit: Int?
    let forwarding: RouteForwarding
    /// The fields that `headers.set` makes, as a route's that has nothing else; nil where there are none.
    let headers: (route: RouteDescription, bindings: [Binding])?
    /// Whether the rewrite brings a query of its own: the request's is added to it.
    private let rewriteHasQuery: Bool
    /// Whether the request tells the profile, so that the answer may depend on it.
    private let dependsOnProfile: Bool

    init(
        _ route: UpstreamRoute, rewrite: [RewritePart]?, bodyLimit: Int?, forwarding: RouteForwarding,
        headers: (route: RouteDescription, bindings: [Binding])?
    ) {
        self.route = route
        self.rewrite = rewrite
        self.bodyLimit = bodyLimit
        self.forwarding = forwarding
        self.headers = headers
        rewriteHasQuery =
            rewrite?.contains { part in
                if case .literal(let bytes) = part { bytes.contains(UInt8(ascii: "?")) } else { false }
            } ?? false
        dependsOnProfile = headers?.bindings.contains { $0.isProfile } ?? false
    }

    func handle(_ request: GatewayRequest, captures: [Range<Int>]) {
        request.enters(.passthrough)
        if dependsOnProfile { request.addVary() }
        let head = request.exchange.request
        if let bodyLimit, case .length(let length) = head.framing, length > bodyLimit {
            return request.refuse(.tooLarge, limit: bodyLimit)
        }
        // The path goes on as it is, to a server that may read it in its own way.
        guard !PercentCoding.hasDotSegment(head.path, isForAnyServer: true) else {
            return request.refuse(
                .badRequest, status: 400, detail: "The path holds a \".\" or \"..\" between encoded slashes.")
        }
        let stream = request.shard.client.makeStream(route)
        stream.method = head.method
        appendTarget(head, captures, to: stream.target)
        guard appendFields(request, head, to: stream.fields) else { return }
        if let trace = request.recording { stream.span = request.replaceTrace(trace, in: stream.fields) }
        stream.hasBody = head.hasBody
        if case .length(let length) = head.framing { stream.bodyLength = length }
        stream.deadline = request.deadline
        stream.preference = request.targetPreference(route, argument: nil)
        stream.pauseTimeout = request.snapshot.configuration.server.timeouts.body.nanoseconds
        request.shard.takePassthrough().start(request, stream, bodyLimit: bodyLimit ?? .max)
    }

    private func appendTarget(_ head: RequestHead, _ captures: [Range<Int>], to target: ByteBuffer) {
        let path = head.path
        if let rewrite {
            for part in rewrite {
                switch part {
                case .literal(let bytes): target.append(bytes)
                case .capture(let index): target.append(path.extracting(captures[index]))
                }
            }
        } else {
            target.append(path)
        }
        if head.hasQuery {
            target.append(rewriteHasQuery ? UInt8(ascii: "&") : UInt8(ascii: "?"))
            target.append(head.query)
        }
    }

    /// Copies the end-to-end fields of the request; false where it has been refused.
    private func appendFields(_ request: GatewayRequest, _ head: RequestHead, to output: FieldList) -> Bool {
        let fields = head.fields
        for index in 0..<fields.count where !fields.isHopByHop(at: index) {
            switch fields.known(at: index) {
            case .xRequestID, .forwarded, .xForwardedFor, .xForwardedProto, .xForwardedHost: continue
            default:
                if forwarding.removes(fields.name(at: index)) { continue }
                // One place in a trace, in one form.
                if request.recording != nil, fields.name(at: index).isB3Field { continue }
                output.append(lineAt: index, of: fields)
            }
        }
        let identifier = request.requestID
        output.append(.xRequestID, identifier.bytes)
        ForwardedFields.append(request, to: output)
        guard let headers else { return true }
        return set(headers.route, headers.bindings, request, in: output)
    }

    private func set(
        _ route: RouteDescription, _ bindings: [Binding], _ request: GatewayRequest, in output: FieldList
    ) -> Bool {
        let own = FieldList()
        let unused = ByteBuffer(capacity: 16)
        do throws(RouteRequestRenderer.Refusal) {
            _ = try request.shard.routeRenderer.render(
                route, bindings: bindings, parameters: [:], context: request, profile: request.profile, target: unused,
                fields: own, content: unused)
        } catch {
            request.refuse(error)
            return false
        }
        output.replaceLines(with: own)
        return true
    }
}

extension RouteForwarding {
    /// Whether `headers.remove` names the field.
    func removes(_ name: RawSpan) -> Bool {
        for removed in remove where name.equalsIgnoringCase(text: removed) { return true }
        return false
    }
}

extension RawSpan {
    /// Whether it holds `text`, which is in lower case, in any case.
    func equalsIgnoringCase(text: String) -> Bool {
        guard byteCount == text.utf8.count else { return false }
        var offset = 0
        for byte in text.utf8 {
            if self.byte(at: offset).asciiLowercased != byte { return false }
            offset += 1
        }
        return true
    }
}
