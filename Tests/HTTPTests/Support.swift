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

/// A repeatable source of randomness.
struct Seeded: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
