import Configuration
import Foundation
import GraphQL
import HTTP
import OpenAPI
import Planning
import Testing

@Suite("REST doors as OpenAPI")
struct ExportTests {
    private static let schema = """
        type Query {
          thing(id: ID!): Thing @rest(route: "get")
          things(a: Int): [Thing!] @rest(route: "list")
        }
        "A thing."
        type Thing {
          id: ID! a: Int b: [Float] c: [Kind!]! "Another" other: Thing others: [Thing!]! any: Any! maybe: Any kinds: Found
          called: String @rest(route: "get") hidden: String @hide(on: ["web"])
        }
        enum Kind { X Y }
        scalar Any
        union Found @kind(path: "k") = Thing | Page
        type Page { title: String! }
        input Filter { a: Int! = 1 b: [Filter!] c: Kind! }
        """

    /// The exported document of these doors.
    private func export(_ doors: String, operations: [String: String] = [:]) throws -> [String: Any] {
        let text = """
            graphql: {schemas: [schema.graphql]}
            upstreams: {u: {url: "http://127.0.0.1:1"}}
            routes:
              get: {upstream: u, request: "GET /things/{id}"}
              list: {upstream: u, request: "GET /things?a={a}"}
            rest:
            \(doors)
            """
        let loaded = GatewayConfiguration.load(
            SourceFile(path: "gateway.yaml", bytes: Array(text.utf8)), environment: [:])
        let configuration = try #require(loaded.configuration, "\(loaded.problems)")
        #expect(!loaded.hasErrors, "\(loaded.problems)")
        let routes = try configuration.routes.enumerated().map { index, route in
            try RouteDescription(
                index: index, name: route.name.value, upstream: "u",
                template: URITemplate("\(route.method) \(route.target.value)"), headers: [], body: nil, batchMax: nil,
                notFoundIsError: false, policies: RoutePolicies())
        }
        let document = try Parser.parseSchemaDocument(Source(Self.schema))
        let mapping = try MappedSchema(
            schema: Schema.build(documents: [document], builtIns: BuiltInDirectives.definitions), routes: routes,
            profiles: ProfileSet([ProfileDefinition(name: "web", defaultListCap: 20)]))
        let stored = try operations.compactMapValues { OperationDocument(try Parser.parseDocument(Source($0))) }
        let exported = OpenAPIExport(
            OpenAPIExport.Info(title: "T \"q\" \u{1}", version: "1"), configuration: configuration, routes: routes,
            mapping: mapping, operations: stored)
        return try #require(JSONSerialization.jsonObject(with: Data(exported.text.utf8)) as? [String: Any])
    }

    private func json(_ value: Any?) throws -> String {
        let options: JSONSerialization.WritingOptions = [.sortedKeys, .fragmentsAllowed, .withoutEscapingSlashes]
        return try String(
            decoding: JSONSerialization.data(withJSONObject: value ?? NSNull(), options: options), as: UTF8.self)
    }

    private func value(_ document: [String: Any], _ path: String...) -> Any? {
        path.reduce(document as Any?) { ($0 as? [String: Any])?[$1] }
    }

    @Test func `a type is described once, with what null fits, what is always there and how long lists are`() throws {
        let document = try export(
            "  \"GET /t/{id}\": {route: get, shape: Thing}\n  \"GET /t\": {route: list, shape: Thing}")
        let schemas = try #require(value(document, "components", "schemas") as? [String: Any])
        #expect(schemas.keys.sorted() == ["Any", "Found", "Kind", "Page", "Thing", "gateway.Error", "gateway.Problem"])
        let properties = try #require((schemas["Thing"] as? [String: Any])?["properties"] as? [String: Any])
        let expected = [
            "id": #"{"type":"string"}"#, "a": #"{"format":"int32","type":["integer","null"]}"#,
            "b": #"{"items":{"type":["number","null"]},"maxItems":20,"type":["array","null"]}"#,
            "c": ##"{"items":{"$ref":"#/components/schemas/Kind"},"maxItems":20,"type":"array"}"##,
            "other": ##"{"anyOf":[{"$ref":"#/components/schemas/Thing"},{"type":"null"}],"description":"Another"}"##,
            "others": ##"{"items":{"$ref":"#/components/schemas/Thing"},"maxItems":20,"type":"array"}"##,
            "any": ##"{"$ref":"#/components/schemas/Any"}"##, "maybe": ##"{"$ref":"#/components/schemas/Any"}"##,
            "kinds": ##"{"anyOf":[{"$ref":"#/components/schemas/Found"},{"type":"null"}]}"##,
        ]
        #expect(Set(properties.keys) == Set(expected.keys), "@rest and hidden fields are not answered")
        for (name, schema) in expected { #expect(try json(properties[name]) == schema) }
        #expect(try json((schemas["Thing"] as? [String: Any])?["required"]) == #"["id","a","b","c","any","maybe"]"#)
        let content = { (path: String) in
            try self.json(
                self.value(document, "paths", path, "get", "responses", "200", "content", "application/json", "schema"))
        }
        #expect(try content("/t/{id}") == ##"{"$ref":"#/components/schemas/Thing"}"##)
        #expect(try content("/t") == ##"{"items":{"$ref":"#/components/schemas/Thing"},"maxItems":20,"type":"array"}"##)
    }

    @Test func `paths that differ only in their variables are one, and ids are given once`() throws {
        let document = try export(
            "  \"GET /t/{id}\": {route: get}\n  \"POST /t/{key}\": {route: get}\n  \"ANY /t/{rest...}\": {upstream: u}\n  \"GET /t-id\": {route: list}"
        )
        let paths = try #require(document["paths"] as? [String: [String: Any]])
        #expect(paths.keys.sorted() == ["/t-id", "/t/{id}"])
        #expect(paths["/t/{id}"]?.keys.sorted() == ["delete", "get", "patch", "post", "put"])
        let post = try #require(paths["/t/{id}"]?["post"] as? [String: Any])
        #expect(
            try json(post["parameters"])
                == #"[{"in":"path","name":"id","required":true,"schema":{"type":"string"}},{"in":"query","name":"id","required":true,"schema":{"type":"string"}}]"#
        )
        let operations = paths.values.flatMap { $0.values }.compactMap {
            ($0 as? [String: Any])?["operationId"] as? String
        }
        #expect(Set(operations).count == 6, "\(operations)")
    }

