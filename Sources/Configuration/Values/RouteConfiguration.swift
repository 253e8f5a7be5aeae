/// One of `routes`: a request that an upstream can be sent.
///
/// What is nil here is the upstream's; a block that is given replaces the upstream's whole.
public struct RouteConfiguration: Sendable {
    /// Its name, the key in the file.
    public var name: Located<String>
    /// `upstream`: names one of `upstreams`.
    public var upstream: Located<String>
    /// The method of `request`, in upper case.
    public var method: String
    /// The target template of `request`: a path and perhaps a query, with `{name}` and `{name:,}`.
    public var target: Located<String>
    /// `timeout` of one try.
    public var timeout: Located<TimeSpan>?
    /// `retry`.
    public var retry: RetryConfiguration?
    /// `breaker`; where given, the breaker carries the route's name.
    public var breaker: BreakerConfiguration?
    /// `concurrency`.
    public var concurrency: ConcurrencyConfiguration?
    /// `hedge`.
    public var hedge: HedgeConfiguration?
    /// `headers`.
    public var headers: HeadersConfiguration?
    /// `fallback.value`; nil = no fallback (`.null` is one).
    public var fallback: LiteralValue?
    /// Where `fallback` is written.
    public var fallbackMark: Mark?
    /// `idempotent: true` allows retries whatever the method.
    public var idempotent = false
    /// `cache`; nil = nothing is stored.
    public var cache: CacheConfiguration?
    /// `singleFlight`: whether equal calls that are under way at once are made once; only those of a GET are.
    public var singleFlight = true
    /// `notFound`: what an upstream's 404 means.
    public var notFound = NotFound.null
    /// `body`: a template for the content.
    public var body: Located<LiteralValue>?
    /// `batch.max`: keys in one call; nil where the route takes no batch.
    public var batchMaximum: Located<Int>?

    /// What an upstream's 404 gives.
    public enum NotFound: String, CaseIterable, Sendable {
        /// Null without an error, at a nullable field.
        case null
        /// An error like any other status.
        case error
    }

    /// Whether the method may be tried again (contract section 6).
    public var isRetryable: Bool {
        idempotent || ["GET", "HEAD", "OPTIONS", "PUT", "DELETE"].contains(method)
    }
}
