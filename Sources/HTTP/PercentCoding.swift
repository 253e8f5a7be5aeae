public import Bytes

/// Percent-encoding (RFC 3986 §2.1) of what goes into a path or a query.
public enum PercentCoding {
    private static let digits: StaticString = "0123456789ABCDEF"

    /// Appends `bytes` with everything but unreserved characters encoded: a whole path segment, or a query value.
    public static func appendEncoded(_ bytes: RawSpan, to buffer: ByteBuffer) {
        let unreserved = ByteClass.unreserved
        for index in 0..<bytes.byteCount {
            let byte = bytes.byte(at: index)
            if unreserved.contains(byte) {
                buffer.append(byte)
            } else {
                buffer.append(UInt8(ascii: "%"))
                buffer.append(unsafe digits.utf8Start[Int(byte >> 4)])
                buffer.append(unsafe digits.utf8Start[Int(byte & 15)])
            }
        }
    }

    /// Appends `text` encoded; see `appendEncoded(_:to:)`.
    public static func appendEncoded(_ text: String, to buffer: ByteBuffer) {
        var text = text
        text.withUTF8 { bytes in appendEncoded(unsafe RawSpan(_unsafeElements: bytes), to: buffer) }
    }

    /// Appends `bytes` decoded.
    /// - Parameter plusIsSpace: whether `+` stands for a space, as in a query that a form made.
    /// - Returns: false if a `%` isn't followed by two hexadecimal digits; what was appended is of no use then.
    public static func appendDecoded(_ bytes: RawSpan, plusIsSpace: Bool = false, to buffer: ByteBuffer) -> Bool {
        var index = 0
        while index < bytes.byteCount {
            var byte = bytes.byte(at: index)
            index += 1
            if byte == UInt8(ascii: "%") {
                guard let decoded = decoded(bytes, at: index - 1) else { return false }
                byte = decoded
                index += 2
            } else if byte == UInt8(ascii: "+"), plusIsSpace {
                byte = UInt8(ascii: " ")
            }
            buffer.append(byte)
        }
        return true
    }

    /// `bytes` decoded as text, or nil if the encoding or the UTF-8 is broken. For cold paths.
    public static func decode(_ bytes: RawSpan, plusIsSpace: Bool = false) -> String? {
        let buffer = ByteBuffer(capacity: bytes.byteCount)
        guard appendDecoded(bytes, plusIsSpace: plusIsSpace, to: buffer) else { return nil }
        return unsafe buffer.withUnsafeBytes { unsafe String(validating: $0, as: UTF8.self) }
    }

    /// The byte that the `%` at `index` begins, or nil.
    static func decoded(_ bytes: RawSpan, at index: Int) -> UInt8? {
        guard index + 2 < bytes.byteCount, let high = ByteClass.hexValue(bytes.byte(at: index + 1)),
            let low = ByteClass.hexValue(bytes.byte(at: index + 2))
        else { return nil }
        return high << 4 | low
    }

    /// Whether `path` has a segment `.` or `..`, its dots encoded or not (RFC 3986 §3.3): what a server behind may
    /// resolve to another path than the one that was routed.
    /// - Parameter isForAnyServer: whether to read the path as the most lenient server does: `%2F`, `\` and `%5C` part
    ///   segments too, and what follows a `;` is no part of one.
    public static func hasDotSegment(_ path: RawSpan, isForAnyServer: Bool = false) -> Bool {
        var index = 0
        var dots = 0
        var isDotsOnly = true
        var isParameter = false
        while index < path.byteCount {
            var byte = path.byte(at: index)
            if byte == UInt8(ascii: "%"), let encoded = decoded(path, at: index) {
                // Any other encoded byte is a part of its segment, whatever it is.
                let isTold = encoded == UInt8(ascii: ".") || isForAnyServer && isSlash(encoded)
                byte = isTold ? encoded : UInt8(ascii: "%")
                index += 2
            }
            if byte == UInt8(ascii: "/") || isForAnyServer && isSlash(byte) {
                if isDotsOnly, dots == 1 || dots == 2 { return true }
                dots = 0
                isDotsOnly = true
                isParameter = false
            } else if isParameter || isForAnyServer && byte == UInt8(ascii: ";") {
                isParameter = true
            } else if byte == UInt8(ascii: ".") {
                dots += 1
            } else {
                isDotsOnly = false
            }
            index += 1
        }
        return isDotsOnly && (dots == 1 || dots == 2)
    }

    private static func isSlash(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "/") || byte == UInt8(ascii: "\\") }
}
