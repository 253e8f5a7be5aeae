public import Bytes

extension FieldList {
    /// Appends a copy of a field line. The bytes are not checked: what comes from a parsed head has been, and what
    /// comes from elsewhere is checked with `isValidName` and `isValidValue` where it is read in.
    public func append(name: RawSpan, value: RawSpan) {
        append(name: name, value: value, known: KnownField(name))
    }

    /// Appends a line of `field`, under its lower-case name.
    public func append(_ field: KnownField, _ value: RawSpan) {
        let start = text.count
        text.append(field.name)
        finish(start, field.name.utf8CodeUnitCount, field) { $0.append(value) }
    }

    /// Appends a line of `field`, under its lower-case name.
    public func append(_ field: KnownField, _ value: StaticString) {
        let start = text.count
        text.append(field.name)
        finish(start, field.name.utf8CodeUnitCount, field) { $0.append(value) }
    }

    /// Appends a line of `field`, under its lower-case name.
    @_disfavoredOverload
    public func append(_ field: KnownField, _ value: String) {
        let start = text.count
        text.append(field.name)
        finish(start, field.name.utf8CodeUnitCount, field) { $0.append(value) }
    }

    /// Appends a field line with the value that `write` appends to the buffer; it may append and do nothing else.
    public func append(_ field: KnownField, writing write: (ByteBuffer) -> Void) {
        let start = text.count
        text.append(field.name)
        finish(start, field.name.utf8CodeUnitCount, field, write)
    }

    /// Appends a field line.
    public func append(name: StaticString, value: StaticString) {
        let start = text.count
        text.append(name)
        finish(start, name.utf8CodeUnitCount, knownName(at: start)) { $0.append(value) }
    }

    /// Appends a field line.
    @_disfavoredOverload
    public func append(name: String, value: String) {
        let start = text.count
        text.append(name)
        finish(start, text.count - start, knownName(at: start)) { $0.append(value) }
    }

    /// Appends a field line with the value that `write` appends to the buffer; it may append and do nothing else.
    public func append(name: String, writing write: (ByteBuffer) -> Void) {
        let start = text.count
        text.append(name)
        finish(start, text.count - start, knownName(at: start), write)
    }

    /// Appends a copy of the line at `index` of `other`.
    public func append(lineAt index: Int, of other: FieldList) {
        var entry = other.entries[index]
        guard entry.isLine else {
            return append(name: other.name(at: index), value: other.value(at: index), known: entry.known)
        }
        let start = UInt32(truncatingIfNeeded: text.count)
        other.appendLine(at: index, to: text)
        entry.valueStart = start &+ (entry.valueStart &- entry.nameStart)
        entry.nameStart = start
        add(entry)
    }

    /// Removes the lines for which `isRemoved` is true of the index they had; the others keep their order.
    public func removeAll(where isRemoved: (Int) -> Bool) {
        // `isRemoved` reads this list, so the verdicts are gathered before a line moves.
        for index in 0..<entries.count where !isRemoved(index) { kept.append(index) }
        for (target, index) in kept.enumerated() { entries[target] = entries[index] }
        entries.truncate(to: kept.count)
        kept.removeAll(keepingCapacity: true)
    }

    /// Removes all lines of `field`.
    public func remove(_ field: KnownField) {
        if contains(field) { removeAll { known(at: $0) == field } }
    }

    /// Whether `name` is a field name (a token, RFC 9110 §5.1).
    public static func isValidName(_ name: RawSpan) -> Bool {
        let token = ByteClass.token
        for index in 0..<name.byteCount where !token.contains(name.byte(at: index)) { return false }
        return name.byteCount > 0
    }

    /// Whether `value` may stand in a field line (RFC 9110 §5.5): no control but HTAB, so neither CR, LF nor NUL.
    public static func isValidValue(_ value: RawSpan) -> Bool {
        for index in 0..<value.byteCount where !ByteClass.isFieldValue(value.byte(at: index)) { return false }
        return true
    }

    private func append(name: RawSpan, value: RawSpan, known: KnownField?) {
        let start = text.count
        text.append(name)
        finish(start, name.byteCount, known) { $0.append(value) }
    }

    private func knownName(at start: Int) -> KnownField? {
        let text = text
        return KnownField(text.bytes.extracting(start..<text.count))
    }

    private func finish(_ start: Int, _ nameCount: Int, _ known: KnownField?, _ write: (ByteBuffer) -> Void) {
        text.append(": ")
        let valueStart = text.count
        write(text)
        let valueCount = text.count - valueStart
        text.append("\r\n")
        add(
            FieldEntries.Entry(
                nameStart: UInt32(truncatingIfNeeded: start), nameCount: UInt32(truncatingIfNeeded: nameCount),
                valueStart: UInt32(truncatingIfNeeded: valueStart),
                valueCount: UInt32(truncatingIfNeeded: valueCount), known: known, isLine: true))
    }
}
