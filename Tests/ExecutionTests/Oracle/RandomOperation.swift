import GraphQL
import TestSupport

/// An operation drawn at random for a schema, with the variables that it is sent with.
struct RandomOperation {
    var text: String
    var variables: [InputMember]
    var isMutation: Bool
}

/// Writes one operation and its fragments.
struct OperationWriter {
    var random: Seeded
    let schema: RandomSchema
    /// One in so many choices breaks a rule; nil = none is meant to. (Aliases may still collide.)
    let faults: Int?
    private var variables: [(name: String, type: RandomType, defaultValue: String?)] = []
    private var fragments: [(name: String, type: String, text: String)] = []
    private var isWritingFragment = false

    init(_ random: Seeded, _ schema: RandomSchema, faults: Int?) {
        self.random = random
        self.schema = schema
        self.faults = faults
    }

    /// Whether a rule is broken here.
    private mutating func errs() -> Bool { faults.map { random.isOne(in: $0) } ?? false }

    mutating func operation() -> RandomOperation {
        variables = []
        fragments = []
        let isMutation = random.isOne(in: 6)
        let selection = selection(on: isMutation ? "Mutation" : "Query", depth: 0)
        var text = isMutation ? "mutation" : "query"
        if random.isOne(in: 2) { text += " Named" }
        if errs() { variables.append(("unused", .named("Int"), nil)) }
        if !variables.isEmpty {
            let list = variables.map { "$\($0.name): \($0.type.sdl)\($0.defaultValue.map { " = \($0)" } ?? "")" }
            text += "(\(list.joined(separator: ", ")))"
        }
        text += " \(selection)"
        for fragment in fragments { text += "\nfragment \(fragment.name) on \(fragment.type) \(fragment.text)" }
        if errs() {
            text += random.pick(["\nfragment Lonely on T0 { __typename }", "\nquery Named { __typename }", " }"])
        }
        let values = variables.compactMap { variable -> InputMember? in
            let isOptional = variable.defaultValue != nil || !variable.type.isNonNull
            if isOptional ? random.isOne(in: 3) : random.isOne(in: 60) { return nil }
            return InputMember(name: variable.name, value: random.json(variable.type, schema, faults: 60))
        }
        return RandomOperation(text: text, variables: values, isMutation: isMutation)
    }

    // MARK: Selections

    private mutating func selection(on type: String, depth: Int) -> String {
        var parts: [String] = []
        for _ in 0..<(1 + random.below(depth == 0 ? 4 : 3)) { parts.append(part(of: type, depth: depth)) }
        if random.isOne(in: 4) { parts.append("__typename") }
        return "{ \(parts.joined(separator: " ")) }"
    }

    private mutating func part(of type: String, depth: Int) -> String {
        let fields = schema.fields(of: type)
        if fields.isEmpty || random.isOne(in: 5) { return spread(on: type, depth: depth) }
        return field(random.pick(fields), depth: depth)
    }

    private mutating func field(_ field: RandomSchema.Field, depth: Int) -> String {
        var text = random.isOne(in: 8) ? "a\(random.below(20)): " : ""
        text += errs() ? "nothing" : field.name
        text += arguments(field) + directives()
        if schema.isComposite(field.type.name) != errs() {
            let name = schema.isComposite(field.type.name) ? field.type.name : "T0"
            text += " " + (depth < 4 ? selection(on: name, depth: depth + 1) : "{ __typename }")
        }
        return text
    }

    private mutating func arguments(_ field: RandomSchema.Field) -> String {
        var parts: [String] = []
        for input in field.arguments where (input.isRequired && !errs()) || random.isOne(in: 2) {
            parts.append("\(input.name): \(value(input.type, hasDefault: input.defaultValue != nil))")
        }
        if errs() { parts.append("wrong: 1") }
        if errs(), let last = parts.last { parts.append(last) }
        return parts.isEmpty ? "" : "(\(parts.joined(separator: ", ")))"
    }

    private mutating func value(_ type: RandomType, hasDefault: Bool) -> String {
        var made: [(name: String, type: RandomType, defaultValue: String?)] = []
        let known = variables, schema = schema, faults = faults
        let text = random.literal(type, schema, faults: faults) { random, type in
            if let faults, random.isOne(in: faults) { return "$undefined" }
            let fitting = known + made
            if random.isOne(in: 3), let one = fitting.first(where: { $0.type.sdl == type.sdl }) {
                return "$\(one.name)"
            }
            var declared = faults.map { random.isOne(in: $0) } == true ? RandomType.named("Int") : type
            if !declared.isNonNull, random.isOne(in: 3) { declared = .nonNull(declared) }
            let defaultValue = random.isOne(in: 3) ? random.literal(declared, schema, faults: faults) : nil
            let name = "v\(fitting.count)"
            made.append((name, declared, defaultValue))
            return "$\(name)"
        }
        variables += made
        return text
    }

