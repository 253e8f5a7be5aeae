internal import Bytes
internal import HTTP
internal import Telemetry

extension ResponseHead {
    /// The wait that Retry-After asks for, in nanoseconds (RFC 9110 §10.2.3); nil where there is none.
    ///
    /// A date is measured against the answer's own Date, so that the two clocks need not agree; without one against
    /// ours.
    var retryAfterNanoseconds: UInt64? {
        let fields = fields
        guard let index = fields.index(of: .retryAfter) else { return nil }
        let value = fields.value(at: index)
        // More than nine digits are no wait that anyone means.
        if value.byteCount <= 9, let seconds = value.wholeNumber { return UInt64(seconds) * 1_000_000_000 }
        guard let end = HTTPDate.parse(value) else { return nil }
        var start: Int?
        if let date = fields.firstValue(of: .date) { start = HTTPDate.parse(date) }
        let wait = end - (start ?? Int(WallTime.now.nanoseconds / 1_000_000_000))
        return UInt64(clamping: wait).multipliedSaturating(by: 1_000_000_000)
    }
}

extension UInt64 {
    fileprivate func multipliedSaturating(by other: UInt64) -> UInt64 {
        let (product, overflow) = multipliedReportingOverflow(by: other)
        return overflow ? .max : product
    }
}
