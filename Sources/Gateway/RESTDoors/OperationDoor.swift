internal import Bytes
internal import Execution
internal import GraphQL
internal import HTTPServer
internal import JSON

/// A door that runs a stored operation: path and query parameters are its variables, the GraphQL answer is its answer.
final class OperationDoor: RESTDoor {
    /// The document's text.
    let document: [UInt8]
    /// The variables of its operation.
    let variables: [VariableDefinition]
    let schema: Schema
    /// Names of the path's parameters, in order.
    let pathParameters: [String]

    init(document: [UInt8], variables: [VariableDefinition], schema: Schema, pathParameters: [String]) {
        self.document = document
        self.variables = variables
        self.schema = schema
        self.pathParameters = pathParameters
    }

    func handle(_ request: GatewayRequest, captures: [Range<Int>]) {
        request.door = .operation
        request.addVary()
        guard let parameters = DoorParameters.read(request.exchange.request, pathParameters, captures) else {
            return request.refuse(
                .badUserInput, status: 400, detail: "The path or the query holds a broken percent-encoding.")
        }
        let preparation = OperationPreparation(request)
        do throws(OperationPreparation.Refusal) {
            let ready = try preparation.prepare(stored: document, variables: values(parameters))
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

    /// The parameters as the JSON values that their variables would have; names that are no variables are ignored.
    private func values(_ parameters: DoorParameters.Values) -> [InputMember] {
        variables.compactMap { variable in
            let name = variable.name.value
            return parameters[name].map {
                InputMember(name: name, value: value($0, variable.type.reference))
            }
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
