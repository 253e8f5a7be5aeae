/// Makes request, trace and span identifiers: fast random numbers, seeded by the system once. One per shard, on its
/// thread.
///
/// The generator is xoshiro256** (D. Blackman and S. Vigna): identifiers are unlikely to collide, but someone who sees
/// a few can foretell the next, so they are no secrets.
public struct IdentifierGenerator: RandomNumberGenerator {
    private var state: (UInt64, UInt64, UInt64, UInt64)

    /// A generator that gives identifiers nobody else's gives.
    public init() {
        var system = SystemRandomNumberGenerator()
        // All zeros would stay so for ever.
        state = (system.next(), system.next(), system.next(), system.next() | 1)
    }

    /// Sixty-four random bits.
    public mutating func next() -> UInt64 {
        let scrambled = IdentifierGenerator.rotated(state.1 &* 5, by: 7) &* 9
        let shifted = state.1 << 17
        state.2 ^= state.0
        state.3 ^= state.1
        state.1 ^= state.2
        state.0 ^= state.3
        state.2 ^= shifted
        state.3 = IdentifierGenerator.rotated(state.3, by: 45)
        return scrambled
    }

    private static func rotated(_ word: UInt64, by count: UInt64) -> UInt64 {
        word << count | word >> (64 - count)
    }

    /// A new request's identity.
    public mutating func requestID() -> RequestID { RequestID(high: next(), low: next()) }

    /// A new trace with its first span.
    public mutating func trace(isSampled: Bool) -> TraceContext {
        TraceContext(traceHigh: next(), traceLow: next() | 1, span: spanID(), flags: isSampled ? 1 : 0)
    }

    /// A new span's identity, never zero.
    public mutating func spanID() -> UInt64 {
        let id = next()
        return id == 0 ? 1 : id
    }
}
