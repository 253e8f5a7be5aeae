public import Bytes
public import EventLoop
public import HTTP
public import Resilience
public import Telemetry

/// A buffered call to a route: what to send, and what came of it. Made by an `UpstreamClient`, and used again and again
/// without allocating. Belongs to the client's loop.
///
/// Fill in the request, then `UpstreamClient.start`; `completion` is called once, possibly before `start` returns,
/// unless `cancel` came first. Between those two nothing of the request may be changed.
public final class UpstreamCall {
    // MARK: The request

    /// The route that is called.
    public var route: UpstreamRoute?
    /// The method.
    public var method = Method.get
    /// Path and query, as they go on the wire after the target's base path.
    public let target = ByteBuffer(capacity: 256)
    /// The end-to-end fields. Host, framing and `x-request-timeout-ms` are added; such lines in here are passed over.
    public let fields = FieldList()
    /// The content; nil for none.
    public var body: ByteBuffer?
    /// Whether it is made for itself, whatever others ask or have been answered: in a mutation nothing is shared.
    public var isExclusive = false
    /// When the whole request is over.
    public var deadline = MonotonicTime.distantFuture
    /// What the client's request says of where it goes.
    public var preference = TargetPreference.none
    /// Its span in the request's trace; 0 where it is not traced.
    public var span: UInt64 = 0
    /// Called on the loop with how it ended.
    public var completion: ((UpstreamCall) -> Void)?
    /// Whoever makes the call, for the completion to find it by.
    public var owner: AnyObject?

    // MARK: What came of it

    /// How it ended; nil before that.
    public internal(set) var outcome: CallOutcome?
    /// Tries made so far.
    public internal(set) var attempts = 0
    /// How many of them were sent a second time because they were slow.
    public internal(set) var hedges = 0
    /// When the call was started; what waiting in the queue took counts.
    public internal(set) var startedAt = MonotonicTime.distantFuture
    /// When it ended.
    public internal(set) var endedAt = MonotonicTime.distantFuture
    /// The tries, where the call is traced.
    public var tries: [AccessRecord.Try] { span == 0 ? [] : run.tries }
    /// The endpoint that was tried last, or that answered.
    public internal(set) var endpoint: Endpoint?

    /// Where the answer came from; nil where the cache has no part in the route's calls and nobody shared this one.
    public internal(set) var cacheVerdict: CacheVerdict?

    /// Whether the answer is one past its time that stands in for a failed call.
    public var isFallback: Bool { source.isFallback }
    /// The age of an answer that was stored before this call, in whole seconds; nil of one that was not.
    public var age: Int? {
        guard cacheVerdict != .miss, cacheVerdict != .bypass else { return nil }
        return source.entry?.freshness.age(at: endedAt.nanoseconds)
    }
    /// For how many seconds from its end on the answer may be used again; nil where it may not, or nobody knows.
    public var secondsFresh: Int? {
        guard !source.isFallback else { return nil }
        return source.entry?.freshness.secondsLeft(at: endedAt.nanoseconds)
    }
    /// How it came to its answer.
    var source = AnswerSource()

    unowned let client: UpstreamClient
    let run: CallRun
    /// What it is made together with others by; nil as long as that was never needed.
    private var sharing: SharedCall?
    var answerBody: ByteBuffer?

    init(_ client: UpstreamClient) {
        self.client = client
        run = CallRun(client.loop)
    }

    /// Starts it, by itself or together with those who ask the same.
    func start(_ route: UpstreamRoute) {
        guard route.cache != nil || (route.isShared && !isExclusive) else { return run.start(self, route) }
        share().start(route)
    }

    private func share() -> SharedCall {
        if let sharing { return sharing }
        let made = SharedCall(self, client)
        sharing = made
        return made
    }

    /// Starts it without an owner, to renew `entry`.
    func start(refreshing entry: CacheEntry, _ route: UpstreamRoute) {
        share().start(refreshing: entry, route)
    }

    /// The run has ended, and the outcome is there.
    func runEnded() {
        if let sharing, sharing.isActive { sharing.runEnded() } else { completion?(self) }
    }

    /// Ends the call on the wire, unless others wait for its answer; `completion` is not called any more. Nothing
    /// happens if it isn't under way.
    public func cancel() {
        if let sharing, sharing.isActive { sharing.cancel() } else { run.cancel() }
    }

    /// Ends it as one whose deadline has passed, with its completion.
    public func expire() {
        if let sharing, sharing.isActive { sharing.expire() } else { run.expire() }
    }

    /// Whether it has been started and hasn't ended.
    public var isUnderWay: Bool { sharing?.isActive == true || run.isUnderWay }

    /// Whether it goes on for others, without its owner.
    var isDetached: Bool { sharing?.isDetached == true }

    /// Takes the answer's body out of the call, which keeps nothing of it; give it back with
    /// `UpstreamClient.buffers.give`. Nil if there is none.
    public func takeBody() -> ByteBuffer? {
        defer { answerBody = nil }
        return answerBody
    }

    /// Whether the field called `name`, in lower case, tells of one request of a client's only: it is no part of what
    /// makes two calls the same.
    public static func isOfOneRequest(_ name: String) -> Bool {
        var name = name
        return name.withUTF8 { bytes in CallKey.isOfOneRequest(unsafe RawSpan(_unsafeElements: bytes)) }
    }

    /// Forgets request and answer, for the next use. A call under way is cancelled.
    public func reset() {
        cancel()
        if let answerBody { client.buffers.give(answerBody) }
        answerBody = nil
        route = nil
        span = 0
        method = .get
        target.clear()
        fields.clear()
        body = nil
        isExclusive = false
        deadline = .distantFuture
        preference = .none
        completion = nil
        owner = nil
        outcome = nil
        attempts = 0
        hedges = 0
        startedAt = .distantFuture
        endedAt = .distantFuture
        endpoint = nil
        cacheVerdict = nil
        source = AnswerSource()
    }
}
