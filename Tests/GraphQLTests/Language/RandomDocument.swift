import TestSupport

@testable import GraphQL

/// Makes syntax trees of every kind of node from a seed.
struct RandomDocument {
    private var random: Seeded
    private let names = [
        "a", "b", "on", "query", "type", "fragment", "_x9", "implements", "repeatable", "T", "longerName",
    ]

    init(seed: UInt64) {
        random = Seeded(seed)
    }

    mutating func document() -> Document {
        let definitions = many(1...4) { $0.definition() }
        return Document(source: Source(""), definitions: definitions, tokenCount: 0)
    }

    // MARK: Chance

    private mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }

    private mutating func pick<Item>(_ items: [Item]) -> Item { items[Int.random(in: 0..<items.count, using: &random)] }

    private mutating func many<Item>(
        _ range: ClosedRange<Int>, _ make: (inout RandomDocument) -> Item
    ) -> [Item] {
        (0..<Int.random(in: range, using: &random)).map { _ in make(&self) }
    }

    private mutating func name(not excluded: String = "") -> Name {
        let candidate = pick(names)
        return Name(value: candidate == excluded ? "a" : candidate, offset: 0)
    }

    // MARK: Values

    private mutating func text() -> String {
        let letters = [
            "a", "b ", "\"", "\\", "\n", "  ", "\t", "é", "😀", "\u{0}", "\u{7F}", "\r", "\"\"\"", "{", "#", ",",
        ]
        return many(0...8) { $0.pick(letters) }.joined()
    }

    private mutating func value(isConstant: Bool, depth: Int = 3) -> Value {
        let kind: Value.Kind
        switch Int.random(in: 0..<(depth > 0 ? 9 : 7), using: &random) {
        case 0: kind = isConstant ? .null : .variable(name().value)
        case 1: kind = .int(pick(["0", "-1", "12345678901234567890"]))
        case 2: kind = .float(pick(["0.5", "-1e10", "1.25E-3"]))
        case 3, 4:
            let text = text()
            kind = .string(text, isBlock: text.isEmpty || BlockString.canHold(text) ? chance(50) : false)
        case 5: kind = .boolean(chance(50))
        case 6: kind = .enum(name().value)
        case 7: kind = .list(many(0...3) { $0.value(isConstant: isConstant, depth: depth - 1) })
        default:
            kind = .object(
                many(0...3) {
                    ObjectField(name: $0.name(), value: $0.value(isConstant: isConstant, depth: depth - 1))
                })
        }
        return Value(kind: kind, offset: 0)
    }

    private mutating func type(depth: Int = 3) -> TypeSyntax {
        var reference: TypeReference =
            depth > 0 && chance(40) ? .list(type(depth: depth - 1).reference) : .named(name().value)
        if chance(40) { reference = .nonNull(reference) }
        return TypeSyntax(reference: reference, offset: 0, nameOffset: 0)
    }

    private mutating func directives(isConstant: Bool) -> [Directive] {
        guard chance(30) else { return [] }
        return many(1...2) {
            Directive(name: $0.name(), arguments: $0.arguments(isConstant: isConstant), offset: 0)
        }
    }

    private mutating func arguments(isConstant: Bool) -> [Argument] {
        guard chance(40) else { return [] }
        return many(1...3) { Argument(name: $0.name(), value: $0.value(isConstant: isConstant)) }
    }

    private mutating func description() -> Description? {
        guard chance(30) else { return nil }
        let text = text()
        let canBeBlock = text.isEmpty || BlockString.canHold(text)
        return Description(value: text, isBlock: canBeBlock && chance(50), offset: 0)
    }

    // MARK: Definitions

    private mutating func definition() -> Definition {
        switch Int.random(in: 0..<4, using: &random) {
        case 0: .operation(operation())
        case 1:
            .fragment(
                FragmentDefinition(
                    description: description(), name: name(not: "on"), typeCondition: name(),
                    directives: directives(isConstant: false), selectionSet: selectionSet(), offset: 0))
        default: .typeSystem(typeSystemDefinition())
        }
    }

    private mutating func operation() -> OperationDefinition {
        OperationDefinition(
            description: description(), kind: pick(OperationKind.allCases), name: chance(70) ? name() : nil,
            variables: many(0...3) {
                VariableDefinition(
                    description: $0.description(), name: $0.name(), type: $0.type(),
                    defaultValue: $0.chance(50) ? $0.value(isConstant: true) : nil,
                    directives: $0.directives(isConstant: true), offset: 0)
            }, directives: directives(isConstant: false), selectionSet: selectionSet(), offset: 0)
    }

    private mutating func selectionSet(depth: Int = 3) -> SelectionSet {
        SelectionSet(selections: many(1...3) { $0.selection(depth: depth) }, offset: 0)
    }

    private mutating func selection(depth: Int) -> Selection {
        switch Int.random(in: 0..<4, using: &random) {
        case 0:
            return .fragmentSpread(
                FragmentSpread(name: name(not: "on"), directives: directives(isConstant: false), offset: 0))
        case 1 where depth > 0:
            return .inlineFragment(
                InlineFragment(
                    typeCondition: chance(50) ? name() : nil, directives: directives(isConstant: false),
                    selectionSet: selectionSet(depth: depth - 1), offset: 0))
        default:
            return .field(
                Field(
                    alias: chance(30) ? name() : nil, name: name(), arguments: arguments(isConstant: false),
                    directives: directives(isConstant: false),
                    selectionSet: depth > 0 && chance(40) ? selectionSet(depth: depth - 1) : nil, offset: 0))
        }
    }

    private mutating func typeSystemDefinition() -> TypeSystemDefinition {
        switch Int.random(in: 0..<6, using: &random) {
        case 0:
            return .schema(
                SchemaDefinition(
                    isExtension: false, description: description(), directives: directives(isConstant: true),
                    operationTypes: many(1...3) {
                        OperationTypeDefinition(kind: $0.pick(OperationKind.allCases), type: $0.name(), offset: 0)
                    }, offset: 0))
        case 1:
            return .directive(
                DirectiveDefinition(
                    description: description(), name: name(), arguments: many(0...3) { $0.inputValue() },
                    isRepeatable: chance(50), locations: many(1...3) { $0.pick(DirectiveLocation.allCases) }, offset: 0)
            )
        default: return .type(typeDefinition(pick(TypeKind.allCases)))
        }
    }

    private mutating func typeDefinition(_ kind: TypeKind) -> TypeDefinition {
        let isExtension = kind != .scalar && chance(30)
        let fewest = isExtension ? 1 : 0
        var definition = TypeDefinition(
            kind: kind, isExtension: isExtension, description: isExtension ? nil : description(), name: name(),
            directives: directives(isConstant: true), offset: 0)
        switch kind {
        case .scalar: break
        case .object, .interface:
            definition.interfaces = many(0...2) { $0.name() }
            definition.fields = many(fewest...3) {
                FieldDefinition(
                    description: $0.description(), name: $0.name(), arguments: $0.many(0...2) { $0.inputValue() },
                    type: $0.type(), directives: $0.directives(isConstant: true))
            }
        case .union: definition.memberTypes = many(fewest...3) { $0.name() }
        case .enum:
            definition.values = many(fewest...3) {
                EnumValueDefinition(
                    description: $0.description(), name: $0.name(), directives: $0.directives(isConstant: true))
            }
        case .inputObject: definition.inputFields = many(fewest...3) { $0.inputValue() }
        }
        return definition
    }

    private mutating func inputValue() -> InputValueDefinition {
        InputValueDefinition(
            description: description(), name: name(), type: type(),
            defaultValue: chance(40) ? value(isConstant: true) : nil, directives: directives(isConstant: true))
    }
}
