public import Bytes

/// One pass over a JSON text: all of it is validated, and what a shape wants is kept as slots.
///
/// Everything is checked, wanted or not: the grammar of every token (RFC 8259), UTF-8 (RFC 3629), nesting, and that
/// only white space follows the value. Of a member that occurs twice the last one counts. No recursion.
@safe
public struct Projection {
    /// Deepest nesting that can be asked for: 128 lists and objects around a value.
    public static let maximumDepth = Scanner.depthLimit

    /// Keeps what `shape` wants of `body` in `result`, whose earlier content is forgotten.
    ///
    /// The readable bytes of `body` stay as they are, but its storage may grow by 64 bytes of padding. Offsets are from
    /// its read end. `maximumDepth` is at most `Projection.maximumDepth`. Throws where the text is not JSON; `result` is
    /// then empty.
    public static func run(
        _ shape: Shape, over body: ByteBuffer, into result: ProjectedBody, maximumDepth: Int = maximumDepth
    ) throws(JSONError) {
        try body.withPaddedBytes { (bytes) throws(JSONError) in
            try run(shape, over: bytes, into: result, maximumDepth: maximumDepth)
        }
    }

    /// The same over bytes that have another owner. They are copied once, since a scan wants padding behind them; the
    /// offsets hold for `bytes` as well.
    public static func run(
        _ shape: Shape, over bytes: RawSpan, into result: ProjectedBody, maximumDepth: Int = maximumDepth
    ) throws(JSONError) {
        let copy = ByteBuffer(capacity: bytes.byteCount + PaddedBytes.padding)
        copy.append(bytes)
        try run(shape, over: copy, into: result, maximumDepth: maximumDepth)
    }

    private static func run(
        _ shape: Shape, over bytes: PaddedBytes, into result: ProjectedBody, maximumDepth: Int
    ) throws(JSONError) {
        result.clear()
        result.prepareSuccessors(shape)
        var projection = Projection(shape, over: bytes, into: result, maximumDepth: maximumDepth)
        do throws(JSONError) {
            try projection.root()
            projection.putBack(result)
        } catch {
            projection.putBack(result)
            result.clear()
            throw error
        }
    }

    /// A list or object that is being read.
    struct Level: BitwiseCopyable {
        /// Its shape.
        var node = Shape.Node()
        var isObject = false
        /// Where its own slot is: in the scratch when a list is around it, else in the arena.
        var destination = 0
        /// Where its text starts.
        var start = 0
        /// Of an object the arena index of its record, of a list the scratch index of its first element.
        var first = 0
        /// Of an object which successor to look up: the last member met, or the node's start.
        var last = 0
    }

    let scanner: Scanner
    let shape: Shape
    let maximumDepth: Int
    let maximumSlots: Int
    let levels: UnsafeMutablePointer<Level>
    let successors: UnsafeMutablePointer<UInt32>
    let text: ByteBuffer
    var arena: SlotStorage
    var scratch: SlotStorage
    var depth = 0
    var level = Level()

    private init(_ shape: Shape, over bytes: PaddedBytes, into result: ProjectedBody, maximumDepth: Int) {
        scanner = Scanner(bytes)
        self.shape = shape
        self.maximumDepth = min(max(maximumDepth, 0), Scanner.depthLimit)
        maximumSlots = result.maximumSlots
        unsafe levels = result.levels
        unsafe successors = result.successors
        text = result.text
        arena = result.arena
        scratch = result.scratch
    }

    private func putBack(_ result: ProjectedBody) {
        result.arena = arena
        result.scratch = scratch
    }

    private mutating func root() throws(JSONError) {
        let bytes = scanner.bytes
        let start = scanner.skipSpace(0)
        let first = bytes[start]
        var index: Int
        if wants(shape.root, first) {
            index = try open(shape.root, at: start, destination: 0)
            index = try contents(index)
        } else {
            let (slot, end) = try scanner.value(start, depth: maximumDepth)
            arena[0] = slot
            index = end
        }
        try scanner.end(index)
    }

    /// Whether something is kept of the inside of a value that starts with the byte `first`.
    @inline(__always) func wants(_ node: Int, _ first: UInt8) -> Bool {
        if node == 0 { return false }
        if first == Byte.openBrace { return shape.node(node).slotCount > 0 }
        return first == Byte.openBracket && shape.node(node).elementLimit > 0
    }

