/// A growable run of slots, reused from body to body. A value type, so that a scan can hold it in registers; whoever
/// takes it out of its owner puts it back and frees it once.
@safe
@usableFromInline struct SlotStorage {
    @usableFromInline var base: UnsafeMutablePointer<Slot>
    @usableFromInline var count: Int
    @usableFromInline var capacity: Int

    init(capacity: Int) {
        unsafe base = UnsafeMutablePointer<Slot>.allocate(capacity: capacity)
        count = 0
        self.capacity = capacity
    }

    func deallocate() {
        unsafe base.deallocate()
    }

    /// The slot at `index`, which the caller knows to be below `count`.
    @inline(always) subscript(_ index: Int) -> Slot {
        get {
            assert(index >= 0 && index < count)
            return unsafe base[index]
        }
        nonmutating set {
            assert(index >= 0 && index < count)
            unsafe base[index] = newValue
        }
    }

    /// Adds `added` missing slots and gives the index of the first.
    @inline(always) mutating func append(missing added: Int) -> Int {
        let first = count
        if capacity &- count < added { grow(added) }
        for offset in 0..<added { unsafe (base + (first &+ offset)).initialize(to: .missing) }
        count = first &+ added
        return first
    }

    /// Moves the last `moved` slots of `other` behind a header, and gives the header's index.
    @inline(always) mutating func append(list other: inout SlotStorage, from start: Int) -> Int {
        let moved = other.count &- start
        let header = count
        if capacity &- count < moved &+ 1 { grow(moved &+ 1) }
        unsafe (base + header).initialize(to: Slot(.list, payload: UInt32(truncatingIfNeeded: moved)))
        unsafe (base + (header &+ 1)).initialize(from: other.base + start, count: moved)
        other.count = start
        count = header &+ 1 &+ moved
        return header
    }

    @inline(never) private mutating func grow(_ added: Int) {
        let grown = max(capacity * 2, count + added)
        let storage = UnsafeMutablePointer<Slot>.allocate(capacity: grown)
        unsafe storage.initialize(from: base, count: count)
        unsafe base.deallocate()
        unsafe base = storage
        capacity = grown
    }
}
