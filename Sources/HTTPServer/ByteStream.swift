public import Bytes
public import EventLoop

/// The bytes under a connection: the one seam between HTTP and what carries it, a plain socket or TLS. Nothing blocks.
///
/// Belongs to the loop's thread.
public protocol ByteStream: AnyObject {
    /// The descriptor that the loop watches.
    var descriptor: Int32 { get }

    /// Whether reading can't go on before the descriptor is writable (TLS may need to write first).
    var receiveWantsWritable: Bool { get }

    /// Whether the peers still agree on how to speak: what `receive` does first. Nothing is to be sent before that.
    var isHandshaking: Bool { get }

    /// The subject of the certificate that the client has shown and that was found good; nil where it showed none.
    var clientSubject: String? { get }

    /// Whether nobody on the way can read along.
    var isSecure: Bool { get }

    /// Reads into `buffer`, offering at least `minimum` bytes of room. If room is left, no more is there now; bytes that
    /// the stream has taken off the descriptor and holds itself (a TLS record) are all given, whatever the room, since
    /// the loop can't see them. After a handshake that failed, bytes that mean nothing are read off.
    func receive(into buffer: ByteBuffer, minimum: Int) -> IOResult

    /// Writes as much of the three, one after the other, as goes now; they are not all empty. When not all went, the
    /// next call offers the same bytes again from where this one ended.
    func send(_ first: RawSpan, _ second: RawSpan, _ third: RawSpan) -> IOResult

    /// Ends the writing side in order: the peer sees an end.
    func shutdownWriting()

    /// Closes the descriptor.
    /// - Parameter abortively: reset the connection, so that the peer can't take what came for a whole message.
    func close(abortively: Bool)
}

/// A byte stream that is just a socket.
final class PlainStream: ByteStream {
    private var socket: Socket?
    let descriptor: Int32
    var receiveWantsWritable: Bool { false }
    var isHandshaking: Bool { false }
    var clientSubject: String? { nil }
    var isSecure: Bool { false }

    init(_ socket: consuming Socket) {
        descriptor = socket.descriptor
        self.socket = consume socket
    }

    func receive(into buffer: ByteBuffer, minimum: Int) -> IOResult {
        switch socket {
        case .some(let socket): socket.receive(into: buffer, minimum: minimum)
        case .none: .ended
        }
    }

    func send(_ first: RawSpan, _ second: RawSpan, _ third: RawSpan) -> IOResult {
        switch socket {
        case .some(let socket):
            second.byteCount == 0 && third.byteCount == 0 ? socket.send(first) : socket.send(first, second, third)
        case .none: .failed(0)
        }
    }

    func shutdownWriting() {
        switch socket {
        case .some(let socket): socket.shutdownWriting()
        case .none: break
        }
    }

    func close(abortively: Bool) {
        switch socket {
        case .some(let socket) where abortively: socket.resetOnClose()
        default: break
        }
        socket = nil
    }
}
