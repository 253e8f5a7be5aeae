/// A line and a column, both from 1; columns count UTF-16 code units, as editors and GraphQL clients do.
public struct Location: Sendable, Hashable {
    /// The line, from 1.
    public let line: Int
    /// The column in UTF-16 code units, from 1.
    public let column: Int

    /// A place from its line and column.
    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }
}

/// A document's text with the name that problems give it. Syntax nodes keep only byte offsets into it; lines and
/// columns are worked out when a problem is reported.
public final class Source: Sendable {
    /// The text in UTF-8.
    public let bytes: [UInt8]
    /// The file's name, or what stands for one.
    public let name: String
    /// Lines that stand before the first one in the surrounding file.
    public let lineOffset: Int

    /// A source from UTF-8 bytes; bytes that are not UTF-8 become a syntax error when they are lexed.
    public init(bytes: [UInt8], name: String = "GraphQL request", lineOffset: Int = 0) {
        self.bytes = bytes
        self.name = name
        self.lineOffset = lineOffset
    }

    /// A source from text.
    public convenience init(_ text: String, name: String = "GraphQL request", lineOffset: Int = 0) {
        self.init(bytes: Array(text.utf8), name: name, lineOffset: lineOffset)
    }

    /// Where the byte at `offset` stands; an offset past the end counts as the end. Takes time linear in `offset`.
    public func location(at offset: UInt32) -> Location {
        let end = min(Int(offset), bytes.count)
        var line = 1
        var lineStart = 0
        var index = 0
        while index < end {
            switch bytes[index] {
            case UInt8(ascii: "\n"):
                line += 1
                lineStart = index + 1
            case UInt8(ascii: "\r"):
                if index + 1 < bytes.count, bytes[index + 1] == UInt8(ascii: "\n") { index += 1 }
                // An offset between CR and LF still belongs to the line that they end.
                if index < end {
                    line += 1
                    lineStart = index + 1
                }
            default:
                break
            }
            index += 1
        }
        return Location(line: line + lineOffset, column: 1 + utf16Length(of: lineStart..<end))
    }

    /// UTF-16 code units of a range: one for each leading byte, two where a sequence has four bytes.
    private func utf16Length(of range: Range<Int>) -> Int {
        var length = 0
        for index in range {
            let byte = bytes[index]
            if byte & 0xC0 != 0x80 { length += byte >= 0xF0 ? 2 : 1 }
        }
        return length
    }
}

/// A place in one of several sources.
public struct SourcePosition: Sendable {
    /// The document.
    public let source: Source
    /// Byte offset into it.
    public let offset: UInt32

    /// The place of a byte in a source.
    public init(source: Source, offset: UInt32) {
        self.source = source
        self.offset = offset
    }

    /// Its line and column.
    public var location: Location { source.location(at: offset) }
}
