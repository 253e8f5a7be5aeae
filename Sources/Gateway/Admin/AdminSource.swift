internal import Redis
internal import Telemetry
internal import Upstream

/// What the admin listener shows of the gateway: read on the admin's own thread, so anything behind it is safe to read
/// from any thread.
protocol AdminSource: AnyObject, Sendable {
    /// Names that a Host field may hold beside IP literals and `localhost`, in lower case.
    var adminHosts: [String] { get }
    /// Why new requests had better go elsewhere, in one word; nil where they are welcome.
    var unreadiness: String? { get }
    /// Upstreams and breakers of the snapshot that new requests get.
    var registry: UpstreamRegistry { get }
    /// All metrics.
    var metrics: MetricsRegistry { get }
    /// Whether the metrics have exemplars.
    var keepsExemplars: Bool { get }
    /// Forgets the stored answers of a route, in Redis too, where those go a moment later.
    /// - Parameter target: the path and query whose answers go; nil = all.
    /// - Returns: how many they were here; nil if there is no such route.
    func purge(route: String, target: [UInt8]?) -> Int?
    /// Reads the configuration again, and calls `done` on a thread of its own; false where there is none to read.
    func reload(_ done: @escaping @Sendable (ReloadOutcome) -> Void) -> Bool
    /// The field that names a request's profile.
    var profileField: String { get }
    /// Plans an operation and sends nothing.
    func explain(_ request: ExplainRequest) -> Snapshot.Explained
    /// Sends a GraphQL request to the gateway's own public listener, with these field lines, and calls `done` on a thread
    /// of its own.
    func ask(
        _ content: [UInt8], fields: [String],
        _ done: @escaping @Sendable (Result<ConsoleReply, ConsoleReply.Failure>) -> Void)
    /// Counts and names for `/state`.
    var state: GatewayState { get }
}

/// What `/state` says of the process. A reading, some of it a moment older than the rest.
struct GatewayState: Sendable {
    /// The version of the program.
    var version: String
    /// Whole seconds since the start.
    var uptime: Int
    /// How far its life is.
    var phase: String
    /// Counts configurations: 1 is the first.
    var generation: Int
    /// Threads that serve requests.
    var shards: Int
    /// Where it listens for clients, `host:port` each.
    var listeners: [String]
    /// Open connections of clients.
    var connections: Int
    /// Requests under way.
    var inFlight: Int
    /// What the last reload came to; nil before the first.
    var lastReload: LastReload?
    /// The rules of `rateLimits`.
    var rateLimits: [RateLimitStatus] = []
    /// The Redis that is used; nil where there is none.
    var redis: RedisStatus?
}
