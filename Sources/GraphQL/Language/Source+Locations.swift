extension Source {
    /// Where the bytes at groups of offsets stand, in one pass over the text: for a document with many errors, where
    /// `location(at:)` would read it again for each.
    public func locations(at groups: [[UInt32]]) -> [[Location]] {
        let wanted = Set(groups.joined().map { min(Int($0), bytes.count) }).sorted()
        var found: [Int: Location] = [:]
        var line = 1
        var column = 1
        var index = 0
        for end in wanted {
            while index < end {
                let byte = bytes[index]
                let isBeforeLineFeed = index + 1 < bytes.count && bytes[index + 1] == UInt8(ascii: "\n")
                if byte == UInt8(ascii: "\n") || (byte == UInt8(ascii: "\r") && !isBeforeLineFeed) {
                    line += 1
                    column = 1
                } else if byte & 0xC0 != 0x80 {
                    // One UTF-16 unit for each leading byte, two where a sequence has four bytes.
                    column += byte >= 0xF0 ? 2 : 1
                }
                index += 1
            }
            found[end] = Location(line: line + lineOffset, column: column)
        }
        return groups.map { group in group.compactMap { found[min(Int($0), bytes.count)] } }
    }
}
