import Bytes
import HTTP

extension ByteBuffer {
    convenience init(_ text: String) {
        self.init()
        append(text)
    }
}

/// Parses `text` as one request; nil when it isn't complete.
func parse(_ text: String, _ limits: HeadLimits = HeadLimits()) throws(FramingError) -> RequestHead? {
    var parser = RequestParser()
    let head = RequestHead()
    return try parser.parse(ByteBuffer(text), into: head, limits: limits) ? head : nil
}

/// The status that `text` is refused with; nil when it isn't.
func refusal(_ text: String, _ limits: HeadLimits = HeadLimits()) -> Int? {
    do throws(FramingError) {
        _ = try parse(text, limits)
        return nil
    } catch {
        return error.status
    }
}

/// Calls `body` with the bytes of `text`.
func withBytes<Result>(_ text: String, _ body: (RawSpan) -> Result) -> Result {
    let buffer = ByteBuffer(text)
    return body(buffer.bytes)
}
