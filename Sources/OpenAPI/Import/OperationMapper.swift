internal import Configuration
internal import GraphQL

/// An operation of the document as a field of Query or Mutation and a route.
struct ImportedOperation {
    var isQuery: Bool
    var field: ImportedField
    var route: ImportedRoute
}

/// Maps the operations of a document. What can't be mapped is reported and left out.
struct OperationMapper {
    static let methods = ["get", "put", "post", "delete", "patch", "head", "options", "trace"]

    let types: TypeMapper
    let upstream: String
    private var document: OpenAPIDocument { types.document }
    private var fieldNames = UniqueNames()
    private var routeNames = UniqueNames()
    /// A route's name has at most 128 characters; what is left is for a number.
    private static let routeNameLength = 120

    init(_ types: TypeMapper, upstream: String) {
        self.types = types
        self.upstream = upstream
    }

    /// Every operation that can be one, in the document's order.
    mutating func operations() -> [ImportedOperation] {
        var operations: [ImportedOperation] = []
        for pair in document.root["paths"]?.pairs ?? [] {
            let path = pair.key.characters ?? ""
            // Extensions may stand beside the paths.
            guard path.hasPrefix("/"), !types.reader.isExhausted, let item = document.resolve(pair.value) else {
                continue
            }
            if let reason = Self.refusal(ofPath: path) {
                document.warn("the path is left out: \(reason)", at: pair.key)
                continue
            }
            for entry in item.pairs ?? [] {
                guard let method = entry.key.text, Self.methods.contains(method) else { continue }
                let source = Source(
                    path: path, method: method.uppercased(), item: item, key: entry.key, node: entry.value)
                if let operation = operation(source) { operations.append(operation) }
            }
        }
        return operations
    }

    private struct Source {
        let path: String
        let method: String
        /// The path item.
        let item: YAMLNode
        /// The method in the document.
        let key: YAMLNode
        /// The operation.
        let node: YAMLNode
    }

