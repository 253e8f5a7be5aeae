public import Bytes
public import EventLoop
public import HTTP

/// One request and its answer.
///
/// Belongs to the loop's thread. The object and all it hands out are used again for later requests once it has ended
/// and nobody holds it; a handler that holds it longer than that has a dead one, on which every call does nothing.
public final class Exchange {
    /// How far the answer is.
    enum Answer {
        /// Nothing has been said.
        case none
        /// The head is written, the content is coming.
        case started
        /// All is written; some of it may wait for the client to take it.
        case complete
        /// The exchange is over.
        case ended
    }

    /// Who wants the request's content.
    enum BodyReceiver {
        case nobody
        case buffer(limit: Int, done: (BodyResult) -> Void)
        case sink(any BodySink, limit: Int)
        /// It has been given, or has failed.
        case served
    }

    /// The loop that it lives on.
    public let loop: EventLoop
    /// The request's head; valid until the exchange ends.
    public let request = RequestHead()
    /// When the head was complete.
    public internal(set) var receivedAt = MonotonicTime(nanoseconds: 0)
    /// The status that was answered; 0 before that.
    public internal(set) var statusSent = 0
    /// How many bytes of the answer, head included, the kernel has taken.
    public internal(set) var bytesSent = 0
    /// How many bytes of the request's content have come.
    public internal(set) var bodyBytesReceived = 0
    /// Called once when the client is gone before it had its whole answer: half-way through the content or the answer,
    /// or while it waited. A client that has closed its writing end is gone once it has got nothing for
    /// `ServerSettings.departureTimeout`. `onEnd` follows.
    public var onDisconnect: (() -> Void)?
    /// Called when bytes that waited have gone out and `write` may be called again.
    public var onWritable: (() -> Void)?
    /// Called once at the very end: the kernel has the whole answer, or the connection is dead.
    public var onEnd: (() -> Void)?

    var connection: Connection?
    var answer = Answer.ended
    var receiver = BodyReceiver.nobody
    var isPaused = false
    var bodyBuffer: ByteBuffer?
    var bodyWaitSince = MonotonicTime(nanoseconds: 0)
    var asyncResult: BodyResult?
    /// Content that may still be written, where its length was announced.
    var remainingLength: Int?
    var isChunked = false
    var isBodyless = false
    var isUntilClose = false
    var release: ((ByteBuffer) -> Void)?

    init(_ loop: EventLoop) {
        self.loop = loop
    }

    /// The client's address.
    public var peer: SocketAddress { connection?.peer ?? .unix("") }

    /// Whether the client came by TLS.
    public var isSecure: Bool { connection?.stream.isSecure ?? false }

    /// The subject of the certificate that the client has shown, as RFC 4514 writes it (`CN=app,O=Example`); nil where
    /// it showed none.
    public var clientSubject: String? { connection?.stream.clientSubject }

    /// Whether `respond` or `endResponse` has been called, or the exchange is over.
    public var isAnswered: Bool {
        switch answer {
        case .complete, .ended: true
        case .none, .started: false
        }
    }

    /// Whether the exchange is over: its request can't be read any more.
    public var hasEnded: Bool { if case .ended = answer { true } else { false } }

    /// Appends the client's IP address.
    public func appendPeerText(to buffer: ByteBuffer) { peer.appendHost(to: buffer) }

    // MARK: Life, as the connection sees it

    func begin(_ connection: Connection) {
        self.connection = connection
        receivedAt = connection.loop.now
        statusSent = 0
        bytesSent = 0
        bodyBytesReceived = 0
        answer = .none
        receiver = .nobody
        isPaused = false
        remainingLength = nil
        isChunked = false
        isBodyless = false
        isUntilClose = false
    }

    /// The client is gone.
    func disconnect() {
        answer = .ended
        failBody(.disconnected)
        let disconnected = onDisconnect
        onDisconnect = nil
        disconnected?()
    }

    /// Over: tells the handler and lets go of everything but the storage.
    func end() {
        let ended = onEnd
        onEnd = nil
        onDisconnect = nil
        onWritable = nil
        ended?()
        releaseBody()
        release = nil
        answer = .ended
        receiver = .nobody
        connection = nil
        if let bodyBuffer, bodyBuffer.capacity > 64 * 1024 { self.bodyBuffer = nil }
    }

    /// Gives the answer's content back to whom it came from.
    func releaseBody() {
        guard let connection, let body = connection.outputBody ?? unsentBody else { return }
        connection.outputBody = nil
        unsentBody = nil
        let release = release
        self.release = nil
        release?(body)
    }

    /// The answer's content where its bytes have been copied to the connection's own, or the connection is dead.
    var unsentBody: ByteBuffer?
}
