internal import Configuration
internal import HTTP
internal import Planning
internal import Upstream

/// Doors that stream to an upstream and back.
extension DoorBuilder {
    mutating func passthroughDoor(
        _ name: Located<String>, _ pattern: DoorPattern, _ rewrite: Located<String>?, _ door: DoorConfiguration
    ) -> (any RESTDoor)? {
        guard let route = registry.door(to: name.value),
            let upstream = configuration.upstreams.first(where: { $0.name.value == name.value })
        else { return nil }
        var parts: [PassthroughDoor.RewritePart]?
        if let rewrite {
            guard let read = rewriteParts(rewrite, pattern) else { return nil }
            parts = read
        }
        return PassthroughDoor(
            route, rewrite: parts, bodyLimit: door.body, forwarding: RouteForwarding(upstream.headers),
            headers: headers(of: upstream))
    }

    /// `headers.set` of the upstream as a route of its own; its problems are reported with the upstream's routes, or
    /// here where it has none.
    private mutating func headers(
        of upstream: UpstreamConfiguration
    ) -> (route: RouteDescription, bindings: [Binding])? {
        guard let set = upstream.headers?.set, !set.isEmpty, let template = try? URITemplate("GET /") else {
            return nil
        }
        do throws(RouteTemplateErrors) {
            let route = try RouteDescription(
                index: 0, name: upstream.name.value, upstream: upstream.name.value, template: template,
                headers: set.map { ($0.name, $0.template.value) }, body: nil, batchMax: nil, notFoundIsError: false,
                policies: RoutePolicies())
            do throws(DoorBindingError) {
                return (route, try route.doorBindings(hasTokens: configuration.auth != nil))
            } catch {
                let header = set.first { $0.template.value == error.input }
                report(error.message, at: header?.template.mark ?? upstream.name.mark)
            }
        } catch {
            for problem in error.problems {
                report(problem.message, at: set[0].template.mark, suggestion: problem.suggestion)
            }
        }
        return nil
    }

    /// The rewrite's pieces; nil where it has a mistake, which was reported where the file was read.
    private mutating func rewriteParts(
        _ rewrite: Located<String>, _ pattern: DoorPattern
    ) -> [PassthroughDoor.RewritePart]? {
        var parts: [PassthroughDoor.RewritePart] = []
        var rest = rewrite.value[...]
        let names = pattern.variableNames
        while let open = rest.firstIndex(of: "{") {
            if open > rest.startIndex { parts.append(.literal(Array(rest[..<open].utf8))) }
            guard let close = rest[open...].firstIndex(of: "}") else { return nil }
            let name = String(rest[rest.index(after: open)..<close])
            guard let index = names.firstIndex(of: name) else { return nil }
            parts.append(.capture(index))
            rest = rest[rest.index(after: close)...]
        }
        if !rest.isEmpty { parts.append(.literal(Array(rest.utf8))) }
        for (index, name) in names.enumerated()
        where !parts.contains(where: { if case .capture(index) = $0 { true } else { false } }) {
            report(
                "The rewrite doesn't use the path parameter {\(name)}.", at: rewrite.mark, severity: .warning,
                rule: .unusedParameter)
        }
        return parts
    }
}
