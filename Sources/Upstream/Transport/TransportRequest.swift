public import Bytes
public import EventLoop
public import HTTP

/// What a transport is asked to send, and where it puts the head of the answer. Made to be used again. Belongs to the
/// loop's thread.
public final class TransportRequest {
    /// Where it goes.
    public var endpoint: Endpoint
    /// The method.
    public var method = Method.get
    /// Path and query, byte for byte as they go on the wire after the endpoint's base path.
    public let target: ByteBuffer
    /// The end-to-end fields. Host, framing, `Expect`, `Connection` and `x-request-timeout-ms` are the transport's to
    /// write: such lines in here are passed over.
    public let fields: FieldList
    /// The value of `x-request-timeout-ms`; nil = not sent.
    public var timeoutMilliseconds: UInt64?
    /// The body.
    public var body = RequestBody.none
    /// When connecting is given up.
    public var connectDeadline = MonotonicTime.distantFuture
    /// Bytes that the answer's head may have.
    public var headLimit = 64 << 10
    /// Whether a connection that has been used before won't do.
    public var needsFreshConnection = false
    /// Whether the receiver gathers the content before anything is done with it.
    public var isGathered = false
    /// Whether sending it twice does no harm.
    public var isRepeatable = true
    /// The head of the answer, filled in before `head()` is reported.
    public let head = ResponseHead()

    /// A GET to `endpoint`.
    public init(endpoint: Endpoint, target: ByteBuffer, fields: FieldList) {
        self.endpoint = endpoint
        self.target = target
        self.fields = fields
    }

    /// Whether the line at `index` of `fields` is one that the transport writes itself.
    func isOwn(at index: Int) -> Bool {
        switch fields.known(at: index) {
        case .host, .contentLength, .transferEncoding, .connection, .expect, .xRequestTimeoutMs: true
        default: false
        }
    }

    /// Whether a request of this method announces an empty body (RFC 9110 §8.6).
    var announcesNoBody: Bool {
        switch method {
        case .post, .put, .patch: true
        default: false
        }
    }
}
