import Configuration
import OpenAPI
import Testing

@Suite("Operations of OpenAPI as fields and routes")
struct OperationTests {
    private func route(_ imported: OpenAPIImport) -> String? {
        imported.configuration?.split(separator: "\n").first { $0.hasPrefix("  api.act: ") }.map {
            String($0.dropFirst(11))
        }
    }

    @Test(arguments: [
        ("{name: n, in: query, schema: {type: integer, default: 5}}", "n: Int = 5", "n={n}"),
        ("{name: n, in: query, required: true, schema: {type: string}}", "n: String!", "n={n}"),
        ("{name: n, in: query, schema: {type: string, default: 5}}", "n: String = \"5\"", "n={n}"),
        ("{name: n, in: query, schema: {type: boolean, default: 'no'}}", "n: Boolean", "n={n}"),
        ("{name: n, in: query, schema: {type: integer, default: 5000000000}}", "n: Int64 = 5000000000", "n={n}"),
        ("{name: n, in: query, schema: {type: string, enum: [a, b], default: b}}", "n: N = b", "n={n}"),
        ("{name: n, in: query, schema: {type: string, enum: [a, b], default: c}}", "n: N", "n={n}"),
        ("{name: n, in: query, schema: {type: string, default: \"a\\\"\\n\"}}", "n: String = \"a\\\"\\n\"", "n={n}"),
        ("{name: n, in: query, schema: {type: array, items: {type: integer}}}", "n: [Int!]", "n={n}"),
        (
            "{name: n, in: query, explode: false, schema: {type: array, items: {type: integer}, default: [1, 2]}}",
            "n: [Int!] = [1, 2]", "n={n:,}"
        ),
        (
            "{name: n, in: query, style: pipeDelimited, schema: {type: array, items: {type: integer}}}", "n: String",
            "n={n}"
        ),
        ("{name: n, in: query}", "n: String", "n={n}"),
        (
            "{name: n, in: query, content: {application/json: {schema: {type: object, properties: {a: {type: string}}}}}}",
            "n: JSON", "n={n}"
        ),
        ("{name: 'a[b]', in: query, schema: {type: string}}", "aB: String", "a%5Bb%5D={aB}"),
        ("{name: 'a${HOME}', in: query, schema: {type: string}}", "aHOME: String", "a%24%7BHOME%7D={aHOME}"),
        ("{name: id, in: query, schema: {type: string}}", "id2: ID", "id={id2}"),
        (
            "{name: n, in: query, style: deepObject, schema: {type: object, properties: {a: {type: string}, b: {type: integer, default: 1}}}}",
            "nA: String, nB: Int = 1", "n%5Ba%5D={nA}&n%5Bb%5D={nB}"
        ),
    ])
    func `a query parameter is an argument with its default, and a pair of the query`(
        parameter: String, argument: String, pair: String
    ) throws {
        let imported = Imported.operation("get", "parameters: [\(parameter)]")
        let type = Imported.type(of: "act", in: imported.schema)
        #expect(type == "(id: ID!, \(argument)): String", "\(imported.report.text)")
        #expect(route(imported) == "{upstream: api, request: \"GET /things/{id}?\(pair)\"}")
        try Imported.check(#require(imported.schema))
    }

    @Test(arguments: [
        ("/a/{id}/b", "GET /a/{id}/b"), ("/a/{id}.json", "GET /a/{id}.json"), ("/a/${id}", "GET /a/$${id}"),
        ("/a b/ü/{id}", "GET /a%20b/%C3%BC/{id}"), ("/a/{id}/{other-id}", "GET /a/{id}/{otherId}"),
        ("/{id}...{id}", "GET /{id}...{id}"), ("/a:batch/{id}@x", "GET /a:batch/{id}@x"),
    ])
    func `a path is a template, with the variables that GraphQL can name`(path: String, target: String) {
        let imported = Imported.operation("get", "", path: path)
        #expect(route(imported) == "{upstream: api, request: \"\(target)\"}", "\(imported.report.text)")
    }

    @Test func `header parameters are set from arguments, and those of the credentials are forwarded`() throws {
        let imported = Imported.operation(
            "put",
            "parameters: [{name: Idempotency-Key, in: header, required: true, schema: {type: string}}, {name: Authorization, in: header, schema: {type: string}}]",
            "{}\n  securitySchemes: {a: {type: http, scheme: bearer}, b: {type: apiKey, in: header, name: X-Key}, c: {type: apiKey, in: query, name: k}}"
        )
        #expect(Imported.type(of: "act", in: imported.schema) == "(id: ID!, idempotencyKey: String!): String")
        #expect(
            route(imported)
                == "{upstream: api, request: \"PUT /things/{id}\", headers: {forward: [authorization, x-key], set: {\"idempotency-key\": \"$args.idempotencyKey\"}}}"
        )
        #expect(imported.configuration?.contains("    headers: {forward: [authorization, x-key]}\n") == true)
        #expect(imported.report.problems.map(\.line) == [16], "the key in the query is not handed on")
    }

