public import Bytes
public import EventLoop
internal import GraphQL
public import HTTP
internal import Planning

/// What the gateway tells execution about the client's request, as far as calls depend on it.
///
/// Lives as long as the run. Belongs to the run's thread.
public protocol RequestContext: AnyObject {
    /// The fields of the client's request, for `$header.x`; nil where there are none.
    var requestFields: FieldList? { get }
    /// When the whole request's deadline passes.
    var deadline: MonotonicTime { get }
    /// The subject of the certificate that the client has shown, for `$client.subject`; nil where it showed none.
    var clientSubject: String? { get }
    /// Appends the JSON text of a claim of the client's token, and says whether there is one.
    func appendClaim(_ path: [String], to output: ByteBuffer) -> Bool
}

extension CallStarter {
    /// Ends the call without an answer.
    public func expire(_ call: ExecutionCall) {
        call.isHeld = false
        cancel(call)
        call.failed(.deadlineExceeded, attempts: call.attempts)
    }
}

extension RequestContext {
    /// No TLS, no certificate.
    public var clientSubject: String? { nil }

    /// No token, no claims.
    public func appendClaim(_ path: [String], to output: ByteBuffer) -> Bool { false }
}

/// Makes the calls of a run: the door to `Upstream`, and to a script in tests.
///
/// Belongs to the run's thread.
public protocol CallStarter: AnyObject {
    /// Starts `call`; it ends with one `answered` or `failed` on the call, also before this returns.
    func start(_ call: ExecutionCall)
    /// Ends a started call that nobody waits for any more: neither `answered` nor `failed` may follow. Leaves the tries
    /// made so far in `call.attempts`.
    func cancel(_ call: ExecutionCall)
    /// The whole request's deadline has passed: ends a started call with what there is instead of an answer. One
    /// `answered` or `failed` comes before this returns.
    func expire(_ call: ExecutionCall)
    /// The run no longer needs a call that has ended, nor its answer, whose body may be used again. Called once for
    /// each started call that was not cancelled.
    func release(_ call: ExecutionCall)
}

/// One call to a route: what is sent, and where its outcome is reported.
///
/// A run keeps its calls and uses them again; a starter holds one from `start` until its outcome, `cancel` or
/// `release`. Belongs to the run's thread.
public final class ExecutionCall {
    /// Index of the route among the routes.
    public internal(set) var route = 0
    /// The route's method.
    public internal(set) var method: Method = .get
    /// Path and query, ready to be sent.
    public let target = ByteBuffer(capacity: 256)
    /// The fields that the route's `headers.set` makes, rendered.
    public let fields = FieldList()
    /// The JSON content; nil for none.
    public var content: ByteBuffer? { hasContent ? contentBuffer : nil }
    /// When the whole request's deadline passes.
    public internal(set) var deadline = MonotonicTime.distantFuture
    /// The hash of the bound value that decides which of the upstream's targets it goes to; nil where none does.
    public internal(set) var targetKey: UInt64?
    /// The client's request.
    public internal(set) var context: (any RequestContext)?
    /// Whether it is made for a mutation, where nothing is shared.
    public var isPartOfMutation: Bool { run.plan.plan.kind == .mutation }
    /// The starter's own: what it knows the call by.
    public var attachment: AnyObject?

    let contentBuffer = ByteBuffer(capacity: 64)
    var hasContent = false
    var outcome = Outcome.none
    /// The first waiter in the run's list; −1 for none.
    var firstWaiter: Int32 = -1
    var lastWaiter: Int32 = -1
    /// The results that fetches have of this call.
    var results: [(fetch: Int32, result: Int32)] = []
    /// Whether the starter has it, and wants to hear of its release.
    var isHeld = false
    /// Position in `OperationRun.calls`.
    var index = 0
    unowned let run: OperationRun

    /// How a call ended.
    enum Outcome {
        /// Not yet.
        case none
        case answered(status: Int, body: ByteBuffer?, staleAge: Int?)
        case failed(code: ErrorCode, status: Int?, attempts: Int)
    }
    /// Tries made.
    public var attempts = 1

    init(run: OperationRun) {
        self.run = run
    }

    /// Reports an upstream's answer, whatever its status.
    /// - Parameters:
    ///   - body: its content; the run reads it until `CallStarter.release`. Nil or empty for none.
    ///   - attempts: how many tries were made.
    ///   - staleAge: for an answer past its time that stands in for a failed call, its age in whole seconds.
    public func answered(status: Int, body: ByteBuffer?, attempts: Int, staleAge: Int? = nil) {
        guard case .none = outcome else { return }
        self.attempts = attempts
        outcome = .answered(status: status, body: body, staleAge: staleAge)
        run.callEnded(self)
    }

    /// Reports a call that got no answer to use.
    public func failed(_ code: ErrorCode, status: Int? = nil, attempts: Int) {
        guard case .none = outcome else { return }
        self.attempts = attempts
        outcome = .failed(code: code, status: status, attempts: attempts)
        run.callEnded(self)
    }

    func reset() {
        target.clear()
        fields.clear()
        contentBuffer.clear()
        contentBuffer.shrink(to: 64 * 1024)
        hasContent = false
        targetKey = nil
        outcome = .none
        firstWaiter = -1
        lastWaiter = -1
        results.removeAll(keepingCapacity: true)
        attachment = nil
        context = nil
        isHeld = false
        attempts = 1
    }
}
