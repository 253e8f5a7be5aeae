import TestSupport
import Testing

@testable import Gateway

@Suite("Manifests of trusted operations")
struct ManifestTests {
    static let deep = "{ thing { inner { inner { name } } } }"
    static let apollo = """
        {"format": "apollo-persisted-query-manifest", "version": 1, "operations": [
          {"id": "home-1", "name": "Home", "type": "query", "body": "query Home { thing { name } }"},
          {"id": "deep", "body": "\(deep)"},
          {"id": "make", "type": "mutation", "body": "mutation { make { name } }"},
          {"id": "look", "body": "{ __schema { queryType { name } } }"}
        ]}
        """
    static let answer = #"{"data":{"thing":{"name":"well"}}}"#

    private func gateway(
        _ persisted: String = "{manifest: operations.json}", _ manifest: String = apollo, doors: String = "",
        profile: String = "compatible"
    ) throws -> PersistedGateway {
        try PersistedGateway(
            persisted, profile: profile,
            limits: "{depth: 2, tokens: 12, aliases: 0, rootFields: 1, upstreamCalls: 0}",
            doors: doors, introspection: false,
            files: ["operations.json": manifest, "deep.graphql": Self.deep, "door.graphql": "{ thing { name } }"])
    }

    @Test func `an operation is asked for by its id, in each of the ways`() throws {
        let gateway = try gateway()
        #expect(try gateway.post(PersistedGateway.request("home-1")).text == Self.answer)
        #expect(try gateway.post(#"{"documentId": "home-1"}"#).text == Self.answer)
        #expect(try gateway.post(#"{"id": "home-1", "operationName": "Home"}"#).text == Self.answer)
        #expect(try gateway.get("documentId=home-1").text == Self.answer)
        #expect(try gateway.get("documentId=make").status == 405)
        #expect(try gateway.post(#"[{"id": "home-1"}, {"id": "nothing"}]"#).code == "PERSISTED_QUERY_NOT_FOUND")
    }

    @Test func `trusted operations are under no limit and may look at the schema, others aren't`() throws {
        let gateway = try gateway()
        #expect(try gateway.post(#"{"id": "deep"}"#).text.contains(#""inner":{"inner":"#))
        #expect(try gateway.post(#"{"id": "look"}"#).text.contains(#""name":"Query""#))
        // The same text is the same operation.
        #expect(try gateway.post(#"{"query": "\#(Self.deep)"}"#).text.contains(#""inner":{"inner":"#))
        #expect(try gateway.post(#"{"query": "\#(Self.deep) "}"#).code == "LIMIT_EXCEEDED")
        #expect(try gateway.post(#"{"query": "{ __schema { types { name } } }"}"#).code == "GRAPHQL_VALIDATION_FAILED")
    }

    @Test func `an object from id to document is a manifest too, and a hash may name any of them`() throws {
        let hash = PersistedGateway.hash("{ other: thing { name } }")
        let gateway = try gateway(
            "{manifest: operations.json}", "{\"a\": \"{ thing { name } }\", \"\(hash)\": \"{ thing { name } }\"}")
        #expect(try gateway.post(#"{"id": "a"}"#).text == Self.answer)
        #expect(try gateway.post(PersistedGateway.request(hash)).text == Self.answer)
        // Hash and text that the manifest itself puts together.
        #expect(try gateway.post(PersistedGateway.request(hash, query: "{ thing { name } }")).text == Self.answer)
        #expect(try gateway.post(PersistedGateway.request("a", query: "{ thing { inner { name } } }")).status == 400)
    }

    /// What is refused where only the manifest's operations run.
    static let notListed = [
        #"{"query": "{ thing { name } }"}"#, #"{"query": "{"}"#, #"{"id": "other"}"#, "{}",
        PersistedGateway.request(PersistedGateway.hash("{ thing { name } }")),
        PersistedGateway.request(PersistedGateway.hash("{ thing { name } }"), query: "{ thing { name } }"),
    ]

    @Test(arguments: [("compatible", 400), ("draft-2026", 422)])
    func `with only, nothing else runs at the GraphQL door`(profile: String, status: Int) throws {
        let gateway = try gateway("{manifest: operations.json, only: true}", profile: profile)
        for body in Self.notListed {
            let response = try gateway.post(body)
            #expect(response.status == status && response.code == "PERSISTED_QUERY_REQUIRED", "\(body)")
            let batch = try gateway.post("[\(body)]")
            #expect(batch.status == 200 && batch.code == "PERSISTED_QUERY_REQUIRED", "\(body)")
        }
        #expect(try gateway.get("query=%7Bthing%7Bname%7D%7D").code == "PERSISTED_QUERY_REQUIRED")
        #expect(try gateway.post(#"{"id": "home-1"}"#).text == Self.answer)
        #expect(try gateway.post(#"{"query": "query Home { thing { name } }"}"#).text == Self.answer)
        #expect(gateway.upstream.heads.all.count == 2)
    }