    private static func refusal(ofPath path: String) -> String? {
        if path.utf8.contains(where: { $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") }) {
            return "it has a query or a fragment; give query parameters under \"parameters\""
        }
        let isDotted = path.split(separator: "/").contains {
            $0 == "." || $0 == ".." || $0.lowercased().contains("%2e")
        }
        return isDotted ? "it has a dot segment, which is never sent" : nil
    }

    // MARK: One operation

    private mutating func operation(_ source: Source) -> ImportedOperation? {
        let name = name(of: source)
        func leaveOut(_ reason: String) {
            document.warn("\(source.method) \(document.shown(source.path)) is left out: \(reason)", at: source.key)
        }
        if ["HEAD", "OPTIONS", "TRACE"].contains(source.method) {
            leaveOut("a \(source.method) has no answer that a field could give")
            return nil
        }
        if let server = ServerURL.other(than: document.root, item: source.item, operation: source.node) {
            leaveOut("it has a server of its own, \"\(document.shown(server))\"; import it as another upstream")
            return nil
        }
        let isQuery = source.method == "GET"
        let answer: Answer
        switch ContentReader(document).answer(of: source.node) {
        case .json(let media): answer = Answer(schema: media.schema, type: media.ownType, isEmpty: false)
        case .empty where !isQuery: answer = Answer(isEmpty: true)
        case .empty:
            leaveOut("its answer has no content")
            return nil
        case .other(let type):
            leaveOut("it answers \(document.shown(type)), not JSON")
            return nil
        }
        var parameters = parameters(of: source)
        guard let target = target(source, &parameters) else { return nil }
        if parameters.isImpossible { return nil }
        let fieldName = fieldNames.claim(name)
        let routeName = routeNames.claim(String("\(upstream).\(fieldName)".prefix(Self.routeNameLength)))
        var route = ImportedRoute(name: routeName, method: source.method, target: target)
        guard let body = body(source, fieldName, &parameters) else { return nil }
        route.body = body.route
        route.headers = parameters.headers
        if let type = answer.type { route.headers.append(("accept", type)) }
        if let type = body.type { route.headers.append(("content-type", type)) }
        let field = ImportedField(
            name: fieldName, description: description(of: source, answer),
            arguments: parameters.arguments + body.arguments,
            type: type(of: answer, fieldName), route: route.name,
            isDeprecated: source.node["deprecated"]?.isTrue == true)
        return ImportedOperation(isQuery: isQuery, field: field, route: route)
    }

    private struct Answer {
        var schema: YAMLNode?
        /// The media type to ask for.
        var type: String?
        var isEmpty: Bool
    }

    /// By `operationId`, else by method and path: `GET /users/{id}/posts` is `getUsersByIdPosts`.
    private func name(of source: Source) -> String {
        if let id = source.node["operationId"]?.characters, !id.isEmpty { return Names.operation(id) }
        let words = source.path.split(separator: "/").map { segment in
            segment.hasPrefix("{") ? "By" + Names.type(String(segment)) : Names.type(String(segment))
        }
        return Names.operation(source.method.lowercased() + words.joined())
    }

    /// A field of Query or Mutation is nullable: a service that fails takes no other with it.
    private func type(of answer: Answer, _ name: String) -> TypeReference {
        guard let schema = answer.schema else { return types.scalar("JSON") }
        return types.outputType(of: schema, hint: Names.type(name) + "Result")
    }

    private func description(of source: Source, _ answer: Answer) -> String? {
        let texts = [source.node["summary"]?.characters, source.node["description"]?.characters].compactMap(\.self)
        let said = texts.count == 2 && texts[1].hasPrefix(texts[0]) ? [texts[1]] : texts
        let empty = answer.isEmpty ? ["Answers null where it succeeds."] : []
        let all = (said + empty).filter { !$0.isEmpty }
        return all.isEmpty ? nil : all.joined(separator: "\n\n")
    }

    // MARK: Parameters

    /// The operation's own parameters, and those of its path that it doesn't give anew.
    private func parameters(of source: Source) -> ParameterMapper {
        var found: [(key: String, node: YAMLNode)] = []
        for list in [source.item["parameters"], source.node["parameters"]] {
            for item in list?.items ?? [] {
                guard let parameter = document.resolve(item) else { continue }
                let key = "\(parameter["in"]?.characters ?? "") \(parameter["name"]?.characters ?? "")"
                if let place = found.firstIndex(where: { $0.key == key }) {
                    found[place].node = parameter
                } else if found.count < 200 {
                    found.append((key, parameter))
                } else {
                    document.warn("more than 200 parameters; this one is left out", at: item)
                }
            }
        }
        var parameters = ParameterMapper(types)
        for (_, node) in found { parameters.add(node) }
        return parameters
    }

    /// The path with its variables called as the arguments are, and the query.
    private func target(_ source: Source, _ parameters: inout ParameterMapper) -> String? {
        var target = ""
        var rest = source.path[...]
        while let open = rest.firstIndex(of: "{") {
            target += PercentEncoding.encodedPath(String(rest[..<open]))
            guard let close = rest[open...].firstIndex(of: "}") else {
                document.warn("the path has \"{\" without \"}\"; the operation is left out", at: source.key)
                return nil
            }
            let name = String(rest[rest.index(after: open)..<close])
            let argument = parameters.path[name] ?? parameters.addUndescribed(name, at: source.key)
            target += "{\(argument)}"
            rest = rest[rest.index(after: close)...]
        }
        target += PercentEncoding.encodedPath(String(rest))
        return parameters.query.isEmpty ? target : "\(target)?\(parameters.query.joined(separator: "&"))"
    }

    // MARK: Content

    /// Arguments that give it, how it is sent, and its media type where that has to be said.
    private typealias Body = (arguments: [ImportedInput], route: ImportedRoute.Body?, type: String?)

    /// The argument that is sent, if any; nil where the operation can't be called.
    private func body(_ source: Source, _ name: String, _ parameters: inout ParameterMapper) -> Body? {
        guard let written = source.node["requestBody"] else { return ([], nil, nil) }
        guard let request = document.resolve(written), source.method != "GET" else {
            if source.method == "GET" { document.warn("a GET has no content; its body is left out", at: written) }
            return ([], nil, nil)
        }
        let isRequired = request["required"]?.isTrue == true
        guard let media = ContentReader.json(in: request["content"]) else {
            let kinds = (request["content"]?.pairs ?? []).compactMap(\.key.characters).joined(separator: ", ")
            let operation = "\(source.method) \(document.shown(source.path))"
            document.warn(
                "\(operation) is left out: it takes \(kinds.isEmpty ? "no known type" : document.shown(kinds)), and content is sent as JSON",
                at: written)
            return nil
        }
        let argument = parameters.claim("input")
        let body = media.schema.map { types.bodyType(of: $0, hint: Names.type(name)) }
        let type = body?.type ?? types.scalar("JSON")
        let input = ImportedInput(
            name: argument, description: request["description"]?.characters, type: isRequired ? .nonNull(type) : type)
        return ([input], body?.members.map { .members(of: argument, $0) } ?? .argument(argument), media.ownType)
    }
}
