internal import EventLoop

/// What a name stands for, as targets are made of it.
enum ResolvedName {
    /// One list of addresses for each target, the first to be tried first.
    ///
    /// A name usually has its servers' addresses in one family, or in both: then the family that the system prefers
    /// (RFC 6724) makes the targets, and the other's addresses are second choices, so that `localhost` is one server
    /// whichever family it listens on. Sorted, as resolvers answer in changing order.
    static func targets(of addresses: [SocketAddress]) -> [[SocketAddress]] {
        guard let preferred = addresses.first else { return [] }
        let first = sorted(addresses.filter { isSix($0) == isSix(preferred) })
        let second = sorted(addresses.filter { isSix($0) != isSix(preferred) })
        return first.enumerated().map { index, address in
            second.isEmpty ? [address] : [address, second[index % second.count]]
        }
    }

    private static func isSix(_ address: SocketAddress) -> Bool {
        if case .v6 = address.ip { true } else { false }
    }

    private static func sorted(_ addresses: [SocketAddress]) -> [SocketAddress] {
        Set(addresses).sorted { left, right in
            (left.ip?.networkBytes ?? []).lexicographicallyPrecedes(right.ip?.networkBytes ?? [])
        }
    }
}
