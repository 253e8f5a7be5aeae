/// Hashes that are the same in every process and version, unlike those of the standard library: what a client is sent to
/// depends on them. FNV-1a, finished by the mixer of SplitMix64, as FNV alone leaves the high bits of short texts alike.
public struct KeyHash: Sendable {
    private var state: UInt64 = 0xCBF2_9CE4_8422_2325

    /// The hash of nothing.
    public init() {}

    /// Adds a byte.
    public mutating func add(_ byte: UInt8) {
        state = (state ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
    }

    /// Adds the bytes of a text.
    public mutating func add(_ text: String) {
        for byte in text.utf8 { add(byte) }
    }

    /// The hash of what was added.
    public var value: UInt64 { Self.mix(state) }

    /// The hash of a text.
    public static func of(_ text: String) -> UInt64 {
        var hash = KeyHash()
        hash.add(text)
        return hash.value
    }

    /// A hash of two.
    public static func combine(_ one: UInt64, _ other: UInt64) -> UInt64 {
        mix(one ^ mix(other &+ 0x9E37_79B9_7F4A_7C15))
    }

    /// Spreads a hash evenly over the numbers between 0 and 1, without either end.
    public static func fraction(_ hash: UInt64) -> Double {
        (Double(hash >> 12) + 0.5) * 0x1p-52
    }

    private static func mix(_ number: UInt64) -> UInt64 {
        var mixed = number
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
