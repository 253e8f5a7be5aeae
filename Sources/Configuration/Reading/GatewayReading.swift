extension GatewayConfiguration {
    private static let keys = [
        "server", "admin", "graphql", "upstreams", "routes", "rest", "profiles", "auth", "cors", "rateLimits",
        "redis", "telemetry",
    ]

    /// Reads the whole file and checks what it says against itself.
    static func read(_ root: YAMLNode, problems: ProblemCollector) -> GatewayConfiguration {
        var result = GatewayConfiguration(file: problems.file)
        let field = Field(node: root, keyMark: root.mark, path: "", pattern: "", problems: problems)
        guard case .object(let pairs) = field.kind else {
            problems.error("a gateway.yaml is an object with the keys \(keys.joined(separator: ", "))", at: root.mark)
            return result
        }
        let object = ObjectReader(field, pairs: pairs, keys: keys)
        object.read("server", into: &result.server, ServerConfiguration.read)
        object.read("admin", into: &result.admin, AdminConfiguration.read)
        object.read("graphql", into: &result.graphQL, GraphQLConfiguration.read)
        object.read("profiles", into: &result.profiles, ProfilesConfiguration.read)
        object.read("cors", into: &result.cors, CORSConfiguration.read)
        object.read("auth", into: &result.auth, AuthConfiguration.read)
        object.read("rateLimits", into: &result.rateLimits, RateLimitConfiguration.readAll)
        object.read("redis", into: &result.redis, RedisConfiguration.read)
        object.read("telemetry", into: &result.telemetry, TelemetryConfiguration.read)
        for (name, value) in object["upstreams"]?.entries(of: "upstreams by name") ?? [] where name.isUsableName() {
            result.upstreams.append(UpstreamConfiguration.read(name: name, value))
        }
        for (name, value) in object["routes"]?.entries(of: "routes by name") ?? [] where name.isUsableName() {
            if let route = RouteConfiguration.read(name: name, value) {
                result.routes.append(route)
            } else {
                result.unreadableRoutes.insert(name.scalarText ?? "")
            }
        }
        for (name, value) in object["rest"]?.entries(of: "doors by method and path") ?? [] {
            if let door = DoorConfiguration.read(name: name, value) { result.doors.append(door) }
        }
        if object["profiles"] == nil { result.profiles.addDefault() }
        CrossReferences(configuration: result, problems: problems).check()
        AuthChecks(configuration: result, problems: problems).check()
        RateLimitChecks(configuration: result, problems: problems).check()
        RedisChecks(configuration: result, problems: problems, hasBlock: object["redis"] != nil).check()
        PolicyChecks(configuration: result, problems: problems).check()
        TargetChecks(configuration: result, problems: problems).check()
        return result
    }
}

extension Field {
    /// Whether a key can name an upstream or a route: names stand in errors, metrics and admin URLs.
    fileprivate func isUsableName() -> Bool {
        let name = scalarText ?? ""
        let isUsable = { (byte: UInt8) in Characters.isHostByte(byte) }
        if (1...128).contains(name.utf8.count), name.utf8.allSatisfy(isUsable) { return true }
        error("\"\(Field.clipped(name))\" is no name; use letters, digits, \".\", \"_\" and \"-\", at most 128")
        return false
    }
}
