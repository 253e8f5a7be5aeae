/// One of `upstreams`: a service behind the gateway.
public struct UpstreamConfiguration: Sendable {
    /// Its name, the key in the file.
    public var name: Located<String>
    /// `url` or `urls`: at least one unless the file has errors; all of one scheme.
    public var targets: [Target] = []
    /// `balance`.
    public var balance = Located(BalanceConfiguration.roundRobin, at: .start)
    /// `health`; nil = no target is checked.
    public var health: HealthConfiguration?
    /// `ejection`; nil = off.
    public var ejection: EjectionConfiguration?
    /// `slowStart`: in which a target that comes back gets its whole load; without `health` and `ejection` none comes
    /// back.
    public var slowStart = TimeSpan.seconds(10)
    /// `public`: whether only addresses of the internet are connected to.
    public var isPublic = false
    /// `transport`.
    public var transport = Transport.auto
    /// `timeout` of one try; nil leaves the request deadline alone.
    public var timeout: Located<TimeSpan>?
    /// `retry`; nil = off.
    public var retry: RetryConfiguration?
    /// `breaker`; nil = off.
    public var breaker: BreakerConfiguration?
    /// `concurrency`.
    public var concurrency = ConcurrencyConfiguration()
    /// `hedge`; nil = off.
    public var hedge: HedgeConfiguration?
    /// `headers`; nil = no field is forwarded, set or removed.
    public var headers: HeadersConfiguration?
    /// `limits`.
    public var limits = Limits()
    /// `tls`; nil = the system's authorities, verified.
    public var tls: TLS?

    /// A server that answers for the upstream.
    public struct Target: Sendable {
        /// The URL as written.
        public var url: Located<String>
        /// Whether the scheme is `https`.
        public var isSecure: Bool
        /// The host: a name, an IPv4 address, or an IPv6 address without brackets.
        public var host: String
        /// The port; where the URL has none, the scheme's own.
        public var port: UInt16
        /// What stands before every request target: empty, or `/prefix` without a slash at its end.
        public var basePath: String
        /// The path of a Unix socket, of a URL such as `unix:/run/users.sock`; host and port mean nothing then.
        public var socket: String?
        /// `weight`: from 1.
        public var weight: Int
        /// `when.header`: makes it a canary, for requests with all these fields (names in lower case) only.
        public var condition: [Condition] = []
        /// `share`: makes it a canary, for this share of the requests only; over 0, below 1.
        public var share: Located<Double>?

        /// A field that a request must have, and its whole value.
        public struct Condition: Hashable, Sendable {
            /// The name in lower case.
            public var name: String
            /// The value.
            public var value: String
        }

        /// Whether it is for everybody.
        public var isForAll: Bool { condition.isEmpty && share == nil }

        /// The Host field: host and port, the port left out where it is the scheme's own.
        public var authority: String {
            let name = host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host
            return socket != nil || port == (isSecure ? 443 : 80) ? name : "\(name):\(port)"
        }
    }

    /// Which client makes the calls.
    public enum Transport: String, CaseIterable, Sendable {
        /// The direct one for `http`, curl for `https`.
        case auto
        case curl
        case direct
    }

    /// `limits` of one buffered answer, in bytes.
    public struct Limits: Sendable {
        /// Its content.
        public var body = 16 << 20
        /// Its head.
        public var headers = 64 << 10
    }

    /// `tls`: how an `https` upstream is trusted. Paths are relative to the file.
    public struct TLS: Sendable {
        /// `ca`: a PEM file of authorities, instead of the system's.
        public var ca: Located<String>?
        /// `certificate`: our own, PEM; given together with `key`.
        public var certificate: Located<String>?
        /// `key` of `certificate`, PEM.
        public var key: Located<String>?
        /// `serverName`: the name asked for and verified, instead of the URL's host.
        public var serverName: String?
        /// `verify`: false trusts any certificate.
        public var verify = true
    }
}
