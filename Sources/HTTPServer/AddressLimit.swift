public import EventLoop
internal import Synchronization

/// How many connections one address may have open, over all servers that share the limit. An IPv6 address counts as the
/// /64 that it lies in, which is what one customer has. Any thread.
public final class AddressLimit: Sendable {
    private struct State {
        var maximum = 0
        var isExempt: @Sendable (IPAddress) -> Bool = { _ in false }
        var counts: [IPAddress: Int] = [:]
    }

    private let state = Mutex(State())
    /// Whether there is a limit: without one nothing is counted.
    private let isOn = Atomic<Bool>(false)

    /// No limit.
    public init() {}

    /// Limits addresses to `maximum` connections; 0 = no limit. None that is open is closed.
    /// - Parameter isExempt: addresses that aren't limited: proxies, which come on behalf of many.
    public func set(_ maximum: Int, isExempt: @escaping @Sendable (IPAddress) -> Bool) {
        state.withLock { state in
            state.maximum = maximum
            state.isExempt = isExempt
        }
        isOn.store(maximum > 0, ordering: .relaxed)
    }

    /// What became of a connection that wants in.
    enum Entry {
        /// It isn't counted.
        case free
        /// It is counted under this address, to be named to `leave`.
        case counted(IPAddress)
        /// One too many.
        case refused
    }

    func enter(_ peer: SocketAddress) -> Entry {
        guard isOn.load(ordering: .relaxed), let address = peer.ip else { return .free }
        return state.withLock { state in
            if state.isExempt(address) { return .free }
            let key = Self.key(address)
            let count = state.counts[key, default: 0]
            if count >= state.maximum { return .refused }
            state.counts[key] = count + 1
            return .counted(key)
        }
    }

    func leave(_ key: IPAddress) {
        state.withLock { state in
            let count = state.counts[key, default: 1] - 1
            state.counts[key] = count > 0 ? count : nil
        }
    }

    private static func key(_ address: IPAddress) -> IPAddress {
        if case .v6(let high, _) = address { return .v6(high: high, low: 0) }
        return address
    }
}
