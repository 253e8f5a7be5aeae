/// What a projection kept of one body: a flat arena of slots, the root value at index 0.
///
/// An object's record is a run of slots numbered as its `ShapeBuilder.Node` gave them out; a list's elements are a run
/// of slots too. Reusable: a second run forgets the first and allocates nothing once the arena is large enough.
/// One owner at a time, on one thread. Does not hold the body's bytes.
@safe
public final class ProjectedBody {
    @usableFromInline var arena = SlotStorage(capacity: 64)
    /// Elements of the lists that are still open.
    var scratch = SlotStorage(capacity: 16)
    /// The levels around the current one.
    let levels = UnsafeMutablePointer<Projection.Level>.allocate(capacity: Scanner.depthLimit + 1)
    /// Which member followed which, as this run met them.
    var successors = UnsafeMutablePointer<UInt32>.allocate(capacity: 16)
    var successorCapacity = 16

    /// Most slots that a run may fill before it gives up with `tooLarge`: 16 bytes each. A body of many tiny objects
    /// under a wide shape needs far more room than its text.
    public var maximumSlots = 1 << 23

    /// An empty arena: its root is missing.
    public init() {
        _ = arena.append(missing: 1)
    }

    deinit {
        arena.deallocate()
        scratch.deallocate()
        unsafe levels.deallocate()
        unsafe successors.deallocate()
    }

    /// Forgets everything; the root is missing.
    public func clear() {
        arena.count = 0
        scratch.count = 0
        _ = arena.append(missing: 1)
    }

    /// Forgets everything and makes the root an object with a record of `slotCount` missing slots: a record that no
    /// body gave.
    public func reset(recordOf slotCount: Int) {
        clear()
        let record = arena.append(missing: max(slotCount, 0))
        arena[0] = Slot(.object, payload: UInt32(truncatingIfNeeded: record))
    }

    /// Gives storage back beyond `capacity` slots: an idle pool keeps little. Forgets everything.
    public func shrink(toCapacity capacity: Int) {
        if arena.capacity > max(capacity, 64) {
            arena.deallocate()
            arena = SlotStorage(capacity: max(capacity, 64))
        }
        if scratch.capacity > max(capacity, 16) {
            scratch.deallocate()
            scratch = SlotStorage(capacity: max(capacity, 16))
        }
        clear()
    }

    /// Slots in use, the root's and the list headers' included.
    public var slotCount: Int { arena.count }

    // MARK: Reading and filling

    /// The value of the whole body.
    @inlinable public var root: Slot { self[0] }

    /// The slot at an arena index, as `record(of:)` and `elements(of:)` give them. Traps out of bounds.
    @inlinable public subscript(_ index: Int) -> Slot {
        get {
            precondition(index >= 0 && index < arena.count)
            return unsafe arena.base[index]
        }
        set {
            precondition(index >= 0 && index < arena.count)
            unsafe arena.base[index] = newValue
        }
    }

    /// The arena index of an object's first slot, so that member `m` is at `record(of: object)! + m`. Nil for any other
    /// kind of value, and for an object of which the shape wanted nothing.
    @inlinable public func record(of slot: Slot) -> Int? {
        slot.kind == .object && slot.payload > 0 ? Int(slot.payload) : nil
    }

    /// The arena indexes of a list's elements; empty for any other kind of value, and for a list of which the shape
    /// wanted nothing. Only as many as the shape wanted: see `ShapeBuilder.Node.element`.
    @inlinable public func elements(of slot: Slot) -> Range<Int> {
        guard slot.kind == .list, slot.payload > 0 else { return 0..<0 }
        let header = Int(slot.payload)
        return header + 1..<header + 1 + Int(self[header].payload)
    }

    /// Member `member` of the record that starts at arena index `record`.
    @inlinable public func slot(record: Int, member: Int) -> Slot {
        self[record + member]
    }

    /// Fills member `member` of the record that starts at arena index `record`: what reserved slots are for.
    @inlinable public func setSlot(record: Int, member: Int, _ slot: Slot) {
        self[record + member] = slot
    }

    func prepareSuccessors(_ shape: Shape) {
        let count = shape.successorCount
        if count > successorCapacity {
            unsafe successors.deallocate()
            unsafe successors = UnsafeMutablePointer<UInt32>.allocate(capacity: count)
            successorCapacity = count
        }
        unsafe successors.initialize(from: shape.successors, count: count)
    }
}
