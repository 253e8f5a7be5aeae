/// Bytes with a meaning in JSON's grammar (RFC 8259 §2).
enum Byte {
    static let quote = UInt8(ascii: "\"")
    static let backslash = UInt8(ascii: "\\")
    static let comma = UInt8(ascii: ",")
    static let colon = UInt8(ascii: ":")
    static let openBrace = UInt8(ascii: "{")
    static let closeBrace = UInt8(ascii: "}")
    static let openBracket = UInt8(ascii: "[")
    static let closeBracket = UInt8(ascii: "]")
    static let minus = UInt8(ascii: "-")
    static let plus = UInt8(ascii: "+")
    static let point = UInt8(ascii: ".")
    static let zero = UInt8(ascii: "0")
    static let space = UInt8(ascii: " ")
}

/// The tokens of JSON, each checked in full, by their place in the text: every function takes the index of a token's
/// first byte and gives the index behind it.
struct Scanner {
    let bytes: PaddedBytes

    @inline(always) init(_ bytes: PaddedBytes) {
        self.bytes = bytes
    }

    /// The deepest nesting that any scan allows: what the bit stack of `skipContainer` holds.
    static let depthLimit = 128

    // MARK: White space

    /// The first index from `index` that holds no white space. Compact and singly spaced texts don't leave this line.
    @inline(always) func skipSpace(_ index: Int) -> Int {
        if bytes[index] > Byte.space { return index }
        if bytes[index] == Byte.space, bytes[index &+ 1] > Byte.space { return index &+ 1 }
        return skipSpaceRuns(index)
    }

    @inline(never) func skipSpaceRuns(_ start: Int) -> Int {
        var index = start
        while true {
            let run = bytes.spaceRun(index)
            index &+= run
            if run < 16 { return index }
        }
    }

    // MARK: Strings

    /// The index of the quote that ends the string whose first byte (behind its opening quote) is at `start`.
    ///
    /// 64 bytes at once: how often a loop over fewer goes round is what a processor can't foresee, and a wrong guess
    /// costs more than all of the comparisons.
    @inline(always) func stringEnd(_ start: Int, _ flags: inout Slot.Flags) throws(JSONError) -> Int {
        var block = start
        while true {
            var stops = bytes.stringStops64(block)
            if stops == 0 {
                block &+= 64
                continue
            }
            repeat {
                let index = block &+ stops.trailingZeroBitCount
                let byte = bytes[index]
                if byte == Byte.quote { return index }
                let next = try skipSpecial(byte, index, &flags)
                let done = next &- block
                if done >= 64 {
                    block = next
                    break
                }
                stops &= ~0 &<< UInt64(truncatingIfNeeded: done)
                if stops == 0 { block &+= 64 }
            } while stops != 0
        }
    }

    /// The same for a name, which is short: 16 bytes at once.
    @inline(always) func nameEnd(_ start: Int, _ flags: inout Slot.Flags) throws(JSONError) -> Int {
        var index = start
        while true {
            let stops = bytes.stringStops(index)
            if stops == 0 {
                index &+= 16
                continue
            }
            index &+= PaddedBytes.first(stops)
            let byte = bytes[index]
            if byte == Byte.quote { return index }
            index = try skipSpecial(byte, index, &flags)
        }
    }

    /// Skips what is neither plain ASCII nor the closing quote: characters beyond ASCII, or an escape.
    @inline(always) private func skipSpecial(
        _ byte: UInt8, _ index: Int, _ flags: inout Slot.Flags
    ) throws(JSONError) -> Int {
        if byte >= 0x80 { return try skipMultibyte(index) }
        flags.insert(.escaped)
        return try skipEscape(index)
    }

    /// Skips the escape at `index`; anything else that may stand there is no part of a string.
    @inline(never) func skipEscape(_ index: Int) throws(JSONError) -> Int {
        guard bytes[index] == Byte.backslash else {
            throw JSONError(index >= bytes.count ? .unexpectedEnd : .controlCharacter, at: index)
        }
        switch bytes[index &+ 1] {
        case Byte.quote, Byte.backslash, UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"), UInt8(ascii: "n"),
            UInt8(ascii: "r"), UInt8(ascii: "t"):
            return index &+ 2
        case UInt8(ascii: "u"):
            for offset in 2..<6 where !isHexDigit(bytes[index &+ offset]) {
                let place = index &+ offset
                throw JSONError(place >= bytes.count ? .unexpectedEnd : .invalidEscape, at: place)
            }
            return index &+ 6
        default:
            throw JSONError(index &+ 1 >= bytes.count ? .unexpectedEnd : .invalidEscape, at: index &+ 1)
        }
    }

