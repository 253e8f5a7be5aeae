public import Bytes

/// Makes one HTTP exchange with a server at a time per call: a request head and body out, a response head and body
/// back. Knows neither timeouts (but of connecting) nor retries. Belongs to its loop's thread.
public protocol Transport: AnyObject {
    /// Starts `request` and reports to `receiver`, never before this returns. Both are kept until the exchange is
    /// over, and `request` must not change until then.
    func start(_ request: TransportRequest, _ receiver: any TransportReceiver) -> any TransportCall
    /// Closes idle connections to servers that no target is at any more.
    func closeRetired()
    /// Closes every connection; exchanges under way fail.
    func close()
}

/// An exchange under way. Not to be touched after `ended` or `failed` was reported, or after `cancel`.
public protocol TransportCall: AnyObject {
    /// Ends it on the wire; nothing is reported any more.
    func cancel()
    /// Asks for no more of the answer's body. What has been received already still comes: a receive buffer at most.
    func pause()
    /// Takes `pause` back.
    func resume()
    /// Sends a piece of a streamed body. The bytes are copied or sent at once.
    /// - Returns: false if the receiver should wait for `readyForBody` before it sends more.
    func write(_ bytes: RawSpan) -> Bool
    /// The streamed body is complete.
    func endBody()
}

/// What an exchange reports, in this order: `readyForBody` (streamed bodies only, at any time before the end), `head`
/// once, `body` any number of times, then `ended`; or `failed` at any point instead. On the loop's thread.
public protocol TransportReceiver: AnyObject {
    /// The final head has come; it stands in the request's `head`. Interim ones (1xx) are passed over.
    func head()
    /// A piece of the body, valid during the call.
    func body(_ bytes: RawSpan)
    /// Where the receiver gathers a body whose length the head has told, once it has; nil where it takes every piece by
    /// `body`. A transport may put the content there itself, and then doesn't report it by `body`.
    var content: ByteBuffer? { get }
    /// The answer is whole.
    func ended()
    /// There will be no (more) answer.
    func failed(_ failure: TransportFailure)
    /// There is room for more of a streamed body; first when the connection stands.
    func readyForBody()
}

extension TransportReceiver {
    /// Every piece is taken by `body`.
    public var content: ByteBuffer? { nil }
}

/// Why an exchange failed.
public struct TransportFailure: Error, Hashable, Sendable {
    /// The ways of failing.
    public enum Kind: Hashable, Sendable {
        /// There was no connection, or it was lost before anything was sent.
        case connect
        /// The connection was lost before the answer was whole.
        case reset
        /// The answer is not valid HTTP.
        case protocolError
        /// The answer's head is over the limit.
        case headTooLarge
    }

    /// How it failed.
    public var kind: Kind
    /// Whether not a byte of the request has left.
    public var nothingSent: Bool
    /// Whether not a byte of an answer has come.
    public var nothingReceived: Bool
    /// Whether the connection had served an exchange before.
    public var reused: Bool

    /// A failure.
    public init(_ kind: Kind, nothingSent: Bool, nothingReceived: Bool, reused: Bool) {
        self.kind = kind
        self.nothingSent = nothingSent
        self.nothingReceived = nothingReceived
        self.reused = reused
    }
}

/// The body of a request.
public enum RequestBody {
    /// There is none.
    case none
    /// All of it is here; it must not change before the exchange is over.
    case whole(ByteBuffer)
    /// It comes piece by piece; without a length it goes in chunks (RFC 9112 §7.1).
    case stream(length: Int?)
}
