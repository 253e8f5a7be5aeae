/// Pieces of schema documents for whoever writes them as text.
public enum SDLText {
    /// A text as a string value on one line (GraphQL §2.10.4).
    public static func quoted(_ text: String) -> String { Printer.quoted(text) }

    /// A text as a description: a block string where that form can hold it.
    /// - Parameter indentation: what stands before each line but the first.
    public static func description(_ text: String, indentation: String) -> String {
        BlockString.canHold(text) ? BlockString.written(text, indentation: indentation) : Printer.quoted(text)
    }

    /// Whether a text is a name (GraphQL §2.1.9), also one that begins with two underscores.
    public static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, !isDigit(first) else { return false }
        return text.utf8.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || isDigit(byte) || byte == UInt8(ascii: "_")
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
