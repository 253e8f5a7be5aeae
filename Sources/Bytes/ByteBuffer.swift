/// Growable contiguous bytes with a read end and a write end: what sockets fill and drain, and what answers are
/// written into.
///
/// One owner at a time, confined to that owner's thread. The readable bytes are `startIndex ..< endIndex` of the
/// storage; `consume` moves the read end, the `append` family the write end. Storage grows by doubling and is never
/// zeroed. Offsets handed out by `count` before an append stay valid as offsets from the read end.
@safe
public final class ByteBuffer {
    @usableFromInline var base: UnsafeMutableRawPointer
    /// Bytes of storage, whether used or not.
    public private(set) var capacity: Int
    @usableFromInline var start: Int
    @usableFromInline var end: Int
    /// The write end when `seal` was called; −1 where it wasn't, or the buffer was emptied or moved since.
    @usableFromInline var sealedEnd = -1

    /// An empty buffer with room for `capacity` bytes.
    public init(capacity: Int = 1024) {
        let capacity = max(capacity, 16)
        unsafe base = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16)
        self.capacity = capacity
        start = 0
        end = 0
    }

    deinit {
        unsafe base.deallocate()
    }

    /// Readable bytes.
    @inlinable public var count: Int { end - start }

    /// Whether nothing is readable.
    @inlinable public var isEmpty: Bool { end == start }

    /// Bytes that can be appended before the storage grows.
    @inlinable public var writableCount: Int { capacity - end }

    /// The readable byte at `offset` from the read end. Traps when out of bounds.
    @inlinable public subscript(offset: Int) -> UInt8 {
        precondition(offset >= 0 && offset < count)
        return unsafe base.load(fromByteOffset: start + offset, as: UInt8.self)
    }

    /// The readable bytes. Valid until the buffer is next changed.
    public var bytes: RawSpan {
        @_lifetime(borrow self)
        get {
            let span = unsafe RawSpan(_unsafeStart: UnsafeRawPointer(base + start), byteCount: count)
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }

    /// Calls `body` with the readable bytes, which are valid for that call only.
    @inlinable public func withUnsafeBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try unsafe body(UnsafeRawBufferPointer(start: base + start, count: count))
    }

    // MARK: Changing

    /// Forgets all bytes and keeps the storage.
    @inlinable public func clear() {
        start = 0
        end = 0
        sealedEnd = -1
    }

    /// Drops `count` bytes at the read end; at most all.
    @inlinable public func consume(_ count: Int) {
        precondition(count >= 0 && count <= self.count)
        start += count
        if start == end { clear() }
    }

    /// Cuts the readable bytes to the first `count`: takes back what was appended after them.
    @inlinable public func truncate(to count: Int) {
        precondition(count >= 0 && count <= self.count)
        end = start + count
        sealedEnd = -1
    }

    /// Makes room for `count` more bytes, moving or growing the storage if needed.
    @inlinable public func reserve(_ count: Int) {
        if capacity - end < count { makeRoom(count) }
    }

    @usableFromInline func makeRoom(_ count: Int) {
        let used = end - start
        if used + count <= capacity, start >= capacity / 2 {
            unsafe base.copyMemory(from: base + start, byteCount: used)
        } else {
            let (doubled, overflow) = capacity.multipliedReportingOverflow(by: 2)
            let grown = max(used + count, overflow ? Int.max : doubled)
            let storage = UnsafeMutableRawPointer.allocate(byteCount: grown, alignment: 16)
            unsafe storage.copyMemory(from: base + start, byteCount: used)
            unsafe base.deallocate()
            unsafe base = storage
            capacity = grown
        }
        start = 0
        end = used
        sealedEnd = -1
    }

    /// Gives the storage back down to `capacity` bytes when nothing is readable: an idle owner keeps little.
    public func shrink(to capacity: Int) {
        guard isEmpty, self.capacity > capacity else { return }
        clear()
        unsafe base.deallocate()
        unsafe base = UnsafeMutableRawPointer.allocate(byteCount: max(capacity, 16), alignment: 16)
        self.capacity = max(capacity, 16)
    }

    /// Zeros that `seal` puts behind the readable bytes.
    public static let sealLength = 64

    /// Whether nothing was appended since `seal`.
    @inlinable public var isSealed: Bool { sealedEnd == end }

    /// Puts `sealLength` zeros behind the readable bytes, which stay as they are, for readers that look ahead: they then
    /// need no room of their own there. A buffer that is sealed may be read by several threads at once, as long as
    /// nobody changes it.
    public func seal() {
        // Others may be reading it already.
        if isSealed { return }
        reserve(Self.sealLength)
        unsafe (base + end).initializeMemory(as: UInt8.self, repeating: 0, count: Self.sealLength)
        sealedEnd = end
    }

    /// Gives `other` the storage of this buffer, with what is readable in it, and takes that of `other`: contents change
    /// places, and nothing is copied.
    public func exchange(with other: ByteBuffer) {
        unsafe swap(&base, &other.base)
        swap(&capacity, &other.capacity)
        swap(&start, &other.start)
        swap(&end, &other.end)
        swap(&sealedEnd, &other.sealedEnd)
    }

    /// Offers `minimum` or more writable bytes to `body`, which returns how many it wrote (a `recv`, a `read`).
    @inlinable public func appendUnsafe<Failure: Error>(
        minimum: Int, _ body: (UnsafeMutableRawBufferPointer) throws(Failure) -> Int
    ) throws(Failure) -> Int {
        reserve(minimum)
        let written = try unsafe body(UnsafeMutableRawBufferPointer(start: base + end, count: capacity - end))
        precondition(written >= 0 && written <= capacity - end)
        end += written
        return written
    }

    /// Appends one byte.
    @inlinable public func append(_ byte: UInt8) {
        reserve(1)
        unsafe base.storeBytes(of: byte, toByteOffset: end, as: UInt8.self)
        end += 1
    }

    /// Appends a copy of `bytes`.
    @inlinable public func append(_ bytes: UnsafeRawBufferPointer) {
        guard let source = bytes.baseAddress, bytes.count > 0 else { return }
        reserve(bytes.count)
        unsafe (base + end).copyMemory(from: source, byteCount: bytes.count)
        end += bytes.count
    }

    /// Appends a copy of `bytes`.
    @inlinable public func append(_ bytes: RawSpan) {
        unsafe bytes.withUnsafeBytes { unsafe append($0) }
    }

    /// Appends a copy of `bytes`.
    @inlinable public func append(_ bytes: Span<UInt8>) {
        unsafe bytes.withUnsafeBytes { unsafe append($0) }
    }

    /// Appends a copy of `bytes`.
    @inlinable public func append(_ bytes: [UInt8]) {
        unsafe bytes.withUnsafeBytes { unsafe append($0) }
    }

    /// Appends the readable bytes of `other`, which keeps them.
    @inlinable public func append(_ other: ByteBuffer) {
        unsafe append(UnsafeRawBufferPointer(start: other.base + other.start, count: other.count))
    }

    /// Appends the UTF-8 of `text`, without a copy in between. Always inlined: a literal of known length is a few stores.
    @inlinable @inline(__always) public func append(_ text: StaticString) {
        unsafe append(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Appends the UTF-8 of `text`.
    @_disfavoredOverload
    @inlinable public func append(_ text: String) {
        let isDone: Void? = unsafe text.utf8.withContiguousStorageIfAvailable {
            unsafe append(UnsafeRawBufferPointer($0))
        }
        if isDone != nil { return }
        var text = text
        text.withUTF8 { unsafe append(UnsafeRawBufferPointer($0)) }
    }

    /// Appends `number` in decimal digits.
    public func append(decimal number: Int) {
        if number < 0 { append(UInt8(ascii: "-")) }
        append(decimal: number.magnitude)
    }

    /// Appends `number` in decimal digits, with zeros in front up to `width`.
    public func append(decimal number: UInt, width: Int = 1) {
        if number < 10, width == 1 { return append(UInt8(truncatingIfNeeded: number) &+ UInt8(ascii: "0")) }
        guard number < 1000, width <= 3 else { return append(longDecimal: number, width: width) }
        // Three digits, the first one lowest, of which those that aren't wanted are shifted out.
        let small = UInt32(truncatingIfNeeded: number)
        let digits = (small / 100 | (small / 10 % 10) << 8 | (small % 10) << 16) &+ 0x30_3030
        let count = max(small >= 100 ? 3 : small >= 10 ? 2 : 1, width)
        reserve(4)
        unsafe base.storeBytes(
            of: (digits >> UInt32(truncatingIfNeeded: 24 &- 8 &* count)).littleEndian, toByteOffset: end,
            as: UInt32.self)
        end += count
    }

    private func append(longDecimal number: UInt, width: Int) {
        var count = 1
        var rest = number
        while rest >= 1000 {
            count += 3
            rest /= 1000
        }
        if rest >= 10 { count += rest >= 100 ? 2 : 1 }
        count = max(count, width)
        reserve(count)
        let storage = unsafe base + end
        rest = number
        var left = count
        // From the last: eight digits at a time, then two.
        while left >= 8 {
            left -= 8
            let digits = Self.eightDigits(UInt64(rest % 100_000_000))
            unsafe storage.storeBytes(of: digits.littleEndian, toByteOffset: left, as: UInt64.self)
            rest /= 100_000_000
        }
        while left > 1 {
            let pair = rest % 100
            rest /= 100
            left -= 2
            // A tenth of what is below 100.
            let tens = (pair &* 205) &>> 11
            let digits = (tens | (pair &- tens &* 10) &<< 8) &+ 0x3030
            unsafe storage.storeBytes(
                of: UInt16(truncatingIfNeeded: digits).littleEndian, toByteOffset: left, as: UInt16.self)
        }
        if left == 1 {
            unsafe storage.storeBytes(of: UInt8(truncatingIfNeeded: rest % 10) &+ UInt8(ascii: "0"), as: UInt8.self)
        }
        end += count
    }

    /// The digits of a number below 100,000,000, the first one lowest: it is halved into lanes of four digits, these into
    /// lanes of two, and these into digits.
    private static func eightDigits(_ number: UInt64) -> UInt64 {
        let fours = number / 10_000 | (number % 10_000) << 32
        // A hundredth of what is below 10,000, then a tenth of what is below 100.
        let hundredths = (fours &* 10_486) >> 20 & 0x0000_007F_0000_007F
        let twos = hundredths | (fours &- hundredths &* 100) << 16
        let tenths = (twos &* 103) >> 10 & 0x000F_000F_000F_000F
        return (tenths | (twos &- tenths &* 10) << 8) &+ 0x3030_3030_3030_3030
    }

    /// Appends the bytes of `number`, lowest first.
    @inlinable public func append<Number: FixedWidthInteger & BitwiseCopyable>(littleEndian number: Number) {
        let size = MemoryLayout<Number>.size
        reserve(size)
        unsafe base.storeBytes(of: number.littleEndian, toByteOffset: end, as: Number.self)
        end += size
    }

    /// The readable bytes as text; ill-formed UTF-8 is replaced by U+FFFD. For logs, tests and cold paths.
    public var string: String {
        unsafe withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) }
    }
}