    @Test(arguments: [
        (
            "{type: object, required: [a], properties: {a: {type: string}, b: {type: integer, readOnly: true}}}",
            "ActInput!", "\"$args.input\""
        ),
        ("{type: object}", "JSON!", "\"$args.input\""),
        ("{type: array, items: {type: string}}", "[String!]!", "\"$args.input\""),
        ("{$ref: '#/components/schemas/Node'}", "NodeInput!", "\"$args.input\""),
        (
            "{oneOf: [{$ref: '#/components/schemas/Node'}, {type: object, properties: {c: {type: string}}}]}", "JSON!",
            "\"$args.input\""
        ),
        (
            "{type: object, properties: {a-b: {type: string}, c: {type: string}}}", "ActInput!",
            "{\"a-b\": \"$args.input.aB\", \"c\": \"$args.input.c\"}"
        ),
        ("{type: object, properties: {'${x}': {type: string}}}", "ActInput!", "{\"$${x}\": \"$args.input.x\"}"),
        (
            "{type: object, properties: {a: {type: object, properties: {b-c: {type: string}}}}}", "ActInput!",
            "\"$args.input\""
        ),
    ])
    func `a body is an argument, under the names that the service knows`(schema: String, type: String, body: String)
        throws
    {
        let imported = Imported.body(
            schema,
            components:
                "{Node: {type: object, required: [next], properties: {next: {$ref: '#/components/schemas/Node'}}}}")
        #expect(Imported.type(of: "act", in: imported.schema) == "(id: ID!, input: \(type)): String")
        #expect(route(imported) == "{upstream: api, request: \"POST /things/{id}\", body: \(body)}")
        try Imported.check(#require(imported.schema))
    }

    @Test func `media types other than application/json are said to the service`() throws {
        let imported = Imported.document(
            """
            openapi: 3.0.3
            paths:
              /other:
                get: {responses: {'200': {content: {'application/json; charset=utf-8': {}, text/json: {}}}}}
              /act:
                patch:
                  operationId: act
                  parameters: [{name: If-Match, in: header, schema: {type: string}}]
                  requestBody: {content: {application/merge-patch+json: {schema: {type: object}}}}
                  responses: {'200': {content: {text/html: {}, Application/vnd.api+json: {schema: {type: string}}}}}
            """)
        #expect(
            route(imported)
                == #"{upstream: api, request: "PATCH /act", headers: {set: {"if-match": "$args.ifMatch", "accept": "application/vnd.api+json", "content-type": "application/merge-patch+json"}}, body: "$args.input"}"#
        )
        #expect(imported.configuration?.contains("  api.getOther: {upstream: api, request: \"GET /other\"}\n") == true)
    }

    @Test(arguments: [
        ("get", "responses: {'200': {description: OK, content: {image/png: {}}}}", "it answers image/png, not JSON"),
        ("get", "responses: {'204': {description: OK}}", "its answer has no content"),
        ("head", "", "a HEAD has no answer that a field could give"),
        (
            "post", "requestBody: {content: {multipart/form-data: {}}}",
            "it takes multipart/form-data, and content is sent as JSON"
        ),
        ("get", "servers: [{url: 'https://other.example'}]", "it has a server of its own, \"https://other.example\""),
        (
            "get", "parameters: [{name: s, in: cookie, required: true, schema: {type: string}}]",
            "the cookie \"s\" is left out, and its operation with it"
        ),
        (
            "get", "parameters: [{name: Host, in: header, required: true, schema: {type: string}}]",
            "the header \"Host\" is left out, and its operation with it"
        ),
    ])
    func `what can't be mapped is left out with a warning`(method: String, members: String, reason: String) throws {
        // The members replace the ones of the same name: a document may not say them twice.
        let text =
            members.hasPrefix("responses")
            ? members : "\(members)\n      responses: {'200': {description: OK, content: {application/json: {}}}}"
        let imported = Imported.document(
            """
            openapi: 3.0.3
            info: {title: T, version: '1'}
            paths:
              /other:
                get: {operationId: other, responses: {'200': {description: OK, content: {application/json: {}}}}}
              /act:
                \(method):
                  operationId: act
                  \(text.replacing("\n      ", with: "\n      "))
            """)
        #expect(imported.report.problems.count == 1 && imported.report.errors == 0, "\(imported.report.text)")
        #expect(imported.report.problems.first?.message.contains(reason) == true, "\(imported.report.text)")
        #expect(route(imported) == nil && imported.schema?.contains("act") == false)
    }

    @Test(arguments: [
        ("repos/list-for-user", "reposListForUser"), ("pets.list", "petsList"), ("GetUser", "getUser"),
        ("list_users", "list_users"), ("URLs", "URLs"), ("2fa", "_2fa"), ("__x", "_x"), ("other", "other2"),
        ("日本", "value"),
    ])
    func `an operation is called after its id`(id: String, name: String) throws {
        let imported = Imported.document(
            """
            openapi: 3.0.3
            paths:
              /other:
                get: {operationId: other, responses: {'200': {description: OK, content: {application/json: {}}}}}
              /act:
                get: {operationId: '\(id)', responses: {'200': {description: OK, content: {application/json: {}}}}}
            """)
        #expect(Imported.type(of: name, in: imported.schema) == "JSON", "\(imported.schema ?? "")")
        try Imported.check(#require(imported.schema))
    }

    @Test func `a name too long for a route is cut there, and only there`() throws {
        let long = String(repeating: "abc", count: 70)
        let imported = Imported.document(
            """
            openapi: 3.0.3
            paths:
              /a: {get: {operationId: \(long), responses: {'200': {content: {application/json: {}}}}}}
              /b: {get: {operationId: \(long)x, responses: {'200': {content: {application/json: {}}}}}}
            """)
        try Imported.check(imported, "long names")
        #expect(Imported.type(of: long, in: imported.schema) == "JSON")
        #expect(Imported.type(of: long + "x", in: imported.schema) == "JSON")
    }

    @Test func `an operation without an id is called after its method and path`() {
        let imported = Imported.document(
            """
            openapi: 3.0.3
            paths:
              /users/{user_id}/blog-posts:
                get: {responses: {'200': {description: OK, content: {application/json: {}}}}}
            """)
        #expect(Imported.type(of: "getUsersByUserIdBlogPosts", in: imported.schema) == "(user_id: String!): JSON")
        #expect(imported.report.warnings == 1, "the parameter that isn't described")
    }
}
