extension ConfigurationSchema {
    /// One of `upstreams`.
    static let upstream: SchemaNode = {
        let url = SchemaNode.text("[hH][tT][tT][pP][sS]?://[^/?#@]+(?:/[^?#]*)?|unix:/[^?#]*")
        let limits = UpstreamConfiguration.Limits()
        let target = SchemaNode.object(
            [
                "url": url.described("The URL of one target."),
                "weight": .integer(1...1000).standard(.integer(1)).described("Its share of the calls."),
                "when": .object(
                    ["header": .map(of: .text()).described("Fields of the client's request and their values.")],
                    required: ["header"], mayBeEmpty: false
                ).described("Makes it a canary: only requests that fit go there, and those all."),
                "share": .percentage.described("Makes it a canary: this share of the calls goes there."),
            ], required: ["url"], mayBeEmpty: false,
            rules: [("not", .object([("required", .texts(["when", "share"]))]))])
        let one = SchemaValue.list([
            .object([("required", .texts(["url"]))]), .object([("required", .texts(["urls"]))]),
        ])
        return .object(
            [
                "url": url.described("The service's URL."),
                "urls": .list(of: .anyOf(url, target), atLeast: 1).described("URLs that take turns."),
                "balance": balance, "health": health, "ejection": ejection,
                "slowStart": .duration.standard(
                    .duration(UpstreamConfiguration(name: Located("", at: .start)).slowStart)
                )
                .described("In which a target that comes back gets its whole load."),
                "transport": .choice(UpstreamConfiguration.Transport.self)
                    .standard(.text(UpstreamConfiguration.Transport.auto.rawValue))
                    .described("Which client makes the calls: direct for http, curl for https, unless told."),
                "timeout": timeout, "retry": retry, "breaker": breaker, "concurrency": concurrency, "hedge": hedge,
                "headers": headers,
                "limits": .object([
                    "body": .size.standard(.size(limits.body)).described("Most bytes of an answer's content."),
                    "headers": .size.standard(.size(limits.headers)).described("Most bytes of an answer's head."),
                ]).described("Of one buffered answer."),
                "tls": tls(of: "How an https upstream is trusted."),
                "public": .boolean.standard(.flag(false))
                    .described("Whether it is on the internet: addresses of private networks are never connected to."),
            ], mayBeEmpty: false, rules: [("oneOf", one)]
        ).described("A service. What is set here holds for its routes, unless a route says otherwise.")
    }()

