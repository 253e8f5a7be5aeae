import GraphQL
import TestSupport
import Testing

/// §5.3.2 as the specification writes it: every pair of fields, again and again.
private struct PairwiseMerging {
    let schema: Schema
    let fragments: [String: FragmentDefinition]

    typealias Occurrence = (field: Field, parent: NamedType)

    /// FieldsInSetCanMerge.
    func canMerge(_ sets: [(SelectionSet, NamedType)]) -> Bool {
        let fields = collect(sets)
        for (index, first) in fields.enumerated() {
            for second in fields[index...] where first.field.responseKey == second.field.responseKey {
                guard haveSameShape(first, second) else { return false }
                let areExclusive =
                    first.parent !== second.parent && first.parent.kind == .object && second.parent.kind == .object
                if areExclusive { continue }
                guard first.field.name.value == second.field.name.value,
                    arguments(first.field) == arguments(second.field), canMerge(children([first, second]))
                else { return false }
            }
        }
        return true
    }

    /// SameResponseShape.
    private func haveSameShape(_ first: Occurrence, _ second: Occurrence) -> Bool {
        guard var a = type(first), var b = type(second) else { return true }
        while true {
            if a.isNonNull != b.isNonNull || a.isList != b.isList { return false }
            guard let itemA = a.itemType, let itemB = b.itemType else { break }
            (a, b) = (itemA, itemB)
        }
        let isLeaf = [a, b].contains { schema.type(of: $0)?.isLeaf == true }
        if isLeaf { return a.namedType == b.namedType }
        let merged = collect(children([first, second]))
        for (index, first) in merged.enumerated() {
            for second in merged[(index + 1)...] where first.field.responseKey == second.field.responseKey {
                if !haveSameShape(first, second) { return false }
            }
        }
        return true
    }

    private func type(_ occurrence: Occurrence) -> TypeReference? {
        schema.field(named: occurrence.field.name.value, on: occurrence.parent)?.type
    }

    private func children(_ occurrences: [Occurrence]) -> [(SelectionSet, NamedType)] {
        occurrences.compactMap { occurrence in
            guard let set = occurrence.field.selectionSet, let type = type(occurrence).flatMap({ schema.type(of: $0) })
            else { return nil }
            return (set, type)
        }
    }

    private func arguments(_ field: Field) -> [String] {
        field.arguments.map { "\($0.name.value):\($0.value)" }.sorted()
    }

    private func collect(_ sets: [(SelectionSet, NamedType)]) -> [Occurrence] {
        var result: [Occurrence] = []
        var seen: Set<String> = []
        var fields: Set<ObjectIdentifier> = []
        func visit(_ set: SelectionSet, _ parent: NamedType) {
            for selection in set.selections {
                switch selection {
                case .field(let field):
                    if fields.insert(ObjectIdentifier(field)).inserted { result.append((field, parent)) }
                case .inlineFragment(let fragment):
                    visit(
                        fragment.selectionSet,
                        fragment.typeCondition.flatMap { schema.type(named: $0.value) } ?? parent)
                case .fragmentSpread(let spread):
                    guard seen.insert(spread.name.value).inserted, let fragment = fragments[spread.name.value],
                        let type = schema.type(named: fragment.typeCondition.value)
                    else { continue }
                    visit(fragment.selectionSet, type)
                }
            }
        }
        for (set, parent) in sets { visit(set, parent) }
        return result
    }
}

/// Selections on a small schema in which much conflicts and much does not.
private struct RandomSelections {
    static let definitions = """
        type Query { node: Node any: Any }
        interface Node { self: Node text: String n: Int d(x: Int): Int }
        type A implements Node { self: Node text: String n: Int d(x: Int): Int own: A list: [Int] m: Int! }
        type B implements Node { self: Node text: String n: Int d(x: Int): Int own: B list: Int m: Int! }
        union Any = A | B
        """
    static let fields = [
        "Node": ["self", "text", "n", "d"], "A": ["self", "text", "n", "d", "own", "list", "m"],
        "B": ["self", "text", "n", "d", "own", "list", "m"], "Any": ["__typename"],
    ]
    static let types = ["Node", "A", "B", "Any"]

    var generator: Seeded

    /// Fragments spread only later ones, so that there are no cycles.
    mutating func document() -> String {
        let types = (0..<3).map { _ in pick(Self.types) }
        var text = "{ node \(set("Node", 3, types, from: 0)) }"
        for index in types.indices {
            text += " fragment F\(index) on \(types[index]) \(set(types[index], 2, types, from: index + 1))"
        }
        return text
    }

    private mutating func pick<Item>(_ items: [Item]) -> Item {
        items[Int.random(in: 0..<items.count, using: &generator)]
    }

    private mutating func set(_ type: String, _ depth: Int, _ fragments: [String], from first: Int) -> String {
        var parts: [String] = []
        for _ in 0..<Int.random(in: 1...3, using: &generator) {
            switch Int.random(in: 0..<6, using: &generator) {
            case 0 where depth > 0:
                let condition = pick(Self.types)
                parts.append("... on \(condition) \(set(condition, depth - 1, fragments, from: first))")
            case 1 where first < fragments.count:
                parts.append("...F\(Int.random(in: first..<fragments.count, using: &generator))")
            default: parts.append(field(type, depth, fragments, from: first))
            }
        }
        return "{ \(parts.joined(separator: " ")) }"
    }

    private mutating func field(_ type: String, _ depth: Int, _ fragments: [String], from first: Int) -> String {
        let name = pick(Self.fields[type] ?? [])
        let alias = Int.random(in: 0..<4, using: &generator) == 0 ? "k: " : ""
        switch name {
        case "self", "own":
            guard depth > 0 else { return "\(alias)__typename" }
            return "\(alias)\(name) \(set(name == "self" ? "Node" : type, depth - 1, fragments, from: first))"
        case "d": return "\(alias)d(x: \(Int.random(in: 0...1, using: &generator)))"
        default: return alias + name
        }
    }
}

@Suite("GraphQL §5.3.2 Field Selection Merging, against the specification's algorithm")
struct FieldMergingPropertyTests {
    @Test(arguments: [1, 20_260, 977] as [UInt64])
    func `groups and pairs come to the same`(seed: UInt64) throws {
        let schema = try schema(RandomSelections.definitions)
        var random = RandomSelections(generator: Seeded(seed))
        var valid = 0
        for _ in 0..<400 {
            let text = random.document()
            let document = try Parser.parseDocument(Source(text))
            let fragments = Dictionary(uniqueKeysWithValues: document.fragments.map { ($0.name.value, $0) })
            let root = try #require(document.operations.first)
            let expected = PairwiseMerging(schema: schema, fragments: fragments)
                .canMerge([(root.selectionSet, schema.queryType)])
            let conflicts = Validator.validate(document, against: schema).filter { $0.message.hasPrefix("Fields ") }
            #expect(conflicts.isEmpty == expected, "seed \(seed): \(text)")
            if expected { valid += 1 }
        }
        // Both outcomes must have been tried.
        #expect(valid > 40 && valid < 360, "seed \(seed): \(valid) valid")
    }
}
