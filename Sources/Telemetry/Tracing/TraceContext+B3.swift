public import Bytes

extension TraceContext {
    /// Reads the value of a `b3` field, `{trace}-{span}[-{sampled}[-{parent}]]` (Zipkin's B3 propagation, single header);
    /// nil unless it names a trace.
    public init?(b3 value: RawSpan) {
        let parts = value.split(at: UInt8(ascii: "-"))
        guard (2...4).contains(parts.count) else { return nil }
        self.init(
            b3Trace: value.extracting(parts[0]), span: value.extracting(parts[1]),
            sampled: parts.count > 2 ? value.extracting(parts[2]) : nil)
    }

    /// Reads the values of `x-b3-traceid`, `x-b3-spanid` and `x-b3-sampled` (B3, multiple headers); nil unless they name
    /// a trace.
    public init?(b3Trace trace: RawSpan, span: RawSpan, sampled: RawSpan?) {
        let digits = trace.byteCount
        guard digits == 16 || digits == 32, span.byteCount == 16,
            let high = digits == 32 ? TraceContext.anyHex(trace, 0..<16) : 0,
            let low = TraceContext.anyHex(trace, (digits - 16)..<digits),
            let parent = TraceContext.anyHex(span, 0..<16),
            high | low != 0, parent != 0
        else { return nil }
        // `d` asks for debugging, which includes sampling. Where nothing is said, the one who reads it decides.
        var isSampled = true
        if let sampled {
            isSampled =
                sampled.byteCount == 1 && [UInt8(ascii: "1"), UInt8(ascii: "d")].contains(sampled.byte(at: 0))
        }
        self.init(traceHigh: high, traceLow: low, span: parent, flags: isSampled ? 1 : 0)
    }

    /// Appends the `b3` value.
    public func appendB3(to text: ByteBuffer) {
        appendTraceID(to: text)
        text.append(UInt8(ascii: "-"))
        text.appendHex(span)
        text.append(isSampled ? "-1" : "-0")
    }

    /// Digits of either case.
    private static func anyHex(_ value: RawSpan, _ range: Range<Int>) -> UInt64? {
        var number: UInt64 = 0
        for offset in range {
            guard let digit = Character(UnicodeScalar(value.byte(at: offset))).hexDigitValue else { return nil }
            number = number << 4 | UInt64(digit)
        }
        return number
    }
}

extension RawSpan {
    /// The ranges between occurrences of `separator`.
    fileprivate func split(at separator: UInt8) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var start = 0
        for offset in 0..<byteCount where byte(at: offset) == separator {
            ranges.append(start..<offset)
            start = offset + 1
        }
        ranges.append(start..<byteCount)
        return ranges
    }
}
