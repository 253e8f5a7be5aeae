internal import CLinux
internal import Dispatch
internal import EventLoop
internal import Glibc
internal import Synchronization

/// Resolves host names off the loops, and remembers what it found for half a minute. One for the process; any thread.
///
/// `getaddrinfo` blocks, and says nothing about how long an answer holds; half a minute is short enough for services
/// that move and long enough that busy pools never wait for it.
final class NameResolver: Sendable {
    static let shared = NameResolver(lookUp: NameResolver.askSystem)

    /// Asks for the addresses of a name; none if it has none. Blocks.
    let lookUp: @Sendable (_ host: String, _ port: UInt16) -> [SocketAddress]

    init(lookUp: @escaping @Sendable (_ host: String, _ port: UInt16) -> [SocketAddress]) {
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
    func cached(_ host: String, _ port: UInt16, now: MonotonicTime) -> [SocketAddress]? {
        state.withLock { state in
            guard let entry = state.entries[Key(host: host, port: port)], entry.expires > now.nanoseconds else {
                return nil
            }
            return entry.addresses
        }
    }

    /// Looks `host` up and calls `done` on `loop`'s thread with its addresses, none if there are none.
    func resolve(
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
            if let address = unsafe ipAddress(info.pointee.ai_addr) { addresses.append(.ip(address, port: port)) }
            unsafe next = info.pointee.ai_next
        }
        return addresses
    }

    /// The address in a socket address of the system's; nil for another family.
    static func ipAddress(_ address: UnsafeMutablePointer<sockaddr>?) -> IPAddress? {
        guard let address = unsafe address else { return nil }
        let raw = UnsafeRawPointer(address)
        switch Int32(unsafe raw.load(as: UInt16.self)) {
        case AF_INET:
            return .v4(unsafe UInt32(bigEndian: raw.load(fromByteOffset: 4, as: UInt32.self)))
        case AF_INET6:
            let high = unsafe UInt64(bigEndian: raw.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            let low = unsafe UInt64(bigEndian: raw.loadUnaligned(fromByteOffset: 16, as: UInt64.self))
            return IPAddress(high: high, low: low)
        default: return nil
        }
    }
}
