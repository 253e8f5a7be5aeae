extension GraphQLConfiguration {
    /// Reads `graphql`.
    static func read(_ field: Field) -> GraphQLConfiguration {
        var result = GraphQLConfiguration()
        result.path.mark = field.keyMark
        result.schemas[0].mark = field.keyMark
        let keys = ["path", "schemas", "introspection", "statusProfile", "limits"]
        guard let object = field.object(keys: keys, example: "{schemas: [schemas/*.graphql]}") else { return result }
        object.read("path", into: &result.path, doorPath)
        object.read("schemas", into: &result.schemas) { field in
            let schemas = field.texts("file pattern", example: "schemas/*.graphql")
            guard schemas?.isEmpty == true, case .list(let items) = field.kind, items.isEmpty else { return schemas }
            field.error("\"\(field.path)\" must name at least one file such as schemas/*.graphql")
            return nil
        }
        object.read("introspection", into: &result.introspection) { $0.boolean() }
        object.read("statusProfile", into: &result.statusProfile) { $0.choice(StatusProfile.self) }
        object.read("limits", into: &result.limits, Limits.read)
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

extension GraphQLConfiguration.Limits {
    fileprivate static func read(_ field: Field) -> GraphQLConfiguration.Limits? {
        var limits = GraphQLConfiguration.Limits()
        let keys = ["depth", "tokens", "aliases", "rootFields", "upstreamCalls", "batch"]
        guard let object = field.object(keys: keys, example: "{depth: 15}") else { return nil }
        object.read("depth", into: &limits.depth) { $0.count() }
        object.read("tokens", into: &limits.tokens) { $0.count() }
        object.read("aliases", into: &limits.aliases) { $0.count(from: 0) }
        object.read("rootFields", into: &limits.rootFields) { $0.count() }
        object.read("upstreamCalls", into: &limits.upstreamCalls) { $0.count(from: 0) }
        object.read("batch", into: &limits.batch) { $0.count() }
        return limits
    }
}