    @Test func `a POST's content holds the variables that are objects, its query the others`() throws {
        let query = "query($id: ID!, $n: Int, $filter: Filter!, $any: Any) { thing(id: $id) { id } }"
        let document = try export(
            "  \"POST /q/{id}\": {operation: q.graphql}\n  \"GET /q/{id}\": {operation: q.graphql}",
            operations: ["q.graphql": query])
        let names = { (method: String) in
            let parameters = self.value(document, "paths", "/q/{id}", method, "parameters") as? [[String: Any]]
            return parameters?.compactMap { $0["name"] as? String }
        }
        #expect(names("get") == ["id", "n", "filter", "any"])
        #expect(names("post") == ["id", "n"])
        #expect(value(document, "paths", "/q/{id}", "get", "requestBody") == nil)
        let body = try json(value(document, "paths", "/q/{id}", "post", "requestBody"))
        #expect(
            body
                == ##"{"content":{"application/json":{"schema":{"properties":{"any":{"$ref":"#/components/schemas/Any"},"##
                + ##""filter":{"$ref":"#/components/schemas/Filter"}},"required":["filter"],"type":"object"}}},"##
                + #""required":true}"#)
    }

    @Test func `an operation's answer holds what it selects, and what conditions may leave out isn't required`() throws
    {
        let query = """
            query Q($id: ID!, $kinds: [Kind!] = [X], $filter: Filter, $flag: Boolean!) {
              one: thing(id: $id) { id ...F other @skip(if: $flag) { id } other { a } kinds { __typename ... on Page { title } } }
              things @include(if: $flag) { id }
            }
            fragment F on Thing { any b others { c } }
            """
        let document = try export("  \"GET /q/{id}\": {operation: q.graphql}", operations: ["q.graphql": query])
        let operation = value(document, "paths", "/q/{id}", "get") as? [String: Any]
        let parameters = try #require(operation?["parameters"] as? [[String: Any]])
        #expect(parameters.map { $0["name"] as? String } == ["id", "kinds", "filter", "flag"])
        #expect(parameters.map { $0["required"] as? Bool } == [true, nil, nil, true])
        #expect(
            try json(parameters[1]["schema"])
                == ##"{"default":["X"],"items":{"$ref":"#/components/schemas/Kind"},"type":"array"}"##)
        #expect(
            try json(parameters[2]["content"])
                == ##"{"application/json":{"schema":{"$ref":"#/components/schemas/Filter"}}}"##)
        let data = try json(
            value(
                document, "paths", "/q/{id}", "get", "responses", "200", "content", "application/json", "schema",
                "properties", "data"))
        let page =
            #"{"properties":{"__typename":{"const":"Page"},"title":{"type":"string"}},"required":["__typename","title"],"type":"object"}"#
        let thing = #"{"properties":{"__typename":{"const":"Thing"}},"required":["__typename"],"type":"object"}"#
        let other =
            #"{"properties":{"a":{"format":"int32","type":["integer","null"]},"id":{"type":"string"}},"required":["a"],"type":["object","null"]}"#
        #expect(data.contains("\"other\":\(other)"), "\(data)")
        #expect(data.contains("\"kinds\":{\"anyOf\":[\(thing),\(page),{\"type\":\"null\"}]}"), "\(data)")
        #expect(data.contains(#""required":["id","any","b","others","other","kinds"]"#), "\(data)")
        #expect(data.hasSuffix(#""required":["one"],"type":["object","null"]}"#), "\(data)")
    }
}
