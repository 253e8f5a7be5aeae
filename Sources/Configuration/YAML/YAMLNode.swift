/// A node of a YAML document, immutable once composed; an alias is the same node again.
public final class YAMLNode: Sendable {
    enum Content: Sendable {
        case scalar(text: String, style: Style)
        case sequence([YAMLNode])
        case mapping([Pair])
    }

    /// How a scalar is typed: by what its text looks like, or as text.
    enum Style: Sendable {
        case plain
        case text
        /// Quoted, with environment variables in it: text, or whatever is asked for, since in `{…}` and `[…]` a
        /// variable can't stand without quotes.
        case quotedVariables
        /// Its environment variables could not be filled in, or its tag is foreign; that was reported.
        case unresolved
    }

    /// A key and its value.
    public struct Pair: Sendable {
        /// The key; always a scalar.
        public var key: YAMLNode
        /// The value.
        public var value: YAMLNode
    }

    let content: Content
    /// Where it begins.
    public let mark: Mark
    /// Where the first character of a scalar's text stands, if text and source are the same character by character;
    /// else nil.
    let verbatimStart: Mark?
    /// The text as it is written, where environment variables stand in it: messages show this, since values of
    /// variables are often secrets.
    let writtenText: String?
    /// The number of nodes and bytes below and with this one, aliases written out.
    let weight: Int
    /// How many levels stand below, aliases written out.
    let height: Int
    /// Where the pair of each key is, for mappings that are too large to be searched.
    private let places: [String: Int]

    init(_ content: Content, mark: Mark, verbatimStart: Mark? = nil, writtenText: String? = nil) {
        self.content = content
        self.mark = mark
        self.verbatimStart = verbatimStart
        self.writtenText = writtenText
        var weight = 1
        var height = 0
        places = Self.places(in: content)
        switch content {
        case .scalar(let text, _):
            weight += text.utf8.count
        case .sequence(let items):
            for item in items { (weight, height) = Self.adding(item, to: weight, height) }
        case .mapping(let pairs):
            for pair in pairs {
                (weight, height) = Self.adding(pair.key, to: weight, height)
                (weight, height) = Self.adding(pair.value, to: weight, height)
            }
        }
        self.weight = weight
        self.height = height
    }

    /// The value of a mapping's key; nil where there is none.
    public subscript(key: String) -> YAMLNode? {
        guard case .mapping(let pairs) = content else { return nil }
        guard places.isEmpty else { return places[key].map { pairs[$0].value } }
        return pairs.first { $0.key.characters == key }?.value
    }

    private static func places(in content: Content) -> [String: Int] {
        guard case .mapping(let pairs) = content, pairs.count > 8 else { return [:] }
        return Dictionary(pairs.enumerated().map { ($1.key.characters ?? "", $0) }) { first, _ in first }
    }

    private static func adding(_ node: YAMLNode, to weight: Int, _ height: Int) -> (Int, Int) {
        let (sum, overflow) = weight.addingReportingOverflow(node.weight)
        return (overflow ? .max : sum, max(height, node.height + 1))
    }
}
