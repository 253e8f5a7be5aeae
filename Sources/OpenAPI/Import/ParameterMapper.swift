internal import Configuration
internal import GraphQL

/// The parameters of one operation as arguments, and where their values go.
struct ParameterMapper {
    let types: TypeMapper
    private var document: OpenAPIDocument { types.document }
    private var names = UniqueNames()
    private(set) var arguments: [ImportedInput] = []
    /// Path parameters: their argument, by their name.
    private(set) var path: [String: String] = [:]
    /// Pairs of the query, ready for a template.
    private(set) var query: [String] = []
    private(set) var headers: [(name: String, value: String)] = []
    /// Whether a parameter that must be given can't be.
    private(set) var isImpossible = false

    /// Header fields that a parameter can't set: RFC 9110 and OpenAPI's own rule for Accept, Content-Type and
    /// Authorization, and those that the gateway writes.
    private static let ownFields: Set<String> = [
        "accept", "content-type", "authorization", "connection", "content-length", "host", "keep-alive",
        "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade", "cookie",
    ]

    init(_ types: TypeMapper) { self.types = types }

    /// An argument's name that no other has.
    mutating func claim(_ name: String) -> String { names.claim(name) }

    /// Adds a parameter. What can't be an argument is reported and left out.
    mutating func add(_ parameter: YAMLNode) {
        guard let name = parameter["name"]?.characters, !name.isEmpty, let place = parameter["in"]?.text else {
            document.warn("a parameter needs \"name\" and \"in\"; it is left out", at: parameter)
            return
        }
        switch place {
        case "path": addPath(name, parameter)
        case "query": addQuery(name, parameter)
        case "header": addHeader(name, parameter)
        case "cookie":
            leaveOut("the cookie \"\(document.shown(name))\"", "cookies are not set from arguments", parameter)
        default:
            leaveOut(
                "the parameter \"\(document.shown(name))\"", "there is no place \"\(document.shown(place))\"", parameter
            )
        }
    }

    private mutating func leaveOut(_ what: String, _ reason: String, _ parameter: YAMLNode) {
        let isRequired = parameter["required"]?.isTrue == true
        if isRequired { isImpossible = true }
        document.warn("\(what) is left out\(isRequired ? ", and its operation with it" : ""): \(reason)", at: parameter)
    }

    // MARK: Places

    private mutating func addPath(_ name: String, _ parameter: YAMLNode) {
        if let style = parameter["style"]?.text, style != "simple" {
            return leaveOut(
                "the parameter \"\(document.shown(name))\"", "the style \"\(document.shown(style))\" is not spoken",
                parameter)
        }
        var argument = argument(name, parameter, listsAsText: true)
        argument.type = .nonNull(argument.type.nullable)
        argument.isDeprecated = false
        arguments.append(argument)
        path[name] = argument.name
    }

    /// Gives a variable of a path that no parameter describes an argument.
    mutating func addUndescribed(_ name: String, at node: YAMLNode) -> String {
        document.warn(
            "no parameter describes \"{\(document.shown(name))}\" of this path; it is taken as a text", at: node)
        let argument = names.claim(Names.field(name))
        arguments.append(ImportedInput(name: argument, type: .nonNull(.named("String"))))
        path[name] = argument
        return argument
    }

    private mutating func addQuery(_ name: String, _ parameter: YAMLNode) {
        let style = parameter["style"]?.text ?? "form"
        let schema = parameter["schema"]
        if let schema, case .object = types.reader.form(of: schema), ["form", "deepObject"].contains(style) {
            let isDeep = style == "deepObject"
            return addMembers(of: schema, prefix: isDeep ? name : nil, parameter)
        }
        var argument = argument(name, parameter, listsAsText: !["form", "deepObject"].contains(style))
        let key = PercentEncoding.encoded(name)
        // Lists are repeated (explode, the usual case) or joined with commas.
        let isJoined = argument.type.isList && parameter["explode"] != nil && parameter["explode"]?.isTrue == false
        if parameter["required"]?.isTrue == true { argument.type = .nonNull(argument.type.nullable) }
        arguments.append(argument)
        query.append("\(key)={\(argument.name)\(isJoined ? ":," : "")}")
    }

