public import Bytes
public import EventLoop
public import HTTP
public import Resilience
public import Telemetry

/// What a streamed call reports. On the loop's thread. `streamReadyForBody` may come at any time before the end, the
/// others in the order given.
public protocol UpstreamStreamDelegate: AnyObject {
    /// The answer's head has come; it stands in `stream.head`, with every field as the upstream sent it.
    func streamHead(_ stream: UpstreamStream)
    /// A piece of the answer's content, valid during the call.
    func stream(_ stream: UpstreamStream, body bytes: RawSpan)
    /// The answer is whole.
    func streamEnded(_ stream: UpstreamStream)
    /// There will be no answer, or after `streamHead` no more of it.
    func stream(_ stream: UpstreamStream, failed failure: CallFailure)
    /// There is room for more of the request's content; first when the connection stands. Only then is the content
    /// read: before that a failed connection can still be replaced by another.
    func streamReadyForBody(_ stream: UpstreamStream)
}

/// A streamed call: content goes both ways piece by piece, with back-pressure. Made by an `UpstreamClient`, and used
/// again once it is over and given back with `UpstreamClient.recycle`. Belongs to the client's loop.
///
/// Timeout and deadline bound the time to the answer's head; after it `pauseTimeout` bounds each time in which nothing
/// moves. A call without content is retried like a buffered one; one with content only when no connection came to be.
/// The breaker's call ends with the head, the place among the upstream's calls is held to the end.
public final class UpstreamStream {
    /// The route that is called: `UpstreamRegistry.door(to:)`.
    public private(set) var route: UpstreamRoute
    /// The method.
    public var method = Method.get
    /// Path and query, as they go on the wire after the target's base path.
    public let target = ByteBuffer(capacity: 256)
    /// The end-to-end fields. Host, framing and `x-request-timeout-ms` are added; such lines in here are passed over.
    public let fields = FieldList()
    /// Whether content follows.
    public var hasBody = false
    /// The content's length, where it is known; without, it goes in chunks.
    public var bodyLength: Int?
    /// When the time to the head is over.
    public var deadline = MonotonicTime.distantFuture
    /// Nanoseconds that nothing may move after the head; nil = any time.
    public var pauseTimeout: UInt64?
    /// What the client's request says of where it goes.
    public var preference = TargetPreference.none
    /// Its span in the request's trace; 0 where it is not traced.
    public var span: UInt64 = 0
    /// Who is told. Kept until the stream is given back.
    public var delegate: (any UpstreamStreamDelegate)?

    /// The answer's head, from `streamHead` on.
    public var head: ResponseHead { run.answerHead }
    /// Tries made so far.
    public internal(set) var attempts = 0
    /// When the call was started.
    public internal(set) var startedAt = MonotonicTime.distantFuture
    /// When it ended.
    public internal(set) var endedAt = MonotonicTime.distantFuture
    /// The tries, where the call is traced.
    public var tries: [AccessRecord.Try] { span == 0 ? [] : run.tries }
    /// The endpoint that was tried last.
    public internal(set) var endpoint: Endpoint?

    private(set) lazy var run = StreamRun(self, client)
    let client: UpstreamClient

    init(_ route: UpstreamRoute, _ client: UpstreamClient) {
        self.route = route
        self.client = client
    }

    /// Stands as new, for a call to `route`. One under way is cancelled.
    func reset(_ route: UpstreamRoute) {
        run.reset()
        self.route = route
        span = 0
        method = .get
        target.clear()
        fields.clear()
        hasBody = false
        bodyLength = nil
        deadline = .distantFuture
        pauseTimeout = nil
        preference = .none
        delegate = nil
        attempts = 0
        startedAt = .distantFuture
        endedAt = .distantFuture
        endpoint = nil
    }

    /// Sends a piece of the request's content.
    /// - Returns: false if the caller should wait for `streamReadyForBody` before it sends more.
    public func write(_ bytes: RawSpan) -> Bool { run.write(bytes) }

    /// The request's content is complete.
    public func endBody() { run.endBody() }

    /// Asks for no more of the answer's content; what has been received already still comes.
    public func pause() { run.pause() }

    /// Takes `pause` back.
    public func resume() { run.resume() }

    /// Ends the call on the wire; the delegate hears nothing more. Nothing happens if it isn't under way.
    public func cancel() { run.cancel() }
}
