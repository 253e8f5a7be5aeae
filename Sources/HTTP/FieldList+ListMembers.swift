internal import Bytes

extension FieldList {
    /// Calls `body` with each member of the comma-separated lists of all lines of `field`, in order (RFC 9110 §5.6.1):
    /// without white space around it, empty members left out, commas inside quoted strings left alone.
    /// - Parameter body: takes the member; gives false to stop.
    public func forEachMember(of field: KnownField, _ body: (RawSpan) -> Bool) {
        var line = index(of: field)
        while let index = line {
            if !FieldList.forEachMember(in: value(at: index), body) { return }
            line = self.index(of: field, from: index + 1)
        }
    }

    /// Calls `body` with each member of the comma-separated list `value`; see `forEachMember(of:)`.
    /// - Returns: false if `body` stopped it.
    @discardableResult
    public static func forEachMember(in value: RawSpan, _ body: (RawSpan) -> Bool) -> Bool {
        var start = 0
        var index = 0
        var isQuoted = false
        while index <= value.byteCount {
            let byte = index < value.byteCount ? value.byte(at: index) : UInt8(ascii: ",")
            if index == value.byteCount || (byte == UInt8(ascii: ",") && !isQuoted) {
                let member = trimmed(value, start..<index)
                if !member.isEmpty, !body(value.extracting(member)) { return false }
                start = index + 1
            } else if byte == UInt8(ascii: "\"") {
                isQuoted.toggle()
            } else if byte == UInt8(ascii: "\\"), isQuoted {
                index += 1
            }
            index += 1
        }
        return true
    }

    /// Whether a list member of `field` is `token`, in any case: `Connection: close`.
    public func contains(_ field: KnownField, member token: StaticString) -> Bool {
        var isFound = false
        forEachMember(of: field) { member in
            isFound = member.equalsIgnoringCase(token)
            return !isFound
        }
        return isFound
    }

    /// Whether the line at `index` is of this connection only: a hop-by-hop field (RFC 9110 §7.6.1), or one that a
    /// `Connection` field of this list names. Such lines are not passed on.
    public func isHopByHop(at index: Int) -> Bool {
        if let known = known(at: index), known.isHopByHop { return true }
        guard let connection = self.index(of: .connection) else { return false }
        return names(name(at: index), inConnectionFrom: connection)
    }

    private func names(_ name: RawSpan, inConnectionFrom first: Int) -> Bool {
        var line: Int? = first
        while let index = line {
            var isNamed = false
            FieldList.forEachMember(in: value(at: index)) { member in
                isNamed = member.equalsIgnoringCase(name)
                return !isNamed
            }
            if isNamed { return true }
            line = self.index(of: .connection, from: index + 1)
        }
        return false
    }

    /// `range` of `value` without the white space at its ends.
    static func trimmed(_ value: RawSpan, _ range: Range<Int>) -> Range<Int> {
        var start = range.lowerBound
        var end = range.upperBound
        while start < end, ByteClass.isWhitespace(value.byte(at: start)) { start += 1 }
        while end > start, ByteClass.isWhitespace(value.byte(at: end - 1)) { end -= 1 }
        return start..<end
    }
}
