public import Bytes
public import EventLoop
public import HTTP

/// What a server hands its requests to. Called on the server's loop.
public protocol RequestHandler: AnyObject {
    /// A request's head is complete and well-formed. The exchange has to be answered, sooner or later, by `respond`,
    /// by `startResponse` … `endResponse`, or by `abortResponse`. The next request of the same connection comes after
    /// that.
    func handle(_ exchange: Exchange)

    /// The server itself refuses a request (400, 408, 414, 431, 501, 505) or a connection (503), and closes the
    /// connection after it: write the answer's fields and content. Content-Length, Date and Connection are added.
    func refuse(_ refusal: Refusal, fields: FieldList, body: ByteBuffer)
}

extension RequestHandler {
    /// A line of plain text.
    public func refuse(_ refusal: Refusal, fields: FieldList, body: ByteBuffer) {
        fields.append(.contentType, "text/plain")
        body.append(refusal.reason)
        body.append("\n")
    }
}

/// A request that the server doesn't take.
public struct Refusal: Sendable {
    /// The status of the answer.
    public let status: Int
    /// Why, in plain words, without any of the client's bytes.
    public let reason: StaticString
    /// Who sent it.
    public let peer: SocketAddress
}

/// Why a request's content didn't come whole.
public enum BodyFailure: Error, Equatable, Sendable {
    /// It is longer than was allowed: answer 413.
    case tooLarge
    /// Nothing came for `bodyTimeout`: answer 408.
    case timedOut
    /// Its chunks are broken: answer 400.
    case malformed
    /// The client is gone: nothing can be answered.
    case disconnected
}

/// What became of a request's content that was to be buffered whole.
public enum BodyResult {
    /// All of it; the exchange's own buffer, valid until the exchange ends.
    case complete(ByteBuffer)
    case failed(BodyFailure)
}

/// What takes a request's content as it comes. Called on the server's loop.
public protocol BodySink: AnyObject {
    /// The next bytes, valid for this call only. To slow the client down, call `Exchange.pauseBody`.
    func body(_ bytes: RawSpan)
    /// That was all.
    func bodyEnded()
    /// The rest won't come; nothing else is called after it.
    func bodyFailed(_ failure: BodyFailure)
}
