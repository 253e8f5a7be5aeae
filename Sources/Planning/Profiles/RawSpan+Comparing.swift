extension RawSpan {
    /// Whether it holds exactly these bytes.
    func holds(_ other: [UInt8]) -> Bool { byteCount == other.count && holds(other, at: 0) }

    /// Whether these bytes stand at `offset`, where there is room for them. Eight bytes a step.
    func holds(_ other: [UInt8], at offset: Int) -> Bool {
        precondition(offset >= 0 && other.count <= byteCount - offset)
        let bytes = unsafe other.span.bytes
        let wordEnd = other.count & ~7
        var index = 0
        while index < wordEnd {
            let left = unsafe unsafeLoadUnaligned(fromUncheckedByteOffset: offset + index, as: UInt64.self)
            let right = unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: index, as: UInt64.self)
            if left != right { return false }
            index += 8
        }
        while index < other.count {
            let left = unsafe unsafeLoad(fromUncheckedByteOffset: offset + index, as: UInt8.self)
            if left != other[index] { return false }
            index += 1
        }
        return true
    }

    /// Whether it holds exactly the UTF-8 of `text`.
    func holds(text: String) -> Bool {
        guard byteCount == text.utf8.count else { return false }
        var offset = 0
        for byte in text.utf8 {
            guard unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self) == byte else { return false }
            offset += 1
        }
        return true
    }
}
