/// What may stand at one place of gateway.yaml, as the JSON Schema says it to editors.
///
/// Where a text stands for another type, such as a duration, its form is a pattern; and everywhere `${NAME}` may stand
/// instead, whose value no editor knows.
struct SchemaNode: Sendable {
    indirect enum Form: Sendable {
        /// Keywords of JSON Schema that speak of a single value.
        case value([(name: String, value: SchemaValue)])
        case list(SchemaNode, atLeast: Int)
        case object(Object)
        case anyOf([SchemaNode])
    }

    /// An object with known keys, or under names that the operator chooses, or both.
    struct Object: Sendable {
        var keys: [(name: String, node: SchemaNode)] = []
        var required: [String] = []
        /// What stands under names that are no keys; nil: nothing may.
        var others: SchemaNode?
        /// The pattern of those names.
        var names: String?
        /// Whether nothing at all counts as an empty object.
        var mayBeEmpty = true
        /// Further keywords.
        var rules: [(name: String, value: SchemaValue)] = []
    }

    var form: Form
    var description: String?
    var standard: SchemaValue?

    /// The same with words for the editor.
    func described(_ text: String) -> SchemaNode {
        var copy = self
        copy.description = text
        return copy
    }

    /// The same with the value that holds where the key is left out.
    func standard(_ value: SchemaValue) -> SchemaNode {
        var copy = self
        copy.standard = value
        return copy
    }

    /// The node as a JSON Schema.
    /// - Parameter path: where it stands, with `*` for names and items.
    func schema(at path: String) -> SchemaValue {
        var members: [(name: String, value: SchemaValue)] = []
        if let description { members.append(("description", .text(description))) }
        switch form {
        case .value(let keywords): members += keywords
        case .list(let item, let least):
            members.append(("type", .text("array")))
            members.append(("items", item.schema(at: Self.join(path, "*"))))
            if least > 0 { members.append(("minItems", .integer(least))) }
        case .object(let object): members += object.keywords(at: path)
        case .anyOf(let nodes): members.append(("anyOf", .list(nodes.map { $0.schema(at: path) })))
        }
        if let standard { members.append(("default", standard)) }
        return .object(members)
    }

    /// Calls `body` for every object with known keys, with the path at which it stands and its keys.
    func forEachObject(at path: String, _ body: (String, [String]) -> Void) {
        switch form {
        case .value: break
        case .list(let item, _): item.forEachObject(at: Self.join(path, "*"), body)
        case .anyOf(let nodes): for node in nodes { node.forEachObject(at: path, body) }
        case .object(let object):
            if object.others == nil { body(path, object.keys.map(\.name)) }
            for (name, node) in object.keys { node.forEachObject(at: Self.join(path, name), body) }
            object.others?.forEachObject(at: Self.join(path, "*"), body)
        }
    }

    fileprivate static func join(_ path: String, _ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }
}

extension SchemaNode.Object {
    fileprivate func keywords(at path: String) -> [(name: String, value: SchemaValue)] {
        var members: [(name: String, value: SchemaValue)] = []
        members.append(("type", mayBeEmpty ? .texts(["object", "null"]) : .text("object")))
        let properties = keys.map { (name: $0.name, value: $0.node.schema(at: SchemaNode.join(path, $0.name))) }
        if !properties.isEmpty { members.append(("properties", .object(properties))) }
        if !required.isEmpty { members.append(("required", .texts(required))) }
        if let names { members.append(("propertyNames", .object([("pattern", .text(names))]))) }
        members.append(("additionalProperties", others?.schema(at: SchemaNode.join(path, "*")) ?? .flag(false)))
        return members + rules
    }
}

// MARK: The forms of values

extension SchemaNode {
    private static func value(_ keywords: (name: String, value: SchemaValue)...) -> SchemaNode {
        SchemaNode(form: .value(keywords))
    }

    /// A text that is one of a pattern, or holds an environment variable.
    static func text(_ pattern: String? = nil) -> SchemaNode {
        guard let pattern else { return value(("type", .text("string")), ("minLength", .integer(1))) }
        return value(("type", .text("string")), ("pattern", .text("^(?:\(pattern))$|\\$\\{")))
    }

    /// A typed value, or a text with an environment variable.
    private static func typed(_ type: String, _ keywords: (name: String, value: SchemaValue)...) -> SchemaNode {
        SchemaNode(
            form: .value([("type", .texts([type, "string"]))] + keywords + [("pattern", .text("\\$\\{"))]))
    }

    static func integer(_ range: ClosedRange<Int>) -> SchemaNode {
        typed("integer", ("minimum", .integer(range.lowerBound)), ("maximum", .integer(range.upperBound)))
    }

    /// `Field.count`.
    static func count(from least: Int = 1) -> SchemaNode { integer(least...1_000_000) }

    static let boolean = typed("boolean")
    static let ratio = typed("number", ("exclusiveMinimum", .integer(0)), ("maximum", .integer(1)))
    static let percentage = text(#"(?:100(?:\.0+)?|[0-9]{1,2}(?:\.[0-9]+)?)%"#)
    static let duration = text(#"[0-9]+(?:\.[0-9]+)?(?:ms|s|m|h)"#)
    static let size = text(#"[0-9]+(?:\.[0-9]+)?(?:B|KiB|MiB|GiB)"#)
    static let address = text(#".*:[0-9]{1,5}"#)
    /// Any value that JSON has.
    static let anything = SchemaNode(form: .value([]))
    /// A scalar of any type.
    static let scalar = value(("type", .texts(["string", "number", "boolean"])))

    /// A token of HTTP (RFC 9110 section 5.6.2), such as a field's name.
    static let token = text("[!#$%&'*+.^_`|~0-9A-Za-z-]+")

    /// One of the words of a type.
    static func choice<Choice: CaseIterable & RawRepresentable<String>>(_ type: Choice.Type) -> SchemaNode {
        text(type.allCases.map(\.rawValue).joined(separator: "|"))
    }

    static func list(of item: SchemaNode, atLeast least: Int = 0) -> SchemaNode {
        SchemaNode(form: .list(item, atLeast: least))
    }

    static func anyOf(_ nodes: SchemaNode...) -> SchemaNode { SchemaNode(form: .anyOf(nodes)) }

    /// An object with these keys and no others.
    static func object(
        _ keys: KeyValuePairs<String, SchemaNode>, required: [String] = [], mayBeEmpty: Bool = true,
        rules: [(name: String, value: SchemaValue)] = []
    ) -> SchemaNode {
        SchemaNode(
            form: .object(
                Object(
                    keys: keys.map { ($0.key, $0.value) }, required: required, mayBeEmpty: mayBeEmpty, rules: rules)))
    }

    /// An object under names that the operator chooses.
    static func map(
        of node: SchemaNode, names: String? = nil, known keys: KeyValuePairs<String, SchemaNode> = [:]
    ) -> SchemaNode {
        SchemaNode(form: .object(Object(keys: keys.map { ($0.key, $0.value) }, others: node, names: names)))
    }
}

// MARK: Values of the configuration as they are written

extension SchemaValue {
    /// A duration as it is written.
    static func duration(_ span: TimeSpan) -> SchemaValue { .text(span.description) }

    /// A size in bytes as it is written.
    static func size(_ bytes: Int) -> SchemaValue {
        for (unit, name) in [(1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")] where bytes % unit == 0 {
            return .text("\(bytes / unit)\(name)")
        }
        return .text("\(bytes)B")
    }

    /// A share as it is written.
    static func percentage(_ share: Double) -> SchemaValue { .text("\(Int((share * 100).rounded()))%") }
}
