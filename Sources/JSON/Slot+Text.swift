public import Bytes

/// Text of string slots, escapes resolved. `body` is always the buffer that the slot came from, unchanged since.
extension Slot {
    /// Whether the slot is a string that stands for exactly this text. Allocates nothing where there are no escapes.
    public func isString(_ text: StaticString, in body: ByteBuffer) -> Bool {
        unsafe isString(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount), in: body)
    }

    /// Whether the slot is a string that stands for exactly this text.
    public func isString(_ text: String, in body: ByteBuffer) -> Bool {
        var text = text
        return text.withUTF8 { unsafe isString(UnsafeRawBufferPointer($0), in: body) }
    }

    /// Whether the slot is a string that stands for exactly this UTF-8.
    public func isString(_ text: RawSpan, in body: ByteBuffer) -> Bool {
        unsafe text.withUnsafeBytes { unsafe isString($0, in: body) }
    }

    private func isString(_ text: UnsafeRawBufferPointer, in body: ByteBuffer) -> Bool {
        guard kind == .string else { return false }
        guard !flags.contains(.escaped) else {
            // Escapes only ever shorten a text.
            guard text.count < Int(length) else { return false }
            let plain = ByteBuffer(capacity: Int(length))
            appendString(in: body, to: plain)
            return unsafe plain.withUnsafeBytes { unsafe $0.elementsEqual(text) }
        }
        guard text.count == Int(length) else { return false }
        return unsafe body.withUnsafeBytes { bytes in
            unsafe UnsafeRawBufferPointer(rebasing: bytes[range]).elementsEqual(text)
        }
    }

    /// Appends what a string stands for, as UTF-8, to `text`; nothing for any other kind.
    public func appendString(in body: ByteBuffer, to text: ByteBuffer) {
        guard kind == .string else { return }
        unsafe body.withUnsafeBytes { bytes in
            let slice = unsafe UnsafeRawBufferPointer(rebasing: bytes[range])
            guard flags.contains(.escaped), let base = slice.baseAddress else {
                unsafe text.append(slice)
                return
            }
            // Reading an escape never passes the closing quote, which stands behind the slice.
            unsafe unescape(PaddedBytes(base: base, count: slice.count), 0..<slice.count, into: text)
        }
    }

    /// What a string stands for; nil for any other kind.
    public func string(in body: ByteBuffer) -> String? {
        guard kind == .string else { return nil }
        guard flags.contains(.escaped) else {
            return unsafe body.withUnsafeBytes { bytes in
                unsafe String(decoding: bytes[range], as: UTF8.self)
            }
        }
        let text = ByteBuffer(capacity: Int(length))
        appendString(in: body, to: text)
        return text.string
    }

    /// Appends the text under which the value counts as a key or stands in a URI: of a string what it stands for, of
    /// an integral number its canonical digits (so `7`, `7.0` and `"7"` are one key), of any other number its text,
    /// of a boolean `true` or `false`. Gives false, and appends nothing, for null, missing, lists and objects.
    func appendKeyText(in body: ByteBuffer, to text: ByteBuffer) -> Bool {
        switch kind {
        case .string: appendString(in: body, to: text)
        case .number:
            if !appendCanonicalInteger(in: body, to: text) { text.append(self, of: body) }
        case .true, .false: text.append(self, of: body)
        case .missing, .null, .object, .list, .joined: return false
        }
        return true
    }

    /// A hash of what `appendKeyText` appends (FNV-1a, seeded): equal keys have equal hashes. Allocates only for
    /// escapes and for numbers that are not plain digits.
    public func keyHash(in body: ByteBuffer, seed: UInt64) -> UInt64 {
        let isPlain = kind == .string ? !flags.contains(.escaped) : !(kind == .number && !flags.isEmpty)
        if isPlain {
            return unsafe body.withUnsafeBytes { bytes in
                unsafe Self.hash(UnsafeRawBufferPointer(rebasing: bytes[range]), seed: seed)
            }
        }
        let text = ByteBuffer(capacity: Int(length))
        _ = appendKeyText(in: body, to: text)
        return unsafe text.withUnsafeBytes { unsafe Self.hash($0, seed: seed) }
    }

    /// The hash that `keyHash` gives for a key of this text.
    public static func keyHash(of text: RawSpan, seed: UInt64) -> UInt64 {
        unsafe text.withUnsafeBytes { unsafe hash($0, seed: seed) }
    }

    private static func hash(_ bytes: UnsafeRawBufferPointer, seed: UInt64) -> UInt64 {
        var hash = seed ^ 0xCBF2_9CE4_8422_2325
        for index in 0..<bytes.count {
            hash = unsafe (hash ^ UInt64(bytes[index])) &* 0x0000_0100_0000_01B3
        }
        return hash
    }

    /// Whether two values are equal as keys: their `appendKeyText` is the same. The bodies may differ.
    public func isSameKey(_ other: Slot, in body: ByteBuffer, and otherBody: ByteBuffer) -> Bool {
        if kind == other.kind, kind == .string || kind == .number, flags == other.flags,
            !flags.contains(.escaped), flags.isEmpty || kind == .string
        {
            guard length == other.length else { return false }
            return unsafe body.withUnsafeBytes { bytes in
                unsafe otherBody.withUnsafeBytes { otherBytes in
                    unsafe bytes[range].elementsEqual(otherBytes[other.range])
                }
            }
        }
        let text = ByteBuffer(capacity: Int(length))
        let otherText = ByteBuffer(capacity: Int(other.length))
        guard appendKeyText(in: body, to: text), other.appendKeyText(in: otherBody, to: otherText) else {
            return false
        }
        return unsafe text.withUnsafeBytes { bytes in
            unsafe otherText.withUnsafeBytes { unsafe bytes.elementsEqual($0) }
        }
    }
}
