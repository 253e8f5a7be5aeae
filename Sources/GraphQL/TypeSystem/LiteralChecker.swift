/// Why a literal does not fit the type expected of it.
public struct LiteralProblem: Sendable, Hashable {
    /// A sentence without a suggestion.
    public let message: String
    /// Byte offset of the value or of the object field to blame, in the document of the literal.
    public let offset: UInt32
    /// A name that was probably meant.
    public let suggestion: String?
}

extension Schema {
    /// Everything about a literal that does not fit a type (GraphQL §3.5 to §3.12 "Input Coercion", §5.6.1): kinds and
    /// ranges, unknown and missing input fields, Non-Null, oneOf. Variables are passed over: whether they fit is
    /// another rule (§5.8.5). A custom scalar takes anything; so does a type that the schema does not know.
    ///
    /// - Parameter limit: after how many problems no more are looked for.
    public func problems(
        of value: Value, expecting type: TypeReference, atMost limit: Int = .max
    ) -> [LiteralProblem] {
        var checker = LiteralChecker(schema: self, limit: limit)
        checker.check(value, type)
        return checker.problems
    }
}

private struct LiteralChecker {
    let schema: Schema
    let limit: Int
    var problems: [LiteralProblem] = []

    mutating func check(_ value: Value, _ type: TypeReference) {
        guard problems.count < limit else { return }
        if value.variableName != nil { return }
        if value.isNull {
            if type.isNonNull { report("Expected value of type \"\(type)\", found null.", value) }
            return
        }
        if let itemType = type.itemType {
            if let items = value.listValue {
                for item in items { check(item, itemType) }
            } else {
                // A single value stands for a list of one (§3.11).
                check(value, itemType)
            }
            return
        }
        guard let named = schema.type(of: type) else { return }
        switch named.kind {
        case .inputObject: checkObject(value, named)
        case .enum: checkEnum(value, named)
        case .scalar: checkScalar(value, named)
        case .object, .interface, .union: break
        }
    }

    private mutating func report(_ message: String, _ value: Value, suggestion: String? = nil) {
        problems.append(LiteralProblem(message: message, offset: value.offset, suggestion: suggestion))
    }

    private mutating func checkEnum(_ value: Value, _ type: NamedType) {
        guard case .enum(let name) = value.kind else {
            report(
                "Enum \"\(type.name)\" cannot represent non-enum value: \(value).", value,
                suggestion: value.stringValue.flatMap { GraphQL.suggestion(for: $0, among: type.values.names) })
            return
        }
        if type.values[name] == nil {
            report(
                "Value \"\(name)\" does not exist in \"\(type.name)\" enum.", value,
                suggestion: suggestion(for: name, among: type.values.names))
        }
    }

    private mutating func checkScalar(_ value: Value, _ type: NamedType) {
        switch (type.name, value.kind) {
        case ("Int", .int(let text)):
            if Int32(text) == nil { report("Int cannot represent non 32-bit signed integer value: \(text)", value) }
        case ("Int", _): report("Int cannot represent non-integer value: \(value)", value)
        case ("Float", .int(let text)), ("Float", .float(let text)):
            if Double(text)?.isFinite != true { report("Float cannot represent non numeric value: \(text)", value) }
        case ("Float", _): report("Float cannot represent non numeric value: \(value)", value)
        case ("String", .string), ("Boolean", .boolean), ("ID", .string), ("ID", .int): break
        case ("String", _): report("String cannot represent a non string value: \(value)", value)
        case ("Boolean", _): report("Boolean cannot represent a non boolean value: \(value)", value)
        case ("ID", _): report("ID cannot represent a non-string and non-integer value: \(value)", value)
        default: break
        }
    }

    private mutating func checkObject(_ value: Value, _ type: NamedType) {
        guard let given = value.objectFields else {
            report("Expected value of type \"\(type.name)\", found \(value).", value)
            return
        }
        for field in type.inputFields where field.isRequired && !given.contains(where: { $0.name.value == field.name })
        {
            report("Field \"\(field.coordinate)\" of required type \"\(field.type)\" was not provided.", value)
        }
        for field in given where problems.count < limit {
            if let definition = type.inputFields[field.name.value] {
                check(field.value, definition.type)
            } else {
                problems.append(
                    LiteralProblem(
                        message: "Field \"\(field.name.value)\" is not defined by type \"\(type.name)\".",
                        offset: field.offset,
                        suggestion: suggestion(for: field.name.value, among: type.inputFields.names)))
            }
        }
        if type.isOneOf { checkOneOf(given, type, value) }
    }

    /// Exactly one field, and not null (§3.10.1).
    private mutating func checkOneOf(_ given: [ObjectField], _ type: NamedType, _ value: Value) {
        guard given.count == 1, let field = given.first else {
            report("OneOf Input Object \"\(type.name)\" must specify exactly one key.", value)
            return
        }
        if field.value.isNull { report("Field \"\(type.name).\(field.name.value)\" must be non-null.", field.value) }
    }
}
