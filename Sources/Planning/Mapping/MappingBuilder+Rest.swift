internal import GraphQL

extension MappingBuilder {
    /// The route that `@rest` names; reports an unknown one.
    mutating func route(of use: AppliedDirective, _ field: SchemaField) -> RouteDescription? {
        guard let value = use.argument(named: "route"), let name = value.stringValue else { return nil }
        if let route = routes.first(where: { $0.name == name }) { return route }
        report(
            "Unknown route \"\(name)\".", at: use.position(at: value.offset), coordinate: field.coordinate,
            suggestion: suggestion(for: name, among: routes.map(\.name)))
        return nil
    }

    /// `@rest` of an object's field with all inputs of the route bound; nil where something is wrong.
    mutating func restMapping(_ use: AppliedDirective, _ field: SchemaField, of type: NamedType) -> RestMapping? {
        let at = path(of: use, argument: "at", field) ?? JSONPath(steps: [])
        let key = path(of: use, argument: "key", field)
        guard let route = route(of: use, field) else { return nil }
        var binder = RouteBinder(
            route: route, field: field, use: use,
            isRoot: [schema.queryType.name, schema.mutationType?.name, schema.subscriptionType?.name]
                .contains(type.name),
            parent: type, schema: schema, hasTokens: authorization.isOn)
        let bindings = binder.bind()
        for problem in binder.problems {
            report(
                problem.message, at: use.position(at: problem.offset), coordinate: field.coordinate,
                suggestion: problem.suggestion)
        }
        guard binder.problems.isEmpty else { return nil }
        return RestMapping(
            route: route.index, at: at, bindings: bindings, batch: batch(bindings, key, route, use, field))
    }

    /// Checks the use of `$batch` and `key`, which go together.
    private mutating func batch(
        _ bindings: [MappedBinding], _ key: JSONPath?, _ route: RouteDescription, _ use: AppliedDirective,
        _ field: SchemaField
    ) -> BatchMapping? {
        var found: BatchMapping?
        let place = use.directive.argument(named: "with")?.value.offset ?? use.directive.offset
        for (index, binding) in bindings.enumerated() {
            guard case .batch(let parentKey) = binding else { continue }
            if found != nil {
                report(
                    "Only one variable of a route can be bound to $batch.", at: use.position(at: place),
                    coordinate: field.coordinate)
            }
            if route.pathInputs.contains(index) {
                report(
                    "Route \"\(route.name)\" takes \(route.inputName(index)) in its path, where no list can stand: "
                        + "$batch needs a variable in the query or the body.",
                    at: use.position(at: place), coordinate: field.coordinate)
            }
            found = BatchMapping(input: index, parentKey: parentKey, answerKey: key ?? parentKey)
        }
        if found != nil, use.argument(named: "key") == nil {
            report(
                "\(field.coordinate) uses $batch without \"key\": say which member of an answer's item holds the key.",
                at: use.position, coordinate: field.coordinate)
        }
        if found == nil, let unused = use.directive.argument(named: "key") {
            report(
                "\"key\" means nothing without $batch in \"with\".", at: use.position(at: unused.offset),
                coordinate: field.coordinate)
        }
        return found
    }
}
