public import Bytes

/// Takes chunked content apart (RFC 9112 §7.1): a state machine that is fed whatever pieces arrive.
public struct ChunkedDecoder {
    /// What the next bytes of the input are.
    public enum Piece: Equatable, Sendable {
        /// Framing, which is of no interest: drop this many bytes.
        case skip(Int)
        /// This many bytes of content.
        case data(Int)
        /// Nothing can be said before more bytes arrive.
        case needMore
        /// The content and its trailer section are over.
        case end
    }

    /// What the next byte belongs to, and what may follow.
    private enum State {
        /// The first digit of a chunk size; then `sizeDigits`.
        case sizeStart
        /// More digits; then `sizeSpace`, `chunkExtension`, or the LF of the line.
        case sizeDigits
        /// White space after the size; then `chunkExtension` or the LF of the line.
        case sizeSpace
        /// A chunk extension, which is ignored; then the LF of the line.
        case chunkExtension
        /// The LF after a size line's CR; then `data`, or `trailerStart` after a size of 0.
        case sizeLineFeed
        /// Content; then `dataReturn`.
        case data
        /// The CR after a chunk's content; then `dataLineFeed`.
        case dataReturn
        /// The LF after it; then `sizeStart`.
        case dataLineFeed
        /// The start of a trailer line, or the CR of the empty line that ends everything; then `trailer` or `endLineFeed`.
        case trailerStart
        /// A trailer line, which is checked and dropped; then `trailerLineFeed`.
        case trailer
        /// The LF after a trailer line's CR; then `trailerStart`.
        case trailerLineFeed
        /// The LF of the last empty line; then `end`.
        case endLineFeed
        case end
    }

    private var state = State.sizeStart
    private var size = 0
    /// Bytes of the current size line's extension, or of the trailer section so far.
    private var overhead = 0
    private let overheadLimit: Int

    /// A decoder that stands before the first chunk.
    /// - Parameter overheadLimit: how many bytes one chunk's extensions, and the whole trailer section, may have.
    public init(overheadLimit: Int = 8192) {
        self.overheadLimit = overheadLimit
    }

    /// Whether the content and its trailer section are over.
    public var isAtEnd: Bool { if case .end = state { true } else { false } }

    /// Looks at `input` and says what its first bytes are. The caller drops or takes as many as the answer says and
    /// calls again with what follows.
    /// - Throws: `FramingError` 400 for anything but valid chunks. The decoder is of no use then.
    public mutating func next(_ input: RawSpan) throws(FramingError) -> Piece {
        if case .end = state { return .end }
        if case .data = state, input.byteCount > 0 { return takeData(input.byteCount) }
        var index = 0
        while index < input.byteCount {
            try step(input.byte(at: index))
            index += 1
            switch state {
            case .data, .end: return .skip(index)
            default: break
            }
        }
        return index > 0 ? .skip(index) : .needMore
    }

    private mutating func takeData(_ available: Int) -> Piece {
        let count = min(available, size)
        size -= count
        if size == 0 { state = .dataReturn }
        return .data(count)
    }

    private mutating func step(_ byte: UInt8) throws(FramingError) {
        switch state {
        case .sizeStart, .sizeDigits, .sizeSpace, .chunkExtension: try stepSizeLine(byte)
        case .sizeLineFeed:
            try expect(byte, "\n")
            overhead = 0
            state = size == 0 ? .trailerStart : .data
        case .dataReturn:
            try expect(byte, "\r")
            state = .dataLineFeed
        case .dataLineFeed:
            try expect(byte, "\n")
            state = .sizeStart
        case .trailerStart, .trailer: try stepTrailer(byte)
        case .trailerLineFeed:
            try expect(byte, "\n")
            state = .trailerStart
        case .endLineFeed:
            try expect(byte, "\n")
            state = .end
        case .data, .end: break
        }
    }

    private mutating func stepSizeLine(_ byte: UInt8) throws(FramingError) {
        if let digit = ByteClass.hexValue(byte), isInSize {
            if case .sizeStart = state { size = 0 }
            guard size <= Int.max >> 4 else { throw .badRequest("a chunk size that is too large") }
            size = size << 4 | Int(digit)
            state = .sizeDigits
            return
        }
        if case .sizeStart = state { throw .badRequest("a chunk without a size") }
        if byte == UInt8(ascii: "\r") {
            state = .sizeLineFeed
            return
        }
        try countOverhead()
        if case .chunkExtension = state {
            guard ByteClass.isFieldValue(byte) else { throw .badRequest("an invalid byte in a chunk extension") }
        } else if byte == UInt8(ascii: ";") {
            state = .chunkExtension
        } else if ByteClass.isWhitespace(byte) {
            state = .sizeSpace
        } else {
            throw .badRequest("an invalid chunk size")
        }
    }

    private var isInSize: Bool {
        switch state {
        case .sizeStart, .sizeDigits: true
        default: false
        }
    }

    private mutating func stepTrailer(_ byte: UInt8) throws(FramingError) {
        if byte == UInt8(ascii: "\r") {
            if case .trailerStart = state { state = .endLineFeed } else { state = .trailerLineFeed }
            return
        }
        try countOverhead()
        guard ByteClass.isFieldValue(byte) else { throw .badRequest("an invalid byte in a trailer field") }
        state = .trailer
    }

    private mutating func countOverhead() throws(FramingError) {
        overhead += 1
        guard overhead <= overheadLimit else { throw .badRequest("chunk extensions or trailers that are too long") }
    }

    private func expect(_ byte: UInt8, _ expected: Unicode.Scalar) throws(FramingError) {
        guard byte == UInt8(ascii: expected) else { throw .badRequest("a chunk that doesn't end in CRLF") }
    }
}

extension ByteBuffer {
    /// Appends the size line of a chunk of `count` bytes (RFC 9112 §7.1); CRLF must follow the content.
    public func appendChunkHeader(_ count: Int) {
        var shift = 60
        while shift > 0, count >> shift == 0 { shift -= 4 }
        while shift >= 0 {
            append(UInt8(truncatingIfNeeded: count >> shift & 0xF).hexadecimalDigit)
            shift -= 4
        }
        append("\r\n")
    }

    /// Appends the empty chunk that ends chunked content, without trailers.
    public func appendLastChunk() { append("0\r\n\r\n") }
}
