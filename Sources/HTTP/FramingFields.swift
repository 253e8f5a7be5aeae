internal import Bytes

/// What the fields of a head say about framing and the connection, read in one pass.
struct FramingFields {
    /// What Transfer-Encoding says (RFC 9112 §6.1).
    enum TransferCoding {
        case absent
        case chunked
        /// Codings that we don't undo, `chunked` last.
        case unsupported
        /// `chunked` isn't last, or stands there twice: the length can't be told.
        case faulty
    }

    private(set) var contentLength: Int?
    private(set) var transferCoding = TransferCoding.absent
    private(set) var hosts = 0
    private(set) var isClose = false
    private(set) var isKeepAlive = false
    private(set) var expectsContinue = false

    /// - Throws: 400 for a Content-Length that is no number, too large, or given more than once. Twice the same number
    ///   would be lawful (RFC 9112 §6.3), but nobody honest sends it.
    init(_ fields: FieldList) throws(FramingError) {
        for index in 0..<fields.count {
            switch fields.known(at: index) {
            case .host: hosts += 1
            case .contentLength:
                guard contentLength == nil else { throw .badRequest("more than one Content-Length") }
                contentLength = try FramingFields.length(fields.value(at: index))
            case .transferEncoding: readTransferEncoding(fields.value(at: index))
            case .connection: readConnection(fields.value(at: index))
            case .expect:
                if fields.value(at: index).equalsIgnoringCase("100-continue") { expectsContinue = true }
            default: break
            }
        }
    }

    private static func length(_ value: RawSpan) throws(FramingError) -> Int {
        guard value.byteCount > 0 else { throw .badRequest("an empty Content-Length") }
        var length = 0
        for index in 0..<value.byteCount {
            let digit = value.byte(at: index) &- UInt8(ascii: "0")
            guard digit < 10 else { throw .badRequest("a Content-Length that is no number") }
            let (tens, overflow) = length.multipliedReportingOverflow(by: 10)
            let (sum, carry) = tens.addingReportingOverflow(Int(digit))
            guard !overflow, !carry else { throw .badRequest("a Content-Length that is too large") }
            length = sum
        }
        return length
    }

    private mutating func readTransferEncoding(_ value: RawSpan) {
        if case .absent = transferCoding, value.equalsIgnoringCase("chunked") {
            transferCoding = .chunked
            return
        }
        var chunked = 0
        var isLast = false
        FieldList.forEachMember(in: value) { member in
            isLast = member.equalsIgnoringCase("chunked")
            if isLast { chunked += 1 }
            return true
        }
        let isFirstLine = if case .absent = transferCoding { true } else { false }
        transferCoding = isLast && chunked == 1 && isFirstLine ? .unsupported : .faulty
    }

    private mutating func readConnection(_ value: RawSpan) {
        FieldList.forEachMember(in: value) { member in
            if member.equalsIgnoringCase("close") { isClose = true }
            if member.equalsIgnoringCase("keep-alive") { isKeepAlive = true }
            return true
        }
    }

    /// Whether the connection persists after a message of HTTP/1.`minor` (RFC 9112 §9.3).
    func isPersistent(minor: Int) -> Bool {
        !isClose && (minor >= 1 || isKeepAlive)
    }
}
