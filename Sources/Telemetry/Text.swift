/// What log lines and the metrics page are written with: text into a byte array, without formatters.
extension [UInt8] {
    mutating func appendText(_ text: StaticString) {
        unsafe append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Not for literals, which need no string made of them.
    @_disfavoredOverload
    mutating func appendText(_ text: String) {
        var text = text
        text.withUTF8 { unsafe append(contentsOf: $0) }
    }

    /// Appends `number` in decimal digits, with zeros in front up to `width`.
    mutating func appendDecimal(_ number: UInt64, width: Int = 1) {
        if number < 10, width == 1 { return append(UInt8(truncatingIfNeeded: number) &+ UInt8(ascii: "0")) }
        var digits = InlineArray<20, UInt8>(repeating: UInt8(ascii: "0"))
        var rest = number
        var first = 20
        while rest > 0 {
            first -= 1
            digits[first] = UInt8(truncatingIfNeeded: rest % 10) &+ UInt8(ascii: "0")
            rest /= 10
        }
        // All at once: appending each would ask each time for the room.
        first = Swift.min(first, 20 - Swift.min(width, 20))
        unsafe digits.span.extracting(first..<20).withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
    }

    mutating func appendDecimal(_ number: Int) {
        if number < 0 { append(UInt8(ascii: "-")) }
        appendDecimal(UInt64(number.magnitude))
    }

    /// Appends nanoseconds as milliseconds with three decimals.
    mutating func appendMilliseconds(_ nanoseconds: UInt64) {
        let microseconds = nanoseconds / 1000
        appendDecimal(microseconds / 1000)
        append(UInt8(ascii: "."))
        appendDecimal(microseconds % 1000, width: 3)
    }

    /// Appends nanoseconds as seconds, exactly, without zeros at the end: `0.0005`, `10`.
    mutating func appendSeconds(_ nanoseconds: UInt64) {
        appendDecimal(nanoseconds / 1_000_000_000)
        var fraction = nanoseconds % 1_000_000_000
        guard fraction > 0 else { return }
        var width = 9
        while fraction % 10 == 0 {
            fraction /= 10
            width -= 1
        }
        append(UInt8(ascii: "."))
        appendDecimal(fraction, width: width)
    }

    /// Appends the lower-case hexadecimal digits of `number`, 16 of them.
    mutating func appendHex(_ number: UInt64) {
        let digits = InlineArray<16, UInt8> { index in
            hexDigit(UInt8(truncatingIfNeeded: number >> UInt64(60 - 4 * index)) & 15)
        }
        unsafe digits.span.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
    }

    /// Appends `text` as a JSON string (RFC 8259 §7).
    mutating func appendJSON(_ text: String) {
        append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { bytes in
            if unsafe bytes.allSatisfy(isPlainInJSON) {
                unsafe append(contentsOf: bytes)
            } else {
                unsafe appendEscaped(bytes)
            }
        }
        append(UInt8(ascii: "\""))
    }

    private mutating func appendEscaped(_ bytes: UnsafeBufferPointer<UInt8>) {
        for index in bytes.indices {
            let byte = unsafe bytes[index]
            switch byte {
            case UInt8(ascii: "\""): appendText("\\\"")
            case UInt8(ascii: "\\"): appendText("\\\\")
            case 0x0A: appendText("\\n")
            case 0x0D: appendText("\\r")
            case 0x09: appendText("\\t")
            case ..<0x20, 0x7F:
                appendText("\\u00")
                append(hexDigit(byte >> 4))
                append(hexDigit(byte & 15))
            default: append(byte)
            }
        }
    }

    /// Appends `text` as a JSON string, or `null`.
    mutating func appendJSON(_ text: String?) {
        if let text { appendJSON(text) } else { appendText("null") }
    }
}

/// Whether a byte of a string's UTF-8 stands for itself in a JSON string.
private func isPlainInJSON(_ byte: UInt8) -> Bool {
    byte >= 0x20 && byte != 0x7F && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
}

func hexDigit(_ value: UInt8) -> UInt8 {
    value < 10 ? value &+ UInt8(ascii: "0") : value &- 10 &+ UInt8(ascii: "a")
}

extension RawSpan {
    /// The byte at `offset`. Traps when out of bounds.
    func byte(at offset: Int) -> UInt8 {
        precondition(offset >= 0 && offset < byteCount)
        return unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self)
    }
}