    @Test func `operation doors run whatever the manifest says, and their texts aren't listed by that`() throws {
        let gateway = try gateway(
            "{manifest: operations.json, only: true}",
            doors: "rest: {GET /deep: {operation: deep.graphql}, GET /door: {operation: door.graphql}}")
        #expect(try gateway.gateway.send("GET /deep").text.contains(#""inner":{"inner":"#))
        #expect(try gateway.gateway.send("GET /door").text == Self.answer)
        #expect(try gateway.post(#"{"query": "{ thing { name } }"}"#).code == "PERSISTED_QUERY_REQUIRED")
    }

    // MARK: Problems

    static let configuration = """
        graphql:
          schemas: [schema.graphql]
          persisted: {manifest: operations.json}
        upstreams: {things: {url: "http://127.0.0.1:1"}}
        routes: {thing: {upstream: things, request: GET /thing}, make: {upstream: things, request: POST /thing}}
        """

    /// Manifests, and the problems of each.
    static let wrong: [(name: String, text: String, problems: [String])] = [
        ("no JSON", "{\n  \"a\" 7}", ["2:7: error: The manifest is not JSON: unexpected byte at byte 8."]),
        (
            "a list", "[]",
            ["1:1: error: A manifest is a JSON object: from id to document, or in Apollo's format."]
        ),
        (
            "an unknown field", "{\n  \"a\": \"{ thing {\\n nme } }\"}",
            [#"2:21: error: Operation "a": Cannot query field "nme" on type "Thing". Did you mean "name"?"#]
        ),
        (
            "escapes before the place", #"{"a": "# + #""{ # \u00e9\ud83d\ude00 \"\nthing { name nme } }"}"#,
            [#"1:48: error: Operation "a": Cannot query field "nme" on type "Thing". Did you mean "name"?"#]
        ),
        ("a syntax error", #"{"a": "{ thing {"}"#, [#"1:17: error: Operation "a": "#]),
        ("no operation", #"{"a": "fragment F on Thing { name }"}"#, [#"1:8: error: Operation "a": "#]),
        (
            "another format", #"{"format": "x", "version": 2, "operations": []}"#,
            [
                #"1:12: error: The "format" of a manifest with "operations" must be "apollo-persisted-query-manifest". (did you mean apollo-persisted-query-manifest?)"#,
                "1:28: error: Of this format the gateway knows version 1 only.",
            ]
        ),
        (
            "operations that are none",
            """
            {"format": "apollo-persisted-query-manifest", "version": 1, "operations": [7, {"body": ""},
             {"id": "a"}, {"id": "b", "body": 7}, {"id": "", "body": ""},
             {"id": "c", "body": "{ thing { name } }"}, {"id": "c", "body": "{ thing { name } }"}]}
            """,
            [
                #"1:76: error: An operation must be an object with "id" and "body"."#,
                #"1:79: error: The operation needs a string "id"."#,
                #"2:2: error: The operation needs a string "body": its document."#,
                #"2:35: error: The document of "b" must be a string."#,
                #"2:46: error: An id must not be empty."#,
                #"3:52: error: The id "c" is given to two operations."#,
            ]
        ),
    ]

    @Test func `problems of a manifest are found where they stand in it`() throws {
        for row in Self.wrong {
            let folder = try ConfigurationFolder(
                Self.configuration, ["schema.graphql": PersistedGateway.schema, "operations.json": row.text])
            let problems = folder.problems
            #expect(problems.count == row.problems.count, "\(row.name): \(problems)")
            for (problem, expected) in zip(problems, row.problems) {
                #expect(problem.hasPrefix("operations.json:" + expected), "\(row.name): \(problem)")
            }
        }
    }

    @Test func `a manifest that isn't there is found at its name`() throws {
        let folder = try ConfigurationFolder(Self.configuration, ["schema.graphql": PersistedGateway.schema])
        #expect(folder.problems.count == 1)
        #expect(folder.problems.first?.hasPrefix("gateway.yaml:3:25: error: The manifest ") == true)
    }

    @Test func `a manifest with very many problems shows the first and counts the rest`() throws {
        let entries = (0..<500).map { "\"a\($0)\": \"{ nothing }\"" }.joined(separator: ",\n")
        let folder = try ConfigurationFolder(
            Self.configuration, ["schema.graphql": PersistedGateway.schema, "operations.json": "{\(entries)}"])
        #expect(folder.problems.count == 201)
        #expect(folder.problems.contains { $0.contains("The manifest has 300 more problems than are shown.") })
    }
}
