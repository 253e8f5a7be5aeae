/// Why a variable has no usable value.
public struct VariableProblem: Sendable, Hashable {
    /// A sentence for the client, bounded in length.
    public let message: String
    /// Byte offset of the variable's definition.
    public let offset: UInt32
}

/// Everything wrong with the values that a request gives for an operation's variables; at least one problem.
public struct VariableCoercionError: Error, Sendable, Hashable {
    /// How many problems are told at most.
    public static let maximumProblems = 50

    /// The problems, by variable in order of definition.
    public let problems: [VariableProblem]
}

extension Schema {
    /// The values of an operation's variables (GraphQL §6.1.2, CoerceVariableValues).
    ///
    /// - Parameters:
    ///   - operation: an operation of a document that has been validated against this schema.
    ///   - values: what the request gives by name, as JSON has it: `null`, `boolean`, `number`, `string`, `list` and
    ///     `object`. Of two values for one name the last counts; names that the operation does not define are ignored.
    ///     Recursion is as deep as input types and values both nest.
    /// - Throws: every problem found, up to a bound.
    public func coerceVariableValues(
        of operation: OperationDefinition, values: [InputMember]
    ) throws(VariableCoercionError) -> CoercedVariables {
        let given = GivenValues(values)
        var coerced: CoercedVariables = [:]
        var problems: [VariableProblem] = []
        for definition in operation.variables where problems.count < VariableCoercionError.maximumProblems {
            var coercion = VariableCoercion(
                schema: self, definition: definition, limit: VariableCoercionError.maximumProblems - problems.count)
            if let value = coercion.variable(given[definition.name.value]) { coerced[definition.name.value] = value }
            problems += coercion.problems
        }
        guard problems.isEmpty else { throw VariableCoercionError(problems: problems) }
        return coerced
    }
}

/// What a request gives, by name: a few are looked through, many are hashed.
private struct GivenValues {
    private let values: [InputMember]
    private let table: [String: InputValue]

    init(_ values: [InputMember]) {
        self.values = values
        table =
            values.count <= 8
            ? [:] : Dictionary(values.map { ($0.name, $0.value) }, uniquingKeysWith: { _, last in last })
    }

    subscript(_ name: String) -> InputValue? {
        values.count <= 8 ? values.last { $0.name == name }?.value : table[name]
    }
}

/// Coerces the value of one variable.
private struct VariableCoercion {
    let schema: Schema
    let definition: VariableDefinition
    let limit: Int
    var problems: [VariableProblem] = []
    /// The way from the variable to the value at hand, as error messages write it.
    private var path: [PathPart] = []

    private enum PathPart {
        case field(String)
        case item(Int)
    }

    init(schema: Schema, definition: VariableDefinition, limit: Int) {
        self.schema = schema
        self.definition = definition
        self.limit = limit
    }

    /// The variable's value; nil for none, or with a problem noted.
    mutating func variable(_ given: InputValue?) -> InputValue? {
        let name = definition.name.value
        let type = definition.type.reference
        guard let given else {
            if let constant = definition.defaultValue { return schema.coerceConstant(constant, type) }
            if type.isNonNull { note("Variable \"$\(name)\" of required type \"\(type)\" was not provided.") }
            return nil
        }
        if given == .null, type.isNonNull {
            note("Variable \"$\(name)\" of non-null type \"\(type)\" must not be null.")
            return nil
        }
        return value(given, type)
    }

    /// A value by its type; null where a problem was noted.
    private mutating func value(_ given: InputValue, _ type: TypeReference) -> InputValue {
        if given == .null {
            if type.isNonNull { refuse(given, "Expected non-nullable type \"\(type)\" not to be null.") }
            return .null
        }
        if let itemType = type.itemType { return list(given, itemType) }
        guard let named = schema.type(of: type) else { return given }
        switch named.kind {
        case .inputObject: return object(given, named)
        case .enum: return enumeration(given, named)
        case .scalar:
            guard let value = given.coerced(toScalar: named.name) else {
                refuse(given, ScalarWording.refusal(of: given, named.name))
                return .null
            }
            return value
        case .object, .interface, .union: return given
        }
    }

