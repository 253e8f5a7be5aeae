internal import Configuration
internal import GraphQL
internal import Planning

/// What is in order and unwise all the same in how schema and doors use routes.
struct SchemaAdvice {
    let configuration: GatewayConfiguration
    let mapping: MappedSchema?

    /// Every warning. For a configuration without errors.
    func problems() -> [Problem] {
        var problems = configuration.doors.compactMap(advise)
        problems += configuration.routes.compactMap { advise(segmentsOf: $0.target) }
        problems += configuration.doors.compactMap { advise(segmentsOf: $0.pattern) }
        guard let schema = mapping?.schema else { return problems }
        for type in schema.types {
            problems += adviseKind(type, in: schema)
            for field in type.fields {
                problems += field.appliedDirectives.compactMap(advisePath)
                problems += field.appliedDirectives.filter { $0.name == "rest" }.compactMap { use in
                    advise(field, use, isMutation: type.name == schema.mutationType?.name)
                }
            }
        }
        return problems
    }

    private func method(of route: String) -> String? {
        configuration.routes.first { $0.name.value == route }?.method
    }

    /// A POST may be a search; the others are changes by their very meaning (RFC 9110 section 9.3).
    private func isChange(_ method: String) -> Bool { ["PUT", "PATCH", "DELETE"].contains(method) }

    private func advise(_ field: SchemaField, _ use: AppliedDirective, isMutation: Bool) -> Problem? {
        guard let value = use.argument(named: "route"), let route = value.stringValue, let method = method(of: route)
        else { return nil }
        if isMutation, method == "GET" || method == "HEAD" {
            return problem(
                "\(field.coordinate) is a mutation, but the route \"\(route)\" sends a \(method), which may be repeated, "
                    + "shared and answered from a cache; make it a field of Query, or send a POST.",
                at: use.position(at: value.offset), .mutationByGet)
        }
        if !isMutation, isChange(method) {
            return problem(
                "\(field.coordinate) is read by queries, which clients repeat and send as GET, but the route "
                    + "\"\(route)\" sends a \(method); make it a field of Mutation.",
                at: use.position(at: value.offset), .getWrites)
        }
        return nil
    }

    /// `:id` is what many routers call a variable.
    private func advise(segmentsOf path: Located<String>) -> Problem? {
        let segments = path.value.prefix { $0 != "?" }.split(separator: "/")
        guard let segment = segments.first(where: { $0.hasPrefix(":") && $0.utf8.count > 1 }) else { return nil }
        return Problem(
            file: configuration.file, at: path.mark, severity: .warning,
            message: "the segment \"\(segment)\" is these very letters; a variable is written {\(segment.dropFirst())}",
            rule: .colonSegment)
    }

    /// `$.a.b` is JSONPath (RFC 9535), `/a/b` a JSON pointer (RFC 6901).
    private func advisePath(_ use: AppliedDirective) -> Problem? {
        let argument = ["from": "path", "rest": "at", "kind": "path"][use.name]
        guard let argument, let value = use.argument(named: argument), let path = value.stringValue else { return nil }
        let meant: String
        if path.hasPrefix("$.") {
            meant = String(path.dropFirst(2))
        } else if path.hasPrefix("/") {
            meant = path.split(separator: "/").joined(separator: ".")
        } else {
            return nil
        }
        return problem(
            "\"\(path)\" looks for a member called \"\(path.prefix { $0 != "." })\": a path is the names of members with "
                + "dots between them, such as \"\(meant)\".",
            at: use.position(at: value.offset), .foreignPath)
    }

    /// With a map only what it lists is a type (contract section 3).
    private func adviseKind(_ type: NamedType, in schema: Schema) -> [Problem] {
        guard let map = type.appliedDirectives.first(where: { $0.name == "kind" }),
            let value = map.argument(named: "map"), let listed = value.objectFields?.map(\.name.value)
        else { return [] }
        return schema.possibleTypes(of: type).filter { !listed.contains($0.name) }.map { missing in
            problem(
                "The map of @kind doesn't list \(missing.name), so no object of \(type.name) is ever one; give its value.",
                at: map.position(at: value.offset), .unlistedKind)
        }
    }

    private func advise(_ door: DoorConfiguration) -> Problem? {
        let route: Located<String>
        switch door.destination {
        case .route(let name, _), .shaped(let name, _): route = name
        case .operation, .upstream: return nil
        }
        guard door.method == "GET" || door.method == "HEAD", let method = method(of: route.value), isChange(method)
        else { return nil }
        return Problem(
            file: configuration.file, at: route.mark, severity: .warning,
            message: "browsers and crawlers send a \(door.method ?? "GET") without being told to, and this one sends a "
                + "\(method) on; open the door for \(method) instead",
            rule: .getWrites)
    }

    private func problem(_ message: String, at position: SourcePosition, _ rule: Rule) -> Problem {
        let location = position.location
        return Problem(
            file: position.source.name, line: location.line, column: location.column, severity: .warning,
            message: message, rule: rule)
    }
}
