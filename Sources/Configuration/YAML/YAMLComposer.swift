/// Builds the node tree of one document from events: anchors, tags, duplicate keys, and bounds on all of it.
///
/// Stops at the first thing that isn't YAML; what is YAML but not taken here (merge keys, foreign tags, duplicate keys)
/// is reported and reading goes on.
struct YAMLComposer {
    /// Levels of nesting that are read, unless asked otherwise; a gateway.yaml has about eight.
    static let usualDepth = 64
    /// How many times its own size the document may have with its aliases written out.
    static let maximumExpansion = 10

    private let parser: YAMLEventParser
    private let lines: LineIndex
    private let problems: ProblemCollector
    private let environment: EnvironmentSubstitution?
    private let maximumDepth: Int
    private var anchors: [String: YAMLNode] = [:]
    private var open: [OpenCollection] = []
    private var heaviestAlias: (weight: Int, mark: Mark)?
    private var ownWeight = 0

    private struct OpenCollection {
        var isMapping: Bool
        var items: [YAMLNode] = []
        var properties: YAMLEvent.Properties
        var mark: Mark
    }

    /// - Parameters:
    ///   - bytes: the text, without a byte order mark.
    ///   - environment: the variables for `${NAME}`; nil where a text means only itself.
    ///   - maximumDepth: levels of nesting that are read.
    init(
        _ bytes: ArraySlice<UInt8>, environment: [String: String]?, maximumDepth: Int = YAMLComposer.usualDepth,
        problems: ProblemCollector
    ) {
        self.environment = environment.map { EnvironmentSubstitution(environment: $0) }
        self.maximumDepth = maximumDepth
        lines = LineIndex(bytes)
        parser = YAMLEventParser(bytes, lines: lines)
        self.problems = problems
    }

    /// The root of the only document, nil where the text holds none.
    mutating func compose() throws(YAMLSyntaxError) -> YAMLNode? {
        var root: YAMLNode?
        var documents = 0
        while true {
            let event = try parser.next()
            let mark = lines.mark(ofScalar: event.start)
            switch event.kind {
            case .streamEnd:
                try checkExpansion(root)
                return root
            case .documentStart:
                documents += 1
                guard documents == 1 else {
                    throw YAMLSyntaxError(
                        message: "a second document begins here; one file holds one document", mark: mark)
                }
            case .streamStart, .documentEnd: break
            default:
                if let node = try take(event, at: mark) {
                    if open.isEmpty { root = node } else { open[open.count - 1].items.append(node) }
                }
            }
        }
    }

    /// The node that an event completes, nil where it only opens a collection.
    private mutating func take(_ event: YAMLEvent, at mark: Mark) throws(YAMLSyntaxError) -> YAMLNode? {
        switch event.kind {
        case .alias(let name): return try alias(name, at: mark)
        case .scalar(let scalar): return self.scalar(scalar, event: event, at: mark)
        case .sequenceStart(let properties): try begin(isMapping: false, properties, at: mark)
        case .mappingStart(let properties): try begin(isMapping: true, properties, at: mark)
        case .sequenceEnd, .mappingEnd: return end()
        default: break
        }
        return nil
    }

    private mutating func begin(
        isMapping: Bool, _ properties: YAMLEvent.Properties, at mark: Mark
    ) throws(YAMLSyntaxError) {
        guard open.count < maximumDepth else {
            throw YAMLSyntaxError(message: "nested more than \(maximumDepth) levels deep", mark: mark)
        }
        open.append(OpenCollection(isMapping: isMapping, properties: properties, mark: mark))
    }

    private mutating func end() -> YAMLNode? {
        guard let collection = open.popLast() else { return nil }
        ownWeight += 1
        let expected = collection.isMapping ? "tag:yaml.org,2002:map" : "tag:yaml.org,2002:seq"
        if let tag = collection.properties.tag, tag != expected { refuse(tag: tag, at: collection.mark) }
        let content: YAMLNode.Content =
            collection.isMapping ? .mapping(pairs(of: collection.items)) : .sequence(collection.items)
        return register(YAMLNode(content, mark: collection.mark), as: collection.properties.anchor)
    }

