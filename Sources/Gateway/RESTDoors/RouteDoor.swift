internal import Bytes
internal import Execution
internal import HTTP
internal import HTTPServer
internal import JSON
internal import Planning
internal import Upstream

/// A door to one route: its answer as it is, without what the profile drops, or in the shape of a type.
///
/// The route's variables are bound to the path's parameters, else to the query's. The content of a client's request
/// isn't passed on: what a route sends is its own `body` template.
final class RouteDoor: RESTDoor {
    /// What becomes of the upstream's JSON.
    enum Form: Sendable {
        /// It is passed on as it is, once it is known to be JSON.
        case whole
        /// For each profile what is left out; nil = nothing.
        case dropping([DropPaths?])
        /// The type's shape.
        case shaped(ShapedDoors)
    }

    let route: RouteDescription
    let bindings: [Binding]
    /// Names of the path's parameters, in order.
    let pathParameters: [String]
    let form: Form
    /// Whether the answer depends on the profile: by its form, or because the request tells the profile.
    private let dependsOnProfile: Bool

    init(_ route: RouteDescription, bindings: [Binding], pathParameters: [String], form: Form) {
        self.route = route
        self.bindings = bindings
        self.pathParameters = pathParameters
        self.form = form
        dependsOnProfile = if case .whole = form { bindings.contains { $0.isProfile } } else { true }
    }

    func handle(_ request: GatewayRequest, captures: [Range<Int>]) {
        request.enters(.route)
        if dependsOnProfile { request.addVary() }
        guard let upstreamRoute = request.snapshot.callRoutes[route.index] else {
            return request.refuse(.internalError, status: 500, detail: "The door's route is not there.")
        }
        let head = request.exchange.request
        guard let parameters = DoorParameters.read(head, pathParameters, captures) else {
            return request.refuse(
                .badUserInput, status: 400, detail: "The path or the query holds a broken percent-encoding.")
        }
        RouteDoorCall(self, request, upstreamRoute).start(parameters)
    }
}

/// One call of a route door. Belongs to the request's loop; the call keeps it alive to its end.
private final class RouteDoorCall {
    private let door: RouteDoor
    private let request: GatewayRequest
    private let route: UpstreamRoute
    private let client: UpstreamClient

    init(_ door: RouteDoor, _ request: GatewayRequest, _ route: UpstreamRoute) {
        self.door = door
        self.request = request
        self.route = route
        client = request.shard.client
    }

    func start(_ parameters: DoorParameters.Values) {
        let call = client.makeCall()
        let content = request.shard.takeBuffer()
        call.route = route
        call.method = door.route.template.method
        call.deadline = request.deadline
        call.span = request.appendForwardedFields(
            for: request.snapshot.forwarding[door.route.index], to: call.fields)
        let own = FieldList()
        do throws(RouteRequestRenderer.Refusal) {
            let rendered = try request.shard.routeRenderer.render(
                door.route, bindings: door.bindings, parameters: parameters, context: request,
                profile: request.profile, target: call.target, fields: own, content: content)
            call.body = rendered.hasContent ? content : nil
            call.preference = request.targetPreference(route, argument: rendered.targetKey)
        } catch {
            client.recycle(call)
            request.shard.giveBackBuffer(content)
            return request.refuse(error)
        }
        call.fields.replaceLines(with: own)
        call.completion = { [self] call in
            call.completion = nil
            request.onDisconnect = nil
            request.callEnded(.init(call), tries: call.tries)
            request.noteReuse(of: call, route: door.route.index)
            request.addCacheStatus(of: call)
            request.expose(call, by: request.snapshot.forwarding[door.route.index])
            answer(call)
            client.recycle(call)
            request.shard.giveBackBuffer(content)
        }
        request.onDisconnect = { [self] in
            call.cancel()
            request.onDisconnect = nil
            request.callEnded(.init(call), tries: call.tries)
            client.recycle(call)
            request.shard.giveBackBuffer(content)
        }
        request.callStarted()
        client.start(call)
    }

    private func answer(_ call: UpstreamCall) {
        switch call.outcome {
        case .answer(let status, let head, let body): answer(status, head, body)
        case .failed(let failure): answer(failure)
        case nil: request.refuse(.internalError, status: 500, detail: "The call did not end.")
        }
    }

