internal import Bytes
internal import JSON

/// An immutable run of plain values, made once per plan and read on every request.
///
/// An `Array` behind a class reference costs reference counting at each look; these tables are read a few times for
/// each field of an answer, so they are a bare allocation. `@unchecked`: nothing changes after `init`.
@safe
struct FlatTable<Element: BitwiseCopyable>: ~Copyable, @unchecked Sendable {
    fileprivate let base: UnsafeMutablePointer<Element>
    let count: Int

    /// A table of `elements`, in order.
    init(_ elements: [Element]) {
        count = elements.count
        unsafe base = UnsafeMutablePointer<Element>.allocate(capacity: max(elements.count, 1))
        for (index, element) in elements.enumerated() {
            unsafe (base + index).initialize(to: element)
        }
    }

    deinit {
        unsafe base.deallocate()
    }

    /// Where `count` elements from `first` on are: for a loop that looks at a few parts of each. Traps where they are out
    /// of bounds; valid as long as the table.
    @unsafe @inline(__always) func elements(from first: Int, count: Int) -> UnsafePointer<Element> {
        precondition(first >= 0 && count >= 0 && first <= self.count &- count)
        return unsafe UnsafePointer(base + first)
    }

    /// The element at `index`. Traps when out of bounds.
    subscript(index: Int) -> Element {
        precondition(index >= 0 && index < count)
        return unsafe base[index]
    }
}

extension FlatTable where Element == UInt8 {
    /// Bytes that a text must have behind what is appended of it.
    static var padding: Int { 32 }

    /// Appends `count` bytes from `start`, usually a few, to `output`. Traps where they and the padding behind them are
    /// out of bounds.
    @inline(__always) func appendShort(from start: Int, count: Int, to output: ByteBuffer) {
        precondition(start >= 0 && count >= 0 && start <= self.count &- count &- Self.padding)
        if count <= 32 {
            unsafe output.appendFixed(UnsafeRawPointer(base + start), count: count)
        } else {
            unsafe output.append(UnsafeRawBufferPointer(start: base + start, count: count))
        }
    }

    /// Appends `count` bytes from `start`, usually a few, and behind them the text of `slot` as it stands in `body`: a
    /// member's name and its value. Traps where the bytes and the padding behind them are out of bounds, or the slot is
    /// not from `body`.
    @inline(__always) func appendMember(
        from start: Int, count: Int, _ slot: Slot, of body: ByteBuffer, to output: ByteBuffer
    ) {
        precondition(start >= 0 && count >= 0 && start <= self.count &- count &- Self.padding)
        let quotes = slot.kind == .string ? 1 : 0
        let first = Int(slot.offset) &- quotes
        let length = Int(slot.length) &+ quotes &+ quotes
        guard count <= 32, length <= 64, first >= 0, first <= body.count &- 64 else {
            appendShort(from: start, count: count, to: output)
            return output.append(slot, of: body)
        }
        // One look for room, and copies of fixed length, each overwriting what the one before it copied too much.
        _ = unsafe body.withUnsafeBytes { text in
            unsafe output.appendUnsafe(minimum: 96) { room in
                guard let target = room.baseAddress, let source = text.baseAddress else { return 0 }
                unsafe copy32(UnsafeRawPointer(base + start), to: target)
                unsafe copy32(source + first, to: target + count)
                if length > 32 { unsafe copy32(source + first + 32, to: target + count + 32) }
                return count &+ length
            }
        }
    }

    /// Appends `count` bytes from `start` to `output`. Traps when out of bounds.
    func append(from start: Int, count: Int, to output: ByteBuffer) {
        precondition(start >= 0 && count >= 0 && start <= self.count - count)
        unsafe output.append(UnsafeRawBufferPointer(start: base + start, count: count))
    }
}

@inline(__always) private func copy32(_ source: UnsafeRawPointer, to target: UnsafeMutableRawPointer) {
    let (first, second) = unsafe (
        source.loadUnaligned(as: SIMD16<UInt8>.self), (source + 16).loadUnaligned(as: SIMD16<UInt8>.self)
    )
    unsafe target.storeBytes(of: first, as: SIMD16<UInt8>.self)
    unsafe (target + 16).storeBytes(of: second, as: SIMD16<UInt8>.self)
}
