internal import Bytes

/// The identity of one request, 128 random bits, written as 32 hexadecimal digits.
public struct RequestID: Hashable, Sendable {
    /// The upper and lower 64 bits.
    public let high: UInt64, low: UInt64

    /// The 32 digits as ASCII.
    public var digits: InlineArray<32, UInt8> {
        InlineArray { index in
            let word = index < 16 ? high : low
            return hexDigit(UInt8(truncatingIfNeeded: word >> UInt64(60 - 4 * (index & 15))) & 15)
        }
    }

    /// Whether a client's `x-request-id` is taken over: 1 to 128 of `A-Z a-z 0-9 - _ . : / + = @`.
    public static func isAcceptable(_ value: RawSpan) -> Bool {
        guard (1...128).contains(value.byteCount) else { return false }
        for offset in 0..<value.byteCount {
            switch value.byte(at: offset) {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "-")...UInt8(ascii: ":"), UInt8(ascii: "_"), UInt8(ascii: "+"), UInt8(ascii: "="),
                UInt8(ascii: "@"):
                continue
            default:
                return false
            }
        }
        return true
    }
}