    private mutating func directives() -> String {
        if errs() {
            return random.pick([" @nothing", " @skip", " @include(if: 3)", " @skip(if: true) @skip(if: true)"])
        }
        guard random.isOne(in: 8) else { return "" }
        let condition: String
        if random.isOne(in: 2) {
            condition = random.pick(["true", "false"])
        } else {
            if !variables.contains(where: { $0.name == "c" }) {
                variables.append(("c", .nonNull(.named("Boolean")), nil))
            }
            condition = "$c"
        }
        return " @\(random.pick(["skip", "include"]))(if: \(condition))"
    }

    // MARK: Fragments

    private mutating func spread(on type: String, depth: Int) -> String {
        let possible = schema.possible(type)
        var targets = [type]
        if possible.count > 1 || schema.objects[type] == nil { targets += possible }
        targets += ["I0", "I1", "U0", "U1"].filter { !Set(schema.possible($0)).isDisjoint(with: possible) }
        if errs() { targets = ["T0", "T1", "T2", "T3", "T4", "E0", "Nowhere"] }
        let target = random.pick(targets)
        if !isWritingFragment, random.isOne(in: 2) { return "...\(fragment(on: target, depth: depth))" + directives() }
        let condition = random.isOne(in: 4) ? "" : " on \(target)"
        return "...\(condition)\(directives()) \(inner(condition.isEmpty ? type : target, depth))"
    }

    private mutating func inner(_ type: String, _ depth: Int) -> String {
        depth < 5 && (schema.isComposite(type)) ? selection(on: type, depth: depth + 1) : "{ __typename }"
    }

    /// The name of a fragment on `type`: one that is there, or a new one. Fragments don't spread further ones, but for
    /// faults.
    private mutating func fragment(on type: String, depth: Int) -> String {
        if errs() { return "Missing" }
        if random.isOne(in: 2), let known = fragments.first(where: { $0.type == type }) { return known.name }
        isWritingFragment = true
        defer { isWritingFragment = false }
        let name = "F\(fragments.count)"
        fragments.append((name, type, ""))
        let index = fragments.count - 1
        var text = inner(type, depth)
        if errs() { text = "{ ...\(name) }" }
        fragments[index].text = text
        return name
    }
}

/// Documents that are nearly right: tokens of others, left out, doubled, swapped or replaced.
struct TokenMutator {
    var random: Seeded
    private static let strange = [
        "{", "}", "(", ")", "[", "]", ":", "=", "!", "|", "&", "...", "@", "$", "$v0", "query", "mutation", "fragment",
        "on", "null", "true", "type", "1", "-1.5e3", "\"text\"", "T0", "I0", "q0", "f0", "__typename",
        "@skip(if: true)",
    ]

    mutating func mutate(_ text: String) -> String {
        var tokens = Self.tokens(text)
        for _ in 0...random.below(2) where tokens.count > 1 {
            let index = random.below(tokens.count)
            switch random.below(4) {
            case 0: tokens.remove(at: index)
            case 1: tokens.insert(tokens[index], at: index)
            case 2: tokens.swapAt(index, random.below(tokens.count))
            default: tokens[index] = random.pick(Self.strange)
            }
        }
        return tokens.joined(separator: " ")
    }

    /// The text's tokens, roughly: strings whole, names and numbers whole, punctuators one by one.
    private static func tokens(_ text: String) -> [String] {
        var tokens: [String] = []
        var rest = text[...]
        while let first = rest.first {
            var end = rest.index(after: rest.startIndex)
            if first == "\"" {
                let quotes = rest.hasPrefix("\"\"\"") ? "\"\"\"" : "\""
                let start = rest.index(rest.startIndex, offsetBy: quotes.count)
                end = rest[start...].firstRange(of: quotes)?.upperBound ?? rest.endIndex
            } else if first.isLetter || first.isNumber || first == "_" || first == "-" {
                end = rest[end...].firstIndex { !($0.isLetter || $0.isNumber || "_.".contains($0)) } ?? rest.endIndex
            } else if rest.hasPrefix("...") {
                end = rest.index(rest.startIndex, offsetBy: 3)
            }
            if !first.isWhitespace { tokens.append(String(rest[..<end])) }
            rest = rest[end...]
        }
        return tokens
    }
}