    /// Enters the list or object that opens at `index`, and gives the index of what follows.
    @inline(__always) mutating func open(
        _ node: Int, at index: Int, destination: Int
    ) throws(JSONError) -> Int {
        guard depth < maximumDepth else { throw JSONError(.nestedTooDeeply, at: index) }
        unsafe levels[depth] = level
        depth &+= 1
        level.node = shape.node(node)
        level.isObject = scanner.bytes[index] == Byte.openBrace
        level.destination = destination
        level.start = index
        if level.isObject {
            level.first = arena.append(missing: Int(level.node.slotCount))
            level.last = shape.memberCount &+ node
        } else {
            level.first = scratch.count
        }
        if arena.count &+ scratch.count > maximumSlots { throw JSONError(.tooLarge, at: index) }
        return scanner.skipSpace(index &+ 1)
    }

    /// Leaves the current level, whose text ends before `end`, and fills its slot.
    @inline(__always) private mutating func close(_ end: Int) {
        var slot = scanner.slot(level.isObject ? .object : .list, from: level.start, to: end)
        if level.isObject {
            slot.payload = UInt32(truncatingIfNeeded: level.first)
        } else if scratch.count > level.first {
            slot.payload = UInt32(truncatingIfNeeded: arena.append(list: &scratch, from: level.first))
        }
        let destination = level.destination
        depth &-= 1
        level = unsafe levels[depth]
        store(slot, at: destination)
    }

    /// Stores a value of the current level.
    @inline(__always) private func store(_ slot: Slot, at destination: Int) {
        if depth == 0 || level.isObject { arena[destination] = slot } else { scratch[destination] = slot }
    }

    /// Reads from `start`, the first byte inside the level just opened, to the end of the outermost one.
    private mutating func contents(_ start: Int) throws(JSONError) -> Int {
        let bytes = scanner.bytes
        var index = start
        var isEmpty = bytes[index] == (level.isObject ? Byte.closeBrace : Byte.closeBracket)
        while true {
            if !isEmpty {
                let (destination, node) = try place(&index)
                let first = bytes[index]
                if destination < 0 {
                    index = try scanner.skipValue(index, depth: maximumDepth &- depth)
                } else if first == Byte.openBrace || first == Byte.openBracket {
                    if wants(node, first) {
                        index = try open(node, at: index, destination: destination)
                        isEmpty = bytes[index] == (level.isObject ? Byte.closeBrace : Byte.closeBracket)
                        continue
                    }
                    let end = try scanner.skipContainer(index, depth: maximumDepth &- depth)
                    store(
                        scanner.slot(first == Byte.openBrace ? .object : .list, from: index, to: end), at: destination)
                    index = end
                } else {
                    let (slot, end) = try scanner.scalar(index)
                    store(slot, at: destination)
                    index = end
                }
            }
            while true {
                index = scanner.skipSpace(index)
                let byte = bytes[index]
                if byte == Byte.comma, !isEmpty {
                    index = scanner.skipSpace(index &+ 1)
                    break
                }
                guard byte == (level.isObject ? Byte.closeBrace : Byte.closeBracket) else {
                    throw scanner.unexpected(index)
                }
                index &+= 1
                isEmpty = false
                close(index)
                if depth == 0 { return index }
            }
        }
    }

    /// Where the value that comes next in the current level is to be kept, and its node; a destination of -1 where it
    /// isn't wanted. Moves `index` over an object member's name to the start of the value.
    @inline(__always) private mutating func place(_ index: inout Int) throws(JSONError) -> (Int, Int) {
        if level.isObject {
            let found = try member(&index)
            if found < 0 { return (-1, 0) }
            let member = shape.member(found)
            return (level.first &+ Int(member.slot), Int(member.node))
        }
        if scratch.count &- level.first >= Int(level.node.elementLimit) { return (-1, 0) }
        if arena.count &+ scratch.count > maximumSlots { throw JSONError(.tooLarge, at: index) }
        return (scratch.append(missing: 1), Int(level.node.elements))
    }
}
