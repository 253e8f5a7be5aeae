internal import Bytes

/// A route's `request`: `GET /users/{id}/posts?limit={limit}&ids={ids:,}`, taken apart. A segment of the path or a value
/// of the query can also be an expression as a whole: `GET /customers/$claims.sub?device=$profile`. Filling in the
/// values is the caller's: what a null or a list does depends on where its variable stands, and that is what the parts
/// tell.
public struct URITemplate: Equatable, Sendable {
    /// A place for a value.
    public struct Variable: Equatable, Sendable {
        /// Its name, to be bound; of an expression its whole text, `$claims.sub`.
        public let name: String
        /// The byte that a list's items are joined with; nil: a list in the query repeats its pair.
        public let joiner: UInt8?
        /// Where its `{` or `$` stands in the text, in bytes.
        public let offset: Int

        /// Whether it is no name, but says itself where its value comes from.
        public var isExpression: Bool { name.utf8.first == UInt8(ascii: "$") }
    }

    /// A piece of a path or of a query value.
    public enum Part: Equatable, Sendable {
        /// Bytes that are sent as they are.
        case literal([UInt8])
        case variable(Variable)
    }

    /// One `name=value` of the query.
    public struct Pair: Equatable, Sendable {
        /// The name, as it is sent.
        public let name: [UInt8]
        /// The value; nil for a pair without `=`, empty for one that ends in it.
        public let value: [Part]?
    }

    /// The method.
    public let method: Method
    /// The path, from its first `/`. A variable in it must have a value of its own.
    public let path: [Part]
    /// The pairs of the query, in order. A variable without a value drops its pair.
    public let query: [Pair]

    /// Reads `text`.
    /// - Throws: `TemplateError` for what is no template.
    public init(_ text: String) throws(TemplateError) {
        let template = TemplateText(text)
        let (name, pathStart) = try template.method()
        method = Method(name)
        if case .other = method { throw TemplateError(0, "an unknown method") }
        if method == .connect || method == .trace { throw TemplateError(0, "a method that no route can have") }
        var reader = Reader(template: template, index: pathStart)
        path = try reader.parts(until: [UInt8(ascii: "?")], inPath: true)
        var pairs: [Pair] = []
        while reader.index < template.bytes.count {
            reader.index += 1
            pairs.append(try reader.pair())
        }
        query = pairs
        try URITemplate.checkDotSegments(template, pathStart)
    }

    /// All variables, path first, in order.
    public var variables: [Variable] {
        (path + query.flatMap { $0.value ?? [] }).compactMap {
            if case .variable(let found) = $0 { found } else { nil }
        }
    }

    private static func checkDotSegments(_ template: TemplateText, _ start: Int) throws(TemplateError) {
        let end = template.bytes.firstIndex(of: UInt8(ascii: "?")) ?? template.bytes.count
        let path = Array(template.bytes[start..<end])
        if unsafe PercentCoding.hasDotSegment(path.span.bytes) {
            throw TemplateError(start, "the path has a segment \".\" or \"..\"")
        }
    }
}

extension URITemplate {
    private struct Reader {
        let template: TemplateText
        var index: Int

        mutating func pair() throws(TemplateError) -> Pair {
            let start = index
            while index < template.bytes.count, template.bytes[index] != UInt8(ascii: "="),
                template.bytes[index] != UInt8(ascii: "&")
            {
                guard TemplateText.isLiteral(template.bytes[index]) else {
                    throw TemplateError(index, "a variable stands after \"name=\" in the query")
                }
                index += 1
            }
            guard index > start else { throw TemplateError(start, "a pair of the query has no name") }
            let name = Array(template.bytes[start..<index])
            guard index < template.bytes.count, template.bytes[index] == UInt8(ascii: "=") else {
                return Pair(name: name, value: nil)
            }
            index += 1
            return Pair(name: name, value: try parts(until: [UInt8(ascii: "&")], inPath: false))
        }

        mutating func parts(until ends: [UInt8], inPath: Bool) throws(TemplateError) -> [Part] {
            var parts: [Part] = []
            var literal: [UInt8] = []
            while index < template.bytes.count, !ends.contains(template.bytes[index]) {
                let byte = template.bytes[index]
                let isFirst = inPath ? literal.last == UInt8(ascii: "/") : literal.isEmpty && parts.isEmpty
                if byte == UInt8(ascii: "$"), isFirst, let end = expressionEnd(inPath: inPath) {
                    if !literal.isEmpty { parts.append(.literal(literal)) }
                    literal = []
                    parts.append(.variable(Variable(name: template.text(index..<end), joiner: nil, offset: index)))
                    index = end
                } else if byte == UInt8(ascii: "{") {
                    if !literal.isEmpty { parts.append(.literal(literal)) }
                    literal = []
                    parts.append(.variable(try variable(inPath: inPath)))
                } else if TemplateText.isLiteral(byte) {
                    literal.append(byte)
                    index += 1
                } else {
                    throw TemplateError(index, "a character that is percent-encoded in a URL, or a brace too many")
                }
            }
            if !literal.isEmpty { parts.append(.literal(literal)) }
            return parts
        }

        /// Where the expression ends that begins here; nil where none does. A `$` that begins no expression is a
        /// character like others: services have paths such as `/$metadata`.
        private func expressionEnd(inPath: Bool) -> Int? {
            let ends = inPath ? "/?" : "&"
            let end = template.bytes[index...].firstIndex { ends.utf8.contains($0) } ?? template.bytes.count
            let text = template.text(index..<end)
            let words = ["$args.", "$this.", "$batch.", "$claims.", "$header.", "$client."]
            guard text == "$profile" || words.contains(where: text.hasPrefix), !text.utf8.contains(UInt8(ascii: "{"))
            else { return nil }
            return end
        }

        private mutating func variable(inPath: Bool) throws(TemplateError) -> Variable {
            let offset = index
            let (name, end) = try template.name(from: index + 1)
            index = end
            var joiner: UInt8?
            if index < template.bytes.count, template.bytes[index] == UInt8(ascii: ":") {
                if inPath { throw TemplateError(index, "a list can't stand in a path") }
                guard index + 1 < template.bytes.count, TemplateText.isLiteral(template.bytes[index + 1]),
                    template.bytes[index + 1] != UInt8(ascii: "&")
                else { throw TemplateError(index, "one character that joins a list follows the colon") }
                joiner = template.bytes[index + 1]
                index += 2
            }
            guard index < template.bytes.count, template.bytes[index] == UInt8(ascii: "}") else {
                throw TemplateError(index, "\"}\" is missing")
            }
            index += 1
            return Variable(name: name, joiner: joiner, offset: offset)
        }
    }
}
