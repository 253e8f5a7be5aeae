/// What one part of the file says about another: references that lead nowhere, and parts that exclude each other.
struct CrossReferences {
    let configuration: GatewayConfiguration
    let problems: ProblemCollector

    func check() {
        checkListeners()
        checkRoutes()
        checkCaches()
        for door in configuration.doors { check(door) }
        checkDoorPatterns()
        checkDefaultProfile()
        checkNames()
    }

    private func reference(
        _ name: Located<String>, to kind: String, among names: [String], except known: Set<String> = []
    ) {
        guard !names.contains(name.value), !known.contains(name.value) else { return }
        let near = Suggestion.nearest(to: name.value, among: names)
        problems.error("there is no \(kind) \"\(Field.clipped(name.value))\"", at: name.mark, suggestion: near)
    }

    private func checkRoutes() {
        let upstreams = configuration.upstreams.map(\.name.value)
        for route in configuration.routes { reference(route.upstream, to: "upstream", among: upstreams) }
    }

    /// Answers that are to be stored, and nowhere to store them.
    private func checkCaches() {
        guard configuration.server.cache == 0 else { return }
        for route in configuration.routes {
            guard let cache = route.cache, route.method == "GET" else { continue }
            let lost = cache.staleIfError == nil ? "" : ", and nothing stands in for a failed call"
            problems.warning(
                "\"server.cache\" is 0, so no answer of this route is stored\(lost); remove one of the two",
                at: cache.mark, rule: .cacheWithoutEffect)
        }
    }

    private func check(_ door: DoorConfiguration) {
        let routes = configuration.routes.map(\.name.value)
        switch door.destination {
        case .route(let route, let drops):
            reference(route, to: "route", among: routes, except: configuration.unreadableRoutes)
            let profiles = configuration.profiles.profiles.map(\.name.value)
            for drop in drops { reference(drop.profile, to: "profile", among: profiles) }
        case .shaped(let route, let type):
            reference(route, to: "route", among: routes, except: configuration.unreadableRoutes)
            requireSchema(for: "shape", at: type.mark)
        case .operation(let file):
            requireSchema(for: "operation", at: file.mark)
        case .upstream(let upstream, _):
            reference(upstream, to: "upstream", among: configuration.upstreams.map(\.name.value))
        }
    }

    private func requireSchema(for key: String, at mark: Mark) {
        guard configuration.graphQL == nil else { return }
        problems.error("\"\(key)\" needs a schema; name its files under graphql.schemas", at: mark)
    }

    private func checkDefaultProfile() {
        let profiles = configuration.profiles
        reference(profiles.defaultName, to: "profile", among: profiles.profiles.map(\.name.value))
    }

    /// Breakers are known by name: a route's own must not be mistaken for an upstream's.
    private func checkNames() {
        for route in configuration.routes where route.breaker != nil {
            guard configuration.upstreams.contains(where: { $0.name.value == route.name.value && $0.breaker != nil })
            else { continue }
            problems.error(
                "the breaker of this route and that of the upstream have the same name \"\(route.name.value)\"",
                at: route.name.mark)
        }
    }

    private func checkListeners() {
        var taken: [Located<ListenAddress>] = []
        for listener in configuration.server.listen + (configuration.admin.map { [$0.listen] } ?? []) {
            if let first = taken.first(where: { Self.collide($0.value, listener.value) }) {
                problems.error(
                    "\(listener.value) is already listened on, by line \(first.mark.line); each listener needs its own",
                    at: listener.mark)
            }
            taken.append(listener)
        }
    }

    /// Port 0 is a new port each time; all addresses at once hold every one.
    private static func collide(_ one: ListenAddress, _ other: ListenAddress) -> Bool {
        guard one.port == other.port, one.port != 0 else { return false }
        let everywhere = ["0.0.0.0", "::"]
        return one.host == other.host || everywhere.contains(one.host) || everywhere.contains(other.host)
    }

    private func checkDoorPatterns() {
        var taken: [String: Mark] = [:]
        for door in configuration.doors {
            let shape = door.segments.map { segment in
                switch segment {
                case .literal(let text): text
                case .parameter: "{}"
                case .rest: "{...}"
                }
            }
            let key = "\(door.method ?? "ANY") /\(shape.joined(separator: "/"))"
            if let first = taken[key] {
                problems.error(
                    "this door has the same method and path as the one at line \(first.line)", at: door.pattern.mark)
            } else {
                taken[key] = door.pattern.mark
            }
            checkAgainstGraphQL(door)
        }
    }

    private func checkAgainstGraphQL(_ door: DoorConfiguration) {
        guard let path = configuration.graphQL?.path.value, door.pattern.value == path else { return }
        guard [nil, "GET", "POST"].contains(door.method) else { return }
        problems.error("this is the path of the GraphQL door (graphql.path)", at: door.pattern.mark)
    }
}
