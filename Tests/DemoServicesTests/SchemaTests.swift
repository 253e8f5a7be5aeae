import Configuration
import GraphQL
import HTTP
import Planning
import Testing

@testable import DemoServices

@Suite("The demo's gateway.yaml, schema and data agree")
struct SchemaTests {
    @Test func `gateway_yaml has no problem`() throws {
        let loaded = try Checkout.configuration()
        #expect(loaded.problems.map { "\($0)" } == [])
    }

    @Test func `the schema is valid, and each route is used and each use has a route`() throws {
        let schema = try Checkout.schema()
        let configuration = try #require(try Checkout.configuration().configuration)
        var used: Set<String> = []
        for type in schema.types {
            for field in type.fields {
                for directive in field.appliedDirectives where directive.name == "rest" {
                    used.insert(directive.argument(named: "route")?.stringValue ?? "")
                }
            }
        }
        #expect(used == Set(configuration.routes.map { $0.name.value }))
    }

    @Test func `the directives fit the routes and the profiles`() throws {
        let configuration = try #require(try Checkout.configuration().configuration)
        let routes = try configuration.routes.enumerated().map { index, route in
            var body: TemplateValue?
            if case .string(let text) = route.body?.value { body = .string(text.value) }
            return try RouteDescription(
                index: index, name: route.name.value, upstream: route.upstream.value,
                template: URITemplate("\(route.method) \(route.target.value)"), headers: [], body: body,
                batchMax: route.batchMaximum?.value, notFoundIsError: false, policies: RoutePolicies())
        }
        let definitions = configuration.profiles.profiles.map { profile in
            ProfileDefinition(
                name: profile.name.value, userAgents: profile.userAgent,
                drop: profile.drop.map { ConfiguredCoordinate($0.value) }, defaultListCap: profile.listDefault,
                listCaps: profile.lists.map {
                    ConfiguredListCap(ConfiguredCoordinate($0.coordinate.value), cap: $0.maximum)
                })
        }
        let schema = try Checkout.schema()
        do throws(MappingErrors) {
            _ = try MappedSchema(schema: schema, routes: routes, profiles: ProfileSet(definitions))
        } catch {
            Issue.record("\(error.schema) \(error.configuration)")
        }
    }

    @Test func `what the services answer is what the schema says`() throws {
        var checker = ShapeChecker(schema: try Checkout.schema())
        let posts = PostsService()
        let recommendations = RecommendationsService()
        let flaky = FlakyService()
        for (index, user) in UserData.users.enumerated() {
            checker.check(user, "User", at: "user \(index + 1)")
            let id = "\(index + 1)"
            let list = body(recommendations, ["recommendations", id])
            checker.check(list.items, "Recommendation", at: "recommendations of \(id)")
            let page = body(posts, ["users", id, "posts"])
            checker.check(page["items"]?.items, "Post", at: "posts of \(id)")
            _ = flaky.handle(
                DemoRequest(method: "POST", path: ["mode"], query: [(name: "fail", value: "0")]))
            checker.check(body(flaky, ["reputation", id]), "Reputation", at: "reputation of \(id)")
        }
        for text in ["a", "the"] {
            let hits = body(recommendations, ["search"], [(name: "q", value: text)])
            checker.check(hits["hits"]?.items, "SearchHit", at: "search \(text)")
        }
        #expect(checker.seen.isSuperset(of: ["User", "Post", "Event", "Reputation"]))
        #expect(checker.seen.isSuperset(of: ["RecommendedPost", "RecommendedUser", "RecommendedTopic"]))
    }

    private func body(
        _ service: any DemoService, _ path: [String], _ query: [(name: String, value: String)] = []
    ) -> JSONValue {
        let answer = service.handle(DemoRequest(method: "GET", path: path, query: query))
        #expect(answer.status == 200)
        return JSONParser.parse(answer.body) ?? .null
    }
}

/// Walks a type of the schema over a service's JSON: every field that is read from it must be there in its type.
private struct ShapeChecker {
    let schema: Schema
    var seen: Set<String> = []

    init(schema: Schema) { self.schema = schema }

    mutating func check(_ items: [JSONValue]?, _ type: String, at place: String) {
        #expect(items != nil, "\(place)")
        for (index, item) in (items ?? []).enumerated() { check(item, type, at: "\(place)[\(index)]") }
    }

    mutating func check(_ value: JSONValue, _ name: String, at place: String) {
        guard var type = schema.type(named: name) else {
            Issue.record("\(place): no type \(name)")
            return
        }
        if type.isAbstract {
            guard let concrete = resolve(value, type) else {
                Issue.record("\(place): \(value) is of no known kind")
                return
            }
            type = concrete
        }
        seen.insert(type.name)
        for field in type.fields where !field.appliedDirectives.contains(where: { $0.name == "rest" }) {
            var sources = field.appliedDirectives.filter { $0.name == "from" }
            if sources.isEmpty {
                sources = type.interfaces.compactMap { schema.type(named: $0)?.fields[field.name] }
                    .flatMap(\.appliedDirectives).filter { $0.name == "from" }
            }
            let paths = sources.compactMap { $0.argument(named: "path")?.stringValue }
            for path in paths.isEmpty ? [field.name] : paths {
                check(read(value, path), field.type, at: "\(place).\(path)")
            }
        }
    }

    private mutating func check(_ value: JSONValue?, _ type: TypeReference, at place: String) {
        guard let value, value != .null else {
            #expect(!type.isNonNull && value != nil, "\(place) is missing")
            return
        }
        if let item = type.itemType {
            guard let items = value.items else {
                Issue.record("\(place): not a list: \(value)")
                return
            }
            for (index, element) in items.enumerated() { check(element, item, at: "\(place)[\(index)]") }
            return
        }
        switch (type.namedType, value) {
        case ("ID", .string), ("ID", .integer), ("Int", .integer), ("Float", .integer), ("Float", .number),
            ("String", .string), ("DateTime", .string), ("JSON", _):
            return
        case (let name, .string(let text)) where schema.type(named: name)?.kind == .enum:
            #expect(schema.type(named: name)?.values[text] != nil, "\(place): \(text)")
        case (let name, .object): check(value, name, at: place)
        default: Issue.record("\(place): \(value) is no \(type)")
        }
    }

    /// The type that `@kind` finds for `value`.
    private func resolve(_ value: JSONValue, _ type: NamedType) -> NamedType? {
        guard let kind = type.appliedDirectives.first(where: { $0.name == "kind" }),
            let path = kind.argument(named: "path")?.stringValue, let text = read(value, path)?.text,
            let map = kind.argument(named: "map")?.objectFields
        else { return nil }
        let entry = map.first { entry in
            (entry.value.listValue ?? [entry.value]).contains { $0.stringValue == text }
        }
        return entry.flatMap { schema.type(named: $0.name.value) }
    }

    private func read(_ value: JSONValue, _ path: String) -> JSONValue? {
        var current = value
        for step in path.split(separator: ".") {
            let parts = step.split(separator: "[")
            if current == .null { return .null }
            guard let member = current[String(parts[0])] else { return nil }
            current = member
            for index in parts.dropFirst() {
                guard let number = Int(index.dropLast()), let items = current.items, number < items.count else {
                    return current == .null ? .null : nil
                }
                current = items[number]
            }
        }
        return current
    }
}
