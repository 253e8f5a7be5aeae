public import Bytes
internal import CLinux
internal import Glibc

/// What became of a read or a write on a descriptor that doesn't block.
public enum IOResult: Equatable, Sendable {
    /// So many bytes went through, at least one.
    case bytes(Int)
    /// Nothing goes now: wait until the descriptor is ready.
    case wouldBlock
    /// The peer has closed its writing end (reads only).
    case ended
    /// The connection is broken; the `errno`.
    case failed(Int32)
}

/// A stream socket that doesn't block, closed with its owner. SIGPIPE is never raised.
///
/// Not bound to a thread by itself; its owner is.
public struct Socket: ~Copyable, Sendable {
    /// The descriptor, for the loop.
    public let descriptor: Int32

    private init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }

    // MARK: Making

    private static func make(_ address: SocketAddress) throws(SystemError) -> Socket {
        let type = Int32(sluice_SOCK_STREAM | sluice_SOCK_NONBLOCK | sluice_SOCK_CLOEXEC)
        return Socket(descriptor: try SystemError.check("socket", socket(address.family, type, 0)))
    }

    /// A socket that listens on `address`; port 0 takes a free one, which `localAddress` tells. A socket file that
    /// nobody listens on any more is replaced.
    /// - Parameter reusePort: lets several sockets listen on one port, the kernel spreading connections over them.
    /// - Throws: `SystemError` when the address is in use, not ours, or not allowed.
    public static func listening(
        on address: SocketAddress, reusePort: Bool = false, backlog: Int32 = 4096
    ) throws(SystemError) -> Socket {
        let socket = try make(address)
        switch address {
        case .ip(let ip, _):
            socket.set(SOL_SOCKET, SO_REUSEADDR)
            if reusePort { socket.set(SOL_SOCKET, SO_REUSEPORT) }
            if case .v6 = ip { socket.set(Int32(sluice_IPPROTO_IPV6), Int32(sluice_IPV6_V6ONLY)) }
        case .unix(let path): removeStale(path, address)
        }
        try SystemError.check("bind", unsafe address.withSockaddr { unsafe bind(socket.descriptor, $0, $1) })
        try SystemError.check("listen", listen(socket.descriptor, backlog))
        return socket
    }

    /// Whether somebody listens on an address, so that it can't be had for oneself alone. Port 0 is always free.
    public static func isListenedOn(_ address: SocketAddress) -> Bool {
        guard case .ip(let ip, let port) = address, port != 0, let socket = try? make(address) else { return false }
        socket.set(SOL_SOCKET, SO_REUSEADDR)
        if case .v6 = ip { socket.set(Int32(sluice_IPPROTO_IPV6), Int32(sluice_IPV6_V6ONLY)) }
        let result = unsafe address.withSockaddr { unsafe bind(socket.descriptor, $0, $1) }
        return result < 0 && errno == EADDRINUSE
    }

    private static func removeStale(_ path: String, _ address: SocketAddress) {
        guard let probe = try? make(address) else { return }
        let result = unsafe address.withSockaddr { unsafe Glibc.connect(probe.descriptor, $0, $1) }
        if result < 0, errno == ECONNREFUSED { _ = unsafe unlink(path) }
    }

    /// A socket that is connecting to `address`: it is writable when that has succeeded or failed, and `pendingError`
    /// tells which.
    /// - Throws: `SystemError` when it fails at once.
    public static func connecting(to address: SocketAddress) throws(SystemError) -> Socket {
        let socket = try make(address)
        socket.setNoDelay(address)
        let result = unsafe address.withSockaddr { unsafe Glibc.connect(socket.descriptor, $0, $1) }
        if result < 0, errno != EINPROGRESS { throw SystemError(call: "connect", code: errno) }
        return socket
    }

    /// What `accept` found.
    public enum Accepted: ~Copyable {
        case connection(Socket, peer: SocketAddress)
        /// Nobody waits.
        case none
        /// The connection broke before it was taken: try the next one.
        case aborted
        /// The process or the machine has no descriptors or memory left: wait before trying again.
        case exhausted(Int32)
    }

    /// Takes the next connection of a listening socket.
    public borrowing func accept() -> Accepted {
        var accepted: Int32 = -1
        let flags = Int32(sluice_SOCK_NONBLOCK | sluice_SOCK_CLOEXEC)
        let peer = unsafe SocketAddress { address, length in
            accepted = unsafe accept4(descriptor, address, length, flags)
            return accepted
        }
        guard accepted >= 0 else {
            switch errno {
            case EAGAIN: return .none
            case EMFILE, ENFILE, ENOBUFS, ENOMEM: return .exhausted(errno)
            default: return .aborted
            }
        }
        let address = peer ?? .unix("")
        let socket = Socket(descriptor: accepted)
        socket.setNoDelay(address)
        return .connection(socket, peer: address)
    }

    private borrowing func setNoDelay(_ address: SocketAddress) {
        guard case .ip = address else { return }
        set(Int32(sluice_IPPROTO_TCP), Int32(sluice_TCP_NODELAY))
    }

    private borrowing func set(_ level: Int32, _ option: Int32) {
        var one: Int32 = 1
        _ = unsafe setsockopt(descriptor, level, option, &one, 4)
    }

    // MARK: Using

    /// The address it is bound to.
    public var localAddress: SocketAddress? {
        unsafe SocketAddress { unsafe getsockname(descriptor, $0, $1) }
    }

    /// The error that waits on it, and takes it off: 0 when a connection has come about.
    public var pendingError: Int32 {
        var code: Int32 = 0
        var length = socklen_t(4)
        return unsafe getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &length) < 0 ? errno : code
    }

    /// Reads once into `buffer`. Fewer bytes than there was room for means that no more are there now.
    /// - Parameter minimum: the room to offer at least.
    public borrowing func receive(into buffer: ByteBuffer, minimum: Int) -> IOResult {
        var result = 0
        let descriptor = descriptor
        _ = unsafe buffer.appendUnsafe(minimum: minimum) { room in
            repeat {
                result = unsafe recv(descriptor, room.baseAddress, room.count, 0)
            } while result < 0
                && errno == EINTR
            return max(result, 0)
        }
        if result > 0 { return .bytes(result) }
        return result == 0 ? .ended : Socket.failure()
    }

    /// Writes as much of `bytes`, which isn't empty, as goes now.
    public borrowing func send(_ bytes: RawSpan) -> IOResult {
        let flags = Int32(sluice_MSG_NOSIGNAL)
        let result = unsafe bytes.withUnsafeBytes { bytes in
            var result: Int
            repeat {
                result = unsafe Glibc.send(descriptor, bytes.baseAddress, bytes.count, flags)
            } while result < 0
                && errno == EINTR
            return result
        }
        return result >= 0 ? .bytes(result) : Socket.failure()
    }

    /// Writes as much of the three, which are not all empty, one after the other, as goes now: one system call.
    public borrowing func send(_ first: RawSpan, _ second: RawSpan, _ third: RawSpan) -> IOResult {
        let descriptor = descriptor
        let result = unsafe first.withUnsafeBytes { first in
            unsafe second.withUnsafeBytes { second in
                unsafe third.withUnsafeBytes { third in
                    unsafe Socket.sendVector(descriptor, first, second, third)
                }
            }
        }
        return result >= 0 ? .bytes(result) : Socket.failure()
    }

    private static func sendVector(
        _ descriptor: Int32, _ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer,
        _ third: UnsafeRawBufferPointer
    ) -> Int {
        var vectors = unsafe (Socket.vector(first), Socket.vector(second), Socket.vector(third))
        return unsafe withUnsafeMutableBytes(of: &vectors) { bytes in
            var message = unsafe msghdr()
            unsafe message.msg_iov = bytes.baseAddress?.assumingMemoryBound(to: iovec.self)
            unsafe message.msg_iovlen = 3
            var result: Int
            repeat {
                result = unsafe sendmsg(descriptor, &message, Int32(sluice_MSG_NOSIGNAL))
            } while result < 0 && errno == EINTR
            return result
        }
    }

    private static func vector(_ bytes: UnsafeRawBufferPointer) -> iovec {
        unsafe iovec(iov_base: UnsafeMutableRawPointer(mutating: bytes.baseAddress), iov_len: bytes.count)
    }

    private static func failure() -> IOResult {
        errno == EAGAIN ? .wouldBlock : .failed(errno)
    }

    /// Closes the writing end; the peer reads an end of the stream after what was sent.
    public borrowing func shutdownWriting() {
        shutdown(descriptor, Int32(sluice_SHUT_WR))
    }

    /// Makes its close a reset: what waits to be sent is dropped, and the peer reads an error instead of an end.
    public borrowing func resetOnClose() {
        var option = linger(l_onoff: 1, l_linger: 0)
        _ = unsafe setsockopt(
            descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    }
}
