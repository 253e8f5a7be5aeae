internal import Bytes
internal import Glibc

/// Finds the empty line that ends a head. It remembers how far it has looked, so that a head that arrives byte by byte
/// costs no more than one that comes in one piece.
struct HeadScanner {
    private var scanned = 0
    private var lineStart = 0
    /// Where the CRLF of the start line stands, once it is there.
    private(set) var startLineEnd: Int?

    /// The length of the head with its empty line, or nil if more bytes are needed.
    /// - Throws: 400 for a line that ends in a bare LF (RFC 9112 §2.2; a recipient may take it, but two readers that
    ///   disagree on where a line ends are how requests get smuggled), 414 and 431 for what is too long.
    mutating func headEnd(in buffer: ByteBuffer, _ limits: HeadLimits) throws(FramingError) -> Int? {
        let count = buffer.count
        while let lineFeed = lineFeed(in: buffer, from: scanned) {
            guard lineFeed > lineStart, buffer[lineFeed - 1] == UInt8(ascii: "\r") else {
                throw FramingError.badRequest("a line ends in a bare LF")
            }
            let isEmpty = lineFeed - 1 == lineStart
            if startLineEnd == nil {
                if isEmpty { throw FramingError.badRequest("the start line is empty") }
                if lineFeed - 1 > limits.startLine { throw FramingError(status: 414, "the start line is too long") }
                startLineEnd = lineFeed - 1
            } else if isEmpty {
                if lineFeed + 1 > limits.head { throw FramingError(status: 431, "the head is too large") }
                return lineFeed + 1
            }
            scanned = lineFeed + 1
            lineStart = lineFeed + 1
        }
        scanned = count
        if startLineEnd == nil, count > limits.startLine + 1 {
            throw FramingError(status: 414, "the start line is too long")
        }
        if count >= limits.head { throw FramingError(status: 431, "the head is too large") }
        return nil
    }

    private func lineFeed(in buffer: ByteBuffer, from start: Int) -> Int? {
        unsafe buffer.withUnsafeBytes { bytes in
            guard start < bytes.count, let base = bytes.baseAddress,
                let found = unsafe memchr(base + start, 0x0A, bytes.count - start)
            else { return nil }
            return unsafe UnsafeRawPointer(found) - base
        }
    }
}
