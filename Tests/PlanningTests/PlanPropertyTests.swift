import GraphQL
import TestSupport
import Testing

@testable import Planning

@Suite("Plans of random operations")
struct PlanPropertyTests {
    /// Random selections over the schema of `PlanTests`; always valid, apart from merging, which aliases rule out.
    private struct Writer {
        var generator: Seeded
        var aliases = 0

        mutating func selections(of type: NamedType, in schema: Schema, depth: Int) -> String {
            var parts: [String] = []
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                parts.append(selection(of: type, in: schema, depth: depth))
            }
            return parts.joined(separator: " ")
        }

        private mutating func selection(of type: NamedType, in schema: Schema, depth: Int) -> String {
            let choice = Int.random(in: 0..<10, using: &generator)
            if choice == 0 || type.fields.isEmpty && (choice < 3 || depth == 0) { return "__typename" }
            let possible = schema.possibleTypes(of: type)
            if type.fields.isEmpty || choice == 1, let member = possible.randomElement(using: &generator), depth > 0 {
                let condition = Bool.random(using: &generator) && !type.fields.isEmpty ? type.name : member.name
                let directive = ["", " @include(if: $a)", " @skip(if: $b)"].randomElement(using: &generator) ?? ""
                let inner = condition == type.name ? type : member
                return "... on \(condition)\(directive) { \(selections(of: inner, in: schema, depth: depth - 1)) }"
            }
            let fields = type.fields.filter { field in
                depth > 0 || schema.type(of: field.type)?.isLeaf == true
            }
            guard let field = fields.randomElement(using: &generator), let inner = schema.type(of: field.type) else {
                return "__typename"
            }
            aliases += 1
            let arguments = field.arguments.contains { $0.isRequired } ? "(id: 1)" : ""
            let set = inner.isLeaf ? "" : " { \(selections(of: inner, in: schema, depth: depth - 1)) }"
            return "x\(aliases): \(field.name)\(arguments)\(set)"
        }
    }

    @Test func `calls follow their parents, and what is walked leads to every one of them`() throws {
        let fixture = try PlanTests.fixture()
        let mapping = try fixture.mapping
        let planner = Planner(
            mapping: mapping, limits: .none)
        var system = SystemRandomNumberGenerator()
        let seed = system.next()
        var writer = Writer(generator: Seeded(seed))
        for round in 0..<200 {
            let inner = writer.selections(of: mapping.schema.queryType, in: mapping.schema, depth: 5)
            let query = "query($a: Boolean! $b: Boolean!) { \(inner) }"
            let entry = try Fixture.entry(query)
            for profile in mapping.profiles.profiles {
                let conditions = Conditions(bits: UInt64(round & 3))
                let plan = try planner.plan(entry, profile: profile, conditions: conditions)
                check(plan, "seed \(seed), round \(round): \(query)")
            }
        }
    }

    private func check(_ plan: Plan, _ about: String) {
        var walked: Set<FetchID> = []
        collect(plan.root, &walked)
        #expect(walked == Set(plan.fetches.indices), "\(about)")
        let roots = plan.fetches.prefix { $0.parent == nil }.count
        #expect(plan.fetches.dropFirst(roots).allSatisfy { $0.parent != nil }, "\(about)")
        #expect(plan.rootRecordSlots == roots, "\(about)")
        for (index, fetch) in plan.fetches.enumerated() {
            #expect(fetch.id == index && (fetch.parent ?? -1) < index, "\(about)")
            #expect(fetch.bindings.count == fetch.route.inputs.count, "\(about)")
        }
        #expect(Set(plan.dropped.map(\.coordinate)).count == plan.dropped.count, "\(about)")
    }

    /// Enters only what `containsFetch` says.
    private func collect(_ selection: ObjectSelection, _ walked: inout Set<FetchID>) {
        guard selection.containsFetch else { return }
        #expect(Set(selection.fields.map(\.responseKey)).count == selection.fields.count)
        for field in selection.fields where field.containsFetch {
            if case .fetch(let id) = field.source { walked.insert(id) }
            collect(field.type, &walked)
        }
    }

    private func collect(_ type: OutputType, _ walked: inout Set<FetchID>) {
        switch type {
        case .nonNull(let type), .list(let type, _): collect(type, &walked)
        case .leaf: break
        case .object(let selection): collect(selection, &walked)
        case .abstract(let abstract): for selection in abstract.selections { collect(selection, &walked) }
        }
    }
}
