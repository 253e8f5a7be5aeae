public import Bytes

/// What is remembered of one JSON value: its kind and where its text stands in the body. 16 bytes, no references.
///
/// The text itself stays in the body, whose owner keeps it alive and hands it to the accessors that need bytes.
public struct Slot: Sendable, Hashable, BitwiseCopyable {
    /// The kinds of JSON value, and the two states that are none.
    public enum Kind: UInt8, Sendable, Hashable, BitwiseCopyable {
        /// The member did not occur. All-zero bits are a missing slot.
        case missing
        /// `null`
        case null
        /// `false`
        case `false`
        /// `true`
        case `true`
        /// A number, its text unchanged.
        case number
        /// A string; the slice is what stands between the quotes.
        case string
        /// An object; the slice runs from brace to brace.
        case object
        /// A list; the slice runs from bracket to bracket.
        case list
        /// Not JSON: a place that the owner has filled, such as the result of a later call.
        case joined
    }

    /// What a scan learns about a value's text for nothing.
    public struct Flags: OptionSet, Sendable, Hashable, BitwiseCopyable {
        /// The bits.
        public let rawValue: UInt8

        /// Flags of these bits.
        public init(rawValue: UInt8) {
            self.rawValue = rawValue
        }

        /// The string holds at least one escape.
        public static let escaped = Flags(rawValue: 1)
        /// The number has a fraction or an exponent.
        public static let fractional = Flags(rawValue: 2)
        /// The number starts with a minus.
        public static let negative = Flags(rawValue: 4)
        /// The number has an exponent.
        public static let exponent = Flags(rawValue: 8)
    }

    /// The kind of value.
    public var kind: Kind
    /// What is known about its text.
    public var flags: Flags
    /// Free for the owner of a joined slot; 0 elsewhere.
    public var tag: UInt16
    /// First byte of the slice in the body. In a joined slot free for the owner.
    public var offset: UInt32
    /// Bytes of the slice. In a joined slot free for the owner.
    public var length: UInt32
    /// Of an object the first slot of its record, of a list the header before its elements; 0: nothing of it was kept.
    /// In a joined slot free for the owner.
    public var payload: UInt32

    /// A slot of these parts.
    @inlinable public init(
        _ kind: Kind, flags: Flags = [], tag: UInt16 = 0, offset: UInt32 = 0, length: UInt32 = 0, payload: UInt32 = 0
    ) {
        self.kind = kind
        self.flags = flags
        self.tag = tag
        self.offset = offset
        self.length = length
        self.payload = payload
    }

    /// A member that did not occur.
    @inlinable public static var missing: Slot { Slot(.missing) }

    /// A place filled by its owner, with three words of the owner's.
    @inlinable public static func joined(
        tag: UInt16, payload: UInt32, offset: UInt32 = 0, length: UInt32 = 0
    ) -> Slot {
        Slot(.joined, tag: tag, offset: offset, length: length, payload: payload)
    }

    /// The value's bytes in the body: of a string without its quotes, of all others the whole text.
    @inlinable public var range: Range<Int> { Int(offset)..<Int(offset) + Int(length) }

    /// The value's bytes in the body, with the quotes of a string: what an answer copies.
    @inlinable public var rawRange: Range<Int> {
        kind == .string ? Int(offset) - 1..<Int(offset) + Int(length) + 1 : range
    }

    /// Whether the value is missing or `null`.
    @inlinable public var isNullOrMissing: Bool { kind.rawValue <= Kind.null.rawValue }

    /// The bytes of `range` in the body that this slot came from. Valid until the body changes.
    @_lifetime(borrow body)
    public func bytes(in body: ByteBuffer) -> RawSpan {
        let span = body.bytes.extracting(range)
        return unsafe _overrideLifetime(span, borrowing: body)
    }
}

extension ByteBuffer {
    /// Appends the text of `slot` as it stands in `body`: a string with its quotes, everything else verbatim. Traps where
    /// the slot is not from `body`.
    @inlinable public func append(_ slot: Slot, of body: ByteBuffer) {
        let quotes = slot.kind == .string ? 1 : 0
        let start = Int(slot.offset) &- quotes
        let count = Int(slot.length) &+ quotes &+ quotes
        unsafe body.withUnsafeBytes { bytes in
            // Most texts are short: two copies of fixed length, of which the end is overwritten by what comes next, are
            // cheaper than a call.
            if count <= 32, start >= 0, start &+ count <= bytes.count &- 32, let source = bytes.baseAddress {
                unsafe appendFixed(source + start, count: count)
            } else {
                unsafe append(UnsafeRawBufferPointer(rebasing: bytes[start..<start + count]))
            }
        }
    }

    /// Appends `count` of the 32 bytes that can be read at `source`.
    @inlinable public func appendFixed(_ source: UnsafeRawPointer, count: Int) {
        _ = unsafe appendUnsafe(minimum: 32) { free in
            guard let target = free.baseAddress else { return 0 }
            unsafe target.storeBytes(of: source.loadUnaligned(as: SIMD16<UInt8>.self), as: SIMD16<UInt8>.self)
            let rest = unsafe (source + 16).loadUnaligned(as: SIMD16<UInt8>.self)
            unsafe (target + 16).storeBytes(of: rest, as: SIMD16<UInt8>.self)
            return count
        }
    }
}
