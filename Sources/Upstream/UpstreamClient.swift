public import EventLoop
public import Redis

/// Makes the calls of one shard: its connections to upstreams, and buffers for answers. Belongs to the loop's thread.
///
/// It knows no configuration: a call carries its route, so that calls of an old and a new configuration go on side by
/// side, over the same connections.
public final class UpstreamClient {
    /// The loop that it runs on.
    public let loop: EventLoop
    /// Where the bodies of answers come from and go back to.
    public let buffers = BufferPool()

    /// Nanoseconds after which connecting is given up, also where no timeout is set: long enough for a lost SYN or
    /// two, and short of a whole request's usual deadline twice over.
    static let connectTimeout: UInt64 = 10_000_000_000

    /// Where gateways share stored answers; nil = nowhere.
    public var redis: RedisClient?

    private let direct: any Transport
    private var curl: (any Transport)?
    private var calls: [UpstreamCall] = []
    private var streams: [UpstreamStream] = []
    private var isClosed = false

    /// A client on `loop`.
    public convenience init(loop: EventLoop) {
        self.init(loop: loop, direct: DirectTransport(loop: loop), curl: nil)
    }

    /// A client over given transports: a script, in tests.
    /// - Parameters:
    ///   - direct: makes the calls to `http` targets.
    ///   - curl: makes those to `https` targets and where libcurl is asked for; nil = libcurl, once it is needed.
    public init(loop: EventLoop, direct: any Transport, curl: (any Transport)?) {
        self.loop = loop
        self.direct = direct
        self.curl = curl
    }

    /// A call in its initial state: a new one, or one that was given back.
    public func makeCall() -> UpstreamCall {
        calls.popLast() ?? UpstreamCall(self)
    }

    /// Takes back a call, which nobody uses any more, and its answer. One under way is cancelled.
    public func recycle(_ call: UpstreamCall) {
        call.cancel()
        // One that others wait for comes back by itself.
        guard !call.isDetached else { return }
        call.reset()
        if calls.count < 256 { calls.append(call) }
    }

    /// Starts `call`, which has a route and isn't under way.
    public func start(_ call: UpstreamCall) {
        guard let route = call.route, !call.isUnderWay else { return }
        call.start(route)
    }

    /// A streamed call to `route`, to be filled in and started.
    public func makeStream(_ route: UpstreamRoute) -> UpstreamStream {
        guard let stream = streams.popLast() else { return UpstreamStream(route, self) }
        stream.reset(route)
        return stream
    }

    /// Takes back a streamed call, which nobody uses any more. One under way is cancelled.
    public func recycle(_ stream: UpstreamStream) {
        stream.cancel()
        stream.delegate = nil
        if streams.count < 256, !isClosed { streams.append(stream) }
    }

    /// Starts `stream`. Its delegate may hear of its end before this returns.
    public func start(_ stream: UpstreamStream) {
        stream.run.start()
    }

    /// Lets go of what waits to be used again; connections stay.
    public func forgetIdle() {
        calls = []
        streams = []
    }

    /// Closes idle connections to servers that no target is at any more.
    public func closeRetired() {
        direct.closeRetired()
        curl?.closeRetired()
    }

    /// Closes every connection; calls under way fail. To be called before the client is let go.
    public func close() {
        direct.close()
        curl?.close()
        // They keep the client.
        streams = []
        isClosed = true
    }

    /// Sends `request` to a target of `upstream`, over the transport that this one takes.
    func send(
        _ request: TransportRequest, to upstream: Upstream, _ receiver: any TransportReceiver
    ) -> any TransportCall {
        guard upstream.usesCurl(request.endpoint) else { return direct.start(request, receiver) }
        let transport = curl ?? CurlTransport(loop: loop)
        curl = transport
        return transport.start(request, receiver)
    }
}