    private func answer(_ status: Int, _ head: ResponseHead, _ body: ByteBuffer) {
        switch status {
        case 204: request.respond(status: 204, contentType: nil, body: nil)
        case 200..<300:
            guard !body.isEmpty else { return request.respond(status: 204, contentType: nil, body: nil) }
            answer(json: body, status: status)
        case 400..<500:
            passOnAdvice(head.fields)
            request.refuse(
                .upstreamStatus, status: status, detail: "The route \(door.route.name) answered \(status).")
        default:
            fallBack(.upstreamStatus, status: 502, "The route \(door.route.name) answered \(status).")
        }
    }

    /// Hands on what a refusal says of how to go on: when to come back, whom to be (RFC 9110 §10.2.3, §11.6.1).
    private func passOnAdvice(_ fields: FieldList) {
        for index in 0..<fields.count {
            switch fields.known(at: index) {
            case .retryAfter where request.fields.contains(.retryAfter): break
            case .retryAfter, .wwwAuthenticate: request.fields.append(lineAt: index, of: fields)
            default: break
            }
        }
    }

    private func answer(json body: ByteBuffer, status: Int) {
        let output = request.shard.takeBuffer()
        let isWritten: Bool
        switch door.form {
        case .whole: isWritten = write(body, dropping: nil, to: output)
        case .dropping(let paths): isWritten = write(body, dropping: paths[request.profile.index], to: output)
        case .shaped(let doors):
            switch request.shard.shapedWriter.write(body, as: doors.door(request.profile, request.grants), to: output) {
            case .written: isWritten = true
            case .invalidContent: isWritten = false
            case .mismatch(let expected, let found):
                request.shard.giveBackBuffer(output)
                return fallBack(
                    .typeMismatch, status: 502,
                    "The route \(door.route.name) answered \(found) where \(expected) is expected.")
            }
        }
        if isWritten {
            request.addCacheControl(isComplete: true)
            return request.respond(status: status, contentType: "application/json", body: output)
        }
        request.shard.giveBackBuffer(output)
        fallBack(.upstreamInvalidBody, status: 502, "The route \(door.route.name) did not answer valid JSON.")
    }

    private func write(_ body: ByteBuffer, dropping paths: DropPaths?, to output: ByteBuffer) -> Bool {
        do throws(JSONError) {
            if let paths {
                try output.append(body, dropping: paths)
            } else {
                try body.validateJSON()
                output.append(body)
            }
            return true
        } catch {
            return false
        }
    }

    private func answer(_ failure: CallFailure) {
        fallBack(
            ErrorCode(failure.code), status: failure.code.doorStatus,
            "The route \(door.route.name) could not be called: \(failure.code.reason).",
            retryAfter: failure.retryAfterSeconds)
    }

    /// Serves the route's fallback value, or else refuses.
    private func fallBack(_ code: ErrorCode, status: Int, _ detail: String, retryAfter: Int? = nil) {
        if let value = request.snapshot.fallbacks[door.route.index] {
            request.addCacheControl(isComplete: false)
            let body = request.shard.takeBuffer()
            body.append(value)
            if case .whole = door.form {
                return request.respond(status: 200, contentType: "application/json", body: body)
            }
            let output = request.shard.takeBuffer()
            defer { request.shard.giveBackBuffer(body) }
            if writeFallback(body, to: output) {
                return request.respond(status: 200, contentType: "application/json", body: output)
            }
            request.shard.giveBackBuffer(output)
        }
        let retryAfter = status == 503 ? retryAfter ?? 1 : retryAfter
        request.refuse(code, status: status, detail: detail, retryAfter: retryAfter)
    }

    private func writeFallback(_ body: ByteBuffer, to output: ByteBuffer) -> Bool {
        switch door.form {
        case .whole: write(body, dropping: nil, to: output)
        case .dropping(let paths): write(body, dropping: paths[request.profile.index], to: output)
        case .shaped(let doors):
            request.shard.shapedWriter.write(body, as: doors.door(request.profile, request.grants), to: output)
                == .written
        }
    }
}
