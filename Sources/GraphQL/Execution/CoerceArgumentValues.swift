/// Why a field's arguments can't be coerced when it is run.
public struct ArgumentCoercionError: Error, Sendable, Hashable {
    /// A sentence for the client.
    public let message: String
    /// Byte offset of the argument or value to blame, or of the field.
    public let offset: UInt32
}

extension Schema {
    /// The values of a field's arguments by name (GraphQL §6.4.1, CoerceArgumentValues). An argument that has neither a
    /// value nor a default is not there.
    ///
    /// The document has been validated, so literals fit their types; what is left to find are variables that are null
    /// or not given where a Non-Null value is needed.
    public func coerceArgumentValues(
        of definition: SchemaField, in field: Field, variables: CoercedVariables
    ) throws(ArgumentCoercionError) -> [String: InputValue] {
        var values: [String: InputValue] = [:]
        let coercion = LiteralCoercion(schema: self, variables: variables)
        for argument in definition.arguments {
            let given = field.arguments.first { $0.name.value == argument.name }
            values[argument.name] = try coercion.input(
                given?.value, for: argument, offset: given?.offset ?? field.offset)
        }
        return values
    }

    /// A constant of the schema or the document, which has been validated, as a value of `type`.
    public func coerceConstant(_ value: Value, _ type: TypeReference) -> InputValue? {
        let coercion = LiteralCoercion(schema: self, variables: [:])
        do throws(ArgumentCoercionError) {
            return try coercion.value(value, type)
        } catch {
            return nil
        }
    }
}

/// Turns literals, with variables in them, into values. Recursion is as deep as the literal is nested, which the parser
/// bounds.
private struct LiteralCoercion {
    let schema: Schema
    let variables: CoercedVariables

    /// The value of an argument or an input field; nil for none.
    func input(
        _ given: Value?, for definition: SchemaInputValue, offset: UInt32
    ) throws(ArgumentCoercionError) -> InputValue? {
        if let given, let value = try value(given, definition.type) { return value }
        if let constant = definition.defaultValue { return schema.coerceConstant(constant, definition.type) }
        if definition.type.isNonNull {
            throw ArgumentCoercionError(
                message: "\"\(definition.coordinate)\" of type \"\(definition.type)\" was given no value.",
                offset: offset)
        }
        return nil
    }

    /// The value of a literal; nil for a variable that was given none.
    func value(_ literal: Value, _ type: TypeReference) throws(ArgumentCoercionError) -> InputValue? {
        if let name = literal.variableName {
            guard let value = variables[name] else { return nil }
            if value == .null, type.isNonNull { throw isNull(literal, type) }
            return value
        }
        if literal.isNull {
            if type.isNonNull { throw isNull(literal, type) }
            return .null
        }
        if let itemType = type.itemType { return try list(literal, itemType) }
        guard let named = schema.type(of: type) else { return untyped(literal) }
        return named.kind == .inputObject ? try object(literal, named) : leaf(literal, named)
    }

    private func isNull(_ literal: Value, _ type: TypeReference) -> ArgumentCoercionError {
        ArgumentCoercionError(message: "Expected a value of type \"\(type)\", found null.", offset: literal.offset)
    }

    /// A list literal, or a single value that stands for a list of one (§3.11). A variable without a value is null.
    private func list(_ literal: Value, _ itemType: TypeReference) throws(ArgumentCoercionError) -> InputValue {
        var items: [InputValue] = []
        for item in literal.listValue ?? [literal] {
            let value = try value(item, itemType)
            if value == nil, itemType.isNonNull { throw isNull(item, itemType) }
            items.append(value ?? .null)
        }
        return .list(items)
    }

    private func object(_ literal: Value, _ type: NamedType) throws(ArgumentCoercionError) -> InputValue {
        let given = literal.objectFields ?? []
        var members: [InputMember] = []
        for definition in type.inputFields {
            let field = given.first { $0.name.value == definition.name }
            let value = try input(field?.value, for: definition, offset: field?.offset ?? literal.offset)
            if let value { members.append(InputMember(name: definition.name, value: value)) }
        }
        if type.isOneOf, members.count != 1 || members[0].value == .null {
            throw ArgumentCoercionError(
                message: "Exactly one field of \"\(type.name)\" must have a value, which must not be null.",
                offset: literal.offset)
        }
        return .object(members)
    }

    private func leaf(_ literal: Value, _ type: NamedType) -> InputValue? {
        switch (literal.kind, type.name) {
        case (.int(let digits), "Int"): Int(digits).map(InputValue.int)
        case (.int(let digits), "Float"), (.float(let digits), "Float"): Double(digits).map(InputValue.float)
        case (.int(let digits), "ID"): .string(digits)
        default: untyped(literal)
        }
    }

    /// A literal as it is: what a custom scalar takes.
    private func untyped(_ literal: Value) -> InputValue? {
        switch literal.kind {
        case .variable(let name): variables[name]
        case .int(let digits), .float(let digits): .number(digits)
        case .string(let text, _): .string(text)
        case .boolean(let value): .boolean(value)
        case .null: .null
        case .enum(let name): .enum(name)
        case .list(let items): .list(items.map { untyped($0) ?? .null })
        case .object(let fields):
            .object(
                fields.compactMap { field in
                    untyped(field.value).map { InputMember(name: field.name.value, value: $0) }
                })
        }
    }
}
