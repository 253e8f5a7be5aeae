import GraphQL
import HTTP
import Testing

@testable import Planning

/// A schema, routes and profiles from short texts.
struct Fixture {
    var sdl: String
    var routes: [RouteDescription]
    var profiles: ProfileSet

    /// Name to request template of the routes that tests use when they don't bring their own.
    static let requests = [
        ("users.get", "GET /users/{id}"), ("users.byIds", "GET /users?ids={ids:,}"),
        ("posts.ofUser", "GET /users/{id}/posts?limit={limit}"), ("feed", "GET /feed"), ("posts.create", "POST /posts"),
    ]

    static let deviceProfiles = ProfileSet(
        [
            ProfileDefinition(name: "web"),
            ProfileDefinition(name: "phone", userAgents: ["*iPhone*", "*Android*Mobile*"], defaultListCap: 20),
            ProfileDefinition(
                name: "tv", userAgents: ["*SmartTV*", "*Web0S*"],
                drop: [ConfiguredCoordinate("User.history", place: 7)], defaultListCap: 10,
                listCaps: [ConfiguredListCap(ConfiguredCoordinate("User.posts", place: 8), cap: 5)]),
        ], defaultName: "web", header: "X-Device-Profile")

    init(_ sdl: String, routes: [RouteDescription]? = nil, profiles: ProfileSet? = nil) throws {
        self.sdl = sdl
        self.routes = try routes ?? Self.defaultRoutes()
        self.profiles = profiles ?? ProfileSet([ProfileDefinition(name: "web"), ProfileDefinition(name: "tv")])
    }

    static func defaultRoutes() throws -> [RouteDescription] {
        try requests.enumerated().map { index, route in
            try Self.route(
                index, route.0, route.1, body: route.0 == "posts.create" ? .string("$args.input") : nil,
                batchMax: route.0 == "users.byIds" ? 50 : nil)
        }
    }

    static func route(
        _ index: Int, _ name: String, _ request: String, headers: [(name: String, value: String)] = [],
        body: TemplateValue? = nil, batchMax: Int? = nil, policies: RoutePolicies = RoutePolicies()
    ) throws -> RouteDescription {
        try RouteDescription(
            index: index, name: name, upstream: String(name.prefix { $0 != "." }), template: URITemplate(request),
            headers: headers, body: body, batchMax: batchMax, notFoundIsError: false, policies: policies)
    }

    var mapping: MappedSchema {
        get throws {
            let document = try Parser.parseSchemaDocument(Source(sdl, name: "s.graphql"))
            let schema = try Schema.build(documents: [document], builtIns: BuiltInDirectives.definitions)
            return try MappedSchema(schema: schema, routes: routes, profiles: profiles)
        }
    }

    /// What is wrong with the schema, each with `line:column`.
    var problems: [String] {
        get throws {
            do {
                _ = try mapping
                return []
            } catch let errors as MappingErrors {
                return errors.schema.map(\.description)
                    + errors.configuration.map { problem in
                        "[\(problem.place)] \(problem.message)"
                            + (problem.suggestion.map { " (did you mean \"\($0)\"?)" } ?? "")
                    }
            }
        }
    }

    func plan(
        _ query: String, profile: String? = nil, conditions: Conditions = Conditions(),
        limits: PlanLimits = PlanLimits()
    ) throws -> Plan {
        let entry = try Self.entry(query)
        let selected = try profile.map { try #require(profiles.profile(named: $0)) } ?? profiles.defaultProfile
        return try Planner(mapping: mapping, limits: limits).plan(entry, profile: selected, conditions: conditions)
    }

    static func entry(_ query: String) throws -> OperationEntry {
        let document = try Parser.parseDocument(Source(query))
        return OperationEntry(document: document, operation: try #require(document.operations.first))
    }
}
