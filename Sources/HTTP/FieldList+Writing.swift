public import Bytes

extension FieldList {
    /// Appends the line at `index` as it goes on the wire, with its CRLF.
    public func appendLine(at index: Int, to buffer: ByteBuffer) {
        let entry = entries[index]
        if entry.isLine {
            let text = text
            let start = Int(entry.nameStart)
            buffer.append(text.bytes.extracting(start..<start + entry.lineCount))
            return
        }
        buffer.append(name(at: index))
        buffer.append(": ")
        buffer.append(value(at: index))
        buffer.append("\r\n")
    }

    /// Appends all lines, as they go on the wire.
    public func appendLines(to buffer: ByteBuffer) {
        for index in 0..<count { appendLine(at: index, to: buffer) }
    }
}
