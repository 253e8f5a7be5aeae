/// A node of a YAML document, immutable once composed; an alias is the same node again.
final class YAMLNode {
    enum Content {
        case scalar(text: String, style: Style)
        case sequence([YAMLNode])
        case mapping([Pair])
    }

    /// How a scalar is typed: by what its text looks like, or as text.
    enum Style {
        case plain
        case text
        /// Quoted, with environment variables in it: text, or whatever is asked for, since in `{…}` and `[…]` a
        /// variable can't stand without quotes.
        case quotedVariables
        /// Its environment variables could not be filled in, or its tag is foreign; that was reported.
        case unresolved
    }

    struct Pair {
        var key: YAMLNode
        var value: YAMLNode
    }

    let content: Content
    let mark: Mark
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

    init(_ content: Content, mark: Mark, verbatimStart: Mark? = nil, writtenText: String? = nil) {
        self.content = content
        self.mark = mark
        self.verbatimStart = verbatimStart
        self.writtenText = writtenText
        var weight = 1
        var height = 0
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

    private static func adding(_ node: YAMLNode, to weight: Int, _ height: Int) -> (Int, Int) {
        let (sum, overflow) = weight.addingReportingOverflow(node.weight)
        return (overflow ? .max : sum, max(height, node.height + 1))
    }
}
