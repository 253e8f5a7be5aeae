/// Where the fields of a list stand in its text.
///
/// An array behind a class costs a look at its reference count for each line that is read or written; a head has ten
/// of them, and is parsed, copied and written. So this is a bare allocation, whose owner frees it once.
@safe
struct FieldEntries {
    /// Where a field stands.
    struct Entry: BitwiseCopyable {
        var nameStart: UInt32
        var nameCount: UInt32
        var valueStart: UInt32
        var valueCount: UInt32
        var known: KnownField?
        /// Whether the text holds the whole line as it goes on the wire: `name: value`, CRLF.
        var isLine = false

        /// Bytes of such a line.
        var lineCount: Int { Int(nameCount) &+ Int(valueCount) &+ 4 }
    }

    private var base: UnsafeMutablePointer<Entry>
    private(set) var count = 0
    private(set) var capacity: Int

    init(capacity: Int) {
        unsafe base = UnsafeMutablePointer<Entry>.allocate(capacity: capacity)
        self.capacity = capacity
    }

    func deallocate() {
        unsafe base.deallocate()
    }

    /// The entry at `index`. Traps when out of bounds.
    subscript(_ index: Int) -> Entry {
        get {
            precondition(index >= 0 && index < count)
            return unsafe base[index]
        }
        nonmutating set {
            precondition(index >= 0 && index < count)
            unsafe base[index] = newValue
        }
    }

    mutating func append(_ entry: Entry) {
        if count == capacity { move(toCapacity: capacity * 2) }
        unsafe (base + count).initialize(to: entry)
        count += 1
    }

    /// Cuts it to the first `count` entries.
    mutating func truncate(to count: Int) {
        precondition(count >= 0 && count <= self.count)
        self.count = count
    }

    /// Gives storage back beyond `capacity` entries, of which there are no more.
    mutating func shrink(toCapacity capacity: Int) {
        if self.capacity > capacity { move(toCapacity: capacity) }
    }

    private mutating func move(toCapacity capacity: Int) {
        precondition(capacity >= count)
        let storage = UnsafeMutablePointer<Entry>.allocate(capacity: capacity)
        unsafe storage.initialize(from: base, count: count)
        unsafe base.deallocate()
        unsafe base = storage
        self.capacity = capacity
    }
}