    private static let balance = SchemaNode.anyOf(
        .text("round-robin|least-requests"),
        .object(
            [
                "hash": .text(#"header\.[^ ]+|claims\.[^ ]+|args\.[_A-Za-z][_0-9A-Za-z]*"#)
                    .described("header.x, claims.x or args.x: what always comes to the same target.")
            ], required: ["hash"], mayBeEmpty: false)
    ).standard(.text("round-robin")).described("How the next target is chosen.")

    private static let health: SchemaNode = {
        let values = HealthConfiguration(mark: .start)
        return .object(
            [
                "path": .text("/.*").standard(.text(values.path)).described("What is asked for."),
                "interval": .duration.standard(.duration(values.interval)).described("Between two checks of a target."),
                "timeout": .duration.standard(.duration(values.timeout)).described("Of a check."),
                "unhealthyAfter": .integer(1...1000).standard(.integer(values.unhealthyAfter))
                    .described("Failed checks in a row that take a target out."),
                "healthyAfter": .integer(1...1000).standard(.integer(values.healthyAfter))
                    .described("Passed checks in a row that bring it back."),
            ], mayBeEmpty: false
        ).described("Checks each target. Off without the block.")
    }()

    private static let ejection: SchemaNode = {
        let values = EjectionConfiguration(mark: .start)
        return .object(
            [
                "consecutiveFailures": .count().standard(.integer(values.consecutiveFailures))
                    .described("Failed calls in a row that take a target out."),
                "for": .duration.standard(.duration(values.duration)).described("How long it stays out."),
                "max": .percentage.standard(.percentage(values.max))
                    .described("The share of all targets that may be out at once."),
            ], mayBeEmpty: false
        ).described("Leaves a target alone whose calls fail. Off without the block.")
    }()

    /// `tls` of a server that we are the client of.
    static func tls(of words: String) -> SchemaNode {
        let together = SchemaValue.object([("certificate", .texts(["key"])), ("key", .texts(["certificate"]))])
        return .object(
            [
                "ca": .text().described("A PEM file of authorities, instead of the system's."),
                "certificate": .text().described("The gateway's own certificate, PEM; together with key."),
                "key": .text().described("Its key, PEM."),
                "serverName": .text().described("The name that is asked for and verified, instead of the URL's host."),
                "verify": .boolean.standard(.flag(true)).described("false trusts any certificate."),
            ], rules: [("dependentRequired", together)]
        ).described(words)
    }

    /// One of `routes`.
    static let route = SchemaNode.object(
        [
            "upstream": .text().described("The upstream's name."),
            "request": .text("(?:\(RequestLine.methods.joined(separator: "|"))) +/.*")
                .described("Method, path and query, \"GET /users/{id}?tag={tag}&ids={ids:,}\"."),
            "timeout": timeout, "retry": retry, "breaker": breaker,
            "fallback": .object(
                ["value": .anything.described("Any JSON.")], required: ["value"], mayBeEmpty: false
            ).described("What is answered where the call fails."),
            "concurrency": concurrency, "hedge": hedge, "headers": headers,
            "idempotent": .boolean.standard(.flag(false))
                .described("Whether it may be sent again, whatever its method."),
            "cache": cache,
            "singleFlight": .boolean.standard(.flag(true))
                .described("Whether equal calls of a GET that are under way at once are made once."),
            "notFound": .anyOf(
                SchemaNode(form: .value([("type", .text("null"))])), .choice(RouteConfiguration.NotFound.self)
            ).standard(.text(RouteConfiguration.NotFound.null.rawValue)).described("What a 404 means."),
            "body": .anything.described("A template of the content: \"$args.input\", or JSON with such values."),
            "batch": .object(
                ["max": .count().standard(.integer(50)).described("Keys in one call.")], mayBeEmpty: false
            ).described("Lets one call fetch for many parents ($batch)."),
        ], required: ["upstream", "request"], mayBeEmpty: false,
        rules: [
            ("if", .object([("properties", .object([("request", .object([("pattern", .text("^(?:GET|HEAD) "))]))]))])),
            ("then", .object([("properties", .object([("body", .flag(false))]))])),
        ]
    ).described("A request that an upstream can be sent.")

    // MARK: What upstreams and routes share

    private static let timeout = SchemaNode.duration.described("Of one try; without it the request's deadline alone.")

    private static let retry: SchemaNode = {
        let values = RetryConfiguration(mark: .start)
        return .object(
            [
                "attempts": .integer(1...100).standard(.integer(values.attempts)).described("Tries; 1 is no retry."),
                "on": .list(of: failure(400...599)).standard(failures(values.on))
                    .described("Which failures are tried again."),
                "backoff": .object([
                    "base": .duration.standard(.duration(values.backoffBase))
                        .described("The most before the first retry; it doubles."),
                    "max": .duration.standard(.duration(values.backoffMaximum)).described("The most before any."),
                ]).described("The pauses between tries, drawn at random up to these."),
                "budget": .percentage.standard(.percentage(values.budget))
                    .described("Retries as a share of the calls of the last ten seconds."),
            ], mayBeEmpty: false
        ).described("Tries calls again that failed. Off without the block.")
    }()

    private static let breaker: SchemaNode = {
        let values = BreakerConfiguration(mark: .start)
        return .object(
            [
                "window": .duration.standard(.duration(values.window)).described("How far back calls count."),
                "failureRatio": .ratio.standard(.number("\(values.failureRatio)"))
                    .described("The share of failures that opens it."),
                "minimumCalls": .count().standard(.integer(values.minimumCalls))
                    .described("Fewer calls in the window never open it."),
                "openFor": .duration.standard(.duration(values.openFor)).described("How long it stays open."),
                "probes": .count().standard(.integer(values.probes)).described("Calls at once while half-open."),
                "closeAfter": .count().standard(.integer(values.closeAfter)).described("Successes that close it."),
                "failures": .list(of: failure(500...599)).standard(failures(values.failures))
                    .described("What counts as a failure."),
                "slowerThan": .duration.described("An answer that took longer counts as a failure too."),
            ], mayBeEmpty: false
        ).described("Stops calling where too many calls fail. Off without the block.")
    }()

    private static let concurrency: SchemaNode = {
        let values = ConcurrencyConfiguration()
        return .object(
            [
                "max": .count().standard(.integer(values.maximum)).described("Calls at once."),
                "queue": .count(from: 0).standard(.integer(values.queue)).described(
                    "Calls that wait for one of those."),
                "adaptive": .boolean.standard(.flag(values.isAdaptive))
                    .described("Whether the limit follows the upstream's latency, up to max."),
            ], mayBeEmpty: false
        ).described("How many calls run at once.")
    }()

    private static let cache = SchemaNode.object(
        [
            "ttl": .duration.described("How long an answer is fresh; without it as the upstream says."),
            "staleWhileRevalidate": .duration.described("How long after that it is served while it is refreshed."),
            "staleIfError": .duration.described("How long after that it stands in for a failed call."),
            "negative": .duration.described("How long a 404 is kept; without it not at all."),
            "store": .choice(StoreKind.self).standard(.text(StoreKind.local.rawValue))
                .described("Who finds the answers: this process alone, or all that use one Redis."),
        ], mayBeEmpty: false
    ).described("Stores answers. Off without the block.")

    private static let hedge = SchemaNode.object(
        [
            "after": .text(#"p[5-9][0-9]|[0-9]+(?:\.[0-9]+)?(?:ms|s|m|h)"#).standard(.text("p95"))
                .described("When a call is slow: after a time, or when so many of a hundred answers would be there."),
            "atMost": .percentage.standard(.percentage(HedgeConfiguration(mark: .start).atMost))
                .described("Second calls as a share of calls."),
        ], mayBeEmpty: false
    ).described("Sends slow calls a second time. Off without the block.")

    private static let headers: SchemaNode = {
        let exposed = SchemaNode.object(
            [
                "name": .token.described("The field's name."),
                "merge": .choice(HeadersConfiguration.Merge.self).standard(
                    .text(HeadersConfiguration.Merge.first.rawValue)
                )
                .described("What is told where several calls' answers have it."),
            ], required: ["name"], mayBeEmpty: false)
        return .object([
            "forward": .list(of: .token).standard(.list([])).described("Which of the client's fields go along."),
            "set": .map(of: .scalar, names: #"^[!#$%&'*+.^_`|~0-9A-Za-z-]+$|\$\{"#)
                .described("Fields with values of the gateway's own, which may hold {x}, $claims.x, $header.x."),
            "remove": .list(of: .token).standard(.list([])).described("Fields that never go along."),
            "expose": .list(of: .anyOf(.token, exposed)).standard(.list([]))
                .described("Which of the upstream's fields a composed answer carries."),
        ]).described("What a call carries.")
    }()

    /// A kind of failure, or a status.
    private static func failure(_ statuses: ClosedRange<Int>) -> SchemaNode {
        .anyOf(.text("connect|reset|timeout|5xx"), .integer(statuses))
    }

    private static func failures(_ kinds: [FailureKind]) -> SchemaValue {
        .list(
            kinds.map { kind in
                switch kind {
                case .connect: .text("connect")
                case .reset: .text("reset")
                case .timeout: .text("timeout")
                case .serverError: .text("5xx")
                case .status(let status): .integer(status)
                }
            })
    }
}