    @inline(always) private func isHexDigit(_ byte: UInt8) -> Bool {
        byte &- Byte.zero < 10 || (byte | 0x20) &- UInt8(ascii: "a") < 6
    }

    /// Skips the characters beyond ASCII that start at `start`, each well-formed: no overlong forms, no surrogates,
    /// nothing above U+10FFFF (RFC 3629 §4). Four bytes are looked at as one word, the lead byte lowest.
    @inline(always) func skipMultibyte(_ start: Int) throws(JSONError) -> Int {
        var index = start
        repeat {
            let word = bytes.word32(index)
            if word & 0xC0E0 == 0x80C0, word & 0x1E != 0 {
                index &+= 2
            } else if word & 0xC0_C0F0 == 0x80_80E0, word & 0x200F != 0, word & 0x200F != 0x200D {
                index &+= 3
            } else if word & 0xC0C0_C0F8 == 0x8080_80F0, word & 0x3007 != 0,
                word & 0x04 == 0 || word & 0x3003 == 0
            {
                index &+= 4
            } else {
                throw JSONError(.invalidUTF8, at: index)
            }
        } while bytes[index] >= 0x80
        return index
    }

    // MARK: Numbers and literals

    /// The index behind the number that starts at `start` (RFC 8259 §6).
    @inline(always) func numberEnd(_ start: Int, _ flags: inout Slot.Flags) throws(JSONError) -> Int {
        var index = start
        if bytes[index] == Byte.minus {
            flags.insert(.negative)
            index &+= 1
        }
        let integer = index
        index = digitsEnd(integer)
        if index == integer { throw numberError(index) }
        if bytes[integer] == Byte.zero, index &- integer > 1 { throw JSONError(.invalidNumber, at: integer) }
        // Above "9" stand the exponent and closing brackets, below "0" the point and the comma.
        let next = bytes[index]
        if next == Byte.point || next | 0x20 == UInt8(ascii: "e") {
            flags.insert(.fractional)
            return try fractionEnd(index, &flags)
        }
        return index
    }

    @inline(always) private func digitsEnd(_ start: Int) -> Int {
        var index = start
        while true {
            let run = bytes.digitRun(index)
            index &+= run
            if run < 16 { return index }
        }
    }

    @inline(always) private func fractionEnd(_ start: Int, _ flags: inout Slot.Flags) throws(JSONError) -> Int {
        var index = start
        if bytes[index] == Byte.point {
            let digits = index &+ 1
            index = digitsEnd(digits)
            if index == digits { throw numberError(index) }
        }
        if bytes[index] | 0x20 == UInt8(ascii: "e") {
            flags.insert(.exponent)
            index &+= 1
            if bytes[index] == Byte.plus || bytes[index] == Byte.minus { index &+= 1 }
            let digits = index
            index = digitsEnd(digits)
            if index == digits { throw numberError(index) }
        }
        return index
    }

    @inline(never) private func numberError(_ index: Int) -> JSONError {
        JSONError(index >= bytes.count ? .unexpectedEnd : .invalidNumber, at: index)
    }

    /// The literal that starts at `index`, and its length.
    @inline(always) func literal(_ index: Int) throws(JSONError) -> (kind: Slot.Kind, length: Int) {
        switch bytes.word32(index) {
        case 0x6C6C_756E: return (.null, 4)
        case 0x6575_7274: return (.true, 4)
        case 0x736C_6166 where bytes[index &+ 4] == UInt8(ascii: "e"): return (.false, 5)
        default: throw unexpected(index)
        }
    }

    /// What is wrong at `index`, where no token stands that may stand there.
    @inline(never) func unexpected(_ index: Int) -> JSONError {
        if index >= bytes.count { return JSONError(.unexpectedEnd, at: bytes.count) }
        // A literal that the text cuts short is an early end, not a wrong byte.
        for word in ["true", "false", "null"] {
            let rest = bytes.count - index
            if rest < word.utf8.count, word.utf8.prefix(rest).enumerated().allSatisfy({ bytes[index + $0] == $1 }) {
                return JSONError(.unexpectedEnd, at: bytes.count)
            }
        }
        return JSONError(.unexpectedByte, at: index)
    }

    /// Checks that nothing but white space stands from `index` to the end.
    func end(_ index: Int) throws(JSONError) {
        let index = skipSpace(index)
        if index < bytes.count { throw JSONError(.trailingBytes, at: index) }
    }
}
