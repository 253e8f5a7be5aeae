/// A document in YAML or JSON that is no `gateway.yaml`: read with the same bounds, and `${…}` in it is plain text.
public struct YAMLDocument: Sendable {
    /// Levels of nesting that are read.
    public static let maximumDepth = 200

    /// Its root; nil where it is empty, or no YAML, which is a problem then.
    public let root: YAMLNode?
    /// Every problem, sorted by place.
    public let problems: [Problem]

    /// Reads a document. Any thread.
    public init(_ source: SourceFile) {
        let collector = ProblemCollector(file: source.path)
        root = Self.read(source, collector)
        problems = collector.problems.sorted()
    }

    private static func read(_ source: SourceFile, _ problems: ProblemCollector) -> YAMLNode? {
        let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let text = source.bytes.starts(with: byteOrderMark) ? source.bytes[3...] : source.bytes[...]
        do throws(YAMLSyntaxError) {
            var composer = YAMLComposer(
                joiningSurrogates(text), environment: nil, maximumDepth: maximumDepth, problems: problems)
            if let root = try composer.compose() { return root }
            problems.error("the file is empty", at: .start)
        } catch {
            problems.error(error.message, at: error.mark)
        }
        return nil
    }

    /// The text with JSON's pairs of escaped surrogates (RFC 8259 section 7) as the one escape that YAML has for them:
    /// `\ud83d\ude00` as `\U0001f600`. It is two characters shorter, so what follows on its line is reported so much
    /// further left.
    private static func joiningSurrogates(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard text.first(where: { !" \t\r\n".utf8.contains($0) }) == UInt8(ascii: "{") else { return text }
        var result: [UInt8] = []
        var copied = text.startIndex
        var index = text.startIndex
        while let backslash = text[index...].firstIndex(of: UInt8(ascii: "\\")) {
            index = backslash + 2
            guard let high = escapedUnit(text, at: backslash), (0xD800..<0xDC00).contains(high),
                let low = escapedUnit(text, at: backslash + 6), (0xDC00..<0xE000).contains(low)
            else {
                guard index < text.endIndex else { break }
                continue
            }
            result += text[copied..<backslash]
            let digits = String(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00), radix: 16)
            result += Array(("\\U" + String(repeating: "0", count: 8 - digits.utf8.count) + digits).utf8)
            index = backslash + 12
            copied = index
        }
        return copied == text.startIndex ? text : (result + text[copied...])[...]
    }

    /// The code unit that `\u` and four hexadecimal digits at `start` stand for.
    private static func escapedUnit(_ text: ArraySlice<UInt8>, at start: Int) -> Int? {
        guard start + 6 <= text.endIndex, text[start] == UInt8(ascii: "\\"), text[start + 1] == UInt8(ascii: "u") else {
            return nil
        }
        return Int(String(decoding: text[(start + 2)..<(start + 6)], as: UTF8.self), radix: 16)
    }
}
