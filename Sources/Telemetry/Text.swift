internal import Bytes

/// What log lines, spans and the metrics page are written with: text without formatters.
extension ByteBuffer {
    /// Appends nanoseconds as milliseconds with three decimals.
    func appendMilliseconds(_ nanoseconds: UInt64) {
        let microseconds = UInt(nanoseconds / 1000)
        append(decimal: microseconds / 1000)
        append(UInt8(ascii: "."))
        append(decimal: microseconds % 1000, width: 3)
    }

    /// Appends nanoseconds as seconds, exactly, without zeros at the end: `0.0005`, `10`.
    func appendSeconds(_ nanoseconds: UInt64) {
        append(decimal: UInt(nanoseconds / 1_000_000_000))
        var fraction = UInt(nanoseconds % 1_000_000_000)
        guard fraction > 0 else { return }
        var width = 9
        while fraction % 10 == 0 {
            fraction /= 10
            width -= 1
        }
        append(UInt8(ascii: "."))
        append(decimal: fraction, width: width)
    }

    /// Appends the lower-case hexadecimal digits of `number`, 16 of them.
    func appendHex(_ number: UInt64) {
        _ = unsafe appendUnsafe(minimum: 16) { storage in
            for index in 0..<16 {
                let digit = hexDigit(UInt8(truncatingIfNeeded: number >> UInt64(60 - 4 * index)) & 15)
                unsafe storage[index] = digit
            }
            return 16
        }
    }

    /// Appends `number`, or `null`.
    func append(decimalOrNull number: Int?) {
        if let number { append(decimal: number) } else { append("null") }
    }

    // MARK: JSON strings (RFC 8259 §7)

    /// Appends `text` as a JSON string.
    func appendJSON(_ text: String) {
        append(UInt8(ascii: "\""))
        appendEscaped(text)
        append(UInt8(ascii: "\""))
    }

    /// Appends `text` as a JSON string, or `null`.
    func appendJSON(_ text: String?) {
        if let text { appendJSON(text) } else { append("null") }
    }

    /// Appends the readable bytes of `text` as a JSON string. What isn't well-formed UTF-8 is replaced by U+FFFD.
    func appendJSON(_ text: ByteBuffer) {
        append(UInt8(ascii: "\""))
        appendEscaped(text)
        append(UInt8(ascii: "\""))
    }

    /// Appends `text` as it stands within a JSON string.
    func appendEscaped(_ text: String) {
        var text = text
        text.withUTF8 { unsafe appendEscaped(UnsafeRawBufferPointer($0)) }
    }

    /// Appends the readable bytes of `text` as they stand within a JSON string. What isn't well-formed UTF-8 is replaced
    /// by U+FFFD.
    func appendEscaped(_ text: ByteBuffer) {
        let isASCII = unsafe text.withUnsafeBytes { bytes in
            var all: UInt8 = 0
            for index in 0..<bytes.count { unsafe all |= bytes[index] }
            return all < 0x80
        }
        guard isASCII else { return appendEscaped(text.string) }
        unsafe text.withUnsafeBytes { unsafe appendEscaped($0) }
    }

    private func appendEscaped(_ bytes: UnsafeRawBufferPointer) {
        var start = 0
        for index in 0..<bytes.count where unsafe !isPlainInJSON(bytes[index]) {
            unsafe append(UnsafeRawBufferPointer(rebasing: bytes[start..<index]))
            appendEscape(unsafe bytes[index])
            start = index + 1
        }
        unsafe append(UnsafeRawBufferPointer(rebasing: bytes[start...]))
    }

    private func appendEscape(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): append("\\\"")
        case UInt8(ascii: "\\"): append("\\\\")
        case 0x0A: append("\\n")
        case 0x0D: append("\\r")
        case 0x09: append("\\t")
        default:
            append("\\u00")
            append(hexDigit(byte >> 4))
            append(hexDigit(byte & 15))
        }
    }
}

/// Whether a byte of a string's UTF-8 stands for itself in a JSON string.
private func isPlainInJSON(_ byte: UInt8) -> Bool {
    byte >= 0x20 && byte != 0x7F && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
}

func hexDigit(_ value: UInt8) -> UInt8 {
    value < 10 ? value &+ UInt8(ascii: "0") : value &- 10 &+ UInt8(ascii: "a")
}
