/// `${NAME}`, `${NAME:-default}` and `$${` in a text.
struct EnvironmentSubstitution {
    /// The variables; a parameter, so that tests need no process environment.
    let environment: [String: String]

    struct Failure: Error {
        var message: String
    }

    /// The text with its variables filled in. As in a shell, the default also stands for an empty variable.
    func substitute(in text: String) throws(Failure) -> String {
        let bytes = Array(text.utf8)
        guard bytes.contains(UInt8(ascii: "$")) else { return text }
        var result: [UInt8] = []
        var rest = bytes[...]
        while let byte = rest.first {
            if rest.starts(with: Array("$${".utf8)) {
                result += Array("${".utf8)
                rest = rest.dropFirst(3)
            } else if rest.starts(with: Array("${".utf8)) {
                guard let end = rest.firstIndex(of: UInt8(ascii: "}")) else {
                    throw Failure(message: "\"${\" without \"}\"; write \"$${\" where the text itself is meant")
                }
                result += Array(try value(of: String(decoding: rest[(rest.startIndex + 2)..<end], as: UTF8.self)).utf8)
                rest = rest[(end + 1)...]
            } else {
                result.append(byte)
                rest = rest.dropFirst()
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// The value of what stands between the braces.
    private func value(of expression: String) throws(Failure) -> String {
        let bytes = Array(expression.utf8)
        let name = String(decoding: bytes.prefix { Self.isNameByte($0) }, as: UTF8.self)
        let rest = String(decoding: bytes.dropFirst(name.utf8.count), as: UTF8.self)
        let startsWithDigit = bytes.first.map { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ?? true
        guard !startsWithDigit, !name.isEmpty, rest.isEmpty || rest.hasPrefix(":-") else {
            throw Failure(
                message: "\"${\(expression)}\" is neither ${NAME} nor ${NAME:-default}; "
                    + "write \"$${\" where the text itself is meant")
        }
        let value = environment[name]
        if !rest.isEmpty { return value.flatMap { $0.isEmpty ? nil : $0 } ?? String(rest.dropFirst(2)) }
        guard let value else {
            throw Failure(
                message: "the environment variable \(name) is not set; set it, or write ${\(name):-default}")
        }
        return value
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
