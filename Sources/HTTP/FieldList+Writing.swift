public import Bytes

extension FieldList {
    /// Appends the line at `index` as it goes on the wire, with its CRLF.
    public func appendLine(at index: Int, to buffer: ByteBuffer) {
        let entry = entries[index]
        buffer.reserve(Int(entry.nameCount) + Int(entry.valueCount) + 4)
        buffer.append(name(at: index))
        buffer.append(UInt8(ascii: ":"))
        buffer.append(UInt8(ascii: " "))
        buffer.append(value(at: index))
        buffer.append(UInt8(ascii: "\r"))
        buffer.append(UInt8(ascii: "\n"))
    }

    /// Appends all lines, as they go on the wire.
    public func appendLines(to buffer: ByteBuffer) {
        for index in 0..<count { appendLine(at: index, to: buffer) }
    }
}
