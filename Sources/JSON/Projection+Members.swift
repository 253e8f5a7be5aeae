internal import Bytes

extension Projection {
    /// Reads the name at `index` and gives the member of the current level's node that it names, or -1. Moves `index`
    /// to the start of the value.
    ///
    /// Upstreams write the members of like objects in the same order. So the name that followed last time is compared
    /// first, closing quote and all: on a hit the name needs no scan of its own, since it is known to be well-formed.
    @inline(__always) mutating func member(_ index: inout Int) throws(JSONError) -> Int {
        let bytes = scanner.bytes
        guard bytes[index] == Byte.quote else { throw scanner.unexpected(index) }
        let start = index &+ 1
        if level.node.memberCount == 0 {
            var flags: Slot.Flags = []
            index = try scanner.valueStart(try scanner.stringEnd(start, &flags))
            return -1
        }
        let expected = unsafe Int(successors[level.last])
        let wanted = shape.member(expected)
        if bytes.word64(start) & wanted.quotedMask == wanted.quotedPrefix,
            wanted.length < 8 || shape.matchesRest(of: wanted, in: bytes, at: start, extra: 1)
        {
            level.last = expected
            index = try scanner.valueStart(start &+ Int(wanted.length))
            return expected
        }
        return try searchMember(start, &index)
    }

    /// Reads the name whose first byte is at `start`, and looks it up.
    @inline(__always) private mutating func searchMember(
        _ start: Int, _ index: inout Int
    ) throws(JSONError) -> Int {
        var flags: Slot.Flags = []
        let quote = try scanner.stringEnd(start, &flags)
        index = try scanner.valueStart(quote)
        let found =
            flags.contains(.escaped)
            ? try findEscaped(start, quote)
            : shape.find(level.node, in: scanner.bytes, at: start, length: quote &- start)
        if found >= 0 {
            unsafe successors[level.last] = UInt32(truncatingIfNeeded: found)
            level.last = found
        }
        return found
    }

    /// The same for a name with escapes, which count as what they stand for.
    @inline(never) private func findEscaped(_ start: Int, _ quote: Int) throws(JSONError) -> Int {
        text.clear()
        unescape(scanner.bytes, start..<quote, into: text)
        return try text.withPaddedBytes { (name) throws(JSONError) in
            shape.find(level.node, in: name, at: 0, length: name.count)
        }
    }
}
