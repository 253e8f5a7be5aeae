import GraphQL
import TestSupport

/// Values for a random schema: literals, variables as JSON, and what upstreams answer. About one in `faults` is of
/// another kind than the schema says.
extension Seeded {
    // MARK: Literals

    /// - Parameters:
    ///   - faults: one in so many is wrong; nil = none.
    ///   - variables: called for a variable that may stand for a value of the type; nil where there is to be none.
    mutating func literal(
        _ type: RandomType, _ schema: RandomSchema, faults: Int?, depth: Int = 0,
        variable: ((inout Seeded, RandomType) -> String?)? = nil
    ) -> String {
        if let faults, isOne(in: faults) {
            return pick(["null", "1", "\"x\"", "true", "1.5", "V00", "[]", "{}", "NONE"])
        }
        if isOne(in: 4), let variable, let name = variable(&self, type) { return name }
        switch type {
        case .nonNull(let inner):
            return literal(inner, schema, faults: faults, depth: depth, isNullable: false, variable)
        default:
            return literal(type, schema, faults: faults, depth: depth, isNullable: true, variable)
        }
    }

    private mutating func literal(
        _ type: RandomType, _ schema: RandomSchema, faults: Int?, depth: Int, isNullable: Bool,
        _ variable: ((inout Seeded, RandomType) -> String?)?
    ) -> String {
        if isNullable, isOne(in: 8) { return "null" }
        switch type {
        case .nonNull(let inner): return literal(inner, schema, faults: faults, depth: depth, variable: variable)
        case .list(let item):
            if isOne(in: 5), !item.isList {
                // One item stands for a list of itself; null would be a null list, and a list is read as the outer one.
                return literal(item.nullable, schema, faults: faults, depth: depth, isNullable: false, variable)
            }
            let items = (0..<below(3)).map { _ in
                literal(item, schema, faults: faults, depth: depth + 1, variable: variable)
            }
            return "[\(items.joined(separator: ", "))]"
        case .named("Int"): return "\(below(2000) - 1000)"
        case .named("Float"): return pick(["\(below(100))", "\(below(100)).5", "-2.5e3", "0.0"])
        case .named("String"): return pick(["\"s\(below(9))\"", "\"\"", "\"\"\"block\"\"\"", "\"\\u00e9\\n\""])
        case .named("Boolean"): return pick(["true", "false"])
        case .named("ID"): return pick(["\"i\(below(9))\"", "\(below(100))"])
        case .named("Any"): return pick(["1", "\"a\"", "[1, {b: true}]", "{c: null}", "2.5", "V00", "false"])
        case .named(let name):
            if let values = schema.enums[name] { return pick(values) }
            let members = (schema.inputs[name] ?? []).compactMap { input -> String? in
                guard input.isRequired || isOne(in: 2) else { return nil }
                let value = literal(input.type, schema, faults: faults, depth: depth + 1, variable: variable)
                return "\(input.name): \(value)"
            }
            return "{\(members.joined(separator: ", "))}"
        }
    }

    // MARK: Variables

    mutating func json(_ type: RandomType, _ schema: RandomSchema, faults: Int) -> InputValue {
        if isOne(in: faults) {
            let wrong: [InputValue] = [
                .null, .number("1"), .string("x"), .boolean(true), .number("1.5"), .object([]), .list([]),
            ]
            // The reference takes any list for an input object, against §3.10; so it is never asked.
            return pick(schema.inputs[type.name] == nil ? wrong : wrong.dropLast())
        }
        switch type {
        case .nonNull(let inner): return json(inner, schema, faults: faults, isNullable: false)
        default: return json(type, schema, faults: faults, isNullable: true)
        }
    }

    private mutating func json(
        _ type: RandomType, _ schema: RandomSchema, faults: Int, isNullable: Bool
    ) -> InputValue {
        if isNullable, isOne(in: 8) { return .null }
        switch type {
        case .nonNull(let inner): return json(inner, schema, faults: faults)
        case .list(let item):
            if isOne(in: 5) { return json(item.nullable, schema, faults: faults, isNullable: false) }
            return .list((0..<below(3)).map { _ in json(item, schema, faults: faults) })
        case .named("Int"): return .number(pick(["\(below(2000) - 1000)", "2147483647", "7.0"]))
        case .named("Float"): return .number(pick(["\(below(100))", "\(below(100)).25", "-2e3"]))
        case .named("String"): return .string(pick(["s", "", "é😀"]))
        case .named("Boolean"): return .boolean(isOne(in: 2))
        case .named("ID"): return isOne(in: 2) ? .string("i\(below(9))") : .number("\(below(100))")
        case .named("Any"):
            return pick([
                .number("1.5"), .string("a"), .list([.number("1"), .null]),
                .object([InputMember(name: "b", value: .boolean(true))]),
            ])
        case .named(let name):
            if let values = schema.enums[name] { return .string(pick(values)) }
            return .object(
                (schema.inputs[name] ?? []).compactMap { input in
                    guard input.isRequired || isOne(in: 2) else { return nil }
                    return InputMember(name: input.name, value: json(input.type, schema, faults: faults))
                })
        }
    }

