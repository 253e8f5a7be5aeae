import Bytes
import Foundation
import GraphQL
import HTTP
import JSON
import Planning
import TestSupport
import Testing

@testable import Execution

/// The same as graphql-js 16.6, the reference implementation, for what is drawn at random.
///
/// What differs, because the reference is of the 2021 edition and this is of September 2025, is listed in `Difference`.
@Suite("GraphQL §5 and §6 against the reference implementation")
struct OracleTests {
    private static func seed() -> UInt64 {
        if let given = ProcessInfo.processInfo.environment["SLUICE_SEED"].flatMap({ UInt64($0) }) { return given }
        var system = SystemRandomNumberGenerator()
        return UInt64.random(in: 1...UInt64.max, using: &system)
    }

    /// Where the 2025 edition and the reference part, each with words of the message that one side refuses with.
    private enum Difference: CaseIterable {
        /// §2.2: operations, fragments and variables may have descriptions. The reference refuses them.
        case description
        /// §3.6, §3.10: a default value has to be coercible to its type. The reference doesn't look at it in a schema.
        case defaultValue

        private var texts: [String] {
            switch self {
            case .description: ["Unexpected description"]
            case .defaultValue:
                [
                    " cannot represent ", "Expected value of type ", " does not exist in ", " is not defined by type ",
                    " of required type ",
                ]
            }
        }

        /// Whether the one refusal, which the other side doesn't share, is for this reason.
        func explains(_ reason: String?) -> Bool { texts.contains { reason?.contains($0) == true } }
    }

    // MARK: Verdicts

    @Test func `documents get the verdict of the reference`() throws {
        let seed = Self.seed()
        var random = Seeded(seed)
        let oracle = try Oracle()
        var verdicts = [true: 0, false: 0]
        for _ in 0..<25 {
            let drawn = random.schema()
            let schema = try Schema.build(
                documents: [Parser.parseSchemaDocument(Source(drawn.sdl(isMapped: false), name: "s.graphql"))])
            var documents: [String] = []
            for index in 0..<100 {
                var writer = OperationWriter(
                    Seeded(random.next()), drawn, faults: [nil, nil, 80][index % 3])
                let text = writer.operation().text
                var mutator = TokenMutator(random: Seeded(random.next()))
                documents.append(index % 4 == 3 ? mutator.mutate(text) : text)
            }
            let expected = try oracle.ask(
                ["op": "check", "sdl": drawn.sdl(isMapped: false), "documents": documents])
            for (text, reason) in zip(documents, expected) {
                let problem = Self.problem(of: text, schema)
                verdicts[problem == nil, default: 0] += 1
                guard (problem == nil) != (reason == nil), !Difference.description.explains(reason) else { continue }
                Issue.record(
                    """
                    seed \(seed): \(problem ?? "valid"), the reference says \(reason ?? "valid")
                    \(drawn.sdl(isMapped: false))
                    \(text)
                    """)
            }
        }
        #expect(verdicts.values.allSatisfy { $0 > 500 }, "seed \(seed): \(verdicts)")
    }

    @Test func `schemas get the verdict of the reference`() throws {
        let seed = Self.seed()
        var random = Seeded(seed)
        var documents: [String] = []
        for index in 0..<400 {
            let text = random.schema().sdl(isMapped: false)
            var mutator = TokenMutator(random: Seeded(random.next()))
            documents.append(index % 4 == 0 ? text : mutator.mutate(text))
        }
        let expected = try Oracle().ask(["op": "schemas", "documents": documents])
        var verdicts = [true: 0, false: 0]
        for (text, reason) in zip(documents, expected) {
            var problem: String?
            do {
                _ = try Schema.build(documents: [Parser.parseSchemaDocument(Source(text, name: "s.graphql"))])
            } catch let error as GraphQLSyntaxError {
                problem = error.message
            } catch let errors as SchemaErrors {
                problem = errors.problems.first?.message
            }
            verdicts[problem == nil, default: 0] += 1
            if (problem == nil) != (reason == nil), !Difference.defaultValue.explains(problem) {
                Issue.record("seed \(seed): \(problem ?? "valid"), the reference says \(reason ?? "valid")\n\(text)")
            }
        }
        #expect(verdicts.values.allSatisfy { $0 >= 100 }, "seed \(seed): \(verdicts)")
    }

