extension Field {
    /// The items of a list.
    func items(of what: String) -> [Field]? {
        guard case .list(let items) = kind else {
            mismatch("a list of \(what)")
            return nil
        }
        return items.enumerated().map { index, item in
            Field(
                node: item, keyMark: item.mark, path: "\(path)[\(index)]", pattern: "\(pattern).*", problems: problems)
        }
    }

    /// The items of a list of texts; those that are none are reported and left out.
    func texts(_ what: String, example: String) -> [Located<String>]? {
        items(of: "\(what)s such as [\(example)]")?.compactMap { $0.text("\(what) such as \(example)") }
    }

    /// An object under names that the operator chooses, such as `upstreams`. Nothing at all is an empty one.
    func entries(of what: String) -> [(name: Field, value: Field)]? {
        switch kind {
        case .null: return []
        case .object(let pairs):
            return pairs.compactMap { pair in
                guard case .scalar(let name, let style) = pair.key.content, style != .unresolved else { return nil }
                let key = Field(
                    node: pair.key, keyMark: pair.key.mark, path: path, pattern: pattern, problems: problems)
                return (key, child(name, pair.value, keyMark: pair.key.mark, pattern: "*"))
            }
        default:
            mismatch("an object with \(what)")
            return nil
        }
    }

    /// An object with known keys; unknown ones and those that this version doesn't have are reported.
    /// - Parameters:
    ///   - keys: every key that is read below.
    ///   - example: a value to show where something else was found.
    ///   - emptyWhenNull: whether nothing at all counts as an empty object.
    func object(keys: [String], example: String, emptyWhenNull: Bool = true) -> ObjectReader? {
        switch kind {
        case .object(let pairs): return ObjectReader(self, pairs: pairs, keys: keys)
        case .null where emptyWhenNull: return ObjectReader(self, pairs: [], keys: keys)
        default:
            mismatch("an object such as \(example)")
            return nil
        }
    }

    /// A JSON value.
    func literal() -> LiteralValue? {
        switch kind {
        case .unresolved: return nil
        case .null: return .null
        case .boolean(let value): return .boolean(value)
        case .integer(let value): return .number(String(value))
        case .number(let text, _): return .number(text)
        case .text(let text): return .string(Located(text, at: mark))
        case .notFinite:
            mismatch("a value that JSON has")
            return nil
        case .list:
            let items = items(of: "values") ?? []
            let values = items.compactMap { $0.literal() }
            return values.count == items.count ? .list(values) : nil
        case .object:
            let entries = entries(of: "members") ?? []
            let members = entries.compactMap { entry in
                entry.value.literal().map {
                    LiteralValue.Member(name: Located(entry.name.scalarText ?? "", at: entry.name.mark), value: $0)
                }
            }
            return members.count == entries.count ? .object(members) : nil
        }
    }
}

/// An object with known keys.
struct ObjectReader {
    let field: Field
    private var fields: [String: Field] = [:]

    init(_ field: Field, pairs: [YAMLNode.Pair], keys: [String]) {
        self.field = field
        field.problems.note(keys: keys, at: field.pattern)
        for pair in pairs {
            guard case .scalar(let name, let style) = pair.key.content, style != .unresolved else { continue }
            let child = field.child(name, pair.value, keyMark: pair.key.mark)
            if keys.contains(name) {
                fields[name] = child
            } else {
                Self.reportUnknown(name, in: field, at: pair.key.mark, keys: keys)
            }
        }
    }

    subscript(key: String) -> Field? { fields[key] }

    /// Replaces `target` where the key is given and fits.
    func read<Value>(_ key: String, into target: inout Value, _ value: (Field) -> Value?) {
        if let field = fields[key], let value = value(field) { target = value }
    }

    /// Replaces `target` where the key is given and fits.
    func read<Value>(_ key: String, into target: inout Value?, _ value: (Field) -> Value?) {
        if let field = fields[key], let value = value(field) { target = value }
    }

    /// The field of a key that can't be left out; reported where it is.
    func required(_ key: String, example: String) -> Field? {
        if let field = fields[key] { return field }
        field.error("\"\(field.path)\" needs the key \"\(key)\", such as \(key): \(example)", at: field.keyMark)
        return nil
    }

    private static func reportUnknown(_ name: String, in field: Field, at mark: Mark, keys: [String]) {
        let place = field.path.isEmpty ? "" : " in \"\(field.path)\""
        let shown = Field.clipped(name)
        if let near = Suggestion.nearest(to: name, among: keys) {
            field.error("unknown key \"\(shown)\"\(place)", at: mark, suggestion: near)
        } else {
            let known = keys.joined(separator: ", ")
            field.error("unknown key \"\(shown)\"\(place); known here: \(known)", at: mark)
        }
    }
}
