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
        append(littleEndian: hexDigits(number >> 32).byteSwapped)
        append(littleEndian: hexDigits(number & 0xFFFF_FFFF).byteSwapped)
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

    /// Appends `text` as it stands within a JSON string.
    func appendEscaped(_ text: String) {
        var text = text
        text.withUTF8 { text in
            let bytes = UnsafeRawBufferPointer(text)
            if unsafe isPlainInJSON(bytes) { unsafe append(bytes) } else { unsafe appendEscaped(bytes) }
        }
    }

    /// Appends the readable bytes of `text` as they stand within a JSON string. What isn't well-formed UTF-8 is replaced
    /// by U+FFFD.
    func appendEscaped(_ text: ByteBuffer) {
        unsafe text.withUnsafeBytes { bytes in
            if unsafe isPlainInJSON(bytes) { unsafe append(bytes) } else { appendEscaped(text.string) }
        }
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

/// Whether all bytes are ASCII and stand for themselves in a JSON string. Eight at a time: whatever isn't plain leaves a
/// top bit, its own or by a borrow or carry that begins at it.
private func isPlainInJSON(_ bytes: UnsafeRawBufferPointer) -> Bool {
    let ones: UInt64 = 0x0101_0101_0101_0101
    var odd: UInt64 = 0
    var index = 0
    while index + 8 <= bytes.count {
        let word = unsafe bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
        let quotes = (word ^ ones &* 0x22) &- ones
        let backslashes = (word ^ ones &* 0x5C) &- ones
        // Below 0x20, and 0x7F.
        odd |= word | (word &- ones &* 0x20) | (word &+ ones) | quotes | backslashes
        index += 8
    }
    guard odd & (ones &* 0x80) == 0 else { return false }
    while index < bytes.count {
        guard unsafe bytes[index] < 0x80, unsafe isPlainInJSON(bytes[index]) else { return false }
        index += 1
    }
    return true
}

/// The lower-case digits of a number of 32 bits, the first one on top.
private func hexDigits(_ number: UInt64) -> UInt64 {
    // Each four bits into a byte of their own.
    var digits = (number | number << 16) & 0x0000_FFFF_0000_FFFF
    digits = (digits | digits << 8) & 0x00FF_00FF_00FF_00FF
    digits = (digits | digits << 4) & 0x0F0F_0F0F_0F0F_0F0F
    // Those from ten on are letters, which stand 39 further.
    let letters = (digits &+ 0x0606_0606_0606_0606) >> 4 & 0x0101_0101_0101_0101
    return digits &+ 0x3030_3030_3030_3030 &+ letters &* 39
}

func hexDigit(_ value: UInt8) -> UInt8 {
    value < 10 ? value &+ UInt8(ascii: "0") : value &- 10 &+ UInt8(ascii: "a")
}
