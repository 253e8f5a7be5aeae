internal import Bytes
internal import HTTP

/// Which calls are the same: route and bound values, that is method, path, query, `headers.set` values and content.
extension ExecutionCall {
    var hasEnded: Bool { if case .none = outcome { false } else { true } }

    /// A hash of all that makes the call what it is.
    var identityHash: Int {
        var hasher = Hasher()
        hasher.combine(route)
        Self.combine(target, into: &hasher)
        if hasContent { Self.combine(contentBuffer, into: &hasher) }
        return hasher.finalize()
    }

    private static func combine(_ buffer: ByteBuffer, into hasher: inout Hasher) {
        unsafe buffer.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
    }

    /// Whether the other call would send the same.
    func hasSameIdentity(as other: ExecutionCall) -> Bool {
        guard route == other.route, hasContent == other.hasContent, fields.count == other.fields.count,
            Self.isSame(target, other.target)
        else { return false }
        if hasContent, !Self.isSame(contentBuffer, other.contentBuffer) { return false }
        let (mine, others) = (fields, other.fields)
        for index in 0..<mine.count {
            guard Self.isSame(mine.name(at: index), others.name(at: index)) else { return false }
            guard Self.isSame(mine.value(at: index), others.value(at: index)) else { return false }
        }
        return true
    }

    private static func isSame(_ left: ByteBuffer, _ right: ByteBuffer) -> Bool {
        isSame(left.bytes, right.bytes)
    }

    private static func isSame(_ left: RawSpan, _ right: RawSpan) -> Bool {
        guard left.byteCount == right.byteCount else { return false }
        let left = Span<UInt8>(_bytes: left)
        let right = Span<UInt8>(_bytes: right)
        for index in left.indices where left[index] != right[index] { return false }
        return true
    }
}
