import Configuration
import GraphQL
import HTTP
import OpenAPI
import Planning

/// A service's OpenAPI document: an import without errors is a configuration and a schema without errors.
func fuzzOpenAPI(_ bytes: [UInt8]) {
    let imported = OpenAPIImport(SourceFile(path: "api.yaml", bytes: bytes), upstream: "up")
    precondition((imported.schema == nil) == imported.report.hasErrors, "errors and no result go together")
    guard let text = imported.configuration, let sdl = imported.schema else { return }
    let loaded = GatewayConfiguration.load(SourceFile(path: "gateway.yaml", bytes: Array(text.utf8)), environment: [:])
    precondition(!loaded.hasErrors, "an imported gateway.yaml has errors")
    do {
        let schema = try Schema.build(
            documents: [Parser.parseSchemaDocument(Source(sdl))], builtIns: BuiltInDirectives.definitions)
        let routes = try (loaded.configuration?.routes ?? []).enumerated().map { index, route in
            try RouteDescription(
                index: index, name: route.name.value, upstream: "up",
                template: URITemplate("\(route.method) \(route.target.value)"),
                headers: (route.headers?.set ?? []).map { ($0.name, $0.template.value) },
                body: route.body.map { templateValue($0.value) }, batchMax: nil, notFoundIsError: false,
                policies: RoutePolicies())
        }
        _ = try MappedSchema(schema: schema, routes: routes, profiles: ProfileSet([]))
    } catch {
        preconditionFailure("an imported schema has errors: \(error)")
    }
}

/// A body as the gateway hands it on: what imports write holds texts and objects only.
private func templateValue(_ value: LiteralValue) -> TemplateValue {
    switch value {
    case .string(let text): .string(text.value)
    case .object(let members):
        .object(members.map { TemplateMember(name: $0.name.value, value: templateValue($0.value)) })
    case .null, .boolean, .number, .list: .null
    }
}
