extension Scanner {
    /// Checks the value that starts at `index` and gives its slot; lists and objects are skipped whole.
    /// `depth` is how many more levels may open.
    @inline(always) func value(_ index: Int, depth: Int) throws(JSONError) -> (slot: Slot, end: Int) {
        let first = bytes[index]
        if first == Byte.openBrace || first == Byte.openBracket {
            let end = try skipContainer(index, depth: depth)
            let kind: Slot.Kind = first == Byte.openBrace ? .object : .list
            return (slot(kind, from: index, to: end), end)
        }
        return try scalar(index)
    }

    /// Checks the string, number or literal that starts at `index` and gives its slot.
    @inline(always) func scalar(_ index: Int) throws(JSONError) -> (slot: Slot, end: Int) {
        let first = bytes[index]
        var flags: Slot.Flags = []
        if first == Byte.quote {
            let end = try stringEnd(index &+ 1, &flags)
            return (slot(.string, flags, from: index &+ 1, to: end), end &+ 1)
        }
        if first &- Byte.zero < 10 || first == Byte.minus {
            let end = try numberEnd(index, &flags)
            return (slot(.number, flags, from: index, to: end), end)
        }
        let (kind, length) = try literal(index)
        return (slot(kind, from: index, to: index &+ length), index &+ length)
    }

    @inline(always) func slot(
        _ kind: Slot.Kind, _ flags: Slot.Flags = [], from start: Int, to end: Int
    ) -> Slot {
        Slot(
            kind, flags: flags, offset: UInt32(truncatingIfNeeded: start),
            length: UInt32(truncatingIfNeeded: end &- start))
    }

    /// Checks the value that starts at `index`, keeps nothing of it, and gives the index behind it.
    @inline(always) func skipValue(_ index: Int, depth: Int) throws(JSONError) -> Int {
        let first = bytes[index]
        if first == Byte.openBrace || first == Byte.openBracket { return try skipContainer(index, depth: depth) }
        return try skipScalar(index)
    }

    @inline(always) func skipScalar(_ index: Int) throws(JSONError) -> Int {
        let first = bytes[index]
        var flags: Slot.Flags = []
        if first == Byte.quote { return try stringEnd(index &+ 1, &flags) &+ 1 }
        if first &- Byte.zero < 10 || first == Byte.minus { return try numberEnd(index, &flags) }
        return index &+ (try literal(index).length)
    }

    /// Checks a name and the colon behind it, and gives the index where the value starts.
    @inline(always) private func skipName(_ index: Int) throws(JSONError) -> Int {
        guard bytes[index] == Byte.quote else { throw unexpected(index) }
        var flags: Slot.Flags = []
        return try valueStart(try nameEnd(index &+ 1, &flags))
    }

    /// Checks the colon behind a name whose closing quote is at `quote`, and gives the index where the value starts.
    @inline(always) func valueStart(_ quote: Int) throws(JSONError) -> Int {
        let colon = skipSpace(quote &+ 1)
        guard bytes[colon] == Byte.colon else { throw unexpected(colon) }
        return skipSpace(colon &+ 1)
    }

    /// Checks the list or object that opens at `start` and gives the index behind it.
    ///
    /// One loop for all levels. The levels around the current one are bits of one integer, object or list, so nothing
    /// is called and nothing is allocated, however deep the text goes.
    @inline(never) func skipContainer(_ start: Int, depth: Int) throws(JSONError) -> Int {
        guard depth > 0 else { throw JSONError(.nestedTooDeeply, at: start) }
        var isObject = bytes[start] == Byte.openBrace
        var around: UInt128 = 0
        var level = 0
        var index = skipSpace(start &+ 1)
        var isEmpty = bytes[index] == (isObject ? Byte.closeBrace : Byte.closeBracket)
        while true {
            if !isEmpty {
                if isObject { index = try skipName(index) }
                let first = bytes[index]
                if first == Byte.openBrace || first == Byte.openBracket {
                    level &+= 1
                    guard level < depth else { throw JSONError(.nestedTooDeeply, at: index) }
                    around = around &<< 1 | (isObject ? 1 : 0)
                    isObject = first == Byte.openBrace
                    index = skipSpace(index &+ 1)
                    isEmpty = bytes[index] == (isObject ? Byte.closeBrace : Byte.closeBracket)
                    continue
                }
                index = try skipScalar(index)
            }
            while true {
                index = skipSpace(index)
                let byte = bytes[index]
                if byte == Byte.comma, !isEmpty {
                    index = skipSpace(index &+ 1)
                    break
                }
                guard byte == (isObject ? Byte.closeBrace : Byte.closeBracket) else { throw unexpected(index) }
                index &+= 1
                if level == 0 { return index }
                isEmpty = false
                level &-= 1
                isObject = around & 1 == 1
                around = around &>> 1
            }
        }
    }
}
