internal import Configuration
internal import GraphQL
internal import HTTP
internal import Planning
internal import Telemetry
internal import Upstream

/// Turns a configuration into the values of the targets below, and gathers the problems that only they can see.
struct SnapshotBuilder {
    let configuration: GatewayConfiguration
    /// Files that problems can be shown in.
    private(set) var sources: [SourceFile]
    var problems: [Problem] = []

    private let file: String
    /// Places in the configuration file by the numbers that `Planning` reports them with.
    private var places: [Mark] = []

    init(_ configuration: GatewayConfiguration, _ source: SourceFile) {
        self.configuration = configuration
        sources = [source]
        file = source.path
    }

    /// Everything, as far as it can be made; nil where something indispensable is missing.
    mutating func build(metrics: MetricsRegistry, previous: Snapshot?) -> SnapshotParts? {
        let routes = routeDescriptions()
        let profiles = profileSet()
        let (schema, mapping) = configuration.graphQL == nil ? (nil, nil) : mappedSchema(routes, profiles)
        let table = mapping?.authorization.table ?? grantTable()
        let authentication = authentication(table, metrics: metrics, previous: previous?.authentication)
        let limits = configuration.graphQL.map { PlanLimits($0.limits) }
        let planner = mapping.map { Planner(mapping: $0, limits: limits ?? PlanLimits()) }
        let registry = UpstreamRegistry(
            upstreams: configuration.upstreams.map { UpstreamSettings($0, in: configuration) },
            routes: configuration.routes.map { RouteSettings($0) }, metrics: metrics,
            cache: CacheSettings(configuration), previous: previous?.registry)
        let doors = DoorBuilder(
            configuration: configuration, file: file, schema: schema, planner: planner, profiles: profiles,
            routes: routes.complete, registry: registry, table: table)
        let built = doors.build()
        problems += built.problems
        sources += built.sources
        let trusted = trustedOperations(StoredDocumentCheck(schema: schema, planner: planner, profiles: profiles))
        let forwarding = routes.complete.map { route in
            RouteForwarding(configuration.routes.first { $0.name.value == route.name }, in: configuration)
        }
        let fallbacks = routes.complete.map { route in
            configuration.routes.first { $0.name.value == route.name }?.fallback.map {
                Array(TemplateValue($0).json.utf8)
            }
        }
        checkClientTLS()
        checkPublicTargets()
        return SnapshotParts(
            configuration: configuration, mapping: mapping, planner: planner, profiles: profiles,
            routes: routes.complete, forwarding: forwarding, fallbacks: fallbacks, registry: registry,
            router: built.router, trusted: trusted, tls: listenerTLS(previous: previous?.tls),
            authentication: authentication,
            rateLimits: RateLimits(configuration.rateLimits, metrics: metrics, previous: previous?.rateLimits))
    }

    // MARK: Problems

    mutating func report(
        _ message: String, at mark: Mark, severity: Problem.Severity = .error, suggestion: String? = nil,
        rule: Rule? = nil
    ) {
        problems.append(
            Problem(file: file, at: mark, severity: severity, message: message, suggestion: suggestion, rule: rule))
    }

    mutating func report(_ problem: SchemaProblem) {
        let location = problem.position.location
        problems.append(
            Problem(
                file: problem.file, line: location.line, column: location.column, message: problem.message,
                suggestion: problem.suggestion))
    }

    mutating func addSource(_ source: SourceFile) { sources.append(source) }

    // MARK: Profiles

    private mutating func place(_ mark: Mark) -> Int {
        places.append(mark)
        return places.count - 1
    }

    func mark(of place: Int) -> Mark { places.indices.contains(place) ? places[place] : .start }

    private mutating func profileSet() -> ProfileSet {
        var definitions: [ProfileDefinition] = []
        for profile in configuration.profiles.profiles {
            let drop = profile.drop.map { ConfiguredCoordinate($0.value, place: place($0.mark)) }
            let caps = profile.lists.map {
                ConfiguredListCap(
                    ConfiguredCoordinate($0.coordinate.value, place: place($0.coordinate.mark)), cap: $0.maximum)
            }
            definitions.append(
                ProfileDefinition(
                    name: profile.name.value, userAgents: profile.userAgent, drop: drop,
                    defaultListCap: profile.listDefault, listCaps: caps))
        }
        return ProfileSet(
            definitions, defaultName: configuration.profiles.defaultName.value, header: configuration.profiles.header)
    }
}
