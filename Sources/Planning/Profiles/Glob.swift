/// A case-sensitive pattern in which `*` stands for any run of bytes. Matching takes time linear in the text.
public struct Glob: Sendable {
    /// The pattern as written.
    public let pattern: String
    /// What stands between the stars; one segment if there is no star.
    private let segments: [Segment]

    /// Any text is a pattern.
    public init(_ pattern: String) {
        self.pattern = pattern
        segments = pattern.utf8.split(separator: UInt8(ascii: "*"), omittingEmptySubsequences: false)
            .map { Segment(Array($0)) }
    }

    /// Whether the whole of `text` is as the pattern says.
    public func matches(_ text: RawSpan) -> Bool {
        guard let first = segments.first, let last = segments.last, segments.count > 1 else {
            return text.holds(segments.first?.bytes ?? [])
        }
        guard text.byteCount >= first.bytes.count + last.bytes.count, text.holds(first.bytes, at: 0),
            text.holds(last.bytes, at: text.byteCount - last.bytes.count)
        else { return false }
        // Between the two, the leftmost place of each segment leaves the most for the rest.
        var start = first.bytes.count
        let end = text.byteCount - last.bytes.count
        for segment in segments.dropFirst().dropLast() {
            guard let found = segment.find(in: text, from: start, to: end) else { return false }
            start = found
        }
        return true
    }
}

extension Glob {
    /// Bytes to be searched for as Knuth, Morris and Pratt do.
    private struct Segment: Sendable {
        let bytes: [UInt8]
        /// For each prefix, the length of the longest border.
        private let borders: [Int]

        init(_ bytes: [UInt8]) {
            self.bytes = bytes
            var borders = [Int](repeating: 0, count: bytes.count)
            var length = 0
            for index in bytes.indices.dropFirst() {
                while length > 0, bytes[index] != bytes[length] { length = borders[length - 1] }
                if bytes[index] == bytes[length] { length += 1 }
                borders[index] = length
            }
            self.borders = borders
        }

        /// The offset behind the first occurrence that lies within `start ..< end`.
        func find(in text: RawSpan, from start: Int, to end: Int) -> Int? {
            guard !bytes.isEmpty else { return start }
            var length = 0
            for offset in start..<max(start, end) {
                let byte = unsafe text.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
                while length > 0, byte != bytes[length] { length = borders[length - 1] }
                if byte == bytes[length] { length += 1 }
                if length == bytes.count { return offset + 1 }
            }
            return nil
        }
    }
}
