import Bytes
import Foundation
import GraphQL
import HTTP
import Planning
import Testing

@testable import Execution

/// A schema with its routes, ready to run operations against a `Script`.
struct Harness {
    var sdl: String
    var routes: [RouteDescription] = []
    var fallbacks: [[UInt8]?] = []
    var profiles: ProfileSet
    let script = Script()
    let client = Client()
    var callLimit = Int.max

    /// - Parameter routes: name and request template.
    init(
        _ sdl: String, _ routes: [(String, String)], batchMax: Int? = nil, fallbacks: [String: String] = [:],
        bodies: [String: TemplateValue] = [:], headers: [(name: String, value: String)] = [],
        notFoundIsError: Bool = false, profiles: ProfileSet? = nil
    ) throws {
        self.sdl = sdl
        self.profiles = profiles ?? ProfileSet([ProfileDefinition(name: "web")])
        for (index, route) in routes.enumerated() {
            self.routes.append(
                try RouteDescription(
                    index: index, name: route.0, upstream: "up", template: URITemplate(route.1), headers: headers,
                    body: bodies[route.0], batchMax: batchMax, notFoundIsError: notFoundIsError,
                    policies: RoutePolicies()))
            self.fallbacks.append(fallbacks[route.0].map { Array($0.utf8) })
        }
    }

    var mapping: MappedSchema {
        get throws {
            let document = try Parser.parseSchemaDocument(Source(sdl, name: "s.graphql"))
            let schema = try Schema.build(documents: [document], builtIns: BuiltInDirectives.definitions)
            return try MappedSchema(schema: schema, routes: routes, profiles: profiles)
        }
    }

    func plan(_ query: String, profile: String? = nil) throws -> ExecutablePlan {
        let document = try Parser.parseDocument(Source(query))
        let entry = OperationEntry(document: document, operation: try #require(document.operations.first))
        let selected = try profile.map { try #require(profiles.profile(named: $0)) } ?? profiles.defaultProfile
        let mapping = try mapping
        return ExecutablePlan(
            try Planner(mapping: mapping, limits: .none).plan(entry, profile: selected), schema: mapping.schema,
            fallbacks: fallbacks)
    }

    func run(_ plan: ExecutablePlan, variables: CoercedVariables = [:]) -> OperationRun {
        OperationRun(plan, variables: variables, context: client, starter: script, callLimit: callLimit)
    }

    /// The answer's text, all calls answered from the script at once.
    func answer(_ query: String, variables: CoercedVariables = [:], profile: String? = nil) throws -> String {
        let run = run(try plan(query, profile: profile), variables: variables)
        var isComplete = false
        run.run { _ in isComplete = true }
        #expect(isComplete)
        return Self.text(run)
    }

    static func text(_ run: OperationRun) -> String {
        let output = ByteBuffer()
        run.writeAnswer(to: output)
        let text = output.string
        #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(text.utf8)) }
        return text
    }

    /// The answer's `data` as text, and for each error `CODE path`.
    func outline(
        _ query: String, variables: CoercedVariables = [:], profile: String? = nil
    ) throws -> (data: String, errors: [String]) {
        Self.outline(try answer(query, variables: variables, profile: profile))
    }

    static func outline(_ text: String) -> (data: String, errors: [String]) {
        let object = (try? JSONSerialization.jsonObject(with: Data(text.utf8))) as? [String: Any] ?? [:]
        let errors = (object["errors"] as? [[String: Any]] ?? []).map { error -> String in
            let code = (error["extensions"] as? [String: Any])?["code"] as? String ?? "?"
            let path = (error["path"] as? [Any] ?? []).map { "\($0)" }.joined(separator: ".")
            return "\(code) \(path)"
        }
        let end = [",\"errors\":[{", ",\"extensions\":{\""].compactMap { text.range(of: $0)?.lowerBound }.min()
        return (String(text[..<(end ?? text.index(before: text.endIndex))].dropFirst(8)), errors)
    }
}
