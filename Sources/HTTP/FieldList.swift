internal import Bytes

/// The fields of one message, in order, duplicates kept, names as they were sent (RFC 9110 §5).
///
/// Made to be used again: `clear` keeps the storage, and a list in steady use allocates nothing. Confined to its
/// owner's thread. Spans that it hands out are valid until it is next changed.
@safe
public final class FieldList {
    let text: ByteBuffer
    var entries = FieldEntries(capacity: 16)
    /// A bit for each known field that there may be a line of: most of those that are looked for aren't there.
    private var present: UInt64 = 0
    /// Scratch of `removeAll`.
    var kept: [Int] = []

    /// An empty list.
    public init() {
        text = ByteBuffer(capacity: 512)
    }

    deinit {
        entries.deallocate()
    }

    /// How many field lines there are.
    public var count: Int { entries.count }

    /// Whether there is no field line.
    public var isEmpty: Bool { entries.count == 0 }

    /// Bytes of all names and values together.
    public var byteCount: Int { text.count }

    /// Forgets all fields and keeps the storage.
    public func clear() {
        text.clear()
        entries.truncate(to: 0)
        present = 0
    }

    /// Adds what has been written to `text`.
    func add(_ entry: FieldEntries.Entry) {
        entries.append(entry)
        if let known = entry.known { present |= Self.bit(of: known) }
    }

    private static func bit(of field: KnownField) -> UInt64 { 1 &<< UInt64(field.rawValue) }

    // MARK: Reading

    /// Which field stands at `index`, if it is one that the gateway knows.
    public func known(at index: Int) -> KnownField? { entries[index].known }

    /// The name of the field line at `index`, as sent.
    @_lifetime(borrow self)
    public func name(at index: Int) -> RawSpan {
        let entry = entries[index]
        return span(Int(entry.nameStart), Int(entry.nameCount))
    }

    /// The value of the field line at `index`, without white space around it.
    @_lifetime(borrow self)
    public func value(at index: Int) -> RawSpan {
        let entry = entries[index]
        return span(Int(entry.valueStart), Int(entry.valueCount))
    }

    @_lifetime(borrow self)
    private func span(_ start: Int, _ count: Int) -> RawSpan {
        let text = text
        let span = text.bytes.extracting(start..<start + count)
        return unsafe _overrideLifetime(span, borrowing: self)
    }

    /// The index of the first line of `field` at or after `start`, or nil.
    public func index(of field: KnownField, from start: Int = 0) -> Int? {
        if present & Self.bit(of: field) == 0 { return nil }
        var index = start
        while index < entries.count {
            if entries[index].known == field { return index }
            index += 1
        }
        return nil
    }

    /// The index of the first line at or after `start` whose name is `name`, in any case, or nil.
    public func index(ofName name: RawSpan, from start: Int = 0) -> Int? {
        var index = start
        while index < entries.count {
            if Int(entries[index].nameCount) == name.byteCount, self.name(at: index).equalsIgnoringCase(name) {
                return index
            }
            index += 1
        }
        return nil
    }

    /// The index of the first line whose name is `name`, in any case, or nil.
    public func index(ofName name: String) -> Int? {
        var name = name
        return name.withUTF8 { bytes in index(ofName: unsafe RawSpan(_unsafeElements: bytes)) }
    }

    /// Whether there is a line of `field`.
    public func contains(_ field: KnownField) -> Bool { index(of: field) != nil }

    /// The value of the first line of `field`, or nil.
    @_lifetime(borrow self)
    public func firstValue(of field: KnownField) -> RawSpan? {
        guard let index = index(of: field) else { return nil }
        return value(at: index)
    }

    /// The name at `index` as text. For cold paths.
    public func nameString(at index: Int) -> String { name(at: index).string }

    /// The value at `index` as text. For cold paths.
    public func valueString(at index: Int) -> String { value(at: index).string }

    /// The first value of `field` as text, or nil. For cold paths.
    public func string(of field: KnownField) -> String? { index(of: field).map { valueString(at: $0) } }

    /// The first value of the field called `name`, in any case, as text, or nil. For cold paths.
    public func string(named name: String) -> String? { index(ofName: name).map { valueString(at: $0) } }
}
