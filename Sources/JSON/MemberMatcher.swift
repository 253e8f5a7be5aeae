internal import Bytes

/// Reads names of members and looks them up in a shape.
///
/// Upstreams write the members of like objects in the same order. So the name that followed last time is compared
/// first, closing quote and all: on a hit the name needs no scan of its own, since it is known to be well-formed.
@safe
struct MemberMatcher {
    let scanner: Scanner
    let shape: Shape
    let nodes: UnsafePointer<Shape.Node>
    let members: UnsafePointer<Shape.Member>
    let successors: UnsafeMutablePointer<UInt32>

    init(_ scanner: Scanner, _ shape: Shape, successors: UnsafeMutablePointer<UInt32>) {
        self.scanner = scanner
        self.shape = shape
        unsafe nodes = shape.nodes
        unsafe members = shape.members
        unsafe self.successors = successors
    }

    /// Reads the name at `index` and gives the member of the level's node that it names, or nil. Moves `index` to the
    /// start of the value.
    @inline(always) func member(
        _ index: inout Int, _ level: inout Projection.Level
    ) throws(JSONError) -> (slot: UInt32, node: UInt32)? {
        let bytes = scanner.bytes
        guard bytes[index] == Byte.quote else { throw scanner.unexpected(index) }
        let start = index &+ 1
        let expected = unsafe successors[Int(level.last)]
        let wanted = unsafe members + Int(expected)
        let word = bytes.word64(start)
        if unsafe word & wanted.pointee.quotedMask == wanted.pointee.quotedPrefix {
            let length = unsafe wanted.pointee.length
            if unsafe length < 8 || shape.matchesRest(of: wanted.pointee, in: bytes, at: start, extra: 1) {
                level.last = expected
                index = try scanner.valueStart(start &+ Int(length))
                return unsafe (wanted.pointee.slot, wanted.pointee.node)
            }
        }
        var flags: Slot.Flags = []
        let quote = try scanner.nameEnd(start, &flags)
        index = try scanner.valueStart(quote)
        let filter = unsafe nodes[Int(level.node)].filter
        if filter & Shape.filterBit(bytes[start], quote &- start) == 0, flags.isEmpty { return nil }
        let found = find(start, quote, flags, level.node)
        if found < 0 { return nil }
        unsafe successors[Int(level.last)] = UInt32(truncatingIfNeeded: found)
        level.last = UInt32(truncatingIfNeeded: found)
        return unsafe (members[found].slot, members[found].node)
    }

    /// The member whose name stands from `start` to the quote at `quote`, or -1.
    @inline(never) private func find(_ start: Int, _ quote: Int, _ flags: Slot.Flags, _ nodeIndex: UInt32) -> Int {
        let node = unsafe nodes + Int(nodeIndex)
        if flags.contains(.escaped) { return unsafe findEscaped(start, quote, node.pointee) }
        return unsafe shape.find(node.pointee, in: scanner.bytes, at: start, length: quote &- start)
    }

    /// The same for a name with escapes, which count as what they stand for.
    private func findEscaped(_ start: Int, _ quote: Int, _ node: Shape.Node) -> Int {
        let text = ByteBuffer(capacity: quote - start + PaddedBytes.padding)
        unescape(scanner.bytes, start..<quote, into: text)
        let found = try? text.withPaddedBytes { (name) throws(JSONError) in
            shape.find(node, in: name, at: 0, length: name.count)
        }
        return found ?? -1
    }
}
