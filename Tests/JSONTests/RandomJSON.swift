import TestSupport

/// Random texts and random selections over the same few names.
struct RandomJSON {
    var generator: Seeded

    static let names = [
        "", "a", "b", "id", "name", "seven77", "eight888", "nine99999", "nine99998", "averylongname", "averylongnamf",
        "a name of more than sixteen bytes", "a name of more than sixteen bytez", "é", "日本", "q\"uote", "back\\slash",
        "tab\t", "😀",
    ]

    mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[Int.random(in: 0..<elements.count, using: &generator)]
    }

    mutating func chance(_ share: Double) -> Bool {
        Double.random(in: 0..<1, using: &generator) < share
    }

    mutating func space() -> String {
        chance(0.8) ? "" : pick([" ", "\n", "\t", "\r\n", "  ", "\n                    ", "    "])
    }

    mutating func document(depth: Int = 4) -> String {
        space() + value(depth: depth) + space()
    }

    mutating func value(depth: Int) -> String {
        switch Int.random(in: 0..<(depth > 0 ? 9 : 5), using: &generator) {
        case 0: return pick(["null", "true", "false"])
        case 1: return number()
        case 2, 3: return string(text())
        case 4: return pick(["0", "\"\"", "-1", "\"é\"", "1.5e3"])
        case 5, 6, 7: return object(depth: depth - 1)
        default: return list(depth: depth - 1)
        }
    }

    mutating func object(depth: Int) -> String {
        let members = (0..<pick([0, 1, 2, 3, 6])).map { _ in
            string(pick(Self.names)) + space() + ":" + space() + value(depth: depth)
        }
        return joined(members, "{", "}")
    }

    mutating func list(depth: Int) -> String {
        let likeEachOther = chance(0.5) ? value(depth: depth) : nil
        return joined((0..<pick([0, 1, 2, 5])).map { _ in likeEachOther ?? value(depth: depth) }, "[", "]")
    }

    private mutating func joined(_ parts: [String], _ open: String, _ close: String) -> String {
        var text = open + space()
        for (index, part) in parts.enumerated() { text += (index > 0 ? "," + space() : "") + part + space() }
        return text + close
    }

    mutating func number() -> String {
        let integer = pick([
            "0", "7", "42", "18446744073709551616", "\(UInt64.random(in: 1 ... .max, using: &generator))",
        ])
        return pick(["", "-"]) + integer + pick(["", "", ".5", ".00", ".1234567890123456789"])
            + pick(["", "", "e1", "E-2", "e+10"])
    }

    mutating func text() -> String {
        String((0..<pick([0, 1, 3, 7, 16, 40])).map { _ in pick(Array("abcdefgh 0\"\\/\n\u{1}é東😀")) })
    }

    /// `text` as a JSON string, some of its characters escaped without need.
    mutating func string(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            let mustEscape = scalar == "\"" || scalar == "\\" || scalar.value < 0x20
            if mustEscape || chance(0.05) {
                for unit in String(scalar).utf16 {
                    let digits = String(unit, radix: 16, uppercase: chance(0.5))
                    result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                }
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    mutating func selection(depth: Int = 4) -> Selection {
        guard depth > 0, chance(0.85) else { return Selection() }
        var selection = Selection()
        if chance(0.8) {
            for _ in 0..<pick([0, 1, 3, 8]) {
                selection.members[pick(Self.names)] = self.selection(depth: depth - 1)
            }
        }
        selection.reserved = pick([0, 0, 1, 2])
        if chance(0.6) {
            selection.elements = [self.selection(depth: depth - 1)]
            selection.limit = pick([nil, nil, 1, 2])
        }
        return selection
    }
}

/// What is wanted of a text, as a tree that a test makes.
struct Selection {
    var members: [String: Selection] = [:]
    var reserved = 0
    /// None, or what is wanted of every element.
    var elements: [Selection] = []
    var limit: Int?
}
