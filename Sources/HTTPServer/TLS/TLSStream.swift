internal import Bytes
internal import CLibSSL
internal import EventLoop

/// A byte stream under TLS, the server's end of it. The handshake runs in the first calls of `receive`.
///
/// OpenSSL reads and writes the descriptor itself: a record is decrypted into the caller's buffer, and encrypted out of
/// it. Belongs to the loop's thread.
@safe
final class TLSStream: ByteStream {
    /// What one record holds at most (RFC 8446 §5.1).
    private static let recordSize = 16 * 1024
    // Made once, then only read.
    private nonisolated(unsafe) static let socketMethod = unsafe sluice_ssl_socket_method()

    let descriptor: Int32
    private(set) var receiveWantsWritable = false
    private(set) var isHandshaking = true
    var isSecure: Bool { true }
    private var socket: Socket?
    private var ssl: OpaquePointer?
    /// A fatal alert was sent or received: nothing can be said any more.
    private var hasFailed = false
    /// Keeps alive what OpenSSL's callbacks look at.
    private let context: TLSContext
    /// Where small pieces become one record; shared by all streams of the loop.
    private let scratch: ByteBuffer
    private(set) var clientSubject: String?

    /// Takes a fresh connection on; nil for want of memory.
    init?(_ socket: consuming Socket, _ context: TLSContext, scratch: ByteBuffer) {
        descriptor = socket.descriptor
        self.context = context
        self.scratch = scratch
        unsafe ssl = unsafe sluice_ssl_accepting(context.first.context, Self.socketMethod, descriptor)
        self.socket = consume socket
        if unsafe ssl == nil { return nil }
    }

    deinit {
        if let ssl = unsafe ssl { unsafe SSL_free(ssl) }
    }

    // MARK: Reading

    func receive(into buffer: ByteBuffer, minimum: Int) -> IOResult {
        guard let ssl = unsafe ssl else { return .ended }
        if hasFailed { return discard(into: buffer, minimum: minimum) }
        receiveWantsWritable = false
        sluice_ssl_forget_errors()
        var total = 0
        repeat {
            var result: Int32 = 0
            _ = unsafe buffer.appendUnsafe(minimum: minimum) { room in
                result = unsafe SSL_read(ssl, room.baseAddress, Int32(clamping: room.count))
                return max(Int(result), 0)
            }
            guard result > 0 else {
                let failure = unsafe outcome(result, of: ssl)
                if unsafe SSL_is_init_finished(ssl) == 1 { endHandshake() }
                return total > 0 ? .bytes(total) : failure
            }
            total += Int(result)
        } while unsafe SSL_has_pending(ssl) == 1
        endHandshake()
        return .bytes(total)
    }

    private func endHandshake() {
        guard isHandshaking else { return }
        isHandshaking = false
        clientSubject = readClientSubject()
    }

    /// Reads off what still comes, so that the peer isn't reset before it has read the alert.
    private func discard(into buffer: ByteBuffer, minimum: Int) -> IOResult {
        switch socket {
        case .some(let socket): socket.receive(into: buffer, minimum: minimum)
        case .none: .ended
        }
    }

    /// What became of a call that gave nothing.
    @unsafe private func outcome(_ result: Int32, of ssl: OpaquePointer, isReading: Bool = true) -> IOResult {
        switch unsafe SSL_get_error(ssl, result) {
        case SSL_ERROR_WANT_READ: return .wouldBlock
        case SSL_ERROR_WANT_WRITE:
            if isReading { receiveWantsWritable = true }
            return .wouldBlock
        case SSL_ERROR_ZERO_RETURN: return .ended
        default:
            ERR_clear_error()
            hasFailed = true
            return .failed(0)
        }
    }

    // MARK: Writing

    func send(_ first: RawSpan, _ second: RawSpan, _ third: RawSpan) -> IOResult {
        guard let ssl = unsafe ssl, !hasFailed else { return .failed(0) }
        let total = first.byteCount + second.byteCount + third.byteCount
        sluice_ssl_forget_errors()
        var sent = 0
        while sent < total {
            // A record that waits in OpenSSL is offered again by the same rule, so no shorter than before.
            let result = unsafe writeRecord(
                ssl, first, second, third, from: sent, count: min(Self.recordSize, total - sent))
            guard result > 0 else {
                let failure = unsafe outcome(result, of: ssl, isReading: false)
                return sent > 0 ? .bytes(sent) : failure
            }
            sent += Int(result)
        }
        return .bytes(sent)
    }

    /// Writes the `count` bytes from `offset` on as one record: from where they are if they lie together, else gathered.
    @unsafe private func writeRecord(
        _ ssl: OpaquePointer, _ first: RawSpan, _ second: RawSpan, _ third: RawSpan, from offset: Int, count: Int
    ) -> Int32 {
        scratch.clear()
        var start = offset
        if let result = unsafe add(first, to: ssl, from: &start, count: count) { return result }
        if let result = unsafe add(second, to: ssl, from: &start, count: count) { return result }
        if let result = unsafe add(third, to: ssl, from: &start, count: count) { return result }
        let record = scratch
        return unsafe Self.write(ssl, record.bytes)
    }

    /// Gathers what the record of `count` bytes still lacks and `span` has from `start` on; where that is the whole
    /// record, writes it and gives the result.
    @unsafe private func add(_ span: RawSpan, to ssl: OpaquePointer, from start: inout Int, count: Int) -> Int32? {
        guard start < span.byteCount else {
            start -= span.byteCount
            return nil
        }
        let taken = span.extracting(start..<min(start + count - scratch.count, span.byteCount))
        if taken.byteCount == count { return unsafe Self.write(ssl, taken) }
        scratch.append(taken)
        start = 0
        return nil
    }

    @unsafe private static func write(_ ssl: OpaquePointer, _ bytes: RawSpan) -> Int32 {
        unsafe bytes.withUnsafeBytes { unsafe SSL_write(ssl, $0.baseAddress, Int32($0.count)) }
    }

    // MARK: Ending

    /// Says `close_notify` where that can still be said: the peer knows then that nothing is missing.
    private func notifyClose() {
        guard let ssl = unsafe ssl, !hasFailed, !isHandshaking else { return }
        unsafe SSL_shutdown(ssl)
        sluice_ssl_forget_errors()
    }

    func shutdownWriting() {
        notifyClose()
        switch socket {
        case .some(let socket): socket.shutdownWriting()
        case .none: break
        }
    }

    func close(abortively: Bool) {
        switch socket {
        case .some(let socket) where abortively: socket.resetOnClose()
        default: notifyClose()
        }
        if let ssl = unsafe ssl { unsafe SSL_free(ssl) }
        unsafe ssl = nil
        socket = nil
    }

    // MARK: The client

    /// The subject of the client's certificate, as RFC 4514 writes it; nil where it showed none.
    private func readClientSubject() -> String? {
        guard let ssl = unsafe ssl, let certificate = unsafe SSL_get0_peer_certificate(ssl),
            let bio = unsafe BIO_new(BIO_s_mem())
        else { return nil }
        defer { unsafe BIO_free(bio) }
        unsafe X509_NAME_print_ex(bio, X509_get_subject_name(certificate), 0, sluice_XN_FLAG_RFC2253)
        let text = ByteBuffer(capacity: 256)
        while unsafe BIO_ctrl_pending(bio) > 0 {
            _ = unsafe text.appendUnsafe(minimum: 256) { room in
                max(Int(unsafe BIO_read(bio, room.baseAddress, Int32(clamping: room.count))), 0)
            }
        }
        return text.string
    }
}
