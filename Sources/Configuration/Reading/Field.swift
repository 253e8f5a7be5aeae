/// A value of the file on its way to a typed one: the node, and what to call it in messages.
///
/// Each reading function gives nil where the value doesn't fit, after it has reported why; the caller then keeps its
/// default and goes on, so that one run finds every problem.
struct Field {
    let node: YAMLNode
    /// Where the key stands that it belongs to; for an item of a list, the item's own place.
    let keyMark: Mark
    /// As it is called in messages, such as `upstreams.users.timeout`.
    let path: String
    /// The path with `*` for names.
    let pattern: String
    let problems: ProblemCollector

    var mark: Mark { node.mark }

    enum Kind {
        case unresolved
        case null
        case boolean(Bool)
        case integer(Int)
        case number(text: String, value: Double)
        case notFinite
        case text(String)
        case list([YAMLNode])
        case object([YAMLNode.Pair])
    }

    var kind: Kind {
        switch node.content {
        case .sequence(let items): return .list(items)
        case .mapping(let pairs): return .object(pairs)
        case .scalar(_, .unresolved): return .unresolved
        case .scalar(let text, .text), .scalar(let text, .quotedVariables): return .text(text)
        case .scalar(let text, .plain): return Self.plainKind(text)
        }
    }

    /// The kind where a number or a boolean is wanted: what environment variables gave may be one, also in quotes.
    var typedKind: Kind {
        if case .scalar(let text, .quotedVariables) = node.content { return Self.plainKind(text) }
        return kind
    }

    private static func plainKind(_ text: String) -> Kind {
        switch CoreScalar(plain: text) {
        case .null: .null
        case .boolean(let value): .boolean(value)
        case .integer(let value): .integer(value)
        case .number(let text, let value): .number(text: text, value: value)
        case .notFinite: .notFinite
        case .text: .text(text)
        }
    }

    /// The text of a scalar whatever it looks like.
    var scalarText: String? {
        guard case .scalar(let text, let style) = node.content, style != .unresolved else { return nil }
        return text
    }

    /// What stands there, for messages.
    var found: String {
        if let written = node.writtenText { return "what \"\(Self.clipped(written))\" stands for" }
        return switch kind {
        case .unresolved, .null: "nothing"
        case .boolean(let value): "\(value)"
        case .integer(let value): "the number \(value)"
        case .number(let text, _): "the number \(Self.clipped(text))"
        case .notFinite: "a number without a value"
        case .text(let text): "the text \"\(Self.clipped(text))\""
        case .list: "a list"
        case .object: "an object"
        }
    }

    /// A text for a message: its beginning where it is long.
    static func clipped(_ text: String) -> String {
        let scalars = text.unicodeScalars
        guard scalars.count > 60 else { return text }
        return String(String.UnicodeScalarView(scalars.prefix(60))) + "…"
    }

    /// The place of a character of a text: exact where the text stands in the file as it is, else that of the value.
    /// - Parameter offset: in Unicode scalars.
    func mark(at offset: Int) -> Mark {
        guard let start = node.verbatimStart else { return mark }
        return Mark(line: start.line, column: start.column + offset)
    }

    func error(_ message: String, at mark: Mark? = nil, suggestion: String? = nil) {
        problems.error(message, at: mark ?? self.mark, suggestion: suggestion)
    }

    /// Reports that something else was expected, unless the value was reported before.
    func mismatch(_ expected: String, suggestion: String? = nil) {
        if case .unresolved = kind { return }
        let hint = node.writtenText == nil ? suggestion : nil
        error("\"\(path)\" must be \(expected); found \(found)", suggestion: hint)
    }

    func child(_ name: String, _ value: YAMLNode, keyMark: Mark, pattern: String? = nil) -> Field {
        Field(
            node: value, keyMark: keyMark, path: path.isEmpty ? name : "\(path).\(name)",
            pattern: self.pattern.isEmpty ? pattern ?? name : "\(self.pattern).\(pattern ?? name)", problems: problems)
    }
}