    @Test func `clients read the schema from introspection as it is written`() throws {
        let seed = Self.seed()
        var random = Seeded(seed)
        let oracle = try Oracle()
        let query = try #require(try oracle.ask(["op": "query"]).first ?? nil)
        let document = try Parser.parseDocument(Source(query))
        let field = try #require(
            document.operations.first?.selectionSet.selections.lazy.compactMap { selection -> GraphQL.Field? in
                if case .field(let field) = selection { field } else { nil }
            }.first)
        var schemas: [[String: String]] = []
        for _ in 0..<50 {
            let sdl = random.schema().sdl(isMapped: false)
            let schema = try Schema.build(documents: [Parser.parseSchemaDocument(Source(sdl, name: "s.graphql"))])
            #expect(Validator.validate(document, against: schema).isEmpty)
            let answer = SchemaIntrospection(of: schema).answer([field], in: document, variables: [:])
            schemas.append(["sdl": sdl, "answer": String(decoding: try #require(answer), as: UTF8.self)])
        }
        for (index, difference) in try oracle.ask(["op": "introspect", "schemas": schemas]).enumerated() {
            if let difference { Issue.record("seed \(seed): \(difference)\n\(schemas[index]["sdl"] ?? "")") }
        }
    }

    private static func problem(of text: String, _ schema: Schema) -> String? {
        do {
            let document = try Parser.parseDocument(Source(text))
            return Validator.validate(document, against: schema).first?.message
        } catch {
            return error.message
        }
    }

    // MARK: Execution

    @Test func `operations give the data, the error paths and the calls of the reference`() throws {
        let seed = Self.seed()
        var random = Seeded(seed)
        let oracle = try Oracle()
        var ran = 0
        var failed = 0
        for _ in 0..<55 {
            let subject = try Subject(random.schema())
            var cases: [[String: Any]] = []
            while cases.count < 60 {
                var writer = OperationWriter(Seeded(random.next()), subject.drawn, faults: nil)
                let operation = writer.operation()
                guard Self.problem(of: operation.text, subject.mapping.schema) == nil else { continue }
                cases.append(try subject.run(operation, &random))
            }
            let verdicts = try oracle.ask([
                "op": "run", "sdl": subject.drawn.sdl(isMapped: false), "from": subject.drawn.paths,
                "kinds": subject.drawn.kindsByType, "cases": cases,
            ])
            for (one, difference) in zip(cases, verdicts) {
                ran += 1
                if (one["answer"] as? String)?.contains("\"errors\"") == true { failed += 1 }
                guard let difference else { continue }
                Issue.record(
                    """
                    seed \(seed): \(difference)
                    \(subject.drawn.sdl(isMapped: true))
                    \(one["document"] ?? "")
                    \(one["variables"] ?? "")
                    \(one["roots"] ?? "")
                    \(one["answer"] ?? "")
                    """)
            }
        }
        #expect(ran >= 3000 && failed > 500, "seed \(seed): \(ran) ran, \(failed) with errors")
    }

    /// A random schema mapped to a route for each root field, each of which is sent the field's arguments.
    private struct Subject {
        let drawn: RandomSchema
        let mapping: MappedSchema

        init(_ drawn: RandomSchema) throws {
            self.drawn = drawn
            let document = try Parser.parseSchemaDocument(Source(drawn.sdl(isMapped: true), name: "s.graphql"))
            let schema = try Schema.build(documents: [document], builtIns: BuiltInDirectives.definitions)
            let fields = drawn.fields(of: "Query") + drawn.fields(of: "Mutation")
            let routes = try fields.enumerated().map { index, field in
                let members = field.arguments.map {
                    TemplateMember(name: $0.name, value: .string("$args.\($0.name)"))
                }
                return try RouteDescription(
                    index: index, name: field.name, upstream: "up", template: URITemplate("POST /\(field.name)"),
                    headers: [], body: .object(members), batchMax: nil, notFoundIsError: false,
                    policies: RoutePolicies())
            }
            mapping = try MappedSchema(
                schema: schema, routes: routes, profiles: ProfileSet([ProfileDefinition(name: "web")]))
        }

        /// Runs an operation over random data, and gives what the reference needs to judge it.
        func run(_ operation: RandomOperation, _ random: inout Seeded) throws -> [String: Any] {
            let script = Script()
            var roots: [String: String] = [:]
            for field in drawn.fields(of: operation.isMutation ? "Mutation" : "Query")
            where operation.text.contains(field.name) {
                let content = random.data(field.type, drawn, faults: 25)
                roots[field.name] = content
                script.replies["POST /\(field.name)"] = .content(200, content)
            }
            let answer = try answer(operation, script)
            let calls = zip(script.log, script.contents).map { name, content in
                ["name": String(name.dropFirst("POST /".count)), "arguments": content ?? "{}"]
            }
            return [
                "document": operation.text, "variables": InputValue.object(operation.variables).json, "roots": roots,
                "answer": answer as Any? ?? NSNull(), "calls": calls, "isSerial": operation.isMutation,
            ]
        }

        /// The answer's text; nil where the variables are refused.
        private func answer(_ operation: RandomOperation, _ script: Script) throws -> String? {
            let document = try Parser.parseDocument(Source(operation.text))
            let entry = OperationEntry(document: document, operation: try #require(document.operations.first))
            let variables: CoercedVariables
            do {
                variables = try mapping.schema.coerceVariableValues(
                    of: entry.operation, values: operation.variables)
            } catch {
                return nil
            }
            var conditions = Conditions()
            for (index, name) in entry.conditionVariables.enumerated() {
                if case .boolean(true) = variables[name] { conditions[index] = true }
            }
            let profile = try #require(mapping.profiles.profiles.first)
            let plan = try Planner(mapping: mapping, limits: .none).plan(
                entry, profile: profile, conditions: conditions)
            let run = OperationRun(
                ExecutablePlan(plan, schema: mapping.schema, fallbacks: []), variables: variables,
                context: Client(), starter: script, callLimit: .max)
            run.run { _ in }
            let output = ByteBuffer()
            run.writeAnswer(to: output)
            return output.string
        }
    }
}
