internal import CLinux
internal import Dispatch
internal import Glibc
internal import Synchronization

/// Resolves host names off the loops, and remembers what it found for half a minute. One for the process; any thread.
///
/// `getaddrinfo` blocks, and says nothing about how long an answer holds; half a minute is short enough for services
/// that move and long enough that busy pools never wait for it.
public final class NameResolver: Sendable {
    /// Asks the system.
    public static let shared = NameResolver(lookUp: NameResolver.askSystem)

    /// Asks for the addresses of a name; none if it has none. Blocks.
    public let lookUp: @Sendable (_ host: String, _ port: UInt16) -> [SocketAddress]

    /// A resolver that knows nothing yet.
    public init(lookUp: @escaping @Sendable (_ host: String, _ port: UInt16) -> [SocketAddress]) {
        self.lookUp = lookUp
    }

    private struct Key: Hashable {
        var host: String
        var port: UInt16
    }

    private struct Entry {
        var addresses: [SocketAddress]
        var expires: UInt64
    }

    private struct Waiter: Sendable {
        var loop: EventLoop
        var done: @Sendable ([SocketAddress]) -> Void
    }

    private struct State {
        var entries: [Key: Entry] = [:]
        var waiting: [Key: [Waiter]] = [:]
    }

    private static let lifetime: UInt64 = 30_000_000_000
    private let state = Mutex(State())

    /// The addresses found lately, or nil.
    public func cached(_ host: String, _ port: UInt16, now: MonotonicTime) -> [SocketAddress]? {
        state.withLock { state in
            guard let entry = state.entries[Key(host: host, port: port)], entry.expires > now.nanoseconds else {
                return nil
            }
            return entry.addresses
        }
    }

    /// Looks `host` up and calls `done` on `loop`'s thread with its addresses, none if there are none.
    public func resolve(
        _ host: String, _ port: UInt16, on loop: EventLoop, now: MonotonicTime,
        _ done: @escaping @Sendable ([SocketAddress]) -> Void
    ) {
        let key = Key(host: host, port: port)
        let isFirst = state.withLock { state in
            state.waiting[key, default: []].append(Waiter(loop: loop, done: done))
            return state.waiting[key]?.count == 1
        }
        guard isFirst else { return }
        DispatchQueue.global().async {
            let addresses = self.lookUp(host, port)
            let waiters = self.state.withLock { state in
                if !addresses.isEmpty {
                    let expires = now.advanced(byNanoseconds: NameResolver.lifetime).nanoseconds
                    state.entries[key] = Entry(addresses: addresses, expires: expires)
                }
                return state.waiting.removeValue(forKey: key) ?? []
            }
            for waiter in waiters { waiter.loop.execute { waiter.done(addresses) } }
        }
    }

    private static func askSystem(_ host: String, _ port: UInt16) -> [SocketAddress] {
        var hints = unsafe addrinfo()
        unsafe hints.ai_family = AF_UNSPEC
        unsafe hints.ai_socktype = Int32(sluice_SOCK_STREAM)
        unsafe hints.ai_flags = AI_ADDRCONFIG
        var list: UnsafeMutablePointer<addrinfo>?
        guard unsafe getaddrinfo(host, String(port), &hints, &list) == 0 else { return [] }
        defer { unsafe freeaddrinfo(list) }
        var addresses: [SocketAddress] = []
        var next = unsafe list
        while let info = unsafe next, addresses.count < 16 {
            let bytes = unsafe UnsafeRawBufferPointer(start: info.pointee.ai_addr, count: Int(info.pointee.ai_addrlen))
            if let address = unsafe SocketAddress.read(bytes, bytes.count) { addresses.append(address) }
            unsafe next = info.pointee.ai_next
        }
        return addresses
    }
}