    /// The pairs of a mapping: without merge keys, keys that are no text, and all but the first of equal keys.
    private func pairs(of items: [YAMLNode]) -> [YAMLNode.Pair] {
        var pairs: [YAMLNode.Pair] = []
        var places: [String: Mark] = [:]
        for index in stride(from: 0, to: items.count - 1, by: 2) {
            let key = items[index]
            guard case .scalar(let text, let style) = key.content else {
                problems.error("a key must be text; found a list or an object", at: key.mark)
                continue
            }
            if text == "<<", style == .plain {
                problems.error("merge keys (<<) are not supported; write the keys out", at: key.mark)
            } else if let first = places[text] {
                problems.error(
                    "duplicate key \"\(text)\"; the first one is at line \(first.line), column \(first.column)",
                    at: key.mark)
            } else {
                places[text] = key.mark
                pairs.append(YAMLNode.Pair(key: key, value: items[index + 1]))
            }
        }
        return pairs
    }

    private mutating func scalar(_ scalar: YAMLEvent.Scalar, event: YAMLEvent, at mark: Mark) -> YAMLNode {
        var style = scalar.isPlain ? YAMLNode.Style.plain : .text
        switch scalar.properties.tag {
        case nil: break
        case "!", "tag:yaml.org,2002:str": style = .text
        case "tag:yaml.org,2002:int", "tag:yaml.org,2002:float", "tag:yaml.org,2002:bool", "tag:yaml.org,2002:null":
            style = .plain
        case let tag?:
            refuse(tag: tag, at: mark)
            style = .unresolved
        }
        let text: String
        do throws(EnvironmentSubstitution.Failure) {
            text = try environment?.substitute(in: scalar.text) ?? scalar.text
            if style == .text, text != scalar.text { style = .quotedVariables }
        } catch {
            problems.error(error.message, at: mark)
            text = ""
            style = .unresolved
        }
        let node = YAMLNode(
            .scalar(text: text, style: style), mark: mark,
            verbatimStart: text == scalar.text ? verbatimStart(of: scalar, event: event, at: mark) : nil,
            writtenText: text == scalar.text ? nil : scalar.text)
        ownWeight += node.weight
        return register(node, as: scalar.properties.anchor)
    }

    /// An anchor or a tag stands before the text, an escape or a folded line makes it longer: then it isn't verbatim.
    private func verbatimStart(of scalar: YAMLEvent.Scalar, event: YAMLEvent, at mark: Mark) -> Mark? {
        let quotes = scalar.isQuoted ? 1 : 0
        guard scalar.isPlain || scalar.isQuoted,
            event.end - event.start == scalar.text.unicodeScalars.count + 2 * quotes
        else { return nil }
        return Mark(line: mark.line, column: mark.column + quotes)
    }

    private mutating func alias(_ name: String, at mark: Mark) throws(YAMLSyntaxError) -> YAMLNode {
        ownWeight += 1
        if open.contains(where: { $0.properties.anchor == name }) {
            throw YAMLSyntaxError(message: "the alias \"*\(name)\" stands inside what it refers to", mark: mark)
        }
        guard let node = anchors[name] else {
            throw YAMLSyntaxError(message: "no anchor \"&\(name)\" stands above this alias", mark: mark)
        }
        // Depth is bounded for what readers walk, not only for what is written.
        guard open.count + node.height <= maximumDepth else {
            throw YAMLSyntaxError(
                message: "nested more than \(maximumDepth) levels deep through this alias", mark: mark)
        }
        if node.weight > heaviestAlias?.weight ?? 0 { heaviestAlias = (node.weight, mark) }
        return node
    }

    private mutating func register(_ node: YAMLNode, as anchor: String?) -> YAMLNode {
        if let anchor { anchors[anchor] = node }
        return node
    }

    private func refuse(tag: String, at mark: Mark) {
        let prefix = "tag:yaml.org,2002:"
        let shown = tag.hasPrefix(prefix) ? "!!" + tag.dropFirst(prefix.count) : tag
        problems.error("the tag \"\(shown)\" is not supported here; remove it", at: mark)
    }

    private func checkExpansion(_ root: YAMLNode?) throws(YAMLSyntaxError) {
        guard let root, let heaviestAlias else { return }
        let (limit, overflow) = ownWeight.multipliedReportingOverflow(by: Self.maximumExpansion)
        guard !overflow, root.weight > limit else { return }
        throw YAMLSyntaxError(
            message: "aliases make this document more than \(Self.maximumExpansion) times as large as it is written",
            mark: heaviestAlias.mark)
    }
}
