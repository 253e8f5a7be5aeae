internal import Configuration
internal import GraphQL
internal import HTTP
internal import Planning

/// Describes one door after another as OpenAPI operations.
struct DoorDescriber {
    let configuration: GatewayConfiguration
    let routes: [RouteDescription]
    let mapping: MappedSchema?
    let operations: [String: OperationDocument]
    let types: TypeSchemas?

    /// The name of the header by which a client picks a profile; nil where there is nothing to pick.
    private var profileHeader: String? {
        configuration.profiles.profiles.count > 1 ? configuration.profiles.header : nil
    }

    /// `components.parameters`.
    var parameters: [(String, DocumentValue)] {
        guard let profileHeader else { return [] }
        let names = configuration.profiles.profiles.map { DocumentValue.string($0.name.value) }
        let parameter = DocumentValue.object([
            ("name", .string(profileHeader)), ("in", .string("header")),
            ("description", .string("The device profile; the User-Agent decides where it is left out.")),
            ("schema", .object([("type", .string("string")), ("enum", .array(names))])),
        ])
        return [("Profile", parameter)]
    }

    /// The operation of a door.
    func operation(_ door: DoorConfiguration, _ path: DoorPath, method: String) -> [(String, DocumentValue)] {
        let described =
            switch door.destination {
            case .route(let route, let drops): routeDoor(route.value, path, shape: nil, drops: drops)
            case .shaped(let route, let type): routeDoor(route.value, path, shape: type.value, drops: [])
            case .operation(let file): operationDoor(file.value, path, method)
            case .upstream(let upstream, _): passthrough(upstream.value, path, method)
            }
        return security.map { described + $0.members(of: door) } ?? described
    }

    /// Who may call; nil where no token is looked at.
    private var security: DoorSecurity? { configuration.auth.map { DoorSecurity($0) } }

    /// Responses that doors have where tokens are believed.
    var refusals: [ErrorComponents.Response] { security == nil ? [] : [.unauthenticated, .forbidden] }

    // MARK: Parameters

    func parameter(
        _ name: String, in place: String, _ schema: DocumentValue, isRequired: Bool, description: String? = nil
    ) -> DocumentValue {
        var members: [(String, DocumentValue)] = [("name", .string(name)), ("in", .string(place))]
        if let description { members.append(("description", .string(description))) }
        if isRequired { members.append(("required", .boolean(true))) }
        return .object(members + [("schema", schema)])
    }

    func pathParameters(_ path: DoorPath, _ schema: (String) -> DocumentValue) -> [DocumentValue] {
        path.variables.map { variable in
            parameter(
                variable.written, in: "path", schema(variable.name), isRequired: true,
                description: variable.isRest ? "The rest of the path, slashes and all; it may be empty." : nil)
        }
    }

    func profileParameter(if isNeeded: Bool) -> [DocumentValue] {
        isNeeded && profileHeader != nil ? [.reference("parameters", "Profile")] : []
    }

    func answer(_ description: String, _ schema: DocumentValue) -> DocumentValue {
        .object([
            ("description", .string(description)),
            ("headers", .object([("x-request-id", .reference("headers", "RequestID"))])),
            ("content", .object([("application/json", .object([("schema", schema)]))])),
        ])
    }

    // MARK: Route doors

    private func routeDoor(
        _ name: String, _ path: DoorPath, shape: String?, drops: [DoorConfiguration.Drop]
    ) -> [(String, DocumentValue)] {
        guard let route = routes.first(where: { $0.name == name }) else { return [] }
        let text = DocumentValue.object([("type", .string("string"))])
        let own = Set(path.variables.map(\.name))
        var parameters = pathParameters(path) { _ in text }
        for index in route.inputs.indices { parameters += inputParameter(index, of: route, except: own) }
        parameters += profileParameter(if: shape != nil || !drops.isEmpty)
        let dropped = drops.map { "\($0.profile.value): \($0.paths.map(\.value).joined(separator: ", "))" }
        let said =
            shape.map { "The answer of the route \(name) in the shape of \($0)." } ?? "The answer of the route \(name)."
        let left = dropped.isEmpty ? "" : " Left out for profiles: \(dropped.joined(separator: "; "))."
        let responses: [(String, DocumentValue)] = [
            ("200", answer("What the service answers.", shape.map { shaped($0, route) } ?? .empty)),
            ("204", .object([("description", .string("The service answered nothing."))])),
        ]
        return [
            ("summary", .string(said + left)), ("parameters", .array(parameters)),
            (
                "responses",
                .object(
                    responses
                        + ErrorComponents.responses(
                            [.badInput] + refusals + [.refused, .badGateway, .unavailable, .timeout]))
            ),
        ]
    }

    /// The parameter that gives a route's input, where a client gives it outside of the path.
    private func inputParameter(_ index: Int, of route: RouteDescription, except own: Set<String>) -> [DocumentValue] {
        let text = DocumentValue.object([("type", .string("string"))])
        let isRequired = route.pathInputs.contains(index)
        var name: String?
        switch route.inputs[index] {
        case .variable(let variable): name = variable
        case .expression(.argument(let names)): name = names.first
        // Fields of these names aren't parameters in OpenAPI.
        case .expression(.header(let field)) where !["accept", "content-type", "authorization"].contains(field):
            return [parameter(field, in: "header", text, isRequired: isRequired)]
        default: break
        }
        guard let name, !own.contains(name) else { return [] }
        let list = DocumentValue.object([("type", .string("array")), ("items", text)])
        return [parameter(name, in: "query", route.takesList(index) ? list : text, isRequired: isRequired)]
    }

    /// An object, a list of them, or either where nothing in the schema tells which the route answers.
    private func shaped(_ type: String, _ route: RouteDescription) -> DocumentValue {
        guard let mapping, let types else { return .empty }
        let object = types.named(type)
        let cap = mapping.profiles.definitions[mapping.profiles.defaultProfile.index].defaultListCap
        let list = types.schema(.nonNull(.list(.nonNull(.named(type)))), cap: cap)
        return switch mapping.answersList(ofRoute: route.index) {
        case false?: object
        case true?: list
        case nil: .object([("anyOf", .array([object, list]))])
        }
    }

    // MARK: Passthrough doors

    private func passthrough(_ upstream: String, _ path: DoorPath, _ method: String) -> [(String, DocumentValue)] {
        let any = DocumentValue.object([("*/*", .empty)])
        var members: [(String, DocumentValue)] = [
            ("summary", .string("Streamed to the service \(upstream) and back as it is.")),
            ("parameters", .array(pathParameters(path) { _ in .object([("type", .string("string"))]) })),
        ]
        if takesContent(method) {
            members.append(("requestBody", .object([("content", any)])))
        }
        let answer = DocumentValue.object([
            ("description", .string("Whatever the service answers, with its status.")), ("content", any),
        ])
        let errors = ErrorComponents.responses(refusals + [.badGateway, .unavailable, .timeout])
        return members + [("responses", .object(errors + [("default", answer)]))]
    }
}

extension RouteDescription {
    /// Whether an input stands in the query as a list that is joined.
    fileprivate func takesList(_ input: Int) -> Bool {
        zip(template.variables, templateInputs).contains { $0.joiner != nil && $1 == input }
    }
}
