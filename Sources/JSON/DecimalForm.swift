/// A JSON number's text taken apart, without turning it into a binary number: the value is the digits from the first
/// significant to the last one, times a power of ten.
struct DecimalForm {
    /// More zeros than this are not written out for an exponent: `1e9` is an integer of ten digits, `1e999999999` is
    /// no integer that anything could want.
    static let longestInteger = 1024

    let isNegative: Bool
    /// Indexes, in the text, of the first digit that is not zero and behind the last one; empty: the number is zero. A
    /// decimal point may stand between.
    let digits: Range<Int>
    /// How many digits that range holds.
    let digitCount: Int
    /// The power of ten that the digits, read as an integer, are multiplied with. Clamped far outside of any use.
    let exponent: Int

    var isZero: Bool { digitCount == 0 }

    /// Whether the number has no fraction, however it is written: `1.0` and `1e2` have none.
    var isIntegral: Bool { isZero || exponent >= 0 }

    /// Digits of the integer when written out, without the sign.
    var integerLength: Int { isZero ? 1 : digitCount + exponent }

    /// Takes apart a text that a scan has accepted as a number.
    init(_ text: UnsafeRawBufferPointer) {
        var index = 0
        isNegative = unsafe text.first == Byte.minus
        if isNegative { index = 1 }
        var first = -1
        var end = 0
        // Digits before the point, counted from the first significant one; and all that follow the last significant.
        var count = 0
        var significant = 0
        var trailingZeros = 0
        var fraction = 0
        var isFraction = false
        while index < text.count {
            let byte = unsafe text[index]
            if byte == Byte.point {
                isFraction = true
            } else if byte | 0x20 == UInt8(ascii: "e") {
                break
            } else {
                if isFraction { fraction += 1 }
                if byte != Byte.zero {
                    if first < 0 { first = index }
                    end = index + 1
                    count += trailingZeros + 1
                    significant = count
                    trailingZeros = 0
                } else if first >= 0 {
                    trailingZeros += 1
                }
            }
            index += 1
        }
        digits = first < 0 ? 0..<0 : first..<end
        digitCount = significant
        exponent = unsafe Self.exponent(text, from: index + 1) - fraction + trailingZeros
    }

    private static func exponent(_ text: UnsafeRawBufferPointer, from start: Int) -> Int {
        guard start < text.count else { return 0 }
        let sign = unsafe text[start]
        var index = sign == Byte.minus || sign == Byte.plus ? start + 1 : start
        var value = 0
        while index < text.count {
            // Larger than any body: what is added later can't bring it back into use, nor overflow.
            if value < 1 << 40 { value = unsafe value * 10 + Int(text[index] &- Byte.zero) }
            index += 1
        }
        return sign == Byte.minus ? -value : value
    }
}
