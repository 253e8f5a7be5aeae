import Foundation
import GraphQL
import HTTP
import Planning
import TestSupport
import Testing

@testable import Gateway

@Suite("GraphQL §7.1.3 Request Error Result")
struct RequestErrorTests {
    @Test(arguments: [
        (#"{"query":"{"}"#, "GRAPHQL_PARSE_FAILED"), (#"{"query":"{ nope }"}"#, "GRAPHQL_VALIDATION_FAILED"),
        (#"{"query":"query ($a: ID!) { thing(id: $a) { name } }"}"#, "BAD_USER_INPUT"),
        (#"{"query":"query A { __typename } query B { __typename }"}"#, "OPERATION_RESOLUTION_FAILURE"),
        (#"{"query":"query A { __typename }","operationName":"B"}"#, "OPERATION_RESOLUTION_FAILURE"),
        (#"{"query":"{ a: thing { inner { inner { inner { name } } } } }"}"#, "LIMIT_EXCEEDED"),
    ])
    func `a request that isn't executed has errors and no data`(body: String, code: String) throws {
        let gateway = try PersistedGateway(limits: "{depth: 3}")
        let answer = try gateway.post(body)
        #expect(answer.code == code)
        let object = try JSONSerialization.jsonObject(with: Data(answer.text.utf8)) as? [String: Any]
        #expect(object.map { Set($0.keys) } == ["errors"])
        let errors = try #require(object?["errors"] as? [[String: Any]])
        #expect(!errors.isEmpty && errors.allSatisfy { $0["path"] == nil && $0["message"] is String })
        #expect(gateway.upstream.heads.all.isEmpty)
    }

    @Test func `introspection is answered without a call, where it isn't turned off`() throws {
        let query = #"{"query":"{ __schema { queryType { name } } __type(name: \"Thing\") { name } }"}"#
        let open = try PersistedGateway()
        #expect(
            try open.post(query).text
                == #"{"data":{"__schema":{"queryType":{"name":"Query"}},"__type":{"name":"Thing"}}}"#)
        #expect(open.upstream.heads.all.isEmpty)
        let closed = try PersistedGateway(introspection: false)
        #expect(try closed.post(query).code == "GRAPHQL_VALIDATION_FAILED")
        #expect(try closed.post(#"{"query":"{ __typename }"}"#).text == #"{"data":{"__typename":"Query"}}"#)
    }
}

@Suite("Kept answers of introspection")
struct IntrospectionAnswerTests {
    private static let answers = Result {
        IntrospectionAnswers(
            SchemaIntrospection(
                of: try Schema.build(documents: [Parser.parseSchemaDocument(Source("type Query { a: Int }"))])))
    }

    /// Plans the only root field of a document, and answers it.
    private static func answer(
        _ text: String, _ answers: IntrospectionAnswers, variables: CoercedVariables = [:]
    ) throws -> String? {
        let document = try Parser.parseDocument(Source(text))
        let schema = try Schema.build(
            documents: [Parser.parseSchemaDocument(Source("type Query { a: Int @rest(route: \"a\") }"))],
            builtIns: BuiltInDirectives.definitions)
        let route = try RouteDescription(
            index: 0, name: "a", upstream: "up", template: .init("GET /a"), headers: [], body: nil, batchMax: nil,
            notFoundIsError: false, policies: RoutePolicies())
        let profiles = ProfileSet([])
        let mapping = try MappedSchema(schema: schema, routes: [route], profiles: profiles)
        let entry = OperationEntry(document: document, operation: try #require(document.operations.first))
        let plan = try Planner(mapping: mapping, limits: .none).plan(entry, profile: profiles.defaultProfile)
        guard case .introspection(let field) = try #require(plan.root.fields.first).source else { return nil }
        return answers.answer(field, variables: variables).map { String(decoding: $0, as: UTF8.self) }
    }

    @Test func `the same question has the same answer, others their own`() throws {
        let answers = try Self.answers.get()
        for _ in 0..<2 {
            #expect(try Self.answer("{ __type(name: \"Query\") { name } }", answers) == #"{"name":"Query"}"#)
            #expect(try Self.answer("{ __type(name: \"Query\") { kind } }", answers) == #"{"kind":"OBJECT"}"#)
            #expect(try Self.answer("{ __type(name: \"Int\") { name } }", answers) == #"{"name":"Int"}"#)
        }
        let text = "query ($n: String!) { __type(name: $n) { name } }"
        #expect(try Self.answer(text, answers, variables: ["n": .string("Int")]) == #"{"name":"Int"}"#)
        #expect(try Self.answer(text, answers, variables: ["n": .string("ID")]) == #"{"name":"ID"}"#)
        #expect(answers.count == 3)
        for index in 0..<10 { _ = try Self.answer("{ a\(index): __schema { description } }", answers) }
        #expect(answers.count == 4)
    }
}

@Suite("Operations as deep as they may be")
struct DeepOperationTests {
    private static func document(_ levels: Int) -> String {
        let fragments = (0..<levels).map { "fragment F\($0) on Thing { inner { ...F\($0 + 1) } }" }
        return "{ thing { ...F0 } } \(fragments.joined(separator: " ")) fragment F\(levels) on Thing { name }"
    }

    @Test func `a chain of fragments is planned and written on the loop's stack, or refused`() throws {
        let gateway = try PersistedGateway(limits: "{depth: 100000, tokens: 100000, cost: 1000000}")
        let body = { (levels: Int) in "{\"query\":\(PersistedGateway.quoted(Self.document(levels)))}" }
        #expect(try gateway.post(body(120)).text.hasPrefix(#"{"data":{"thing":{"inner":"#))
        #expect(try gateway.post(body(130)).code == "LIMIT_EXCEEDED")
        #expect(try gateway.post(body(2000)).code == "LIMIT_EXCEEDED")
        #expect(
            try gateway.post("{\"query\":\"\(String(repeating: "{a", count: 100_000))\"}").code
                == "GRAPHQL_PARSE_FAILED")
        #expect(try gateway.post(#"{"query":"{ __typename }"}"#).text == #"{"data":{"__typename":"Query"}}"#)
    }
}
