/// A generator that gives the same numbers for the same seed (SplitMix64), so that a failing property can be run again.
public struct Seeded: RandomNumberGenerator, CustomStringConvertible {
    /// What `init` was given.
    public let seed: UInt64
    private var state: UInt64

    /// A generator at its beginning.
    public init(_ seed: UInt64) {
        self.seed = seed
        state = seed
    }

    /// The next number.
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// The seed, as a failing test prints it.
    public var description: String { "seed \(seed)" }

    /// Fresh seeds for each run; printed with every failure.
    public static func seeds(_ count: Int) -> [UInt64] { (0..<count).map { _ in UInt64.random(in: 0 ... .max) } }
}
