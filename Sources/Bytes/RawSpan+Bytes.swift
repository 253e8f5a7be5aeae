extension RawSpan {
    /// The byte at `offset`. Traps when out of bounds.
    @inlinable public func byte(at offset: Int) -> UInt8 {
        precondition(offset >= 0 && offset < byteCount)
        return unsafe unsafeLoad(fromUncheckedByteOffset: offset, as: UInt8.self)
    }

    /// Whether the bytes are those of `text`, ASCII letters compared without regard to case.
    /// - Parameter lowercase: text in lower case.
    @inlinable public func equalsIgnoringCase(_ lowercase: StaticString) -> Bool {
        guard byteCount == lowercase.utf8CodeUnitCount else { return false }
        let expected = unsafe UnsafeRawBufferPointer(
            start: lowercase.utf8Start, count: lowercase.utf8CodeUnitCount)
        for index in 0..<byteCount where unsafe byte(at: index).asciiLowercased != expected[index] {
            return false
        }
        return true
    }

    /// Whether the bytes are those of `other`, ASCII letters compared without regard to case.
    public func equalsIgnoringCase(_ other: RawSpan) -> Bool {
        guard byteCount == other.byteCount else { return false }
        for index in 0..<byteCount
        where byte(at: index).asciiLowercased != other.byte(at: index).asciiLowercased {
            return false
        }
        return true
    }

    /// Whether the bytes are exactly those of `text`.
    @inlinable public func equals(_ text: StaticString) -> Bool {
        guard byteCount == text.utf8CodeUnitCount else { return false }
        let expected = unsafe UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        for index in 0..<byteCount where unsafe byte(at: index) != expected[index] { return false }
        return true
    }

    /// Whether the bytes are exactly the UTF-8 of `text`. Not for literals, which need no string made of them.
    @_disfavoredOverload
    @inlinable public func equals(_ text: String) -> Bool {
        guard byteCount == text.utf8.count else { return false }
        var offset = 0
        for byte in text.utf8 {
            if self.byte(at: offset) != byte { return false }
            offset += 1
        }
        return true
    }

    /// Whether the bytes are those of `other`.
    public func equals(_ other: RawSpan) -> Bool {
        guard byteCount == other.byteCount else { return false }
        for index in 0..<byteCount where byte(at: index) != other.byte(at: index) { return false }
        return true
    }

    /// The whole number that the bytes write in decimal digits and nothing else; nil where they don't, or where there
    /// are more than 18 of them.
    public var wholeNumber: Int? {
        guard byteCount > 0, byteCount <= 18 else { return nil }
        var number = 0
        for index in 0..<byteCount {
            let digit = byte(at: index) &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            number = number * 10 + Int(digit)
        }
        return number
    }

    /// A hash of the bytes, seeded by the process: nobody outside can choose bytes that meet in one place.
    public var seededHash: Int {
        var hasher = Hasher()
        unsafe withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
        return hasher.finalize()
    }

    /// The bytes as text; ill-formed UTF-8 is replaced by U+FFFD. For logs, tests and cold paths.
    public var string: String {
        unsafe withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) }
    }
}

extension UInt8 {
    /// The small hexadecimal digit of a number below 16.
    @inlinable public var hexadecimalDigit: UInt8 {
        self < 10 ? UInt8(ascii: "0") &+ self : UInt8(ascii: "a") &- 10 &+ self
    }

    /// The byte, an ASCII capital turned into its small letter.
    @inlinable public var asciiLowercased: UInt8 {
        self &- UInt8(ascii: "A") < 26 ? self | 0x20 : self
    }
}
