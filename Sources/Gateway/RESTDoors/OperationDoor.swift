internal import Bytes
internal import Configuration
internal import Execution
internal import GraphQL
internal import HTTP
internal import HTTPServer
internal import JSON

/// A door that runs a stored operation: path and query parameters, and the members of a JSON object that is sent, are its
/// variables; the GraphQL answer is its answer.
final class OperationDoor: RESTDoor {
    /// The document's text.
    let document: [UInt8]
    /// The variables of its operation.
    let variables: [VariableDefinition]
    let schema: Schema
    /// Names of the path's parameters, in order.
    let pathParameters: [String]
    /// Most bytes of content; nil for what the server takes.
    let bodyLimit: Int?

    init(
        document: [UInt8], variables: [VariableDefinition], schema: Schema, pathParameters: [String], bodyLimit: Int?
    ) {
        self.document = document
        self.variables = variables
        self.schema = schema
        self.pathParameters = pathParameters
        self.bodyLimit = bodyLimit
    }

    func handle(_ request: GatewayRequest, captures: [Range<Int>]) {
        request.enters(.operation)
        request.addVary()
        let head = request.exchange.request
        guard let parameters = DoorParameters.read(head, pathParameters, captures) else {
            return request.refuse(
                .badUserInput, status: 400, detail: "The path or the query holds a broken percent-encoding.")
        }
        guard !head.method.isSafe, Self.isJSON(head.fields) else { return serve(request, parameters, content: []) }
        let limit = bodyLimit ?? request.snapshot.configuration.server.limits.body
        request.exchange.readBody(limit: limit) { [self] result in
            switch result {
            case .failed(let failure): request.refuse(failure, limit: limit)
            case .complete(let body) where body.isEmpty: serve(request, parameters, content: [])
            case .complete(let body):
                guard case .object(let members) = VariableValues.parse(body) else {
                    return request.refuse(.badRequest, status: 400, detail: "The content is not a JSON object.")
                }
                serve(request, parameters, content: members)
            }
        }
    }

    private static func isJSON(_ fields: FieldList) -> Bool {
        guard let type = fields.firstValue(of: .contentType) else { return false }
        return MediaType.isType(type, "application/json")
    }

    private func serve(_ request: GatewayRequest, _ parameters: DoorParameters.Values, content: [InputMember]) {
        let preparation = OperationPreparation(request)
        do throws(OperationPreparation.Refusal) {
            let ready = try preparation.prepare(stored: document, variables: values(parameters, content))
            guard let limits = request.snapshot.rateLimits?.door else { return run(ready, request) }
            request.limit(limits, LimitedOperation(ready)) { [self] refusal in
                if let refusal { request.refuse(refusal) } else { run(ready, request) }
            }
        } catch {
            let first = error.errors.first
            request.refuse(
                first?.code ?? .internalError, status: 400,
                detail: error.errors.map(\.message).joined(separator: " "))
        }
    }

    private func run(_ ready: OperationPreparation.Ready, _ request: GatewayRequest) {
        OperationRunner.run(ready, request) { output, errors in
            request.addCacheControl(isComplete: errors == 0)
            request.respond(status: 200, contentType: "application/json", body: output)
        }
    }

    /// The parameters as the JSON values that their variables would have, else the members of the content that are
    /// called so; names that are no variables are ignored.
    private func values(_ parameters: DoorParameters.Values, _ content: [InputMember]) -> [InputMember] {
        variables.compactMap { variable in
            let name = variable.name.value
            guard let parameter = parameters[name] else { return content.last { $0.name == name } }
            return InputMember(name: name, value: value(parameter, variable.type.reference))
        }
    }

    private func value(_ given: InputValue, _ type: TypeReference) -> InputValue {
        switch type {
        case .nonNull(let inner): return value(given, inner)
        case .list(let item):
            guard case .list(let items) = given else { return .list([value(given, item)]) }
            return .list(items.map { value($0, item) })
        case .named(let name):
            // Several values for one that takes a single value: left to coercion, which refuses them.
            guard case .string(let text) = given else { return given }
            return parsed(text, name)
        }
    }

    /// A string of the request as a value of the type; where it is none it stays a string, which coercion refuses.
    private func parsed(_ text: String, _ typeName: String) -> InputValue {
        guard let type = schema.type(named: typeName) else { return .string(text) }
        if type.kind == .enum || typeName == "String" || typeName == "ID" { return .string(text) }
        let json = ByteBuffer(capacity: max(text.utf8.count, 16))
        json.append(text)
        guard let value = VariableValues.parse(json) else { return .string(text) }
        if type.kind == .scalar, typeName != "Int", typeName != "Float", typeName != "Boolean" {
            return value
        }
        if case .string = value { return .string(text) }
        return value
    }
}
