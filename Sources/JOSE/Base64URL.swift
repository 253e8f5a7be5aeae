public import Bytes

/// Base64 with the URL-safe alphabet and without padding (RFC 4648 §5, RFC 7515 §2), read strictly: one text for each
/// sequence of bytes, so that a token can't be written in two ways.
public enum Base64URL {
    /// Appends what `text` stands for.
    /// - Returns: false where it holds another byte, has an impossible length, or its last bits aren't zero; what was
    ///   appended until then stays.
    public static func decode(_ text: RawSpan, to output: ByteBuffer) -> Bool {
        guard text.byteCount % 4 != 1 else { return false }
        output.reserve(text.byteCount / 4 * 3 + 3)
        var bits: UInt32 = 0
        var count = 0
        for offset in 0..<text.byteCount {
            guard let value = value(of: text.byte(at: offset)) else { return false }
            bits = bits << 6 | value
            count += 6
            if count >= 8 {
                count -= 8
                output.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        return bits & ((1 << UInt32(count)) - 1) == 0
    }

    /// The bytes that `text` stands for; nil where it is not Base64URL.
    public static func decode(_ text: String) -> [UInt8]? {
        let output = ByteBuffer(capacity: text.utf8.count)
        let bytes = Array(text.utf8)
        guard unsafe decode(bytes.span.bytes, to: output) else { return nil }
        return unsafe output.withUnsafeBytes { unsafe Array($0) }
    }

    private static func value(of byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(byte - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(byte - UInt8(ascii: "a")) + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0")) + 52
        case UInt8(ascii: "-"): 62
        case UInt8(ascii: "_"): 63
        default: nil
        }
    }
}
