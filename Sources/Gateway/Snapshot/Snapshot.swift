internal import Bytes
public import Configuration
internal import EventLoop
internal import Execution
internal import GraphQL
internal import HTTP
internal import HTTPServer
public import Planning
internal import Resilience
public import Upstream

/// One configuration made ready: schema, routes, doors and policies. Immutable; every request ends on the one that it
/// began with. Any thread.
public final class Snapshot: Sendable {
    /// The configuration that it was made from.
    public let configuration: GatewayConfiguration
    /// The schema and what its directives map it to; nil where there is no GraphQL door.
    public let mapping: MappedSchema?
    /// Plans operations; nil where there is no schema.
    public let planner: Planner?
    /// The device profiles.
    public let profiles: ProfileSet
    /// The routes, in the configuration's order.
    public let routes: [RouteDescription]
    /// Upstreams with the state that the process shares.
    public let registry: UpstreamRegistry
    /// Counts configurations: 1 is the first.
    public let generation: Int

    /// Which tokens are believed; nil where none is looked at.
    let authentication: Authentication?
    /// How often clients may ask; nil where nobody is limited.
    let rateLimits: RateLimits?
    /// The REST doors.
    let router: Router
    /// The operations of the manifest; nil where there is none.
    let trusted: TrustedOperations?
    /// How the public listeners speak TLS; nil = they don't.
    let tls: TLSContext?
    /// For each route what makes its calls.
    let callRoutes: [UpstreamRoute?]
    /// For each route which of the client's fields go with its calls.
    let forwarding: [RouteForwarding]
    /// For each route the JSON text of `fallback.value`.
    let fallbacks: [[UInt8]?]
    /// Whether any route's answers are stored, so that clients are told how long theirs may be used again.
    let storesAnswers: Bool
    /// For each route whether what it answers is of one caller only.
    let privateRoutes: [Bool]
    /// The `Vary` of answers that depend on the profile; with Origin where that counts too.
    let varyLine: String?
    /// What pages of other origins may do; nil = nothing.
    let crossOrigin: CrossOriginPolicies?
    /// Whether a cookie of the client's can change what an upstream does, or who the client is.
    let readsCookies: Bool
    /// Where the GraphQL door is.
    let graphQLPath: String?
    /// From how many nanoseconds on a request's way is written to the log; `max` = never.
    let slowDuration: UInt64
    /// Whether anybody may be shown how a request went.
    let mayInspect: Bool
    /// How many requests are served at once.
    let shedLimits: ShedLimits
    /// For each profile the priority of its requests.
    let priorities: [Priority]
    private let profileField: String?
    private let introspect: IntrospectionRenderer?
    /// For each profile how long a request may take, in nanoseconds.
    private let requestTimeouts: [UInt64]

    init(_ parts: SnapshotParts, generation: Int) {
        configuration = parts.configuration
        mapping = parts.mapping
        planner = parts.planner
        profiles = parts.profiles
        routes = parts.routes
        registry = parts.registry
        router = parts.router
        trusted = parts.trusted
        tls = parts.tls
        authentication = parts.authentication
        rateLimits = parts.rateLimits
        forwarding = parts.forwarding
        fallbacks = parts.fallbacks
        self.generation = generation
        introspect = parts.mapping.map { mapping in
            let answers = IntrospectionAnswers(SchemaIntrospection(of: mapping.schema))
            return { field, variables, output in
                if let answer = answers.answer(field, variables: variables) {
                    output.append(answer)
                } else {
                    // Larger than any tool could want: a client that repeats itself under aliases.
                    output.append("null")
                }
            }
        }
        callRoutes = parts.routes.map { parts.registry.route($0.name) }
        storesAnswers = configuration.server.cache > 0 && configuration.routes.contains { $0.cache != nil }
        privateRoutes = zip(parts.routes, parts.forwarding).map { $0.isPrivate(forwarding: $1.forward) }
        let vary = profiles.varyFields
        crossOrigin = parts.configuration.cors.map { CrossOriginPolicies($0) }
        let varying = crossOrigin?.isSameForAll == false ? ["Origin"] : []
        varyLine = vary.isEmpty ? nil : (varying + vary).joined(separator: ", ")
        readsCookies =
            parts.forwarding.contains { $0.forward.contains("cookie") }
            || parts.configuration.auth?.issuers.contains { $0.cookie != nil } == true
            || parts.routes.contains { route in
                route.inputs.indices.contains { route.inputName($0).lowercased() == "$header.cookie" }
            } || parts.mapping?.readsHeader("cookie") == true
        graphQLPath = configuration.graphQL?.path.value
        profileField = profiles.header
        shedLimits = ShedLimits(configuration)
        slowDuration = configuration.telemetry.slow?.nanoseconds ?? .max
        mayInspect = configuration.telemetry.inspect != nil || configuration.admin != nil
        priorities = configuration.profiles.profiles.map { Priority($0.priority?.value ?? .normal) }
        let timeout = configuration.server.timeouts.request.nanoseconds
        requestTimeouts = configuration.profiles.profiles.map { min($0.timeout?.value.nanoseconds ?? timeout, timeout) }
    }

    /// The plan as it is run, with what this configuration adds to it.
    func executable(_ plan: Plan, schema: MappedSchema) -> ExecutablePlan {
        ExecutablePlan(plan, schema: schema.schema, fallbacks: fallbacks, introspect: introspect)
    }

    /// The profile that a request is for.
    func selectProfile(_ fields: FieldList) -> Profile {
        if profiles.profiles.count == 1 { return profiles.defaultProfile }
        let userAgent = fields.firstValue(of: .userAgent)
        if let profileField, let index = fields.index(ofName: profileField) {
            return profiles.select(headerValue: fields.value(at: index), userAgent: userAgent)
        }
        return profiles.select(headerValue: nil, userAgent: userAgent)
    }

    /// How long a request for `profile` may take, in nanoseconds, where the client wants it no sooner.
    func requestTimeout(_ profile: Profile) -> UInt64 { requestTimeouts[profile.index] }

    /// When a request for `profile` that came at `receivedAt` is over (contract section 6, Deadline).
    func deadline(_ fields: FieldList, _ profile: Profile, receivedAt: MonotonicTime) -> MonotonicTime {
        var asked: UInt64?
        if let value = fields.firstValue(of: .xRequestTimeoutMs) { asked = Deadline.clientTimeout(value) }
        let deadline = Deadline(
            receivedAt: receivedAt.nanoseconds, timeout: requestTimeouts[profile.index], clientTimeout: asked)
        return MonotonicTime(nanoseconds: deadline.nanoseconds)
    }
}

/// What a snapshot is put together from.
struct SnapshotParts {
    var configuration: GatewayConfiguration
    var mapping: MappedSchema?
    var planner: Planner?
    var profiles: ProfileSet
    var routes: [RouteDescription]
    var forwarding: [RouteForwarding]
    var fallbacks: [[UInt8]?]
    var registry: UpstreamRegistry
    var router: Router
    var trusted: TrustedOperations?
    var tls: TLSContext?
    var authentication: Authentication?
    var rateLimits: RateLimits?
}
