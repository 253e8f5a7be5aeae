internal import Bytes
internal import Configuration
internal import EventLoop
internal import Execution
internal import HTTP
internal import HTTPServer
internal import JOSE
internal import Planning
internal import Resilience
internal import Telemetry

/// One client request on its way through the gateway: what was learnt of it, the answer's fields, and the facts for log
/// and metrics.
///
/// Belongs to its shard's loop, which uses it again for later requests once the exchange has ended.
final class GatewayRequest: RequestContext {
    unowned let shard: Shard
    /// The exchange with the client. Let go at its end, so that the server can use it again.
    private(set) var exchange: Exchange!
    /// What it runs on to its end, whatever is reloaded meanwhile.
    private(set) var served: ServedSnapshot
    /// The device profile.
    private(set) var profile: Profile
    /// When the whole request is over.
    private(set) var deadline = MonotonicTime.distantFuture
    /// The answer's fields; `x-request-id` is among them from the start.
    let fields = FieldList()
    /// What is known of it, for those who write of it.
    let record = AccessRecord()
    /// The value of `x-request-id`.
    var requestID: ByteBuffer { record.requestID }
    /// The trace that it belongs to: the client's, or one that begins here because it is recorded.
    private(set) var trace: TraceContext?
    /// What is recorded of it for its trace; nil where it isn't.
    private(set) var recording: RequestTrace?
    /// Whether the client is shown how the request went.
    var isInspected = false
    /// Which kind of door answers, for metrics.
    private(set) var door = DoorKind.none
    /// The client's token, once it is believed; nil where it has none.
    var token: VerifiedToken?
    /// Why its token was refused; nil where it wasn't.
    var tokenProblem: TokenProblem?
    /// The name of its door's route, or the door's own; nil at the GraphQL door, and where no rate limit asks for it.
    var routeName: String?
    /// Grows when the client leaves and when the exchange ends: whoever waits for something on the request's behalf
    /// compares it then.
    private(set) var life = 0
    /// What ends a door's own work when the client leaves; runs are ended anyway.
    var onDisconnect: (() -> Void)?
    /// The streamed call that is made for it.
    var passthrough: PassthroughCall?
    /// For how long the client may use the answer again, as far as calls have ended.
    var reuse = ClientReuse()
    private var runs: [OperationRun] = []

    /// Whether it is one of those that are served: not before its door was found, and not if it was refused.
    private var isCounted = false
    private var callsInFlight = 0
    private var busySince = MonotonicTime(nanoseconds: 0)
    private var busyNanoseconds: UInt64 = 0
    /// Keeps the request until its exchange has ended: a door is done with it while bytes still wait for the client.
    private var kept: GatewayRequest?
    /// Made once, so that a request allocates no closures for them.
    private lazy var ended: () -> Void = { [unowned self] in exchangeEnded() }
    private lazy var disconnected: () -> Void = { [unowned self] in clientLeft() }

    init(_ shard: Shard) {
        self.shard = shard
        served = shard.served
        profile = shard.served.snapshot.profiles.defaultProfile
    }

    /// The snapshot that it runs on.
    var snapshot: Snapshot { served.snapshot }

    var requestFields: FieldList? { exchange.request.fields }

    var clientSubject: String? { exchange.clientSubject }

    // MARK: Life

    /// Takes a new exchange on.
    func begin(_ exchange: Exchange, _ served: ServedSnapshot) {
        self.exchange = exchange
        self.served = served
        let request = exchange.request.fields
        record.start = exchange.receivedAt.nanoseconds
        readRequestID(request)
        beginTrace(request)
        profile = snapshot.selectProfile(request)
        deadline = snapshot.deadline(request, profile, receivedAt: exchange.receivedAt)
        kept = self
        exchange.onEnd = ended
        exchange.onDisconnect = disconnected
    }

    private func beginTrace(_ request: FieldList) {
        guard let tracer = served.tracer else {
            if let parent = request.firstValue(of: .traceparent) { trace = TraceContext(traceparent: parent) }
            return
        }
        let parent = tracer.parent(request)
        trace = parent
        guard let recording = tracer.record(parent, &shard.identifiers) else { return }
        self.recording = recording
        trace = recording.context
    }

    /// Comes to its door, which decides whether a trace that begins here is recorded.
    func enters(_ door: DoorKind) {
        self.door = door
        guard let recording, !recording.isKept(at: door) else { return }
        self.recording = nil
        trace = nil
    }

    private func readRequestID(_ request: FieldList) {
        let requestID = requestID
        if let own = request.firstValue(of: .xRequestID), RequestID.isAcceptable(own) {
            requestID.append(own)
        } else {
            let digits = shard.identifiers.requestID().digits
            requestID.append(digits.span)
        }
        fields.append(.xRequestID, requestID.bytes)
    }

