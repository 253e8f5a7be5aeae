internal import Bytes

extension String {
    /// The text as a JSON string, quotes included (RFC 8259 §7). For what isn't on a request's way: that is written
    /// into a buffer at once.
    public var quotedAsJSON: String {
        let buffer = ByteBuffer(capacity: utf8.count + 2)
        buffer.appendJSONString(self)
        return buffer.bytes.string
    }
}
