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
        var node: UInt32 = 0
        /// Where its text starts.
        var start: UInt32 = 0
        /// Where its own slot is: in the scratch when a list is around it, else in the arena.
        var destination: UInt32 = 0
        /// Of an object the arena index of its record, of a list the scratch index of its first element.
        var first: UInt32 = 0
        /// Of an object which successor to look up: the last member met, or the node's start. Of a list how far the
        /// scratch may fill.
        var last: UInt32 = 0
        var isObject = true
    }

    let scanner: Scanner
    let shape: Shape
    let maximumDepth: Int
    let maximumSlots: Int
    let levels: UnsafeMutablePointer<Level>
    let matcher: MemberMatcher
    var arena: SlotStorage
    var scratch: SlotStorage
    var depth = 0

    private init(_ shape: Shape, over bytes: PaddedBytes, into result: ProjectedBody, maximumDepth: Int) {
        scanner = Scanner(bytes)
        self.shape = shape
        self.maximumDepth = min(max(maximumDepth, 0), Scanner.depthLimit)
        maximumSlots = result.maximumSlots
        unsafe levels = result.levels
        matcher = unsafe MemberMatcher(scanner, shape, successors: result.successors)
        arena = result.arena
        scratch = result.scratch
    }

    private func putBack(_ result: ProjectedBody) {
        result.arena = arena
        result.scratch = scratch
    }

    private mutating func root() throws(JSONError) {
        let bytes = scanner.bytes
        var index = scanner.skipSpace(0)
        let first = bytes[index]
        if first == Byte.openBrace || first == Byte.openBracket {
            var level = Level()
            if try open(shape.root, &index, 0, &level) { index = try contents(index, level) }
        } else {
            (arena[0], index) = try scanner.scalar(index)
        }
        try scanner.end(index)
    }

    /// Stores a value of the current level.
    @inline(always) private func store(_ slot: Slot, at destination: UInt32, _ level: borrowing Level) {
        if level.isObject { arena[Int(destination)] = slot } else { scratch[Int(destination)] = slot }
    }

    /// Takes the list or object that opens at `index`: enters it if its inside is wanted, moving `index` to what stands
    /// first inside, and gives true; else skips it, moving `index` behind it.
    @inline(always) private mutating func open(
        _ nodeIndex: Int, _ index: inout Int, _ destination: UInt32, _ level: inout Level
    ) throws(JSONError) -> Bool {
        let start = index
        let isObject = scanner.bytes[start] == Byte.openBrace
        let node = shape.node(nodeIndex)
        guard isObject ? node.memberCount > 0 : node.elementLimit > 0 else {
            try skip(node, &index, destination, level)
            return false
        }
        guard depth < maximumDepth else { throw JSONError(.nestedTooDeeply, at: start) }
        unsafe levels[depth] = level
        depth &+= 1
        level.node = UInt32(truncatingIfNeeded: nodeIndex)
        level.isObject = isObject
        level.destination = destination
        level.start = UInt32(truncatingIfNeeded: start)
        if isObject {
            level.first = UInt32(truncatingIfNeeded: arena.append(missing: Int(node.slotCount)))
            level.last = UInt32(truncatingIfNeeded: shape.memberCount &+ nodeIndex)
        } else {
            let first = UInt32(truncatingIfNeeded: scratch.count)
            level.first = first
            level.last = first &+ min(node.elementLimit, UInt32(truncatingIfNeeded: maximumSlots))
        }
        if arena.count > maximumSlots { throw JSONError(.tooLarge, at: start) }
        index = scanner.skipSpace(start &+ 1)
        return true
    }

    /// Skips the list or object that opens at `index`, of whose members nothing is wanted. An object may have slots
    /// that its owner fills.
    @inline(never) private mutating func skip(
        _ node: Shape.Node, _ index: inout Int, _ destination: UInt32, _ level: Level
    ) throws(JSONError) {
        let start = index
        index = try scanner.skipContainer(start, depth: maximumDepth &- depth)
        let isObject = scanner.bytes[start] == Byte.openBrace
        var slot = scanner.slot(isObject ? .object : .list, from: start, to: index)
        if isObject, node.slotCount > 0 {
            slot.payload = UInt32(truncatingIfNeeded: arena.append(missing: Int(node.slotCount)))
            if arena.count > maximumSlots { throw JSONError(.tooLarge, at: start) }
        }
        store(slot, at: destination, level)
    }

    /// Leaves the current level, whose text ends before `end`, and fills its slot.
    @inline(always) private mutating func close(_ end: Int, _ level: inout Level) throws(JSONError) {
        var slot = scanner.slot(level.isObject ? .object : .list, from: Int(level.start), to: end)
        if level.isObject {
            slot.payload = level.first
        } else if scratch.count > Int(level.first) {
            slot.payload = UInt32(truncatingIfNeeded: arena.append(list: &scratch, from: Int(level.first)))
            if arena.count > maximumSlots { throw JSONError(.tooLarge, at: end) }
        }
        let destination = level.destination
        depth &-= 1
        level = unsafe levels[depth]
        store(slot, at: destination, level)
    }

    /// Reads from `start`, the first byte inside the level just opened, to the end of the outermost one.
    private mutating func contents(_ start: Int, _ outermost: Level) throws(JSONError) -> Int {
        let scanner = scanner
        let bytes = scanner.bytes
        let matcher = matcher
        var level = outermost
        var index = start
        var isEmpty = bytes[index] == (level.isObject ? Byte.closeBrace : Byte.closeBracket)
        while true {
            reading: if !isEmpty {
                let place: (slot: UInt32, node: UInt32)
                if level.isObject {
                    guard let wanted = try matcher.member(&index, &level) else {
                        index = try scanner.skipValue(index, depth: maximumDepth &- depth)
                        break reading
                    }
                    place = (level.first &+ wanted.slot, wanted.node)
                } else {
                    guard let element = try element(index, level) else {
                        index = try scanner.skipValue(index, depth: maximumDepth &- depth)
                        break reading
                    }
                    place = element
                }
                let first = bytes[index]
                if first == Byte.openBrace || first == Byte.openBracket {
                    if try open(Int(place.node), &index, place.slot, &level) {
                        isEmpty = bytes[index] == (level.isObject ? Byte.closeBrace : Byte.closeBracket)
                        continue
                    }
                } else {
                    let (slot, end) = try scanner.scalar(index)
                    store(slot, at: place.slot, level)
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
                try close(index, &level)
                if depth == 0 { return index }
            }
        }
    }

    /// Where the list element at `index` is to be kept, and its node; nil where no more are wanted.
    @inline(always) private mutating func element(
        _ index: Int, _ level: Level
    ) throws(JSONError) -> (slot: UInt32, node: UInt32)? {
        if scratch.count >= Int(level.last) {
            // Full by the shape's wish, or by the bound on slots.
            if scratch.count >= maximumSlots { throw JSONError(.tooLarge, at: index) }
            return nil
        }
        return (
            UInt32(truncatingIfNeeded: scratch.append(missing: 1)), unsafe matcher.nodes[Int(level.node)].elements
        )
    }
}
