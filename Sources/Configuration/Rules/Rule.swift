/// What `check` warns of: each rule has an id, the raw value, which stands behind its warnings and in `docs/rules.md`.
public enum Rule: String, CaseIterable, Sendable {
    // MARK: Who can reach what
    /// The admin listener is on an address that other machines reach.
    case adminExposed = "admin-exposed"
    /// A proxy at any address is believed.
    case trustEveryone = "trust-everyone"
    /// A passthrough door opens every path of its upstream.
    case openPassthrough = "open-passthrough"
    /// Tokens or cookies go to an upstream in clear text.
    case cleartextCredentials = "cleartext-credentials"
    /// Pages of any site may read answers that are not for everybody.
    case corsAnyOrigin = "cors-any-origin"
    /// Pages that came in clear text act for their visitors.
    case corsCleartextOrigin = "cors-cleartext-origin"
    /// Introspection answers, where only known operations should run.
    case introspectionOn = "introspection-on"

    /// An https upstream whose certificate nobody checks.
    case unverifiedUpstream = "unverified-upstream"
    /// Certificates for an upstream that is called in clear text.
    case tlsWithoutEffect = "tls-without-effect"
    /// A field is protected in the schema, and a door shows it to all.
    case protectedFieldExposed = "protected-field-exposed"
    /// A secret that can be guessed from a token.
    case weakSecret = "weak-secret"
    /// Fields that need a token where none is believed.
    case authWithoutTokens = "auth-without-tokens"
    /// Two blocks believe one issuer's tokens.
    case sameIssuer = "same-issuer"
    /// Keys that can't be fetched now.
    case unreachableKeys = "unreachable-keys"
    /// A Redis that can't be used now.
    case unreachableRedis = "unreachable-redis"

    // MARK: When an upstream fails
    /// Calls that no breaker stops.
    case noBreaker = "no-breaker"
    /// Calls that only the whole request's deadline ends.
    case noTimeout = "no-timeout"
    /// Retries may double an upstream's load when it fails.
    case retryAmplification = "retry-amplification"
    /// Retries that the deadline leaves no time for.
    case slowRetry = "slow-retry"
    /// A retry of what is never tried again.
    case retryWithoutEffect = "retry-without-effect"
    /// A time that the whole request's deadline cuts short.
    case timeoutBeyondDeadline = "timeout-beyond-deadline"
    /// A breaker that counts timeouts where there is no timeout.
    case breakerWithoutTimeout = "breaker-without-timeout"
    /// A breaker that can't get enough failures, or answers that are slow enough.
    case breakerNeverOpens = "breaker-never-opens"
    /// A failed write that looks like a success.
    case fallbackHidesWrite = "fallback-hides-write"
    /// A hedge that is never sent.
    case hedgeWithoutEffect = "hedge-without-effect"
    /// A limit that can't adapt.
    case adaptiveWithoutEffect = "adaptive-without-effect"
    /// An ejection that leaves nobody.
    case ejectionWithoutEffect = "ejection-without-effect"
    /// Answers that nobody stores or shares.
    case cacheWithoutEffect = "cache-without-effect"
    /// Times of a cache that don't go together.
    case cacheTimes = "cache-times"
    /// A limit that no request comes under.
    case rateLimitWithoutEffect = "rate-limit-without-effect"
    /// A Redis that nothing uses.
    case redisWithoutEffect = "redis-without-effect"
    /// A priority where nobody is refused.
    case priorityWithoutEffect = "priority-without-effect"

    // MARK: What doors and schema say
    /// A change behind what clients take for a mere look.
    case getWrites = "get-writes"
    /// A change that is sent as a mere look.
    case mutationByGet = "mutation-by-get"
    /// A type that no object can be.
    case unlistedKind = "unlisted-kind"
    /// A part of a door's path that nothing uses.
    case unusedParameter = "unused-parameter"
    /// A variable of a path as other programs write it.
    case colonSegment = "colon-segment"
    /// A path into JSON as other languages write it.
    case foreignPath = "foreign-path"
    /// A profile that no User-Agent leads to.
    case unreachableProfile = "unreachable-profile"
    /// Clients may register operations that may not run.
    case automaticWithoutEffect = "automatic-without-effect"
    /// No operation may run.
    case emptyManifest = "empty-manifest"

    // MARK: Certificates
    /// A certificate or OCSP response that clients won't take, or won't get.
    case unfitCertificate = "unfit-certificate"
}
