internal import Bytes

/// Appends what the content of a validated JSON string stands for, escapes resolved (RFC 8259 §7). A surrogate without
/// its other half, which the grammar allows and UTF-8 can't say, becomes U+FFFD.
func unescape(_ bytes: PaddedBytes, _ range: Range<Int>, into text: ByteBuffer) {
    var index = range.lowerBound
    var start = index
    while index < range.upperBound {
        guard bytes[index] == Byte.backslash else {
            index &+= 1
            continue
        }
        unsafe text.append(UnsafeRawBufferPointer(start: bytes.base + start, count: index - start))
        index = appendEscape(bytes, index, range.upperBound, into: text)
        start = index
    }
    unsafe text.append(UnsafeRawBufferPointer(start: bytes.base + start, count: range.upperBound - start))
}

/// Appends what the escape at `index` stands for, and gives the index behind it.
private func appendEscape(_ bytes: PaddedBytes, _ index: Int, _ end: Int, into text: ByteBuffer) -> Int {
    switch bytes[index + 1] {
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u"):
        let unit = codeUnit(bytes, index)
        if unit & 0xFC00 == 0xD800, index + 12 <= end, bytes[index + 6] == Byte.backslash,
            bytes[index + 7] == UInt8(ascii: "u")
        {
            let low = codeUnit(bytes, index + 6)
            if low & 0xFC00 == 0xDC00 {
                append(0x1_0000 + (unit & 0x3FF) << 10 + (low & 0x3FF), to: text)
                return index + 12
            }
        }
        append(unit, to: text)
        return index + 6
    case let byte: text.append(byte)
    }
    return index + 2
}

/// The UTF-16 code unit of the `\u` and its four digits at `index`.
private func codeUnit(_ bytes: PaddedBytes, _ index: Int) -> UInt32 {
    var unit: UInt32 = 0
    for offset in 2..<6 {
        let byte = bytes[index + offset]
        unit = unit << 4 | UInt32(byte < 0x3A ? byte & 0x0F : (byte & 0x0F) + 9)
    }
    return unit
}

private func append(_ scalar: UInt32, to text: ByteBuffer) {
    for byte in UTF8.encode(Unicode.Scalar(scalar) ?? "\u{FFFD}") ?? UTF8.encodedReplacementCharacter {
        text.append(byte)
    }
}
