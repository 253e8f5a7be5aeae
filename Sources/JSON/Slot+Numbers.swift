public import Bytes

/// Values of number slots, found from their digits. `body` is always the buffer that the slot came from.
extension Slot {
    /// Whether the slot is a number without fraction, however written: `1.0` and `1e2` are.
    public func isIntegral(in body: ByteBuffer) -> Bool {
        guard kind == .number else { return false }
        if !flags.contains(.fractional) { return true }
        return decimalForm(in: body).isIntegral
    }

    /// The integer that the number is, if it has no fraction and fits; nil otherwise and for other kinds.
    public func int64(in body: ByteBuffer) -> Int64? {
        guard kind == .number else { return nil }
        let form = decimalForm(in: body)
        guard form.isIntegral, form.integerLength <= 19 else { return nil }
        let magnitude = unsafe body.withUnsafeBytes { bytes in
            var value: UInt64 = 0
            for index in form.digits {
                let byte = unsafe bytes[Int(offset) + index]
                // At most 19 digits: below 2^64.
                if byte != Byte.point { value = value * 10 + UInt64(byte &- Byte.zero) }
            }
            return value
        }
        guard !form.isZero else { return 0 }
        let scaled = (0..<form.exponent).reduce(magnitude) { value, _ in value * 10 }
        if form.isNegative { return scaled <= Int64.min.magnitude ? Int64(truncatingIfNeeded: 0 &- scaled) : nil }
        return Int64(exactly: scaled)
    }

    /// The integer that the number is, if it has no fraction and fits: GraphQL's Int.
    public func int32(in body: ByteBuffer) -> Int32? {
        int64(in: body).flatMap(Int32.init(exactly:))
    }

    /// Appends the number's canonical integer text, exact however many digits it has: no fraction, no exponent, no
    /// leading zeros, `-0` as `0`. Gives false, and appends nothing, if it is not an integral number, or one that only
    /// an exponent makes longer than 1024 digits.
    public func appendCanonicalInteger(in body: ByteBuffer, to text: ByteBuffer) -> Bool {
        guard kind == .number else { return false }
        if flags.isEmpty {
            text.append(self, of: body)
            return true
        }
        let form = decimalForm(in: body)
        guard form.isIntegral, form.integerLength <= max(DecimalForm.longestInteger, Int(length)) else { return false }
        if form.isZero {
            text.append(Byte.zero)
            return true
        }
        if form.isNegative { text.append(Byte.minus) }
        for index in form.digits {
            let byte = body[Int(offset) + index]
            if byte != Byte.point { text.append(byte) }
        }
        for _ in 0..<form.exponent { text.append(Byte.zero) }
        return true
    }

    /// Whether the number is within the range of a double: GraphQL's Float. Too small ones are (they round to 0), those
    /// that would round to infinity are not. False for other kinds.
    public func isFiniteDouble(in body: ByteBuffer) -> Bool {
        guard kind == .number else { return false }
        if !flags.contains(.exponent), length <= 308 { return true }
        let form = decimalForm(in: body)
        // The value is below ten to this power, and not below a tenth of it.
        let power = form.digitCount + form.exponent
        if form.isZero || power < 309 { return true }
        if power > 309 { return false }
        return double(in: body)?.isFinite ?? false
    }

    /// The double nearest to the number, infinite if it is too large; nil for other kinds. Allocates: not for the path
    /// of data that is only passed on.
    public func double(in body: ByteBuffer) -> Double? {
        guard kind == .number else { return nil }
        return unsafe body.withUnsafeBytes { bytes in
            Double(unsafe String(decoding: bytes[range], as: UTF8.self))
        }
    }

    private func decimalForm(in body: ByteBuffer) -> DecimalForm {
        unsafe body.withUnsafeBytes { bytes in
            unsafe DecimalForm(UnsafeRawBufferPointer(rebasing: bytes[range]))
        }
    }
}
