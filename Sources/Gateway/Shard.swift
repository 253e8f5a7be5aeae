internal import Bytes
internal import Configuration
internal import EventLoop
internal import Execution
internal import HTTPServer
internal import Planning
internal import Redis
internal import Telemetry
internal import Upstream

/// One loop's share of the gateway: its listener, its connections to upstreams, its plans, and the storage that its
/// requests use again and again. Belongs to the loop's thread.
final class Shard {
    let loop: EventLoop
    let process: GatewayProcess
    let client: UpstreamClient
    let metrics: GatewayMetrics
    /// What its operations measure.
    let limits: LimitMetrics
    /// Writes the lines of requests.
    let accessLog: AccessLog
    /// Whether each request has a line of its own.
    private(set) var isAccessLogged: Bool
    /// Storage for the spans of a request.
    let spanScratch = ByteBuffer(capacity: 4096)
    var identifiers = IdentifierGenerator()
    /// Registered documents that its clients have asked for.
    let registered: RegisteredDocumentCache
    /// What new requests begin with.
    private(set) var served: ServedSnapshot
    private(set) var runs: OperationRunPool
    /// Renders the requests of REST doors.
    let routeRenderer = RouteRequestRenderer()
    /// Storage for what a target is chosen by.
    let keyScratch = ByteBuffer(capacity: 256)
    /// Writes the answers of shaped doors.
    let shapedWriter = ShapedAnswerWriter()
    private let routing = CallRouting()
    private(set) var server: HTTPServer!
    /// Its connection to Redis; nil where there is none.
    private(set) var redis: RedisClient?
    /// `release` of every answer, made once.
    private(set) lazy var releaseBuffer: (ByteBuffer) -> Void = { [unowned self] in giveBackBuffer($0) }

    private var requests: [GatewayRequest] = []
    private var buffers: [ByteBuffer] = []
    private var passthroughs: [PassthroughCall] = []

    init(_ loop: EventLoop, _ process: GatewayProcess, _ snapshot: Snapshot, _ settings: ServerSettings) {
        self.loop = loop
        self.process = process
        client = UpstreamClient(loop: loop)
        metrics = process.metrics
        registered = RegisteredDocumentCache(process.persistedQueries)
        limits = LimitMetrics(process.registry)
        accessLog = AccessLog(process.log)
        isAccessLogged = snapshot.configuration.telemetry.accessLog
        served = ServedSnapshot(
            snapshot, seed: identifiers.next(), process.tracer(snapshot.configuration.telemetry),
            process.redis.adopt(snapshot.configuration))
        runs = OperationRunPool(starter: UpstreamCallStarter(client: client, delegate: routing), loop: loop)
        server = HTTPServer(loop: loop, settings: settings, handler: Pipeline(self))
        use(served.redis)
    }

    /// Begins new requests on `next`, with settings to match. Requests under way end on the snapshot that they have.
    func serve(_ next: ServedSnapshot, _ settings: ServerSettings) {
        served = next
        isAccessLogged = next.snapshot.configuration.telemetry.accessLog
        server.adopt(settings)
        // What waits to be used again must not keep the snapshot before this one.
        requests = []
        passthroughs = []
        runs = OperationRunPool(starter: UpstreamCallStarter(client: client, delegate: routing), loop: loop)
        client.forgetIdle()
        client.closeRetired()
        use(next.redis)
    }

    /// Stays connected to `redis` from now on, and to no other.
    private func use(_ redis: RedisServer?) {
        guard self.redis?.server !== redis else { return }
        self.redis?.close()
        self.redis = redis.map { RedisClient($0, on: loop) }
        self.redis?.start()
        client.redis = self.redis
    }

    /// Cuts what is under way.
    func close() {
        server.close()
        client.close()
        use(nil)
    }

    // MARK: Storage

    /// A request for `exchange`, begun.
    func takeRequest(_ exchange: Exchange) -> GatewayRequest {
        let request = requests.popLast() ?? GatewayRequest(self)
        request.begin(exchange, served)
        return request
    }

    func giveBack(_ request: GatewayRequest) {
        if requests.count < 1024, request.served === served { requests.append(request) }
    }

    /// A streamed call for a passthrough door.
    func takePassthrough() -> PassthroughCall {
        passthroughs.popLast() ?? PassthroughCall(self)
    }

    func giveBack(_ passthrough: PassthroughCall) {
        if passthroughs.count < 256 { passthroughs.append(passthrough) }
    }

    /// An empty buffer for an answer; it comes back by `releaseBuffer`.
    func takeBuffer() -> ByteBuffer {
        buffers.popLast() ?? ByteBuffer(capacity: 16 * 1024)
    }

    /// Takes back a buffer of `takeBuffer`. Large ones aren't kept: one client's giant answer must not stay in memory.
    func giveBackBuffer(_ buffer: ByteBuffer) {
        buffer.clear()
        if buffers.count < 256, buffer.capacity <= 64 * 1024 { buffers.append(buffer) }
    }
}

/// Gives the calls of runs their routes and the client's forwarded fields, and notes their outcome.
final class CallRouting: UpstreamCallDelegate {
    func prepare(_ upstreamCall: UpstreamCall, for call: ExecutionCall) {
        guard let request = call.context as? GatewayRequest else { return }
        request.callStarted()
        let snapshot = request.snapshot
        upstreamCall.route = snapshot.callRoutes[call.route]
        upstreamCall.preference = request.targetPreference(upstreamCall.route, argument: call.targetKey)
        upstreamCall.span = request.appendForwardedFields(
            for: snapshot.forwarding[call.route], to: upstreamCall.fields)
    }

    func ended(_ upstreamCall: UpstreamCall, for call: ExecutionCall) {
        guard let request = call.context as? GatewayRequest else { return }
        request.noteReuse(of: upstreamCall, route: call.route)
        request.callEnded(.init(upstreamCall), tries: upstreamCall.tries)
        request.expose(upstreamCall, by: request.snapshot.forwarding[call.route])
    }
}

extension AccessRecord.UpstreamCall {
    /// What the log says of a call that has ended or was cancelled.
    init(_ call: UpstreamCall) {
        var status: Int?
        var received = 0
        switch call.outcome {
        case .answer(let answered, _, let body): (status, received) = (answered, body.count)
        case .failed(let failure): status = failure.status
        case nil: break
        }
        self.init(
            call.route?.subject ?? .none, status: status,
            duration: call.endedAt == .distantFuture ? 0 : call.endedAt.nanoseconds(since: call.startedAt),
            attempts: call.attempts, hedges: call.hedges, cache: call.cacheVerdict?.label)
        start = call.startedAt.nanoseconds
        sent = call.body?.count ?? 0
        self.received = received
        span = call.span
    }

    /// What the log says of a streamed call that has ended or was cancelled.
    init(_ stream: UpstreamStream, status: Int?) {
        self.init(
            stream.route.subject, status: status,
            duration: stream.endedAt == .distantFuture ? 0 : stream.endedAt.nanoseconds(since: stream.startedAt),
            attempts: stream.attempts)
        start = stream.startedAt.nanoseconds
        span = stream.span
    }
}
