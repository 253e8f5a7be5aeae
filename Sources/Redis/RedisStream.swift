internal import Bytes
internal import CLibSSL
internal import EventLoop

/// The bytes from and to a Redis: over a socket, or over TLS on one. The handshake runs in the first calls.
///
/// Belongs to its client's loop; closed where it is let go.
@safe
final class RedisStream {
    private let socket: Socket
    private var ssl: OpaquePointer?
    /// Whether the last call waits for the descriptor to be writable.
    private(set) var wantsWritable = false
    /// Why it failed, where TLS knows.
    private(set) var problem: String?

    var descriptor: Int32 { socket.descriptor }

    /// What a connecting socket came to: 0, or its `errno`.
    var pendingError: Int32 { socket.pendingError }

    /// A stream over a socket that connects; nil for want of memory.
    init?(_ socket: consuming Socket, _ tls: RedisTLS?, name: String) {
        self.socket = consume socket
        guard let tls else { return }
        unsafe ssl = unsafe tls.connecting(self.socket.descriptor, name: name, isAddress: IPAddress(name) != nil)
        if unsafe ssl == nil { return nil }
    }

    deinit {
        if let ssl = unsafe ssl { unsafe SSL_free(ssl) }
    }

    /// Reads into `buffer` what is there now, or some of it.
    func receive(into buffer: ByteBuffer, minimum: Int) -> IOResult {
        guard let ssl = unsafe ssl else { return socket.receive(into: buffer, minimum: minimum) }
        sluice_ssl_forget_errors()
        var result: Int32 = 0
        _ = unsafe buffer.appendUnsafe(minimum: minimum) { room in
            result = unsafe SSL_read(ssl, room.baseAddress, Int32(clamping: room.count))
            return max(Int(result), 0)
        }
        return unsafe outcome(result, of: ssl)
    }

    /// Writes as much of `bytes`, which isn't empty, as goes now. The next call offers what is left, or more.
    func send(_ bytes: RawSpan) -> IOResult {
        guard let ssl = unsafe ssl else {
            let result = socket.send(bytes)
            wantsWritable = result == .wouldBlock
            return result
        }
        sluice_ssl_forget_errors()
        let result = unsafe bytes.withUnsafeBytes { bytes in
            unsafe SSL_write(ssl, bytes.baseAddress, Int32(clamping: bytes.count))
        }
        return unsafe outcome(result, of: ssl)
    }

    @unsafe private func outcome(_ result: Int32, of ssl: OpaquePointer) -> IOResult {
        wantsWritable = false
        if result > 0 { return .bytes(Int(result)) }
        switch unsafe SSL_get_error(ssl, result) {
        case SSL_ERROR_WANT_READ: return .wouldBlock
        case SSL_ERROR_WANT_WRITE:
            wantsWritable = true
            return .wouldBlock
        case SSL_ERROR_ZERO_RETURN: return .ended
        default:
            problem = "TLS: \(RedisTLS.reason)"
            return .failed(0)
        }
    }
}
