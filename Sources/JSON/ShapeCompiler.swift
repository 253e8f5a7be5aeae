/// Lays a builder's tree out as flat arrays.
struct ShapeCompiler {
    // Node 0 is the leaf.
    var nodes: [Shape.Node] = [Shape.Node()]
    var members: [Shape.Member] = []
    var table: [UInt32] = []
    var names: [UInt8] = []

    var successors: [UInt32] {
        var next = [UInt32](repeating: 0, count: members.count)
        for node in nodes where node.memberCount > 0 {
            let last = node.firstMember + node.memberCount - 1
            for index in node.firstMember..<last { next[Int(index)] = index + 1 }
            next[Int(last)] = node.firstMember
        }
        return next + nodes.map(\.firstMember)
    }

    mutating func compile(_ builder: ShapeBuilder.Node) -> UInt32 {
        guard builder.slotCount > 0 || builder.elementNode != nil else { return 0 }
        let index = nodes.count
        nodes.append(Shape.Node())
        var node = Shape.Node()
        node.slotCount = UInt32(builder.slotCount)
        node.memberCount = UInt32(builder.members.count)
        node.firstMember = UInt32(members.count)
        for (name, child) in builder.members {
            let start = names.count
            append(name, slot: child.slot)
            // Of an empty name the first byte is the quote, here as in a text.
            node.filter |= Shape.filterBit(names[start], name.utf8.count)
        }
        appendTable(of: &node)
        for (offset, member) in builder.members.enumerated() {
            members[Int(node.firstMember) + offset].node = compile(member.node)
        }
        if let elements = builder.elementNode {
            node.elementLimit = UInt32(clamping: builder.elementLimit)
            node.elements = compile(elements)
        }
        nodes[index] = node
        return UInt32(index)
    }

    private mutating func append(_ name: String, slot: Int) {
        let start = names.count
        let bytes = Array(name.utf8)
        names.append(contentsOf: bytes)
        names.append(Byte.quote)
        // A name with characters that JSON must escape never stands in a text as it is: no quoted prefix matches.
        let isPlain = bytes.allSatisfy { $0 >= 0x20 && $0 != Byte.quote && $0 != Byte.backslash }
        let quotedLength = min(bytes.count + 1, 8)
        members.append(
            Shape.Member(
                prefix: Self.word(bytes.prefix(8)),
                quotedPrefix: isPlain ? Self.word(names[start..<start + quotedLength]) : 1,
                quotedMask: isPlain ? Shape.prefix(.max, quotedLength) : 0,
                length: UInt32(bytes.count), name: UInt32(start), slot: UInt32(slot), node: 0))
    }

    private static func word(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Open addressing with linear probing, at most a quarter full, so that most misses end at the first look.
    private mutating func appendTable(of node: inout Shape.Node) {
        var size = 4
        while size < Int(node.memberCount) * 4 { size *= 2 }
        node.table = UInt32(table.count)
        node.tableMask = UInt32(size - 1)
        var positions = [UInt32](repeating: 0, count: size)
        for index in Int(node.firstMember)..<Int(node.firstMember + node.memberCount) {
            var position = Int(Shape.hash(members[index].prefix, Int(members[index].length)) & node.tableMask)
            while positions[position] != 0 { position = (position + 1) & (size - 1) }
            positions[position] = UInt32(index) + 1
        }
        table.append(contentsOf: positions)
    }
}
