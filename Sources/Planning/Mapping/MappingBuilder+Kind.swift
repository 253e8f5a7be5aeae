internal import GraphQL

extension MappingBuilder {
    /// `@kind` of an interface or union, or what holds without one.
    mutating func kindMapping(of type: NamedType) -> KindMapping {
        let byName = KindMapping(path: JSONPath(steps: [.member("__typename")]), map: nil)
        guard let use = type.appliedDirectives.first(where: { $0.name == "kind" }) else { return byName }
        var path = byName.path
        if let value = use.argument(named: "path"), let text = value.stringValue,
            let parsed = self.path(text, value.offset, use, coordinate: type.name)
        {
            path = parsed
        }
        guard let value = use.argument(named: "map"), !value.isNull else { return KindMapping(path: path, map: nil) }
        guard let entries = value.objectFields else {
            report(
                "The map of @kind goes from type names to values, {Post: \"post\"}; found \(value).",
                at: use.position(at: value.offset), coordinate: type.name)
            return byName
        }
        return KindMapping(path: path, map: kindMap(entries, use, of: type))
    }

    private mutating func kindMap(
        _ entries: [ObjectField], _ use: AppliedDirective, of type: NamedType
    ) -> [String: [KindValue]] {
        let members = schema.possibleTypes(of: type).map(\.name)
        var map: [String: [KindValue]] = [:]
        var owners: [KindValue: String] = [:]
        for entry in entries {
            let name = entry.name.value
            guard members.contains(name) else {
                report(
                    "\"\(name)\" in the map of @kind is not an object type of \(type.name).",
                    at: use.position(at: entry.offset), coordinate: type.name,
                    suggestion: suggestion(for: name, among: members))
                continue
            }
            for item in entry.value.listValue ?? [entry.value] {
                guard let kind = kindValue(item, use, type) else { continue }
                if let owner = owners.updateValue(name, forKey: kind), owner != name {
                    report(
                        "The value \(item) stands for both \(owner) and \(name) in the map of @kind.",
                        at: use.position(at: item.offset), coordinate: type.name)
                }
                map[name, default: []].append(kind)
            }
        }
        return map
    }

    private mutating func kindValue(_ value: Value, _ use: AppliedDirective, _ type: NamedType) -> KindValue? {
        switch value.kind {
        case .string(let text, _): return .string(text)
        case .int(let text), .float(let text): return .literal(text)
        case .boolean(let flag): return .literal(flag ? "true" : "false")
        default:
            report(
                "A value in the map of @kind is a string, a number or a boolean; found \(value).",
                at: use.position(at: value.offset), coordinate: type.name)
            return nil
        }
    }
}
