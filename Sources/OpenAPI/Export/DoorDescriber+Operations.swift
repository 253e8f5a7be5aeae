internal import GraphQL
internal import Planning

/// Doors that run a stored operation.
extension DoorDescriber {
    func operationDoor(_ file: String, _ path: DoorPath, _ method: String) -> [(String, DocumentValue)] {
        guard let stored = operations[file], let mapping, let types else { return [] }
        let variables = stored.operation.variables
        let own = Set(path.variables.map(\.name))
        var parameters = pathParameters(path) { name in
            let variable = variables.first { $0.name.value == name }
            return variable.map { types.schema(.nonNull($0.type.reference.nullable)) }
                ?? .object([("type", .string("string"))])
        }
        let others = variables.filter { !own.contains($0.name.value) }
        let inContent = takesContent(method) ? others.filter { isJSON($0, mapping.schema) } : []
        for variable in others where !inContent.contains(where: { $0.name.value == variable.name.value }) {
            parameters.append(queryParameter(variable, mapping.schema, types))
        }
        parameters += profileParameter(if: true)
        var selection = SelectionSchemas(stored.document, schema: mapping.schema, types: types)
        let members: [(String, DocumentValue)] = [
            ("data", selection.data(of: stored.operation)),
            (
                "errors",
                .object([
                    ("type", .string("array")), ("items", .reference("schemas", ErrorComponents.graphQLError)),
                ])
            ),
            ("extensions", .object([("type", .string("object"))])),
        ]
        let name = stored.operation.name?.value
        let summary = "The \(stored.operation.kind.rawValue)\(name.map { " \($0)" } ?? "")."
        let answer = answer(
            "What GraphQL answers; parts that failed are null, and errors say why.",
            TypeSchemas.object(members, required: [.string("data")]))
        return [
            ("summary", .string(stored.operation.description?.value ?? summary)), ("parameters", .array(parameters)),
        ] + content(inContent, types) + [
            (
                "responses",
                .object(
                    [("200", answer)] + ErrorComponents.responses([.badInput] + refusals + [.refused, .unavailable]))
            )
        ]
    }

    /// `requestBody` with the variables that no query string holds well; none where there are none.
    private func content(_ variables: [VariableDefinition], _ types: TypeSchemas) -> [(String, DocumentValue)] {
        guard !variables.isEmpty else { return [] }
        let required = variables.filter(isRequired).map { DocumentValue.string($0.name.value) }
        let schema = TypeSchemas.object(
            variables.map { ($0.name.value, types.schema($0.type.reference)) }, required: required)
        return [
            (
                "requestBody",
                .object([
                    ("required", .boolean(!required.isEmpty)),
                    ("content", .object([("application/json", .object([("schema", schema)]))])),
                ])
            )
        ]
    }

    func takesContent(_ method: String) -> Bool { ["post", "put", "patch", "delete"].contains(method) }

    private func isRequired(_ variable: VariableDefinition) -> Bool {
        variable.type.reference.isNonNull && variable.defaultValue == nil
    }

    /// Whether a variable is an input object, a custom scalar, or a list of them.
    private func isJSON(_ variable: VariableDefinition, _ schema: Schema) -> Bool {
        let type = schema.type(of: variable.type.reference)
        return type?.kind == .inputObject || (type?.kind == .scalar && type?.origin == .document)
    }

    /// A variable in the query; an input object, or a custom scalar, is its JSON text.
    private func queryParameter(
        _ variable: VariableDefinition, _ schema: Schema, _ types: TypeSchemas
    ) -> DocumentValue {
        let reference = variable.type.reference
        var value = types.schema(.nonNull(reference.nullable))
        if let defaultValue = variable.defaultValue { value = value.adding([("default", DocumentValue(defaultValue))]) }
        let written = parameter(
            variable.name.value, in: "query", value, isRequired: isRequired(variable),
            description: variable.description?.value)
        guard isJSON(variable, schema), !reference.isList else { return written }
        let content = DocumentValue.object([("application/json", .object([("schema", value)]))])
        return .object(written.members.map { $0.0 == "schema" ? ("content", content) : $0 })
    }
}
