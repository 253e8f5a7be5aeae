import GraphQL
import TestSupport
import Testing

@testable import Planning

@Suite("Cost by @cost and @listSize")
struct CostTests {
    static let sdl = """
        type Query {
          user: User @rest(route: "feed")
          users(first: Int): [User!] @rest(route: "feed") @listSize(argument: "first", assumed: 100)
          find(first: Int = 7): [User] @rest(route: "feed") @listSize(argument: "first")
          search: [User] @rest(route: "feed") @cost(weight: 50) @listSize(assumed: 4)
          grid: [[Cell!]!] @rest(route: "feed") @listSize(assumed: 3)
          nodes: [Node] @rest(route: "feed")
        }
        type User implements Node { id: ID! score: Int @cost(weight: 2) posts: [Post] friend: User best: Int }
        type Post implements Node { id: ID! tags: [String] author: User best: Int @cost(weight: 9) }
        type Cell { n: Int @cost(weight: 1) }
        interface Node { id: ID! best: Int @cost(weight: 3) }
        """

    private func cost(
        _ query: String, _ variables: CoercedVariables = [:], profile: String = "web", bits: UInt64 = 0
    ) throws -> Int {
        let tv = ProfileDefinition(
            name: "tv", drop: [ConfiguredCoordinate("User.friend")], defaultListCap: 5,
            listCaps: [ConfiguredListCap(ConfiguredCoordinate("User.posts"), cap: 2)])
        let profiles = ProfileSet([ProfileDefinition(name: "web"), tv])
        let mapping = try Fixture(Self.sdl, profiles: profiles).mapping
        let planner = Planner(mapping: mapping, limits: .none)
        let measures = try planner.measure(
            try Fixture.entry(query), profile: try #require(profiles.profile(named: profile)),
            conditions: Conditions(bits: bits))
        return measures.cost.value(variables)
    }

    @Test(arguments: [
        ("a field with a selection is 1, a leaf nothing", "{ user { id friend { id } } }", 2),
        ("introspection is free", "{ __schema { types { name } } user { __typename } }", 1),
        ("a list's field once, its selection for each item", "{ users(first: 5) { score } }", 11),
        ("no argument: the assumed size", "{ users { score } }", 201),
        ("null: the assumed size", "{ users(first: null) { score } }", 201),
        ("a negative number: no items", "{ users(first: -5) { score } }", 1),
        ("the argument's default", "{ find { score } }", 15),
        ("a weight of the field's own", "{ search { score } }", 58),
        ("an unknown size is 10", "{ user { posts { author { id } } } }", 12),
        ("lists in lists", "{ grid { n } }", 31),
        ("products", "{ users(first: 3) { posts { author { posts { author { id } } } } } }", 364),
        ("an interface's field is the dearest implementer's", "{ nodes { best } }", 91),
        (
            "of an object of one type only the dearest fragment",
            "{ nodes { ... on User { score best } ... on Post { best } } }", 91
        ),
        ("fragments on the type itself add up", "{ nodes { best ... on Node { best } ... on User { score } } }", 201),
        (
            "a fragment once for each selection set",
            "{ user { ...F ...F friend { ...F } } } fragment F on User { score }", 6
        ),
        ("literal conditions count", "{ user @skip(if: true) { id } search @include(if: false) { id } }", 0),
    ]) func `constant costs`(_ about: String, _ query: String, _ expected: Int) throws {
        #expect(try cost(query) == expected, "\(about)")
    }

    @Test func `variables decide, then the variable's absence the argument's default`() throws {
        let query = "query($n: Int $m: Int) { users(first: $n) { score posts { id } } find(first: $m) { score } }"
        #expect(try cost(query, ["n": .int(4), "m": .int(2)]) == 1 + 4 * 3 + 1 + 2 * 2)
        #expect(try cost(query, ["n": .null]) == 1 + 100 * 3 + 1 + 7 * 2)
        #expect(try cost(query, ["n": .int(-1), "m": .null]) == 1 + 1 + 10 * 2)
        #expect(try cost(query, ["n": .int(2_147_483_647)], profile: "tv") == 1 + 5 * 3 + 1 + 5 * 2)
    }

    @Test func `a profile's caps and drops reduce it`() throws {
        let query = "{ users { friend { id } posts { author { id } } } }"
        #expect(try cost(query) == 1 + 100 * (1 + 1 + 10))
        #expect(try cost(query, profile: "tv") == 1 + 5 * (1 + 2))
    }

    @Test func `conditions decide`() throws {
        let query = "query($a: Boolean!) { user @include(if: $a) { id } search @skip(if: $a) { id } }"
        #expect(try cost(query, bits: 0) == 50)
        #expect(try cost(query, bits: 1) == 1)
    }

    @Test func `sums and products stop at the largest number`() throws {
        var query = "score"
        for _ in 0..<30 { query = "posts { author { \(query) } }" }
        #expect(try cost("query($n: Int) { users(first: $n) { \(query) } }", ["n": .int(3)]) == .max)
        #expect(try cost("{ users { \(query) } users { \(query) } }") == .max)
    }

    @Test func `diamonds of fragments are counted in linear time, also with a variable in each`() throws {
        for argument in ["", "(first: $n)"] {
            var query = "query($n: Int) { users\(argument) { ...F0 } }"
            for index in 0..<200 {
                query += " fragment F\(index) on User { a: friend { ...F\(index + 1) } b: friend { ...F\(index + 1) } }"
            }
            query += " fragment F200 on User { id }"
            let entry = try Fixture.entry(query)
            let mapping = try Fixture(Self.sdl).mapping
            var meter = CostMeter(
                mapping: mapping, entry: entry, profile: mapping.profiles.defaultProfile, conditions: Conditions())
            let cost = meter.measure(entry.operation)
            #expect(cost.value(["n": .int(3)]) == .max)
            #expect(meter.steps < 2_000)
            #expect(cost.terms.count < 2_000)
        }
    }

