/// A route's request or a door's pattern that can't be read.
public struct TemplateError: Error, Equatable, CustomStringConvertible {
    /// Where in the text, in UTF-8 bytes from its start.
    public let offset: Int
    /// What is wrong, in plain words.
    public let reason: String

    init(_ offset: Int, _ reason: String) {
        self.offset = offset
        self.reason = reason
    }

    /// Offset and reason.
    public var description: String { "offset \(offset): \(reason)" }
}

/// What request templates and door patterns have in common: a method, a space, a path.
struct TemplateText {
    let bytes: [UInt8]

    init(_ text: String) { bytes = Array(text.utf8) }

    /// The method's text and where the path begins.
    func method() throws(TemplateError) -> (name: String, pathStart: Int) {
        guard let space = bytes.firstIndex(of: UInt8(ascii: " ")) else {
            throw TemplateError(0, "a method and a path are wanted, as in \"GET /users/{id}\"")
        }
        for index in 0..<space where !(UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(bytes[index]) {
            throw TemplateError(index, "a method is written in capitals")
        }
        guard space > 0 else { throw TemplateError(0, "the method is missing") }
        guard space + 1 < bytes.count, bytes[space + 1] == UInt8(ascii: "/") else {
            throw TemplateError(min(space + 1, bytes.count), "the path begins with \"/\"")
        }
        return (text(0..<space), space + 1)
    }

    func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    /// The name of a variable that begins at `start`, and where it ends.
    func name(from start: Int) throws(TemplateError) -> (name: String, end: Int) {
        var end = start
        while end < bytes.count, TemplateText.isName(bytes[end], first: end == start) { end += 1 }
        guard end > start else { throw TemplateError(start, "a variable has a name of letters, digits and _") }
        return (text(start..<end), end)
    }

    private static func isName(_ byte: UInt8, first: Bool) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): !first
        default: false
        }
    }

    /// Whether `byte` may stand literally in a path or query.
    static func isLiteral(_ byte: UInt8) -> Bool {
        ByteClass.target.contains(byte) && byte != UInt8(ascii: "{") && byte != UInt8(ascii: "}")
    }
}
