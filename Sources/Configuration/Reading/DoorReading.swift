extension DoorConfiguration {
    private static let kinds = ["route", "operation", "upstream"]
    private static let keys = kinds + ["shape", "drop", "rewrite", "body", "priority", "require", "public"]

    /// Reads one of `rest`; nil where it lacks what a door can't be without.
    static func read(name: Field, _ field: Field) -> DoorConfiguration? {
        let object = field.object(keys: keys, example: "{route: users.get}", emptyWhenNull: false)
        let line = RequestLine(name, methods: RequestLine.methods + ["ANY"], example: "GET /api/users/{id}")
        let segments = line.flatMap { pattern(of: $0, in: name) }
        guard let object, let destination = destination(object, segments: segments ?? []) else { return nil }
        var body: Int?
        object.read("body", into: &body) { $0.size() }
        var priority: Located<RequestPriority>?
        object.read("priority", into: &priority, RequestPriority.read)
        var require: RequireConfiguration?
        object.read("require", into: &require, RequireConfiguration.read)
        var isPublic: Located<Bool>?
        object.read("public", into: &isPublic) { field in field.boolean().map { Located($0, at: field.mark) } }
        guard let line, let segments else { return nil }
        return DoorConfiguration(
            method: line.method == "ANY" ? nil : line.method, pattern: line.path, segments: segments,
            destination: destination, body: body, priority: priority, require: require,
            isPublic: isPublic)
    }

    private static func destination(_ object: ObjectReader, segments: [Segment]) -> Destination? {
        let given = kinds.filter { object[$0] != nil }
        guard let kind = given.first, given.count == 1 else {
            let reason =
                given.isEmpty
                ? "needs one of route, operation or upstream"
                : "has \(given.joined(separator: " and ")); a door leads to one of them"
            object.field.error("\"\(object.field.path)\" \(reason)", at: object.field.keyMark)
            return nil
        }
        for (key, owner) in [("shape", "route"), ("drop", "route"), ("rewrite", "upstream")] where owner != kind {
            guard let field = object[key] else { continue }
            field.error("\"\(key)\" belongs to a door with \"\(owner)\", not \"\(kind)\"", at: field.keyMark)
        }
        switch kind {
        case "operation":
            return object[kind]?.text("a file name such as operations/home.graphql").map { .operation($0) }
        case "upstream":
            guard let upstream = object[kind]?.text("an upstream's name such as users") else { return nil }
            return .upstream(upstream, rewrite: object["rewrite"].flatMap { rewrite($0, segments: segments) })
        default: return routeDestination(object)
        }
    }

    private static func routeDestination(_ object: ObjectReader) -> Destination? {
        let route = object["route"]?.text("a route's name such as users.get")
        if let field = object["drop"], object["shape"] != nil {
            field.error(
                "a door has shape or drop, not both; what a shape leaves out stands in profiles.NAME.drop",
                at: field.keyMark)
        }
        let drop = object["drop"].map(drops) ?? []
        guard let field = object["shape"] else { return route.map { .route($0, drop: drop) } }
        guard let type = field.text("an object type such as User") else { return nil }
        guard Characters.isName(type.value) else {
            field.mismatch("an object type such as User")
            return nil
        }
        return route.map { .shaped(route: $0, type: type) }
    }

    private static func drops(_ field: Field) -> [Drop] {
        (field.entries(of: "profiles and what they drop, such as {tv: [avatar.large]}") ?? []).map { entry in
            let paths = entry.value.items(of: "paths such as [avatar.large]") ?? []
            return Drop(
                profile: Located(entry.name.scalarText ?? "", at: entry.name.mark),
                paths: paths.compactMap(jsonPath))
        }
    }

    /// `avatar.large`, `history[*].debug`, `items[0].id`.
    private static func jsonPath(_ field: Field) -> Located<String>? {
        guard let path = field.text("a path such as avatar.large") else { return nil }
        for part in path.value.split(separator: ".", omittingEmptySubsequences: false) {
            let member = part.prefix { $0 != "[" }
            var indexes = part.dropFirst(member.count)
            while indexes.first == "[", let end = indexes.firstIndex(of: "]") {
                let index = indexes[indexes.index(after: indexes.startIndex)..<end]
                guard
                    index == "*"
                        || (!index.isEmpty && index.utf8.count < 10 && index.utf8.allSatisfy(Characters.isDigit))
                else { break }
                indexes = indexes[indexes.index(after: end)...]
            }
            guard !member.isEmpty, indexes.isEmpty, !member.contains("]") else {
                field.mismatch("a path such as avatar.large or history[*].debug")
                return nil
            }
        }
        return path
    }

    private static func rewrite(_ field: Field, segments: [Segment]) -> Located<String>? {
        guard let text = field.text("a path such as \"/{path}\"") else { return nil }
        do throws(PathTemplate.Fault) {
            let template = try PathTemplate(text.value)
            let known = segments.compactMap(\.variable)
            for variable in template.variables where !known.contains(variable.name) {
                field.error(
                    "the door's path has no variable \"{\(variable.name)}\"", at: field.mark(at: variable.offset),
                    suggestion: Suggestion.nearest(to: variable.name, among: known).map { "{\($0)}" })
            }
            return text
        } catch {
            field.error("\"\(field.path)\": \(error.message)", at: field.mark(at: error.offset))
            return nil
        }
    }
}

extension DoorConfiguration {
    /// The segments of a door's path; nil after reporting what is wrong.
    fileprivate static func pattern(of line: RequestLine, in field: Field) -> [Segment]? {
        let path = line.path.value
        guard path.hasPrefix("/") else {
            field.error("a door's path begins with \"/\"", at: line.path.mark)
            return nil
        }
        var segments: [Segment] = []
        let texts = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        var offset = (field.scalarText?.unicodeScalars.count ?? 0) - path.unicodeScalars.count + 1
        for (index, text) in texts.enumerated() {
            let mark = field.mark(at: offset)
            offset += text.unicodeScalars.count + 1
            guard let segment = Segment(text) else {
                field.error(
                    "\"\(Field.clipped(String(text)))\" is no segment such as users, {id} or {path...}", at: mark)
                return nil
            }
            if case .rest = segment, index < texts.count - 1 {
                field.error("\"\(text)\" takes the rest of the path, so it must be the last segment", at: mark)
                return nil
            }
            if let name = segment.variable, segments.contains(where: { $0.variable == name }) {
                field.error("the variable \"{\(name)}\" stands twice in this path", at: mark)
                return nil
            }
            segments.append(segment)
        }
        return segments
    }
}

extension DoorConfiguration.Segment {
    fileprivate init?(_ text: Substring) {
        if text.hasPrefix("{"), text.hasSuffix("}") {
            let name = text.dropFirst().dropLast()
            if name.hasSuffix("..."), Characters.isName(name.dropLast(3)) {
                self = .rest(String(name.dropLast(3)))
            } else if Characters.isName(name) {
                self = .parameter(String(name))
            } else {
                return nil
            }
        } else {
            guard text.utf8.allSatisfy(Characters.isPathByte), text != ".", text != ".." else { return nil }
            self = .literal(String(text))
        }
    }

    /// The variable that the segment binds.
    var variable: String? {
        switch self {
        case .literal: nil
        case .parameter(let name), .rest(let name): name
        }
    }
}
