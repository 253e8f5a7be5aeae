internal import Bytes
internal import GraphQL
internal import JSON
internal import Planning

/// A field's arguments, coerced for one request; or why they can't be.
enum FieldArgumentValues: Sendable {
    case values([String: InputValue])
    case refused(Issue)
}

extension OperationRun {
    /// The arguments of the field that a fetch stands for: coerced when they are first asked for (GraphQL §6.4.1).
    func arguments(of fetch: Int) -> FieldArgumentValues {
        if let known = arguments[fetch] { return known }
        let values =
            plan.constantArguments[fetch] ?? plan.coerceArguments(of: fetch, variables: variables)
        arguments[fetch] = values
        return values
    }

    /// The value of one argument of the field that a fetch stands for, where its arguments are plain variables that all
    /// have values other than null: that is what they coerce to, so nothing is built of them. Nil where `arguments(of:)`
    /// has to be asked.
    func plainArgument(_ name: String, of fetch: Int) -> InputValue? {
        guard let plain = plan.plainArguments[fetch] else { return nil }
        var found: InputValue?
        for argument in plain {
            guard let value = variables[argument.variable] else { return nil }
            if case .null = value { return nil }
            if argument.name == name { found = value }
        }
        return found
    }
}

/// An argument whose value is a variable.
struct PlainArgument: Sendable {
    let name: String
    let variable: String
}

extension ExecutablePlan {
    /// Coerces the arguments of the field that a fetch stands for.
    func coerceArguments(of fetch: Int, variables: CoercedVariables) -> FieldArgumentValues {
        Self.coerce(plan.fetches[fetch].arguments, schema, variables)
    }

    /// For each uncertain field, why its arguments are refused.
    func refusals(_ variables: CoercedVariables) -> [Issue?] {
        tables.uncertain.map { field in
            if case .refused(let issue) = Self.coerce(field.arguments, schema, variables) { issue } else { nil }
        }
    }

    /// The arguments of a field that reads no variables; nil where it does.
    static func constantArguments(_ arguments: FieldArguments, _ schema: Schema) -> FieldArgumentValues? {
        arguments.field.arguments.contains { $0.value.holdsVariable } ? nil : coerce(arguments, schema, [:])
    }

    /// The arguments of a field that are variables; nil where one is anything else, or has a default value.
    static func plainArguments(_ arguments: FieldArguments) -> [PlainArgument]? {
        var plain: [PlainArgument] = []
        for definition in arguments.definition.arguments {
            let given = arguments.field.arguments.first { $0.name.value == definition.name }
            switch given?.value.kind {
            case .variable(let name): plain.append(PlainArgument(name: definition.name, variable: name))
            case nil where definition.defaultValue == nil && !definition.type.isNonNull: continue
            default: return nil
            }
        }
        return plain
    }

    private static func coerce(
        _ arguments: FieldArguments, _ schema: Schema, _ variables: CoercedVariables
    ) -> FieldArgumentValues {
        do throws(ArgumentCoercionError) {
            return .values(
                try schema.coerceArgumentValues(
                    of: arguments.definition, in: arguments.field, variables: variables))
        } catch {
            return .refused(Issue(code: .badUserInput, message: error.message))
        }
    }
}

extension Value {
    /// Whether it is a variable or has one in it.
    fileprivate var holdsVariable: Bool {
        switch kind {
        case .variable: true
        case .list(let items): items.contains(where: \.holdsVariable)
        case .object(let fields): fields.contains(where: \.value.holdsVariable)
        case .int, .float, .string, .boolean, .null, .enum: false
        }
    }
}

extension [String: InputValue] {
    /// What stands at a path of argument name and input field names; nil where nothing was given.
    func value(at path: [String]) -> InputValue? {
        guard let name = path.first, var value = self[name] else { return nil }
        for name in path.dropFirst() {
            guard let next = value[name] else { return nil }
            value = next
        }
        return value
    }
}

extension InputValue {
    /// Appends the value as JSON; an integral float without a fraction.
    func appendJSON(to output: ByteBuffer) {
        switch self {
        case .null: output.append("null")
        case .boolean(let value): output.append(value ? "true" : "false")
        case .int(let value): output.append(decimal: value)
        case .float(let value): output.append(Self.text(of: value))
        case .number(let text): output.append(text)
        case .string(let text), .enum(let text): output.appendJSONString(text)
        case .list(let items):
            output.append(UInt8(ascii: "["))
            for (index, item) in items.enumerated() {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                item.appendJSON(to: output)
            }
            output.append(UInt8(ascii: "]"))
        case .object(let members):
            output.append(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                output.appendJSONName(member.name)
                member.value.appendJSON(to: output)
            }
            output.append(UInt8(ascii: "}"))
        }
    }

    /// A finite double as JSON writes it, without a fraction where it has none and is small enough to be told exactly.
    private static func text(of value: Double) -> String {
        if let integer = Int64(exactly: value), integer.magnitude < 1 << 53 { return "\(integer)" }
        return "\(value)"
    }
}
