public import Bytes

extension ByteBuffer {
    /// Appends the JSON text in `body` without the members and elements that `paths` name, in one pass that checks the
    /// whole text. What is kept is copied as it stands; only around left-out members may white space go.
    ///
    /// On an error nothing is appended. The storage of `body` may grow by some padding.
    public func append(_ body: ByteBuffer, dropping paths: DropPaths) throws(JSONError) {
        let before = count
        reserve(body.count)
        do throws(JSONError) {
            try body.withPaddedBytes { (bytes) throws(JSONError) in
                let filter = DropFilter(scanner: Scanner(bytes), output: self)
                let start = filter.scanner.skipSpace(0)
                let end = try filter.copyValue(start, [paths.root], depth: Projection.maximumDepth)
                try filter.scanner.end(end)
            }
        } catch {
            truncate(to: before)
            throw error
        }
    }
}

/// Copies values, all but what is dropped. Recursion is as deep as the paths, not as the text.
private struct DropFilter {
    let scanner: Scanner
    let output: ByteBuffer

    /// Copies the value that starts at `index`, and gives the index behind it. More than one node can speak of it:
    /// `[0]` and `[*]` both mean the first element.
    func copyValue(_ index: Int, _ nodes: [DropPaths.Node], depth: Int) throws(JSONError) -> Int {
        let first = scanner.bytes[index]
        if first == Byte.openBrace, nodes.contains(where: { !$0.members.isEmpty }) {
            return try copyObject(index, nodes, depth: depth)
        }
        if first == Byte.openBracket, nodes.contains(where: { $0.everyElement != nil || !$0.elements.isEmpty }) {
            return try copyList(index, nodes, depth: depth)
        }
        let end = try scanner.skipValue(index, depth: depth)
        copy(index..<end)
        return end
    }

    private func copyObject(_ start: Int, _ nodes: [DropPaths.Node], depth: Int) throws(JSONError) -> Int {
        guard depth > 0 else { throw JSONError(.nestedTooDeeply, at: start) }
        output.append(Byte.openBrace)
        var index = scanner.skipSpace(start + 1)
        var isFirst = true
        if scanner.bytes[index] != Byte.closeBrace {
            while true {
                guard scanner.bytes[index] == Byte.quote else { throw scanner.unexpected(index) }
                var flags: Slot.Flags = []
                let quote = try scanner.stringEnd(index + 1, &flags)
                let value = try scanner.valueStart(quote)
                let below = try step(nodes, to: scanner.slot(.string, flags, from: index + 1, to: quote))
                let end: Int
                if below.contains(where: \.isDropped) {
                    end = try scanner.skipValue(value, depth: depth - 1)
                } else {
                    if !isFirst { output.append(Byte.comma) }
                    isFirst = false
                    copy(index..<value)
                    end = try copyValue(value, below, depth: depth - 1)
                }
                index = scanner.skipSpace(end)
                guard scanner.bytes[index] == Byte.comma else { break }
                index = scanner.skipSpace(index + 1)
            }
        }
        guard scanner.bytes[index] == Byte.closeBrace else { throw scanner.unexpected(index) }
        output.append(Byte.closeBrace)
        return index + 1
    }

    private func copyList(_ start: Int, _ nodes: [DropPaths.Node], depth: Int) throws(JSONError) -> Int {
        guard depth > 0 else { throw JSONError(.nestedTooDeeply, at: start) }
        output.append(Byte.openBracket)
        var index = scanner.skipSpace(start + 1)
        var isFirst = true
        var position = 0
        if scanner.bytes[index] != Byte.closeBracket {
            while true {
                let below = nodes.flatMap { [$0.everyElement, $0.elements[position]].compactMap(\.self) }
                if below.contains(where: \.isDropped) {
                    index = try scanner.skipValue(index, depth: depth - 1)
                } else {
                    if !isFirst { output.append(Byte.comma) }
                    isFirst = false
                    index = try copyValue(index, below, depth: depth - 1)
                }
                position += 1
                index = scanner.skipSpace(index)
                guard scanner.bytes[index] == Byte.comma else { break }
                index = scanner.skipSpace(index + 1)
            }
        }
        guard scanner.bytes[index] == Byte.closeBracket else { throw scanner.unexpected(index) }
        output.append(Byte.closeBracket)
        return index + 1
    }

    private func step(_ nodes: [DropPaths.Node], to name: Slot) throws(JSONError) -> [DropPaths.Node] {
        var decoded: String?
        if name.flags.contains(.escaped) {
            let text = ByteBuffer(capacity: Int(name.length))
            unescape(scanner.bytes, name.range, into: text)
            decoded = text.string
        }
        var below: [DropPaths.Node] = []
        for node in nodes {
            for member in node.members
            where decoded.map({ $0.utf8.elementsEqual(member.name) }) ?? holds(name, member.name) {
                below.append(member.node)
            }
        }
        return below
    }

    private func holds(_ name: Slot, _ other: [UInt8]) -> Bool {
        guard Int(name.length) == other.count else { return false }
        for offset in other.indices where scanner.bytes[Int(name.offset) + offset] != other[offset] { return false }
        return true
    }

    private func copy(_ range: Range<Int>) {
        unsafe output.append(UnsafeRawBufferPointer(start: scanner.bytes.base + range.lowerBound, count: range.count))
    }
}