    private func exchangeEnded() {
        let shard = shard
        let now = shard.loop.now
        let duration = now.nanoseconds(since: exchange.receivedAt)
        if callsInFlight > 0 { busyNanoseconds &+= now.nanoseconds(since: busySince) }
        shard.metrics.record(
            door: door, status: exchange.statusSent, duration: duration,
            overhead: duration > busyNanoseconds ? duration - busyNanoseconds : 0,
            trace: served.keepsExemplars && trace?.isSampled == true ? trace : nil)
        if door == .none { enters(.none) }
        if isNoted { writeRecord(duration, now) }
        if isCounted { shard.process.shedder.leave(snapshot.shedLimits, now: now) }
        reset()
        shard.giveBack(self)
        kept = nil
    }

    private func reset() {
        fields.clear()
        trace = nil
        recording = nil
        door = .none
        routeName = nil
        token = nil
        tokenProblem = nil
        isInspected = false
        life &+= 1
        onDisconnect = nil
        reuse = ClientReuse()
        if let passthrough {
            self.passthrough = nil
            passthrough.finish()
        }
        exchange = nil
        record.reset()
        callsInFlight = 0
        busyNanoseconds = 0
        isCounted = false
        deadline = .distantFuture
    }

    /// Whether anyone reads of its calls.
    private var isNoted: Bool {
        shard.isAccessLogged || recording != nil || isInspected || snapshot.slowDuration != .max
    }

    private func writeRecord(_ duration: UInt64, _ now: MonotonicTime) {
        let record = record
        let head = exchange.request
        record.time = .now
        record.method = head.method.description
        record.path.append(head.path)
        record.status = exchange.statusSent
        record.duration = duration
        record.trace = trace
        record.profile = profile.name
        record.clientSubject = exchange.clientSubject
        record.refusedToken = tokenProblem?.rawValue
        recording?.export(record, door: door, now: now, on: shard)
        if duration >= snapshot.slowDuration { shard.accessLog.writeSlow(record) }
        if shard.isAccessLogged { shard.accessLog.write(record) }
    }

    // MARK: Shedding

    /// Asks to be served; false where too many requests are being served already.
    /// - Parameter doorPriority: what its door says of its requests.
    func enter(doorPriority: Priority?) -> Bool {
        let shard = shard
        let limits = snapshot.shedLimits
        let priority = limits.isOn ? priority(of: doorPriority) : .normal
        isCounted = shard.process.shedder.admit(priority, limits, now: shard.loop.now)
        if !isCounted { shard.metrics.shed(priority) }
        return isCounted
    }

    // MARK: Runs

    /// `run` works for this request: it is cancelled when the client leaves.
    func runStarted(_ run: OperationRun) { runs.append(run) }

    /// `run` has ended.
    func runEnded(_ run: OperationRun) {
        if let index = runs.firstIndex(where: { $0 === run }) { runs.remove(at: index) }
    }

    private func clientLeft() {
        life &+= 1
        while let run = runs.popLast() { run.cancel() }
        passthrough?.clientLeft()
        onDisconnect?()
    }

    // MARK: Calls

    /// A call to an upstream begins: the time to its end isn't the gateway's own.
    func callStarted() {
        if callsInFlight == 0 { busySince = shard.loop.now }
        callsInFlight += 1
    }

    /// A call has ended. `call` and `tries` are evaluated only where someone reads them.
    func callEnded(
        _ call: @autoclosure () -> AccessRecord.UpstreamCall, tries: @autoclosure () -> [AccessRecord.Try]
    ) {
        let shard = shard
        callsInFlight -= 1
        if callsInFlight == 0 { busyNanoseconds &+= shard.loop.now.nanoseconds(since: busySince) }
        if isNoted { record.add(call(), tries: tries()) }
    }

    /// Appends what a call carries of the client's request: the fields that `forwarding` names, and what ties the two
    /// requests together.
    /// - Returns: the call's span; 0 where it isn't recorded.
    func appendForwardedFields(for forwarding: RouteForwarding, to output: FieldList) -> UInt64 {
        let request = exchange.request.fields
        for name in forwarding.forward {
            var index = request.index(ofName: name)
            while let found = index {
                output.append(lineAt: found, of: request)
                index = request.index(ofName: request.name(at: found), from: found + 1)
            }
        }
        let identifier = requestID
        output.append(.xRequestID, identifier.bytes)
        if let recording {
            return forwarding.forward.isEmpty ? append(recording, to: output) : replaceTrace(recording, in: output)
        }
        if trace != nil {
            for field in [KnownField.traceparent, .tracestate] {
                if let index = request.index(of: field) { output.append(lineAt: index, of: request) }
            }
        }
        return isInspected ? shard.identifiers.spanID() : 0
    }
}

/// The kinds of doors that requests are counted by.
enum DoorKind: Int, CaseIterable {
    case none, graphQL, route, operation, passthrough

    /// The value of the metric's label.
    var label: StaticString {
        switch self {
        case .none: "none"
        case .graphQL: "graphql"
        case .route: "route"
        case .operation: "operation"
        case .passthrough: "passthrough"
        }
    }
}

/// Which of the client's fields go with a route's calls.
struct RouteForwarding: Sendable {
    /// Names in lower case: `headers.forward` without `headers.remove`, and without what every call carries anyway.
    var forward: [String] = []
    /// `headers.remove`, in lower case.
    var remove: [String] = []
    /// `headers.expose`: what of an answer's fields goes to the client.
    var expose: [HeadersConfiguration.Exposed] = []
}
