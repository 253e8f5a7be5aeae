/// Which bytes may stand where: the character classes of RFC 9110, 9112 and 3986 as bit sets.
enum ByteClass {
    /// A set of ASCII bytes, one bit each.
    struct Set {
        var low: UInt64 = 0
        var high: UInt64 = 0

        init(_ members: StaticString) {
            for index in 0..<members.utf8CodeUnitCount { insert(unsafe members.utf8Start[index]) }
        }

        private mutating func insert(_ byte: UInt8) {
            if byte < 64 { low |= 1 << UInt64(byte) } else if byte < 128 { high |= 1 << UInt64(byte - 64) }
        }

        @inline(__always)
        func contains(_ byte: UInt8) -> Bool {
            if byte < 64 { return low >> UInt64(byte) & 1 != 0 }
            return byte < 128 && high >> UInt64(byte &- 64) & 1 != 0
        }
    }

    /// tchar (RFC 9110 §5.6.2).
    static let token = Set("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
    /// What a request target may hold. RFC 3986 has fewer: braces, quotes, bars and the like are let through, since
    /// clients send GraphQL queries with them unencoded; what could be read in two ways is not (`#`, `\`, `<`, `>`).
    static let target = Set(
        "!\"$%&'()*+,-./0123456789:;=?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~")
    /// uri-host [":" port] (RFC 3986 §3.2).
    static let host = Set("!$%&'()*+,-.0123456789:;=ABCDEFGHIJKLMNOPQRSTUVWXYZ[]_abcdefghijklmnopqrstuvwxyz~")
    /// unreserved (RFC 3986 §2.3): what percent-encoding leaves alone.
    static let unreserved = Set("-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~")

    /// HTAB, SP, VCHAR and obs-text (RFC 9110 §5.5): everything but the other controls and DEL.
    @inline(__always)
    static func isFieldValue(_ byte: UInt8) -> Bool {
        (byte >= 0x20 && byte != 0x7F) || byte == 0x09
    }

    /// Whether one of eight bytes is below SP or DEL: no for most words that hold none of them, yes for all others.
    @inline(__always)
    static func mayHoldControl(_ word: UInt64) -> Bool {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let tops = ones &* 0x80
        let low = (word &- ones &* 0x20) & ~word
        let deleted = word ^ ones &* 0x7F
        return (low | (deleted &- ones) & ~deleted) & tops != 0
    }

    /// Which of eight bytes, the lowest first, is `byte`; nil where none is.
    @inline(__always)
    static func first(_ byte: UInt8, in word: UInt64) -> Int? {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let rest = word ^ ones &* UInt64(byte)
        // Above the first zero byte bits may be set that stand for none.
        let zeros = (rest &- ones) & ~rest & (ones &* 0x80)
        return zeros == 0 ? nil : zeros.trailingZeroBitCount / 8
    }

    /// SP or HTAB: optional white space (RFC 9110 §5.6.3).
    @inline(__always)
    static func isWhitespace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    /// The value of a hexadecimal digit, or nil.
    @inline(__always)
    static func hexValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
