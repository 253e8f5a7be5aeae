/// What to keep of a JSON text, compiled: per object a table from member name to slot, per list what to keep of its
/// elements. Immutable; made once by `ShapeBuilder` at planning and used by any number of threads.
@safe
public final class Shape: @unchecked Sendable {
    // Sendable by hand: the storage is written by `init` alone.

    /// One object or list level. Index 0 is the leaf: kind and slice are kept, nothing inside.
    struct Node: BitwiseCopyable {
        var slotCount: UInt32 = 0
        var memberCount: UInt32 = 0
        var firstMember: UInt32 = 0
        /// Where its hash table starts, and the mask of table positions (a power of two, less one).
        var table: UInt32 = 0
        var tableMask: UInt32 = 0
        /// The node of a list's elements, and how many of them are wanted: with 0 the list is skipped.
        var elements: UInt32 = 0
        var elementLimit: UInt32 = 0
        /// A bit for each of its names, by `filterBit`: most names that aren't wanted are told by a bit that isn't set.
        var filter: UInt64 = 0
    }

    /// One wanted member.
    struct Member: BitwiseCopyable {
        /// The first eight bytes of the name, the first one lowest, zeros behind a shorter name.
        var prefix: UInt64
        /// The same with the quote that ends the name in the text, where that is within the first eight bytes.
        var quotedPrefix: UInt64
        var quotedMask: UInt64
        var length: UInt32
        /// Where the name starts in the names.
        var name: UInt32
        var slot: UInt32
        /// The node of its value.
        var node: UInt32
    }

    let nodes: UnsafePointer<Node>
    let members: UnsafePointer<Member>
    /// Hash tables of all nodes: member index plus one, 0 where empty.
    let table: UnsafePointer<UInt32>
    /// For every member, and behind them for the start of every node, the member expected next: that of the builder's
    /// order. A run copies this and corrects it by what it meets.
    let successors: UnsafePointer<UInt32>
    /// Names one after the other, 64 zeros behind the last.
    let names: PaddedBytes
    let nodeCount: Int
    let memberCount: Int
    let root: Int

    init(_ root: ShapeBuilder.Node) {
        var compiler = ShapeCompiler()
        self.root = Int(compiler.compile(root))
        nodeCount = compiler.nodes.count
        memberCount = compiler.members.count
        unsafe nodes = Self.copy(compiler.nodes)
        unsafe members = Self.copy(compiler.members)
        unsafe table = Self.copy(compiler.table)
        unsafe successors = Self.copy(compiler.successors)
        let nameCount = compiler.names.count
        compiler.names.append(contentsOf: [UInt8](repeating: 0, count: PaddedBytes.padding))
        names = unsafe PaddedBytes(base: UnsafeRawPointer(Self.copy(compiler.names)), count: nameCount)
    }

    deinit {
        unsafe nodes.deallocate()
        unsafe members.deallocate()
        unsafe table.deallocate()
        unsafe successors.deallocate()
        unsafe names.base.deallocate()
    }

    private static func copy<Element: BitwiseCopyable>(_ elements: [Element]) -> UnsafePointer<Element> {
        let storage = UnsafeMutableBufferPointer<Element>.allocate(capacity: max(elements.count, 1))
        _ = unsafe storage.initialize(from: elements)
        // A buffer of at least one element has an address.
        return unsafe UnsafePointer(storage.baseAddress.unsafelyUnwrapped)
    }

    /// How many successors there are.
    var successorCount: Int { memberCount + nodeCount }

    @inline(always) func node(_ index: Int) -> Node {
        assert(index < nodeCount)
        return unsafe nodes[index]
    }

    @inline(always) func member(_ index: Int) -> Member {
        assert(index < memberCount)
        return unsafe members[index]
    }

    /// Hash of a name by its first eight bytes and its length; multiplied so that the high bits depend on all.
    @inline(always) static func hash(_ prefix: UInt64, _ length: Int) -> UInt32 {
        let mixed = (prefix ^ UInt64(truncatingIfNeeded: length) &* 0x9E37_79B9_7F4A_7C15) &* 0xD6E8_FEB8_6659_FD93
        return UInt32(truncatingIfNeeded: mixed &>> 40)
    }

    /// The bit of a name in its node's filter, by its first byte and its length.
    @inline(always) static func filterBit(_ first: UInt8, _ length: Int) -> UInt64 {
        1 &<< (UInt64(first) &* 7 &+ UInt64(truncatingIfNeeded: length))
    }

    /// The first `length` bytes, at most eight, of `word`; zeros for the rest.
    @inline(always) static func prefix(_ word: UInt64, _ length: Int) -> UInt64 {
        length >= 8 ? word : word & ((1 &<< UInt64(truncatingIfNeeded: length &* 8)) &- 1)
    }

    /// Whether the bytes from `index` on are the rest of a name of more than eight bytes, whose first eight are known
    /// to be equal. `extra` is 1 where the name's closing quote, which stands behind it in the names, must be there.
    @inline(always) func matchesRest(
        of member: Member, in bytes: PaddedBytes, at index: Int, extra: Int
    ) -> Bool {
        let length = Int(member.length) &+ extra
        let name = Int(member.name)
        var offset = 8
        while offset &+ 8 <= length {
            if bytes.word64(index &+ offset) != names.word64(name &+ offset) { return false }
            offset &+= 8
        }
        if offset == length { return true }
        return bytes.word64(index &+ length &- 8) == names.word64(name &+ length &- 8)
    }

    /// The member of `node` whose name is the `length` bytes at `index`, or -1.
    @inline(always) func find(_ node: Node, in bytes: PaddedBytes, at index: Int, length: Int) -> Int {
        let prefix = Self.prefix(bytes.word64(index), length)
        var position = Self.hash(prefix, length) & node.tableMask
        while true {
            let entry = unsafe table[Int(node.table &+ position)]
            if entry == 0 { return -1 }
            let candidate = Int(entry) &- 1
            let wanted = member(candidate)
            if wanted.prefix == prefix, Int(wanted.length) == length,
                length <= 8 || matchesRest(of: wanted, in: bytes, at: index, extra: 0)
            {
                return candidate
            }
            position = (position &+ 1) & node.tableMask
        }
    }
}
