internal import Bytes
internal import CLibSSL

/// The SHA-256 of a document's text: what a client names it by.
struct DocumentDigest: Hashable, Sendable {
    private let words: InlineArray<4, UInt64>

    /// The digest of `text`.
    init(of text: RawSpan) {
        var digest = InlineArray<32, UInt8>(repeating: 0)
        var output = digest.mutableSpan
        unsafe text.withUnsafeBytes { bytes in
            unsafe output.withUnsafeMutableBufferPointer { digest in
                _ = unsafe SHA256(bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count, digest.baseAddress)
            }
        }
        var words = InlineArray<4, UInt64>(repeating: 0)
        for index in 0..<32 { words[index / 8] = words[index / 8] << 8 | UInt64(digest[index]) }
        self.words = words
    }

    /// The digest that 64 hexadecimal digits say, of either case; nil where `digits` are none.
    init?(hexadecimal digits: RawSpan) {
        guard digits.byteCount == 64 else { return nil }
        var words = InlineArray<4, UInt64>(repeating: 0)
        for index in 0..<64 {
            guard let value = Self.value(of: digits.byte(at: index).asciiLowercased) else { return nil }
            words[index / 16] = words[index / 16] << 4 | value
        }
        self.words = words
    }

    private static func value(of digit: UInt8) -> UInt64? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(digit - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(digit - UInt8(ascii: "a") + 10)
        default: nil
        }
    }

    static func == (left: DocumentDigest, right: DocumentDigest) -> Bool {
        for index in 0..<4 where left.words[index] != right.words[index] { return false }
        return true
    }

    func hash(into hasher: inout Hasher) {
        for index in 0..<4 { hasher.combine(words[index]) }
    }
}
