import GraphQL
import Testing

@Suite("From one schema to another")
struct SchemaComparisonTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let about: String
        let old: String
        let new: String
        let changes: [String]
        var testDescription: String { about }

        init(_ about: String, _ old: String, _ new: String, _ changes: String...) {
            self.about = about
            self.old = old
            self.new = new
            self.changes = changes
        }
    }

    static let types = [
        Case("nothing", "type A { a: Int }", "\"With words.\" type A { \"And more.\" a: Int }"),
        Case("type added", "", "type A { a: Int }", "safe A was added"),
        Case("type removed", "type A { a: Int }", "", "breaking A was removed"),
        Case(
            "another kind", "type A { a: Int }", "enum A { A }", "breaking A is of the kind enum, and was object"),
        Case("field added", "type A { a: Int }", "type A { a: Int b: Int }", "safe A.b was added"),
        Case("field removed", "type A { a: Int b: Int }", "type A { a: Int }", "breaking A.b was removed"),
        Case("field never null", "type A { a: Int }", "type A { a: Int! }", "safe A.a has the type Int!, and had Int"),
        Case(
            "field may be null", "type A { a: Int! }", "type A { a: Int }",
            "breaking A.a has the type Int, and had Int!"),
        Case(
            "items never null", "type A { a: [Int] }", "type A { a: [Int!]! }",
            "safe A.a has the type [Int!]!, and had [Int]"),
        Case(
            "list", "type A { a: Int }", "type A { a: [Int] }", "breaking A.a has the type [Int], and had Int"),
        Case("other type", "type A { a: Int }", "type A { a: Float }", "breaking A.a has the type Float, and had Int"),
        Case(
            "deprecated", "type A { a: Int }", "type A { a: Int @deprecated(reason: \"old\") }",
            "notable A.a is deprecated: old"),
        Case(
            "no longer deprecated", "type A { a: Int @deprecated }", "type A { a: Int }",
            "safe A.a is no longer deprecated"),
        Case(
            "interface added", "interface I { a: Int } type A { a: Int }",
            "interface I { a: Int } type A implements I { a: Int }",
            "notable A now implements I, so it may come where I is asked for"),
        Case(
            "interface removed", "interface I { a: Int } type A implements I { a: Int }",
            "interface I { a: Int } type A { a: Int }", "breaking A no longer implements I"),
        Case(
            "union", "type A { a: Int } type B { a: Int } type C { a: Int } union U = A | B",
            "type A { a: Int } type B { a: Int } type C { a: Int } union U = B | C", "breaking U no longer holds A",
            "notable U now holds C, which clients may not know"),
        Case(
            "enum values", "enum E { A B }", "enum E { B C }", "breaking E.A was removed",
            "notable E.C was added, which clients may not know"),
        Case(
            "scalar", "scalar S @specifiedBy(url: \"a\")", "scalar S @specifiedBy(url: \"b\")",
            "notable S has another specification"),
        Case("order", "type A { a: Int b: Int } enum E { A B }", "enum E { B A } type A { b: Int a: Int }"),
    ]

    static let inputs = [
        Case(
            "arguments", "type A { f(a: Int): Int }", "type A { f(b: Int, c: Int!, d: Int! = 1): Int }",
            "breaking A.f(a:) was removed", "safe A.f(b:) was added",
            "breaking A.f(c:) was added and must be given (Int!)", "safe A.f(d:) was added"),
        Case(
            "stricter argument", "type A { f(a: Int): Int }", "type A { f(a: Int!): Int }",
            "breaking A.f(a:) takes Int!, and took Int"),
        Case(
            "wider argument", "type A { f(a: [Int!]!): Int }", "type A { f(a: [Int]): Int }",
            "safe A.f(a:) takes [Int], and took [Int!]!"),
        Case(
            "default", "type A { f(a: Int = 1): Int }", "type A { f(a: Int = 2): Int }",
            "notable A.f(a:) is 2 where it is left out, and was 1"),
        Case(
            "default gone", "type A { f(a: Int! = 1): Int }", "type A { f(a: Int!): Int }",
            "breaking A.f(a:) must be given, and was 1 where it was left out"),
        Case(
            "default come", "type A { f(a: Int): Int }", "type A { f(a: Int = 2): Int }",
            "notable A.f(a:) is 2 where it is left out, and was absent"),
        Case(
            "input fields", "input I { a: Int b: Int }", "input I { a: String c: Int d: Int! }",
            "breaking I.b was removed", "breaking I.a takes String, and took Int", "safe I.c was added",
            "breaking I.d was added and must be given (Int!)"),
        Case(
            "oneOf", "input I { a: Int }", "input I @oneOf { a: Int }",
            "breaking I now takes exactly one of its fields (@oneOf)"),
    ]

    static let roots = [
        Case(
            "mutation gone", "type Mutation { a: Int }", "", "breaking Mutation was removed",
            "breaking Mutation is no longer where a mutation begins"),
        Case(
            "subscription come", "", "type Subscription { a: Int }", "safe Subscription was added",
            "safe Subscription is where a subscription begins"),
        Case("directive added", "", "directive @d on FIELD", "safe @d was added"),
        Case(
            "directives removed", "directive @d on FIELD directive @e on OBJECT", "", "breaking @d was removed",
            "safe @e was removed"),
        Case(
            "directive narrowed", "directive @d(a: Int) repeatable on FIELD | QUERY", "directive @d on FIELD",
            "breaking @d may no longer stand on QUERY", "breaking @d may no longer be repeated",
            "breaking @d(a:) was removed"),
        Case(
            "what clients don't see", "type A { a: Int }", "type A { a: Int @from(path: \"b\") }"),
    ]

    @Test(arguments: types + inputs + roots)
    func `each change has its severity`(table: Case) throws {
        let base = "type Query { q: Int } "
        let comparison = SchemaComparison(from: try schema(base + table.old), to: try schema(base + table.new))
        let found = comparison.changes.map { "\($0.severity.rawValue) \($0.coordinate) \($0.message)" }
        #expect(found == table.changes)
    }

    @Test(arguments: types + inputs + roots)
    func `a schema is not different from itself`(table: Case) throws {
        let one = try schema("type Query { q: Int } " + table.new)
        #expect(SchemaComparison(from: one, to: one).changes.isEmpty)
    }

    @Test func `severities are in order`() {
        #expect(ChangeSeverity.safe < .notable && ChangeSeverity.notable < .breaking)
    }
}