    /// A list, or a single value that stands for a list of one (§3.11).
    private mutating func list(_ given: InputValue, _ itemType: TypeReference) -> InputValue {
        guard case .list(let items) = given else { return .list([value(given, itemType)]) }
        var result: [InputValue] = []
        for (index, item) in items.enumerated() where problems.count < limit {
            path.append(.item(index))
            result.append(value(item, itemType))
            path.removeLast()
        }
        return .list(result)
    }

    private mutating func enumeration(_ given: InputValue, _ type: NamedType) -> InputValue {
        guard case .string(let name) = given else {
            refuse(given, "Enum \"\(type.name)\" cannot represent non-string value: \(given.excerpt).")
            return .null
        }
        if type.values[name] == nil {
            let hint = DidYouMean.text(for: name, among: type.values.names, kind: "the enum value")
            refuse(given, "Value \(given.excerpt) does not exist in \"\(type.name)\" enum.\(hint)")
        }
        return .enum(name)
    }

    /// An input object (§3.10): fields in the order of definition, defaults filled in.
    private mutating func object(_ given: InputValue, _ type: NamedType) -> InputValue {
        guard case .object(let fields) = given else {
            refuse(given, "Expected type \"\(type.name)\" to be an object.")
            return .null
        }
        let byName = Dictionary(fields.map { ($0.name, $0.value) }, uniquingKeysWith: { _, last in last })
        var members: [InputMember] = []
        for definition in type.inputFields where problems.count < limit {
            if let field = byName[definition.name] {
                path.append(.field(definition.name))
                members.append(InputMember(name: definition.name, value: value(field, definition.type)))
                path.removeLast()
            } else if let constant = definition.defaultValue {
                let value = schema.coerceConstant(constant, definition.type)
                if let value { members.append(InputMember(name: definition.name, value: value)) }
            } else if definition.type.isNonNull {
                refuse(given, "Field \"\(definition.name)\" of required type \"\(definition.type)\" was not provided.")
            }
        }
        for field in fields where type.inputFields[field.name] == nil && problems.count < limit {
            let hint = DidYouMean.text(for: field.name, among: type.inputFields.names)
            refuse(given, "Field \"\(field.name.bounded)\" is not defined by type \"\(type.name)\".\(hint)")
        }
        if type.isOneOf { checkOneOf(given, byName, type) }
        return .object(members)
    }

    /// Exactly one field, and not null (§3.10.1).
    private mutating func checkOneOf(_ given: InputValue, _ fields: [String: InputValue], _ type: NamedType) {
        guard fields.count == 1, let (name, value) = fields.first else {
            refuse(given, "Exactly one key must be specified for OneOf type \"\(type.name)\".")
            return
        }
        guard value == .null, type.inputFields[name] != nil else { return }
        path.append(.field(name))
        refuse(value, "Field \"\(name)\" must be non-null.")
        path.removeLast()
    }

    private mutating func note(_ message: String) {
        guard problems.count < limit else { return }
        problems.append(VariableProblem(message: message.bounded(to: 1000), offset: definition.offset))
    }

    private mutating func refuse(_ value: InputValue, _ reason: String) {
        guard problems.count < limit else { return }
        note("Variable \"$\(definition.name.value)\" got invalid value \(value.excerpt)\(place); \(reason)")
    }

    /// ` at "input.items[2]"`, or nothing for the variable itself.
    private var place: String {
        guard !path.isEmpty else { return "" }
        var text = definition.name.value
        for part in path {
            switch part {
            case .field(let name): text += ".\(name)"
            case .item(let index): text += "[\(index)]"
            }
        }
        return " at \"\(text.bounded)\""
    }
}
