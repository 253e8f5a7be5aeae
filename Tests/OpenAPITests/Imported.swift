import Configuration
import Foundation
import GraphQL
import HTTP
import OpenAPI
import Planning
import Testing

/// What becomes of a document that a test writes.
enum Imported {
    /// Imports a text; the upstream is called `api`.
    static func document(_ text: String) -> OpenAPIImport {
        OpenAPIImport(SourceFile(path: "api.yaml", bytes: Array(text.utf8)), upstream: "api")
    }

    /// A document with one operation whose answer is an object with the property `x` of this schema, and with these
    /// `components.schemas`; both in flow style.
    static func property(_ schema: String, components: String = "{}", required: Bool = false) -> OpenAPIImport {
        document(
            """
            openapi: 3.1.0
            info: {title: T, version: '1'}
            paths:
              /thing:
                get:
                  operationId: thing
                  responses:
                    '200':
                      description: OK
                      content:
                        application/json:
                          schema: {type: object, \(required ? "required: [x], " : "")properties: {x: \(schema)}}
            components:
              schemas: \(components)
            """)
    }

    /// A document with one query, and a mutation that takes a body of this schema.
    static func body(_ schema: String, components: String = "{}") -> OpenAPIImport {
        operation("post", "requestBody: {required: true, content: {application/json: {schema: \(schema)}}}", components)
    }

    /// A document with one query, and one operation on `/things/{id}` with these members.
    static func operation(
        _ method: String, _ members: String, _ components: String = "{}", path: String = "/things/{id}"
    )
        -> OpenAPIImport
    {
        document(
            """
            openapi: 3.0.3
            info: {title: T, version: '1'}
            paths:
              /other:
                get:
                  operationId: other
                  responses: {'200': {description: OK, content: {application/json: {schema: {type: string}}}}}
              \(path):
                parameters: [{name: id, in: path, required: true, schema: {type: string}}]
                \(method):
                  operationId: act
                  responses: {'200': {description: OK, content: {application/json: {schema: {type: string}}}}}
                  \(members)
            components:
              schemas: \(components)
            """)
    }

    /// What stands behind the first `field` at the beginning of a schema's line, up to its directives.
    static func type(of field: String, in schema: String?) -> String? {
        let line = schema?.split(separator: "\n").first { $0.hasPrefix("  \(field): ") || $0.hasPrefix("  \(field)(") }
        guard let rest = line?.dropFirst(2 + field.count) else { return nil }
        let type = rest.hasPrefix("(") ? rest : rest.dropFirst(2)
        return type.components(separatedBy: " @")[0]
    }

    /// Whether what was imported would pass `check`: the configuration, the schema, and the one with the other.
    static func check(_ imported: OpenAPIImport, _ comment: Comment) throws {
        let text = try #require(imported.configuration, comment)
        let sdl = try #require(imported.schema, comment)
        let loaded = GatewayConfiguration.load(SourceFile(path: "g", bytes: Array(text.utf8)), environment: [:])
        #expect(!loaded.hasErrors, "\(comment)\n\(ProblemReport(loaded.problems, sources: [loaded.source]).text)")
        do {
            let routes = try (loaded.configuration?.routes ?? []).enumerated().map { index, route in
                try RouteDescription(
                    index: index, name: route.name.value, upstream: "api",
                    template: URITemplate("\(route.method) \(route.target.value)"),
                    headers: (route.headers?.set ?? []).map { ($0.name, $0.template.value) },
                    body: route.body.map { template($0.value) }, batchMax: nil, notFoundIsError: false,
                    policies: RoutePolicies())
            }
            let document = try Parser.parseSchemaDocument(Source(sdl, name: "schema.graphql"))
            let schema = try Schema.build(documents: [document], builtIns: BuiltInDirectives.definitions)
            _ = try MappedSchema(schema: schema, routes: routes, profiles: ProfileSet([]))
        } catch {
            Issue.record("\(comment): \(error)\n\(text)\n\(sdl)")
        }
    }

    private static func template(_ value: LiteralValue) -> TemplateValue {
        switch value {
        case .string(let text): .string(text.value)
        case .object(let members):
            .object(members.map { TemplateMember(name: $0.name.value, value: template($0.value)) })
        case .null, .boolean, .number, .list: .null
        }
    }

    /// Whether a schema is valid, with the directives that schema files may use.
    static func check(_ schema: String) throws {
        let document = try Parser.parseSchemaDocument(Source(schema, name: "schema.graphql"))
        do {
            _ = try Schema.build(documents: [document], builtIns: BuiltInDirectives.definitions)
        } catch {
            Issue.record("\(error.problems.map(\.message))\n\(schema)")
        }
    }
}