    /// An object in the query: an argument for each of its properties, `filter[state]=…`, or `state=…` in the form style.
    private mutating func addMembers(of schema: YAMLNode, prefix: String?, _ parameter: YAMLNode) {
        for property in types.reader.facetsWithAlternatives(of: types.reader.identity(of: schema)).properties {
            guard prefix != nil || !property.name.isEmpty else {
                document.warn("a property without a name is left out of the query", at: property.mark)
                continue
            }
            let written = prefix.map { "\($0)[\(property.name)]" } ?? property.name
            let name = names.claim(Names.field(written))
            let type = scalarType(of: property.schema, name: property.name, listsAsText: false)
            arguments.append(
                ImportedInput(
                    name: name, description: types.description(of: property.schema), type: type,
                    defaultValue: defaultValue(of: property.schema, type)))
            query.append("\(PercentEncoding.encoded(written))={\(name)}")
        }
    }

    private mutating func addHeader(_ name: String, _ parameter: YAMLNode) {
        // OpenAPI says of these three that such a parameter is ignored.
        guard !["accept", "content-type", "authorization"].contains(name.lowercased()) else { return }
        guard name.utf8.allSatisfy(PercentEncoding.isToken), !Self.ownFields.contains(name.lowercased()) else {
            return leaveOut(
                "the header \"\(document.shown(name))\"", "the gateway writes it itself, or it is no field name",
                parameter)
        }
        var argument = argument(name, parameter, listsAsText: true)
        if parameter["required"]?.isTrue == true { argument.type = .nonNull(argument.type.nullable) }
        arguments.append(argument)
        headers.append((name.lowercased(), "$args.\(argument.name)"))
    }

    // MARK: Arguments

    private mutating func argument(_ name: String, _ parameter: YAMLNode, listsAsText: Bool) -> ImportedInput {
        let content = parameter["content"]?.pairs?.first?.value
        let schema = parameter["schema"] ?? content?["schema"]
        let isText = parameter["schema"] != nil
        let type: TypeReference =
            if let schema {
                isText ? scalarType(of: schema, name: name, listsAsText: listsAsText) : types.scalar("JSON")
            } else {
                .named("String")
            }
        return ImportedInput(
            name: names.claim(Names.field(name)),
            description: parameter["description"]?.characters ?? schema.flatMap { types.description(of: $0) },
            type: type,
            defaultValue: schema.flatMap { defaultValue(of: $0, type) },
            isDeprecated: parameter["deprecated"]?.isTrue == true && parameter["required"]?.isTrue != true)
    }

    /// The type of a value that is written as text: a scalar, or a list of them.
    private func scalarType(of schema: YAMLNode, name: String, listsAsText: Bool) -> TypeReference {
        let hint = Names.type(name)
        if let type = types.identifierType(name, schema) ?? types.leafType(of: schema, hint: hint) { return type }
        guard case .list(let items) = types.reader.form(of: schema) else { return types.scalar("JSON") }
        if listsAsText { return .named("String") }
        let item = items.flatMap { types.leafType(of: $0, hint: hint) } ?? .named("String")
        return .list(.nonNull(item))
    }

    private func defaultValue(of schema: YAMLNode, _ type: TypeReference) -> String? {
        guard let value = schema["default"] ?? types.reader.identity(of: schema)["default"] else { return nil }
        if value.scalar == .null { return nil }
        let values = types.reader.facets(of: types.reader.identity(of: schema)).values?.compactMap(\.characters)
        let items = types.reader.facets(of: types.reader.identity(of: schema)).items
        let itemValues = items.flatMap { types.reader.facets(of: types.reader.identity(of: $0)).values }?.compactMap(
            \.characters)
        if let literal = DefaultValue.literal(value, as: type, enumValues: type.isList ? itemValues : values) {
            return literal
        }
        document.warn("this default doesn't fit its type, \(type); it is left out", at: value)
        return nil
    }
}
