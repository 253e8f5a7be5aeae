/// The variables of a path template, and what is wrong with its syntax.
struct PathTemplate {
    struct Variable {
        var name: String
        var isJoined = false
        var isInQuery: Bool
        /// Where its brace stands, in Unicode scalars.
        var offset: Int
    }

    struct Fault: Error {
        var message: String
        var offset: Int
    }

    private(set) var variables: [Variable] = []

    /// Reads `/users/{id}?ids={ids:,}`.
    init(_ text: String) throws(Fault) {
        guard text.utf8.first == UInt8(ascii: "/") else {
            throw Fault(message: "a path begins with \"/\"", offset: 0)
        }
        // Only printable ASCII may stand here, so that bytes and scalars count the same.
        let bytes = Array(text.utf8)
        var isInQuery = false
        var index = 0
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "{"):
                index = try takeVariable(bytes, from: index, isInQuery: isInQuery)
                continue
            case UInt8(ascii: "}"): throw Fault(message: "\"}\" without \"{\"", offset: index)
            case UInt8(ascii: "?"): isInQuery = true
            case UInt8(ascii: "#"): throw Fault(message: "a fragment (#) is never sent", offset: index)
            case let byte where isInQuery ? byte <= 0x20 || byte >= 0x7F : !Characters.isPathByte(byte):
                throw Fault(message: "this character can't stand in a path; percent-encode it", offset: index)
            default: break
            }
            index += 1
        }
        try Self.checkSegments(String(decoding: bytes.prefix { $0 != UInt8(ascii: "?") }, as: UTF8.self))
    }

    /// Takes `{name}` or `{name:,}` and gives the index after it.
    private mutating func takeVariable(_ bytes: [UInt8], from start: Int, isInQuery: Bool) throws(Fault) -> Int {
        guard let end = bytes[start...].firstIndex(of: UInt8(ascii: "}")) else {
            throw Fault(message: "\"{\" without \"}\"", offset: start)
        }
        var name = String(decoding: bytes[(start + 1)..<end], as: UTF8.self)
        let isJoined = name.hasSuffix(":,")
        if isJoined { name.removeLast(2) }
        guard Characters.isName(name) else {
            let hint = name.hasSuffix("...") ? "; here the rest of a path is written without the dots" : ""
            throw Fault(message: "\"{\(Field.clipped(name))}\" is no variable such as {id}\(hint)", offset: start)
        }
        guard !isJoined || isInQuery else {
            throw Fault(message: "a list can only be joined in the query", offset: start)
        }
        variables.append(Variable(name: name, isJoined: isJoined, isInQuery: isInQuery, offset: start))
        return end + 1
    }

    private static func checkSegments(_ path: String) throws(Fault) {
        var offset = 0
        for segment in path.split(separator: "/", omittingEmptySubsequences: false) {
            if segment == "." || segment == ".." {
                throw Fault(message: "a dot segment is never sent; write the path without it", offset: offset)
            }
            offset += segment.utf8.count + 1
        }
    }
}

/// `METHOD /path`: of `request` and of the keys under `rest`.
struct RequestLine {
    static let methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]

    var method: String
    var path: Located<String>

    /// Nil after the field has reported why.
    init?(_ field: Field, methods: [String], example: String) {
        guard let text = field.scalarText else {
            field.mismatch("a method and a path such as \"\(example)\"")
            return nil
        }
        guard let space = text.utf8.firstIndex(of: UInt8(ascii: " ")) else {
            let hint = text.hasPrefix("/") ? "GET " + text : nil
            field.error(
                "\"\(Field.clipped(text))\" must be a method and a path such as \"\(example)\"", suggestion: hint)
            return nil
        }
        let method = String(text[..<space])
        let rest = text[space...].drop { $0 == " " }
        let offset = text.unicodeScalars.count - rest.unicodeScalars.count
        guard methods.contains(method) else {
            field.error(
                "\"\(Field.clipped(method))\" is no method; use \(methods.joined(separator: ", "))",
                suggestion: Suggestion.nearest(to: method, among: methods)
                    ?? methods.first { $0 == method.uppercased() })
            return nil
        }
        self.method = method
        path = Located(String(rest), at: field.mark(at: offset))
    }
}
