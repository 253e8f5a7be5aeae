public import Bytes

/// A place in a distributed trace, as the `traceparent` field carries it (W3C Trace Context, level 1).
public struct TraceContext: Hashable, Sendable {
    /// The upper and lower 64 bits of the trace's identity.
    public let traceHigh: UInt64, traceLow: UInt64
    /// The span that what is called is a child of.
    public let span: UInt64
    /// The trace flags; bit 0 says that the caller records the trace.
    public let flags: UInt8

    /// A place in a trace. Neither the trace's identity nor the span is zero.
    public init(traceHigh: UInt64, traceLow: UInt64, span: UInt64, flags: UInt8) {
        self.traceHigh = traceHigh
        self.traceLow = traceLow
        self.span = span
        self.flags = flags
    }

    /// Whether the caller records the trace.
    public var isSampled: Bool { flags & 1 == 1 }

    /// Reads a `traceparent` value (§3.2); nil unless it is valid. A later version than 00 is read as far as it is
    /// known.
    public init?(traceparent value: RawSpan) {
        // version "-" trace-id "-" parent-id "-" trace-flags: 2, 32, 16 and 2 lower-case hexadecimal digits.
        guard value.byteCount >= 55, let version = TraceContext.hex(value, 0..<2), version != 0xFF,
            value.byteCount == 55 || (version > 0 && value.byte(at: 55) == UInt8(ascii: "-"))
        else { return nil }
        for offset in [2, 35, 52] where value.byte(at: offset) != UInt8(ascii: "-") { return nil }
        guard let high = TraceContext.hex(value, 3..<19), let low = TraceContext.hex(value, 19..<35),
            let span = TraceContext.hex(value, 36..<52), let flags = TraceContext.hex(value, 53..<55),
            high | low != 0, span != 0
        else { return nil }
        // Only the lowest flag is defined, and others must not be passed on (§3.2.2.5.2).
        self.init(traceHigh: high, traceLow: low, span: span, flags: UInt8(truncatingIfNeeded: flags) & 1)
    }

    private static func hex(_ value: RawSpan, _ range: Range<Int>) -> UInt64? {
        var number: UInt64 = 0
        for offset in range {
            let byte = value.byte(at: offset)
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): number = number << 4 | UInt64(byte - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): number = number << 4 | UInt64(byte - UInt8(ascii: "a") + 10)
            default: return nil
            }
        }
        return number
    }

    /// The same trace, seen from `span`.
    public func child(span: UInt64) -> TraceContext {
        TraceContext(traceHigh: traceHigh, traceLow: traceLow, span: span, flags: flags)
    }

    /// Appends the 32 digits of the trace's identity, as logs show it.
    func appendTraceID(to text: ByteBuffer) {
        text.appendHex(traceHigh)
        text.appendHex(traceLow)
    }

    /// Appends the `traceparent` value, version 00.
    public func appendTraceparent(to text: ByteBuffer) {
        text.append("00-")
        appendTraceID(to: text)
        text.append(UInt8(ascii: "-"))
        text.appendHex(span)
        text.append(isSampled ? "-01" : "-00")
    }
}
