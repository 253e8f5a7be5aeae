import GraphQL
import Testing

@testable import Planning

@Suite("Limits")
struct LimitTests {
    static let sdl = """
        type Query { a: A @rest(route: "feed") b: A @rest(route: "feed") }
        type A { a: A b: A id: ID }
        """

    private func measure(_ query: String) throws -> (measures: OperationMeasures, steps: Int) {
        let entry = try Fixture.entry(query)
        var meter = OperationMeter(fragments: entry.fragments)
        let measures = meter.measure(entry.operation)
        return (measures, meter.steps)
    }

    @Test(arguments: [
        ("{ a { id } }", 2, 0, 1),
        ("{ a { b: id a { a { id } } } x: b { id } }", 4, 2, 2),
        ("{ ...F ...F b { id } } fragment F on Query { x: a { id } }", 2, 1, 2),
        ("{ ...F ... { ...F } } fragment F on Query { x: a { id } }", 2, 2, 2),
        ("{ a { ...F a { ...F } } } fragment F on A { x: a { y: id } }", 4, 4, 1),
        ("{ __schema { t: types { name } } k: __typename a { t: __typename } }", 3, 0, 1),
    ]) func `fields, aliases and root fields are counted after expansion`(
        _ query: String, _ depth: Int, _ aliases: Int, _ rootFields: Int
    ) throws {
        let measures = try measure(query).measures
        #expect(measures.depth == depth)
        #expect(measures.aliases == aliases)
        #expect(measures.rootFields == rootFields)
    }

    @Test(arguments: [
        ("{ a { a { id } } }", PlanLimits(depth: 2), "The operation is 3 fields deep; at most 2 are allowed."),
        ("{ x: a { y: id } }", PlanLimits(aliases: 1), "The operation has 2 aliases; at most 1 are allowed."),
        ("{ a { id } b { id } }", PlanLimits(rootFields: 1), "The operation has 2 root fields; at most 1 are allowed."),
        ("{ a { id } b { id } }", PlanLimits(cost: 1), "The operation may cost 2; at most 1 is allowed."),
        ("{ a { id } b { id } }", PlanLimits(tokens: 9), "The document has 10 tokens; at most 9 are allowed."),
    ]) func `what is over a limit is refused`(_ query: String, _ limits: PlanLimits, _ message: String) throws {
        let fixture = try Fixture(Self.sdl)
        let error = #expect(throws: PlanningError.self) { try fixture.plan(query, limits: limits) }
        #expect(error?.kind == .limitExceeded)
        #expect(error?.message == message)
        #expect(throws: Never.self) {
            try fixture.plan(query, limits: PlanLimits(depth: 3, aliases: 2, rootFields: 2))
        }
    }

    @Test func `what is above a limit that is only measured is planned`() throws {
        let fixture = try Fixture(Self.sdl)
        let measured = Limit(max: 1, mode: .measure)
        let limits = PlanLimits(
            depth: measured, tokens: measured, aliases: 0, rootFields: measured, cost: Limit(max: 1, mode: .measure))
        let plan = try fixture.plan("{ a { id } b { id } }", limits: limits)
        let excesses = limits.excesses(of: plan.measures, cost: 2)
        #expect(excesses.map(\.name) == [.tokens, .depth, .rootFields, .cost])
        #expect(excesses.map(\.measured) == [10, 2, 2, 2])
        #expect(excesses.allSatisfy { !$0.isEnforced })
        #expect(throws: PlanningError.self) { try fixture.plan("{ x: a { id } b { id } }", limits: limits) }
    }

    @Test func `diamonds of fragments are counted in linear time, and the count does not overflow`() throws {
        var query = "{ a { ...F0 } }"
        for index in 0..<200 {
            query += " fragment F\(index) on A { x: a { ...F\(index + 1) } y: b { ...F\(index + 1) } }"
        }
        query += " fragment F200 on A { id }"
        let result = try measure(query)
        #expect(result.measures.aliases == .max)
        #expect(result.steps < 2_000)
        #expect(throws: PlanningError.self) { try Fixture(Self.sdl).plan(query) }
    }

    @Test func `many aliases and long chains take linear time`() throws {
        let aliases = "{ a { " + (0..<10_000).map { "x\($0): id" }.joined(separator: " ") + " } }"
        let wide = try measure(aliases)
        #expect(wide.measures.aliases == 10_000)
        #expect(wide.steps < 30_000)
        var chain = "{ a { ...F0 } }"
        for index in 0..<10_000 { chain += " fragment F\(index) on A { ...F\(index + 1) }" }
        chain += " fragment F10000 on A { id }"
        let long = try measure(chain)
        #expect(long.measures.nesting > 10_000)
        #expect(long.steps < 50_000)
        let error = #expect(throws: PlanningError.self) { try Fixture(Self.sdl).plan(chain) }
        #expect(error?.kind == .limitExceeded)
    }

    @Test func `a cycle of fragments ends`() throws {
        #expect(try measure("{ a { ...F } } fragment F on A { a { ...G } } fragment G on A { ...F }").steps < 20)
    }

    @Test func `a plan that would grow without aliases is refused too`() throws {
        var query = "{ a { ...F0 } }"
        for index in 0..<40 {
            query += " fragment F\(index) on A { a { ...F\(index + 1) } b { ...F\(index + 1) } }"
        }
        query += " fragment F40 on A { id }"
        let error = #expect(throws: PlanningError.self) {
            try Fixture(Self.sdl).plan(query, limits: PlanLimits(depth: nil, cost: nil))
        }
        #expect(error?.kind == .limitExceeded)
        #expect(error?.message.contains("too large") == true)
    }

    @Test func `more condition variables than a plan's key holds are refused`() throws {
        let names = (0..<65).map { "v\($0)" }
        let query =
            "query(" + names.map { "$\($0): Boolean!" }.joined(separator: " ") + ") { a { "
            + names.map { "id @skip(if: $\($0))" }.joined(separator: " ") + " } }"
        let error = #expect(throws: PlanningError.self) { try Fixture(Self.sdl).plan(query) }
        #expect(error?.kind == .limitExceeded)
    }

    @Test func `types that lead to each other do not multiply a plan`() throws {
        let fields = (0..<8).map { "type T\($0) implements I { i: I x: Int }" }.joined(separator: "\n")
        let sdl = "type Query { i: I @rest(route: \"feed\") } interface I { i: I x: Int }\n" + fields
        var query = "x"
        for _ in 0..<12 { query = "x i { \(query) }" }
        let plan = try Fixture(sdl).plan("{ i { \(query) } }")
        #expect(plan.estimatedBytes < 200_000)
    }
}
