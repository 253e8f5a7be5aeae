import GraphQL
import Planning
import Testing

@testable import Execution

/// A request run as the specification's algorithms say: validated, variables coerced, planned, executed.
struct SpecificationRequest {
    /// What comes of a request.
    enum Outcome: Equatable {
        /// `data` as text, and the path of each error.
        case executed(String, [String])
        /// A request error before execution.
        case refused
    }

    static let sdl = #"""
        type Query {
          thing: Thing @rest(route: "thing") must: Thing! @rest(route: "thing") things: [Thing] @rest(route: "things")
          node: Node @rest(route: "thing") any: Any @rest(route: "thing") nodes: [Node!] @rest(route: "things")
          echo(int: Int = 5 must: Int! = 7 list: [Int!] input: In one: One text: String color: Color = RED): Int
            @rest(route: "echo")
        }
        type Mutation { first: Thing @rest(route: "first") second: Thing! @rest(route: "second") }
        type Subscription { tick: Int @rest(route: "thing") }
        interface Node { id: ID! }
        union Any = Thing | Other
        enum Color { RED GREEN }
        input In { a: Int = 1 b: Int! = 2 c: [String!] d: In }
        input One @oneOf { a: Int b: String }
        type Thing implements Node {
          id: ID! int: Int float: Float string: String boolean: Boolean color: Color list: [Int] items: [Int!]
          both: [Int!]! grid: [[Int]] must: Int! thing: Thing strict: Thing! things: [Thing!] any: Any other: Other
          sized(of: Int! = 1 in: In): Int sizedMust(of: Int! = 1): Int!
          next: Thing @rest(route: "next", with: {id: "$this.id"}) below(of: Int! = 1): Thing
        }
        type Other implements Node { id: ID! name: String! }
        """#

    let harness: Harness

    /// - Parameter thing: what the upstreams answer for a thing, for a list of them, and so on.
    init(
        thing: String = "{}", things: String = "[]", first: String = "{}", second: String = "{}", next: String = "{}"
    ) throws {
        let names = ["int", "must", "list", "input", "one", "text", "color"]
        harness = try Harness(
            Self.sdl,
            [
                ("thing", "GET /thing"), ("things", "GET /things"), ("echo", "POST /echo"), ("first", "POST /first"),
                ("second", "POST /second"), ("next", "GET /next/{id}"),
            ],
            bodies: ["echo": .object(names.map { TemplateMember(name: $0, value: .string("$args.\($0)")) })])
        harness.script.replies = [
            "GET /thing": .content(200, thing), "GET /things": .content(200, things), "POST /echo": .content(200, "1"),
            "POST /first": .content(200, first), "POST /second": .content(200, second),
            "GET /next/1": .content(200, next),
        ]
    }

    /// Runs the operation of a document, the only one or that of a name.
    func run(_ text: String, _ variables: [InputMember] = [], operationName: String? = nil) throws -> Outcome {
        let mapping = try harness.mapping
        let document = try Parser.parseDocument(Source(text))
        guard Validator.validate(document, against: mapping.schema).isEmpty else { return .refused }
        let cached = CachedDocument<ExecutablePlan>(bytes: Array(text.utf8), document: document)
        guard let index = cached.operationIndex(named: operationName) else { return .refused }
        let entry = cached.operations[index]
        guard let values = try? mapping.schema.coerceVariableValues(of: entry.operation, values: variables) else {
            return .refused
        }
        var conditions = Conditions()
        for (index, name) in entry.conditionVariables.enumerated() {
            conditions[index] = values[name] == .boolean(true)
        }
        let planner = Planner(mapping: mapping, limits: .none)
        guard
            let plan = try? planner.plan(entry, profile: mapping.profiles.defaultProfile, conditions: conditions)
        else { return .refused }
        let run = harness.run(ExecutablePlan(plan, schema: mapping.schema), variables: values)
        run.run { _ in }
        let outline = Harness.outline(Harness.text(run))
        return .executed(outline.data, outline.errors.map { $0.split(separator: " ").last.map(String.init) ?? "" })
    }

    /// The arguments that `echo` was called with, as JSON.
    func arguments(_ field: String, _ variables: String = "", _ values: [InputMember] = []) throws -> String {
        let outcome = try run("query \(variables) { \(field) }", values)
        guard case .executed(_, let errors) = outcome else { return "refused" }
        return errors.isEmpty ? (harness.script.contents.first ?? nil) ?? "no call" : "error"
    }
}

extension SpecificationRequest.Outcome {
    /// Data without errors.
    static func data(_ text: String) -> Self { .executed(text, []) }
}
