/// Texts in the parts of a request target (RFC 3986).
enum PercentEncoding {
    /// A text with everything encoded but the unreserved characters (section 2.3).
    static func encoded(_ text: String) -> String { encoded(text) { isUnreserved($0) } }

    /// A path's literal part, with everything encoded that no segment may hold (section 3.3).
    static func encodedPath(_ text: String) -> String {
        encoded(text) { isUnreserved($0) || "!$&'()*+,;=:@%/".utf8.contains($0) }
    }

    /// A text as the name of a component of OpenAPI, which holds letters, digits, `.`, `-` and `_` only.
    static func componentName(_ text: String) -> String {
        String(text.map { $0.utf8.count == 1 && $0.utf8.allSatisfy { isWord($0) || $0 == 0x2E } ? $0 : "_" })
    }

    /// Whether a byte may stand in a field's name (RFC 9110 section 5.6.2).
    static func isToken(_ byte: UInt8) -> Bool { isLetterOrDigit(byte) || "!#$%&'*+-.^_`|~".utf8.contains(byte) }

    /// A letter, a digit, `-` or `_`.
    static func isWord(_ byte: UInt8) -> Bool {
        isLetterOrDigit(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
    }

    private static func encoded(_ text: String, where isKept: (UInt8) -> Bool) -> String {
        var result = ""
        for byte in text.utf8 {
            if isKept(byte) {
                result.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                result += byte < 16 ? "%0\(digits)" : "%\(digits)"
            }
        }
        return result
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool { isLetterOrDigit(byte) || "-._~".utf8.contains(byte) }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
