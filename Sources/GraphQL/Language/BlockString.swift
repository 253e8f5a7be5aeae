/// What a block string means, and how a value is written as one (GraphQL §2.10.4, BlockStringValue).
enum BlockString {
    private static func isWhiteSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

    /// The value of the raw lines between the quotes: without the indentation that all lines but the first share, and
    /// without blank lines at either end.
    static func value(ofRawLines lines: [[UInt8]]) -> String {
        let indentation = lines.map { line in line.firstIndex { !isWhiteSpace($0) } }
        guard let first = indentation.firstIndex(where: { $0 != nil }),
            let last = indentation.lastIndex(where: { $0 != nil })
        else { return "" }
        let common = indentation.dropFirst().compactMap(\.self).min() ?? 0
        var value: [UInt8] = []
        for index in first...last {
            if index > first { value.append(UInt8(ascii: "\n")) }
            value += index == 0 ? lines[0][...] : lines[index].dropFirst(common)
        }
        return String(decoding: value, as: UTF8.self)
    }

    /// Whether reading `text` back from a block string gives `text` again: no carriage returns, no blank line at
    /// either end, no indentation that all lines share, and nothing that only an escape can write.
    static func canHold(_ text: String) -> Bool {
        guard !text.utf8.isEmpty else { return false }
        let lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let isBlank = { (line: Substring.UTF8View.SubSequence) in line.allSatisfy(isWhiteSpace) }
        guard let first = lines.first, let last = lines.last, !isBlank(first), !isBlank(last) else { return false }
        let content = lines.filter { !isBlank($0) }
        guard content.contains(where: { line in line.first.map(isWhiteSpace) == false }) else { return false }
        return !text.utf8.contains { $0 < 0x20 && $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\t") || $0 == 0x7F }
    }

    /// `text`, which `canHold` accepts, between triple quotes, its lines behind `indentation`. Quotes stand on lines of
    /// their own unless the text is one short line.
    static func written(_ text: String, indentation: String) -> String {
        let escaped = escapeTripleQuotes(text)
        let isShort = !text.utf8.contains(UInt8(ascii: "\n")) && text.utf8.count <= 70
        // A quote or backslash at the end would run into the closing quotes, a blank at the start would stay.
        if isShort, let last = text.utf8.last, last != UInt8(ascii: "\""), last != UInt8(ascii: "\\") {
            return "\"\"\"\(escaped)\"\"\""
        }
        var result = "\"\"\"\n"
        for line in escaped.unicodeScalars.split(separator: "\n" as Unicode.Scalar, omittingEmptySubsequences: false) {
            result += line.isEmpty ? "\n" : "\(indentation)\(String(line))\n"
        }
        return result + "\(indentation)\"\"\""
    }

    private static func escapeTripleQuotes(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        var quotes = 0
        for scalar in text.unicodeScalars {
            quotes = scalar == "\"" ? quotes + 1 : 0
            if quotes == 3 {
                result.removeLast(2)
                result.append(contentsOf: "\\\"\"\"".unicodeScalars)
                quotes = 0
            } else {
                result.append(scalar)
            }
        }
        return String(result)
    }
}
