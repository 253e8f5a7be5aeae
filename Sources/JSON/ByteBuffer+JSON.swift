public import Bytes
internal import CSIMD

/// Writing JSON by hand. Commas and braces are the caller's.
extension ByteBuffer {
    /// Appends `text` as a JSON string, quotes included.
    @_disfavoredOverload
    public func appendJSONString(_ text: String) {
        var text = text
        text.withUTF8 { unsafe appendJSONString(wellFormed: UnsafeRawBufferPointer($0)) }
    }

    /// Appends `text` as a JSON string, quotes included, without a copy in between.
    public func appendJSONString(_ text: StaticString) {
        unsafe appendJSONString(
            wellFormed: UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Appends `bytes` as a JSON string, quotes included. Where they are not well-formed UTF-8, U+FFFD is written.
    public func appendJSONString(_ bytes: RawSpan) {
        unsafe bytes.withUnsafeBytes { bytes in
            if unsafe bytes.allSatisfy({ $0 < 0x80 }) {
                unsafe appendJSONString(wellFormed: bytes)
            } else {
                appendJSONString(unsafe String(decoding: bytes, as: UTF8.self))
            }
        }
    }

    /// Appends a member's name and the colon behind it.
    @_disfavoredOverload
    public func appendJSONName(_ name: String) {
        appendJSONString(name)
        append(Byte.colon)
    }

    /// Appends a member's name and the colon behind it.
    public func appendJSONName(_ name: StaticString) {
        appendJSONString(name)
        append(Byte.colon)
    }

    /// Appends `text`, which is UTF-8, as a JSON string.
    private func appendJSONString(wellFormed text: UnsafeRawBufferPointer) {
        append(Byte.quote)
        var start = 0
        var index = 0
        while true {
            index = unsafe Self.unescapedEnd(text, from: index)
            unsafe append(UnsafeRawBufferPointer(rebasing: text[start..<index]))
            guard index < text.count else { break }
            unsafe appendEscape(text[index])
            index += 1
            start = index
        }
        append(Byte.quote)
    }

    /// The first index from `start` on whose byte must be escaped, or the end.
    private static func unescapedEnd(_ text: UnsafeRawBufferPointer, from start: Int) -> Int {
        var index = start
        if let base = text.baseAddress {
            while text.count - index >= 16 {
                let run = unsafe Int(sluice_unescaped_run(base + index))
                index += run
                if run < 16 { return index }
            }
        }
        while index < text.count, unsafe text[index] >= 0x20, unsafe text[index] != Byte.quote,
            unsafe text[index] != Byte.backslash
        {
            index += 1
        }
        return index
    }

    private func appendEscape(_ byte: UInt8) {
        switch byte {
        case Byte.quote: append("\\\"" as StaticString)
        case Byte.backslash: append("\\\\" as StaticString)
        case 0x08: append("\\b" as StaticString)
        case 0x09: append("\\t" as StaticString)
        case 0x0A: append("\\n" as StaticString)
        case 0x0C: append("\\f" as StaticString)
        case 0x0D: append("\\r" as StaticString)
        default:
            append("\\u00" as StaticString)
            append((byte >> 4).hexadecimalDigit)
            append((byte & 0x0F).hexadecimalDigit)
        }
    }
}