    @Test func `the closed form gives what counting the expanded operation gives`() throws {
        let mapping = try Fixture(Self.sdl).mapping
        var system = SystemRandomNumberGenerator()
        let seed = system.next()
        var generator = Seeded(seed)
        for round in 0..<300 {
            let query = RandomCostQuery.text(&generator)
            let entry = try Fixture.entry(query)
            let variables: CoercedVariables = [
                "n": .int(Int.random(in: -1...20, using: &generator)),
                "m": Bool.random(using: &generator) ? .null : .int(3),
            ]
            let planner = Planner(mapping: mapping, limits: .none)
            let measures = try planner.measure(entry, profile: mapping.profiles.defaultProfile)
            let expected = ExpandedCost(schema: mapping.schema, entry: entry, variables: variables).total
            #expect(measures.cost.value(variables) == expected, "seed \(seed), round \(round): \(query)")
        }
    }
}

/// Random operations with fragments that spread each other, over the schema of `CostTests`.
private enum RandomCostQuery {
    static func text(_ generator: inout Seeded) -> String {
        var text = "query($n: Int $m: Int) { \(set("Query", depth: 3, fragments: 0..<4, &generator)) }"
        for index in 0..<4 {
            let type = index % 2 == 0 ? "User" : "Node"
            text += " fragment F\(index) on \(type) { \(set(type, depth: 2, fragments: (index + 1)..<4, &generator)) }"
        }
        return text
    }

    private static func set(_ type: String, depth: Int, fragments: Range<Int>, _ generator: inout Seeded) -> String {
        (0..<Int.random(in: 1...4, using: &generator)).map { _ in
            selection(type, depth: depth, fragments: fragments, &generator)
        }.joined(separator: " ")
    }

    private static func selection(
        _ type: String, depth: Int, fragments: Range<Int>, _ generator: inout Seeded
    ) -> String {
        let argument = ["", "(first: $n)", "(first: $m)", "(first: 6)"].randomElement(using: &generator) ?? ""
        func inner(_ type: String) -> String { "{ \(set(type, depth: depth - 1, fragments: fragments, &generator)) }" }
        if depth == 0 { return type == "Query" ? "__typename" : "best" }
        switch (type, Int.random(in: 0..<6, using: &generator)) {
        case ("Query", 0): return "user \(inner("User"))"
        case ("Query", 1): return "nodes \(inner("Node"))"
        case ("Query", 2): return "search \(inner("User"))"
        case ("Query", 3): return "find\(argument) \(inner("User"))"
        case ("Query", _): return "users\(argument) \(inner("User"))"
        case (_, 0): return fragments.randomElement(using: &generator).map { "...F\($0)" } ?? "best"
        case (_, 1): return "... on User \(inner("User"))"
        case ("Node", 2): return "... on Post \(inner("Post"))"
        case ("User", 2): return "posts \(inner("Post"))"
        case ("User", 3): return "friend \(inner("User")) score"
        case ("Post", 2): return "author \(inner("User"))"
        case ("Post", 1): return "best"
        default: return "best"
        }
    }
}

/// The cost as it is defined, by going through everything as often as it is spread.
private struct ExpandedCost {
    let schema: Schema
    let entry: OperationEntry
    let variables: CoercedVariables

    var total: Int { cost(entry.operation.selectionSet, "Query") }

    private static let weights = ["User.score": 2, "Query.search": 50, "Post.best": 9, "User.best": 3, "Node.best": 9]

    private func cost(_ set: SelectionSet, _ type: String) -> Int {
        var sum = 0
        var alternatives: [String: Int] = [:]
        var spread: Set<String> = []
        for selection in set.selections {
            switch selection {
            case .field(let field): sum += cost(field, type)
            case .inlineFragment(let fragment):
                let condition = fragment.typeCondition?.value ?? type
                let part = cost(fragment.selectionSet, type == "Node" ? condition : type)
                if type == "Node", condition != "Node" {
                    alternatives[condition, default: 0] += part
                } else {
                    sum += part
                }
            case .fragmentSpread(let use):
                guard spread.insert(use.name.value).inserted, let fragment = entry.fragments[use.name.value] else {
                    continue
                }
                let part = cost(fragment.selectionSet, fragment.typeCondition.value)
                if type == "Node", fragment.typeCondition.value != "Node" {
                    alternatives[fragment.typeCondition.value, default: 0] += part
                } else {
                    sum += part
                }
            }
        }
        return sum + (alternatives.values.max() ?? 0)
    }

    private func cost(_ field: Field, _ type: String) -> Int {
        let name = field.name.value
        guard name != "__typename" else { return 0 }
        let definition = schema.type(named: type)?.fields[name]
        let weight = Self.weights["\(type).\(name)"] ?? (field.selectionSet == nil ? 0 : 1)
        guard let set = field.selectionSet, let definition else { return weight }
        return weight + size(field, name) * cost(set, definition.type.namedType)
    }

    private func size(_ field: Field, _ name: String) -> Int {
        let fallback = ["users": 100, "find": 10, "search": 4, "nodes": 10, "posts": 10][name] ?? 1
        guard name == "users" || name == "find" else { return fallback }
        guard let value = field.arguments.first?.value else { return name == "find" ? 7 : fallback }
        if case .int(let digits) = value.kind { return Int(digits) ?? 0 }
        if case .int(let given) = variables[value.variableName ?? ""] { return max(given, 0) }
        return fallback
    }
}
