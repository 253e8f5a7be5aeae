extension GraphQLConfiguration {
    /// Reads `graphql`.
    static func read(_ field: Field) -> GraphQLConfiguration {
        var result = GraphQLConfiguration()
        result.path.mark = field.keyMark
        result.schemas[0].mark = field.keyMark
        let keys = ["path", "schemas", "introspection", "statusProfile", "limits", "persisted"]
        guard let object = field.object(keys: keys, example: "{schemas: [schemas/*.graphql]}") else { return result }
        object.read("path", into: &result.path, doorPath)
        object.read("schemas", into: &result.schemas) { field in
            let schemas = field.texts("file pattern", example: "schemas/*.graphql")
            guard schemas?.isEmpty == true, case .list(let items) = field.kind, items.isEmpty else {
                // One that can't be read isn't the default: that would be a second problem.
                return schemas ?? []
            }
            field.error("\"\(field.path)\" must name at least one file such as schemas/*.graphql")
            return nil
        }
        object.read("introspection", into: &result.introspection) { $0.boolean() }
        result.introspectionMark = object["introspection"]?.keyMark
        object.read("statusProfile", into: &result.statusProfile) { $0.choice(StatusProfile.self) }
        object.read("limits", into: &result.limits, Limits.read)
        object.read("persisted", into: &result.persisted, Persisted.read)
        return result
    }

    private static func doorPath(_ field: Field) -> Located<String>? {
        guard let path = field.text("a path such as /graphql") else { return nil }
        let segments = path.value.split(separator: "/", omittingEmptySubsequences: false)
        guard path.value.hasPrefix("/"), path.value.utf8.allSatisfy(Characters.isPathByte),
            !segments.contains("."), !segments.contains("..")
        else {
            field.mismatch("a path such as /graphql, without query or variables")
            return nil
        }
        return path
    }
}

extension GraphQLConfiguration.Persisted {
    fileprivate static func read(_ field: Field) -> GraphQLConfiguration.Persisted? {
        var persisted = GraphQLConfiguration.Persisted()
        let example = "{manifest: operations.json}"
        guard let object = field.object(keys: ["automatic", "manifest", "only"], example: example) else { return nil }
        object.read("manifest", into: &persisted.manifest) { $0.text("the name of a file such as operations.json") }
        object.read("automatic", into: &persisted.automatic) { $0.boolean() }
        guard let only = object["only"], only.boolean() == true else { return persisted }
        persisted.only = true
        persisted.onlyMark = only.keyMark
        if object["manifest"] == nil {
            only.error(
                "\"\(only.path)\" without a manifest lets no operation run; name its file, such as manifest: "
                    + "operations.json", at: only.keyMark)
        }
        if let automatic = object["automatic"], persisted.automatic {
            field.problems.warning(
                "\"\(automatic.path)\" does nothing beside \"\(only.path)\": what clients register is not in the "
                    + "manifest; remove it", at: automatic.keyMark, rule: .automaticWithoutEffect)
        }
        persisted.automatic = false
        return persisted
    }
}

extension GraphQLConfiguration.Limits {
    fileprivate static func read(_ field: Field) -> GraphQLConfiguration.Limits? {
        var limits = GraphQLConfiguration.Limits()
        let keys = ["mode", "depth", "tokens", "aliases", "rootFields", "cost", "upstreamCalls", "batch"]
        guard let object = field.object(keys: keys, example: "{depth: 15}") else { return nil }
        var mode = GraphQLConfiguration.LimitMode.enforce
        object.read("mode", into: &mode) { $0.choice(GraphQLConfiguration.LimitMode.self) }
        limits.read("depth", \.depth, object, mode)
        limits.read("tokens", \.tokens, object, mode)
        limits.read("aliases", \.aliases, object, mode, from: 0)
        limits.read("rootFields", \.rootFields, object, mode)
        limits.read("cost", \.cost, object, mode, from: 0)
        limits.read("upstreamCalls", \.upstreamCalls, object, mode, from: 0)
        limits.read("batch", \.batch, object, mode)
        return limits
    }

    private mutating func read(
        _ key: String, _ path: WritableKeyPath<Self, GraphQLConfiguration.Limit>, _ object: ObjectReader,
        _ mode: GraphQLConfiguration.LimitMode, from least: Int = 1
    ) {
        self[keyPath: path].mode = mode
        guard let field = object[key] else { return }
        if case .object = field.kind {
            guard let block = field.object(keys: ["max", "mode"], example: "{max: 15, mode: measure}") else { return }
            block.read("max", into: &self[keyPath: path].max) { $0.count(from: least) }
            block.read("mode", into: &self[keyPath: path].mode) { $0.choice(GraphQLConfiguration.LimitMode.self) }
        } else if let max = field.count(from: least) {
            self[keyPath: path].max = max
        }
    }
}
