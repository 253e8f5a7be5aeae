/// What a `gateway.yaml` says, typed, with every default filled in.
///
/// An immutable value: a reload makes a new one. Names that refer to something outside the file (schema files, types,
/// template variables) keep their places, so that the layers which know those can report problems in the same run.
public struct GatewayConfiguration: Sendable {
    /// The file as it was named on the command line.
    public var file: String
    /// `server`: the public listeners and their bounds.
    public var server = ServerConfiguration()
    /// `admin`; nil where the block is absent: no admin listener.
    public var admin: AdminConfiguration?
    /// `graphql`; nil where the block is absent: no GraphQL door and no schema.
    public var graphQL: GraphQLConfiguration?
    /// `upstreams`, in the file's order; names are unique.
    public var upstreams: [UpstreamConfiguration] = []
    /// `routes`, in the file's order; names are unique.
    public var routes: [RouteConfiguration] = []
    /// Names under `routes` that have errors which left them out of `routes`: not to be reported as missing.
    public var unreadableRoutes: Set<String> = []
    /// `rest`, in the file's order.
    public var doors: [DoorConfiguration] = []
    /// `profiles`: always holds at least the default one.
    public var profiles = ProfilesConfiguration()
    /// `cors`; nil = no page of another origin may read an answer.
    public var cors: CORSConfiguration?
    /// `auth`; nil where the block is absent: no token is looked at.
    public var auth: AuthConfiguration?
    /// `rateLimits`, in the file's order; empty = nobody is limited.
    public var rateLimits: [RateLimitConfiguration] = []
    /// `redis`; nil where the block is absent.
    public var redis: RedisConfiguration?
    /// `telemetry`.
    public var telemetry = TelemetryConfiguration()

    /// The folder that relative paths of the file are relative to: the file's own, without a slash at its end.
    public var directory: String {
        guard let slash = file.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return slash == file.startIndex ? "/" : String(file[..<slash])
    }

    /// A path written in the file, as the process can open it.
    public func resolve(_ path: String) -> String {
        if path.utf8.first == UInt8(ascii: "/") || directory == "." { return path }
        return directory == "/" ? "/" + path : directory + "/" + path
    }
}
