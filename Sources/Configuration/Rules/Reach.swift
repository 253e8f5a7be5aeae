/// Where a host is, as far as its name or address tells.
struct Reach {
    /// Whether only programs of the same machine reach it.
    let isThisMachine: Bool
    /// Whether it is on a network that isn't the public internet.
    let isOwnNetwork: Bool

    /// Domains that no public name server knows (RFC 6762, RFC 8375, RFC 6761, and ICANN's reserved `internal`).
    private static let ownDomains = ["internal", "local", "svc", "lan", "home.arpa", "localhost", "test", "intranet"]

    /// What is known of a name, an IPv4 address, or an IPv6 address without brackets.
    init(host: String) {
        let name = host.lowercased()
        guard let bytes = IPAddress.bytes(name) else {
            isThisMachine = name == "localhost" || name.hasSuffix(".localhost")
            isOwnNetwork = !name.contains(".") || Self.ownDomains.contains { name.hasSuffix(".\($0)") }
            return
        }
        isThisMachine = Self.loopback.contains { $0.contains(bytes) }
        isOwnNetwork = isThisMachine || Self.ownBlocks.contains { $0.contains(bytes) }
    }

    private static let loopback = [
        AddressBlock(address: [127, 0, 0, 0], prefixLength: 8),
        AddressBlock(address: [UInt8](repeating: 0, count: 15) + [1], prefixLength: 128),
    ]

    /// RFC 1918, RFC 6598, RFC 3927, RFC 4193 and RFC 4291 section 2.5.6.
    private static let ownBlocks = [
        AddressBlock(address: [10, 0, 0, 0], prefixLength: 8),
        AddressBlock(address: [172, 16, 0, 0], prefixLength: 12),
        AddressBlock(address: [192, 168, 0, 0], prefixLength: 16),
        AddressBlock(address: [100, 64, 0, 0], prefixLength: 10),
        AddressBlock(address: [169, 254, 0, 0], prefixLength: 16),
        AddressBlock(address: [0xFC] + [UInt8](repeating: 0, count: 15), prefixLength: 7),
        AddressBlock(address: [0xFE, 0x80] + [UInt8](repeating: 0, count: 14), prefixLength: 10),
    ]
}
