extension RouteConfiguration {
    private static let keys = [
        "upstream", "request", "timeout", "retry", "breaker", "fallback", "concurrency", "hedge", "headers",
        "idempotent", "cache", "singleFlight", "notFound", "body", "batch",
    ]

    /// Reads one of `routes`; nil where it lacks what a route can't be without.
    static func read(name: Field, _ field: Field) -> RouteConfiguration? {
        let example = "{upstream: users, request: \"GET /users/{id}\"}"
        guard let object = field.object(keys: keys, example: example, emptyWhenNull: false) else { return nil }
        let upstream = object.required("upstream", example: "users")?.text("an upstream's name such as users")
        let request = object.required("request", example: "\"GET /users/{id}\"")
        let line = request.flatMap { RequestLine($0, methods: RequestLine.methods, example: "GET /users/{id}") }
        var route = RouteConfiguration(
            name: Located(name.scalarText ?? "", at: name.mark), upstream: upstream ?? Located("", at: field.mark),
            method: line?.method ?? "GET", target: line?.path ?? Located("/", at: field.mark))
        route.readPolicies(object)
        route.readContent(object)
        guard upstream != nil, line != nil, let request else { return nil }
        return route.checkTemplate(object, request: request) ? route : nil
    }

    private mutating func readPolicies(_ object: ObjectReader) {
        object.read("timeout", into: &timeout) { $0.locatedDuration() }
        object.read("retry", into: &retry, RetryConfiguration.read)
        object.read("breaker", into: &breaker, BreakerConfiguration.read)
        object.read("concurrency", into: &concurrency, ConcurrencyConfiguration.read)
        object.read("hedge", into: &hedge, HedgeConfiguration.read)
        object.read("headers", into: &headers, HeadersConfiguration.read)
        object.read("idempotent", into: &idempotent) { $0.boolean() }
        object.read("cache", into: &cache, CacheConfiguration.read)
        if cache != nil, method != "GET", let field = object["cache"] {
            field.error(
                "only what a GET answers is stored, and this route sends a \(method); remove \"cache\"",
                at: field.keyMark)
        }
        object.read("singleFlight", into: &singleFlight) { $0.boolean() }
        if let field = object["singleFlight"], singleFlight, method != "GET" {
            field.problems.warning(
                "only calls of a GET are shared with others that ask the same; remove it, a \(method) is always sent",
                at: field.keyMark, rule: .cacheWithoutEffect)
        }
        object.read("notFound", into: &notFound) { field in
            if case .null = field.kind { return .null }
            return field.choice(NotFound.self)
        }
        if let field = object["fallback"] {
            fallbackMark = field.keyMark
            let fallback = field.object(keys: ["value"], example: "{value: []}", emptyWhenNull: false)
            self.fallback = fallback?.required("value", example: "[]")?.literal()
        }
        if let retry, retry.attempts > 1, !isRetryable {
            object.field.problems.warning(
                "a \(method) is not tried again unless the route says \"idempotent: true\"", at: retry.mark,
                rule: .retryWithoutEffect)
        }
        if let field = object["hedge"], !isRetryable {
            field.error(
                "a hedged \(method) may do its work twice; remove \"hedge\", or say \"idempotent: true\" if that does no harm",
                at: field.keyMark)
        }
    }

    private mutating func readContent(_ object: ObjectReader) {
        if let field = object["body"] {
            body = field.literal().map { Located($0, at: field.mark) }
            if method == "GET" || method == "HEAD" {
                field.error("a \(method) request carries no body; remove it or use POST", at: field.keyMark)
            }
        }
        if let field = object["batch"],
            let batch = field.object(keys: ["max"], example: "{max: 50}", emptyWhenNull: false)
        {
            var maximum = 50
            batch.read("max", into: &maximum) { $0.count() }
            batchMaximum = Located(maximum, at: field.keyMark)
        }
    }

    /// Whether the request's template can be used.
    private func checkTemplate(_ object: ObjectReader, request: Field) -> Bool {
        do throws(PathTemplate.Fault) {
            let template = try PathTemplate(target.value)
            let isInContent = template.variables.contains { $0.isInQuery } || (body?.value.holdsVariable ?? false)
            if let batchMaximum, !isInContent {
                request.error(
                    "\"\(object.field.path)\" has a batch, but no list to put its keys in, such as \"?ids={ids:,}\"",
                    at: batchMaximum.mark)
            }
            return true
        } catch {
            let offset = (request.scalarText?.unicodeScalars.count ?? 0) - target.value.unicodeScalars.count
            request.error("\"\(request.path)\": \(error.message)", at: request.mark(at: offset + error.offset))
            return false
        }
    }
}

extension LiteralValue {
    /// Whether a text below holds `{`: a variable.
    fileprivate var holdsVariable: Bool {
        switch self {
        case .null, .boolean, .number: false
        case .string(let text): text.value.utf8.contains(UInt8(ascii: "{"))
        case .list(let items): items.contains { $0.holdsVariable }
        case .object(let members): members.contains { $0.value.holdsVariable }
        }
    }
}