    // MARK: Upstream data

    /// JSON text that an upstream answers for a value of `type`.
    mutating func data(_ type: RandomType, _ schema: RandomSchema, faults: Int, depth: Int = 0) -> String {
        if isOne(in: faults) { return pick(["null", "true", "3", "2.5", "\"x\"", "[]", "{}", "[null]", "3000000000"]) }
        switch type {
        case .nonNull(let inner): return data(inner.nullable, schema, faults: faults, depth: depth)
        case .list(let item):
            let items = (0..<below(depth > 4 ? 1 : 4)).map { _ in
                data(item, schema, faults: faults, depth: depth + 1)
            }
            return "[\(items.joined(separator: ", "))]"
        case .named(let name):
            if !type.isNonNull, isOne(in: 12) { return "null" }
            return schema.isComposite(name)
                ? record(name, schema, faults: faults, depth: depth) : leaf(name, schema)
        }
    }

    private mutating func leaf(_ name: String, _ schema: RandomSchema) -> String {
        switch name {
        case "Int": pick(["\(below(2000) - 1000)", "1.0", "2147483647"])
        case "Float": pick(["\(below(100))", "\(below(100)).5", "-1e2"])
        case "String": pick(["\"s\(below(9))\"", "\"\"", "\"\\u00e9\\\"\\n\"", "\"😀\""])
        case "Boolean": pick(["true", "false"])
        case "ID": pick(["\"i\(below(9))\"", "\(below(1000))"])
        case "Any": pick(["1", "\"a\"", "[1, {\"b\": [true]}]", "{\"c\": null}", "false"])
        default: "\"\(pick(schema.enums[name] ?? ["?"]))\""
        }
    }

    private mutating func record(_ name: String, _ schema: RandomSchema, faults: Int, depth: Int) -> String {
        if depth > 4 { return "null" }
        let type = pick(schema.possible(name))
        var tree = Members()
        for field in schema.fields(of: type) where below(12) > 0 {
            let value = data(field.type, schema, faults: faults, depth: depth + 1)
            tree.put(value, at: (field.path ?? [field.name])[...])
        }
        for (abstract, kind) in schema.kinds.sorted(by: { $0.key < $1.key })
        where schema.possible(abstract).contains(type) {
            let value = kind.map?.first { $0.value == type }?.key ?? "\"\(type)\""
            tree.put(isOne(in: 25) ? "\"unknown\"" : value, at: kind.path[...])
        }
        tree.put(isOne(in: 25) ? "\"Nothing\"" : "\"\(type)\"", at: ["__typename"])
        return tree.text
    }

    /// An object in the making, to whose inner objects members can be added.
    private struct Members {
        private indirect enum Value {
            case text(String)
            case members(Members)
        }

        private var values: [(name: String, value: Value)] = []

        mutating func put(_ text: String, at path: ArraySlice<String>) {
            guard let name = path.first else { return }
            let index = values.firstIndex { $0.name == name }
            if path.count == 1 {
                if index == nil { values.append((name, .text(text))) }
                return
            }
            var inner = Members()
            if let index {
                guard case .members(let members) = values[index].value else { return }
                inner = members
            }
            inner.put(text, at: path.dropFirst())
            if let index { values[index].value = .members(inner) } else { values.append((name, .members(inner))) }
        }

        var text: String {
            let members = values.map { member in
                switch member.value {
                case .text(let text): "\"\(member.name)\": \(text)"
                case .members(let members): "\"\(member.name)\": \(members.text)"
                }
            }
            return "{\(members.joined(separator: ", "))}"
        }
    }
}

extension InputValue {
    /// The value as JSON text.
    var json: String {
        switch self {
        case .null: "null"
        case .boolean(let value): "\(value)"
        case .int(let value): "\(value)"
        case .float(let value): "\(value)"
        case .number(let text): text
        case .string(let text), .enum(let text): "\"\(text)\""
        case .list(let items): "[\(items.map(\.json).joined(separator: ","))]"
        case .object(let members): "{\(members.map { "\"\($0.name)\":\($0.value.json)" }.joined(separator: ","))}"
        }
    }
}
