public import Bytes

/// Walks a JSON text from front to back and gives slices of it: for texts that are read once, by hand, such as the
/// body of a GraphQL request.
///
/// The whole text is validated before the first step, so a malformed one is told apart from one that holds something
/// else than was asked for: after `init` only `unexpectedKind` is thrown. Walking a value's inside takes time linear in
/// its text. Nesting is bounded, so a caller may recurse along.
///
/// After `enterObject`, call `nextMember` until it gives nil, and after each name read exactly one value (`value`,
/// `enterObject` … or `enterList` …); after `enterList`, `nextElement` likewise.
public struct JSONCursor {
    /// The text that slices point into.
    public let body: ByteBuffer
    /// Byte offset of what is read next.
    public private(set) var offset: Int
    private let end: Int
    /// Whether the level just entered has not given anything yet: no comma is due.
    private var isAtStart = false

    /// Validates all of `body`, whose storage may grow by some padding, and stands at its value. `maximumDepth` is at
    /// most `Projection.maximumDepth`.
    public init(_ body: ByteBuffer, maximumDepth: Int = Projection.maximumDepth) throws(JSONError) {
        self.body = body
        end = body.count
        offset = try body.withPaddedBytes { (bytes) throws(JSONError) in
            let scanner = Scanner(bytes)
            let start = scanner.skipSpace(0)
            let depth = min(max(maximumDepth, 0), Scanner.depthLimit)
            try scanner.end(try scanner.skipValue(start, depth: depth))
            return start
        }
    }

    /// Stands at a value that an earlier cursor gave, in the same unchanged body.
    public init(_ body: ByteBuffer, at value: Slot) {
        self.body = body
        offset = value.rawRange.lowerBound
        end = min(value.rawRange.upperBound, body.count)
    }

    /// The kind of the value that is read next; missing where there is none.
    public var nextKind: Slot.Kind {
        guard offset < end else { return .missing }
        switch body[offset] {
        case Byte.openBrace: return .object
        case Byte.openBracket: return .list
        case Byte.quote: return .string
        case UInt8(ascii: "t"): return .true
        case UInt8(ascii: "f"): return .false
        case UInt8(ascii: "n"): return .null
        case Byte.minus, Byte.zero...UInt8(ascii: "9"): return .number
        default: return .missing
        }
    }

    /// Reads a value whole and gives its slot; objects and lists with all they hold.
    public mutating func value() throws(JSONError) -> Slot {
        let start = offset
        let (slot, after) = try body.withPaddedBytes { (bytes) throws(JSONError) in
            let (slot, index) = try Scanner(bytes).value(start, depth: Scanner.depthLimit)
            return (slot, Scanner(bytes).skipSpace(index))
        }
        offset = after
        return slot
    }

    /// Enters the object that is read next. Throws `unexpectedKind` if it is none.
    public mutating func enterObject() throws(JSONError) {
        try enter(.object)
    }

    /// Enters the list that is read next. Throws `unexpectedKind` if it is none.
    public mutating func enterList() throws(JSONError) {
        try enter(.list)
    }

    private mutating func enter(_ kind: Slot.Kind) throws(JSONError) {
        guard nextKind == kind else { throw JSONError(.unexpectedKind, at: offset) }
        offset = try body.skippingSpace(from: offset + 1)
        isAtStart = true
    }

    /// The name of the next member, standing at its value; nil, behind the object, when there is none left.
    public mutating func nextMember() throws(JSONError) -> Slot? {
        guard try advance(to: Byte.closeBrace) else { return nil }
        let name = try value()
        guard name.kind == .string, offset < end, body[offset] == Byte.colon else {
            throw JSONError(.unexpectedKind, at: offset)
        }
        offset = try body.skippingSpace(from: offset + 1)
        return name
    }

    /// Whether the list holds another element, standing at it; false, behind the list, when there is none left.
    public mutating func nextElement() throws(JSONError) -> Bool {
        try advance(to: Byte.closeBracket)
    }

    private mutating func advance(to close: UInt8) throws(JSONError) -> Bool {
        guard offset < end else { throw JSONError(.unexpectedKind, at: offset) }
        let wasAtStart = isAtStart
        isAtStart = false
        if body[offset] == close {
            offset = try body.skippingSpace(from: offset + 1)
            return false
        }
        if wasAtStart { return true }
        guard body[offset] == Byte.comma else { throw JSONError(.unexpectedKind, at: offset) }
        offset = try body.skippingSpace(from: offset + 1)
        return true
    }
}

extension ByteBuffer {
    /// The first offset from `offset` on that holds no white space.
    func skippingSpace(from offset: Int) throws(JSONError) -> Int {
        try withPaddedBytes { (bytes) throws(JSONError) in
            offset < bytes.count ? Scanner(bytes).skipSpace(offset) : bytes.count
        }
    }

    /// Checks that the readable bytes are one JSON text. Their storage may grow by some padding.
    public func validateJSON(maximumDepth: Int = Projection.maximumDepth) throws(JSONError) {
        _ = try JSONCursor(self, maximumDepth: maximumDepth)
    }
}
