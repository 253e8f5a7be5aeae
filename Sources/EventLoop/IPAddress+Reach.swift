extension IPAddress {
    /// Whether it is an address of the public internet: none of this machine, of a private or shared network, of a link,
    /// of a group, or of those set aside (IANA's special-purpose registries, RFC 6890). An IPv6 address that carries an
    /// IPv4 one (NAT64, 6to4) is judged by that.
    public var isPublic: Bool {
        switch self {
        case .v4(let bits): Self.isPublic(bits)
        case .v6(let high, let low): Self.isPublic(high, low)
        }
    }

    /// Blocks that aren't public: the first address, and how many bits of it count.
    private static let reserved: [(first: UInt32, bits: UInt32)] = [
        (0x0000_0000, 8), (0x0A00_0000, 8), (0x6440_0000, 10), (0x7F00_0000, 8), (0xA9FE_0000, 16), (0xAC10_0000, 12),
        (0xC000_0000, 24), (0xC000_0200, 24), (0xC0A8_0000, 16), (0xC612_0000, 15), (0xC633_6400, 24),
        (0xCB00_7100, 24), (0xE000_0000, 4), (0xF000_0000, 4),
    ]

    private static func isPublic(_ address: UInt32) -> Bool {
        !reserved.contains { block in (address ^ block.first) >> (32 - block.bits) == 0 }
    }

    private static func isPublic(_ high: UInt64, _ low: UInt64) -> Bool {
        // 64:ff9b::/96
        if high == 0x0064_FF9B_0000_0000, low >> 32 == 0 { return isPublic(UInt32(truncatingIfNeeded: low)) }
        // 2002::/16
        if high >> 48 == 0x2002 { return isPublic(UInt32(truncatingIfNeeded: high >> 16)) }
        // Only 2000::/3 is given out to the internet; 2001:db8::/32 is for examples, 2001::/32 are tunnels.
        guard high >> 61 == 1 else { return false }
        return high >> 32 != 0x2001_0DB8 && high >> 32 != 0x2001_0000
    }
}
