import GraphQL

/// A syntax tree as text, without the places where things stood: two trees are equal when their texts are.
func structure(of node: Any) -> String {
    let mirror = Mirror(reflecting: node)
    if mirror.displayStyle == .optional {
        return mirror.children.first.map { structure(of: $0.value) } ?? "nil"
    }
    if mirror.children.isEmpty { return String(reflecting: node) }
    let places: Set<String> = ["offset", "nameOffset", "source", "tokenCount"]
    let children = mirror.children.filter { !places.contains($0.label ?? "") }
    let inner = children.map { "\($0.label ?? ""): \(structure(of: $0.value))" }.joined(separator: ", ")
    return "\(mirror.subjectType)(\(inner))"
}

/// The message and the place of the syntax error that parsing `text` gives; nil where it parses.
func syntaxError(_ text: String, parse: (Source) throws -> Void = { _ = try Parser.parseDocument($0) }) -> String? {
    syntaxError(bytes: Array(text.utf8), parse: parse)
}

func syntaxError(bytes: [UInt8], parse: (Source) throws -> Void) -> String? {
    let source = Source(bytes: bytes)
    do {
        try parse(source)
        return nil
    } catch let error as GraphQLSyntaxError {
        let location = source.location(at: error.offset)
        return "\(location.line):\(location.column) \(error.message)"
    } catch {
        return "\(error)"
    }
}

/// Calls `body` with every sequence of at most `length` elements of the alphabet.
func forEveryWord<Letter>(of alphabet: [Letter], upTo length: Int, _ body: ([Letter]) -> Void) {
    var words: [[Letter]] = [[]]
    body([])
    for _ in 0..<length {
        words = words.flatMap { word in alphabet.map { word + [$0] } }
        words.forEach(body)
    }
}
