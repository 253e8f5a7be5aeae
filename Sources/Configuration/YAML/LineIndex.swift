/// Where the lines of a text begin, in bytes and in Unicode scalars.
///
/// Lines end with LF, CR or CRLF. libyaml also ends them with U+0085, U+2028 and U+2029, which editors and YAML 1.2
/// don't; so its line numbers are not used, only its index.
struct LineIndex {
    private var scalarStarts = [0]
    private var byteStarts = [0]
    private let bytes: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        var scalars = 0
        var previous: UInt8 = 0
        for (offset, byte) in bytes.enumerated() {
            if byte & 0xC0 != 0x80 { scalars += 1 }
            if byte == 0x0A, previous == 0x0D {
                scalarStarts[scalarStarts.count - 1] = scalars
                byteStarts[byteStarts.count - 1] = offset + 1
            } else if byte == 0x0A || byte == 0x0D {
                scalarStarts.append(scalars)
                byteStarts.append(offset + 1)
            }
            previous = byte
        }
    }

    /// The place of the scalar with this index, from 0.
    func mark(ofScalar index: Int) -> Mark {
        let line = Self.line(of: index, in: scalarStarts)
        return Mark(line: line + 1, column: index - scalarStarts[line] + 1)
    }

    /// The place of the scalar that the byte at this offset belongs to.
    func mark(ofByte offset: Int) -> Mark {
        let offset = min(max(0, offset), bytes.count)
        let line = Self.line(of: offset, in: byteStarts)
        let before = bytes[(bytes.startIndex + byteStarts[line])..<(bytes.startIndex + offset)]
        return Mark(line: line + 1, column: before.count { $0 & 0xC0 != 0x80 } + 1)
    }

    /// The last line that begins at or before a position, from 0.
    private static func line(of position: Int, in starts: [Int]) -> Int {
        var low = 0
        var high = starts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if starts[middle] <= position { low = middle } else { high = middle }
        }
        return low
    }
}
