internal import Bytes
internal import HTTP

/// Finds the token in a request's fields.
enum TokenSearch {
    enum Result: Equatable {
        case none
        case broken
        /// The line, and the token's bytes in its value.
        case found(line: Int, range: Range<Int>)
    }

    static func find(_ kind: Authentication.Place.Kind, in fields: FieldList) -> Result {
        switch kind {
        case .authorization: findBearer(fields)
        case .header(let name): findHeader(name, fields)
        case .cookie(let name): findCookie(name, fields)
        }
    }

    /// `Authorization: Bearer token` (RFC 6750 §2.1). Another scheme is none of ours; two lines might be read in two ways.
    private static func findBearer(_ fields: FieldList) -> Result {
        guard let line = fields.index(of: .authorization) else { return .none }
        let isAlone = fields.index(of: .authorization, from: line + 1) == nil
        let value = fields.value(at: line)
        guard let start = bearerEnd(value) else {
            guard !isAlone else { return .none }
            let other = fields.index(of: .authorization, from: line + 1) ?? line
            return bearerEnd(fields.value(at: other)) == nil ? .none : .broken
        }
        return isAlone && start < value.byteCount ? .found(line: line, range: start..<value.byteCount) : .broken
    }

    /// Where the token starts behind `Bearer` and its spaces; nil where it is another scheme.
    private static func bearerEnd(_ value: RawSpan) -> Int? {
        let scheme = 6
        guard value.byteCount >= scheme, value.extracting(0..<scheme).equalsIgnoringCase("bearer") else { return nil }
        if value.byteCount == scheme { return scheme }
        var index = scheme
        while index < value.byteCount, value.byte(at: index) == UInt8(ascii: " ") { index += 1 }
        return index > scheme ? index : nil
    }

    private static func findHeader(_ name: String, _ fields: FieldList) -> Result {
        guard let line = fields.index(ofName: name) else { return .none }
        let value = fields.value(at: line)
        let start = bearerEnd(value) ?? 0
        return start < value.byteCount ? .found(line: line, range: start..<value.byteCount) : .broken
    }

    /// The first cookie of that name (RFC 6265 §5.4: the client sends the one of the longest path first).
    private static func findCookie(_ name: String, _ fields: FieldList) -> Result {
        var next = fields.index(of: .cookie)
        while let line = next {
            let value = fields.value(at: line)
            var start = 0
            while start < value.byteCount {
                while start < value.byteCount, value.byte(at: start) == UInt8(ascii: " ") { start += 1 }
                var end = start
                while end < value.byteCount, value.byte(at: end) != UInt8(ascii: ";") { end += 1 }
                var equals = start
                while equals < end, value.byte(at: equals) != UInt8(ascii: "=") { equals += 1 }
                if equals < end, value.extracting(start..<equals).equals(name) {
                    return equals + 1 < end ? .found(line: line, range: equals + 1..<end) : .none
                }
                start = end + 1
            }
            next = fields.index(of: .cookie, from: line + 1)
        }
        return .none
    }
}
