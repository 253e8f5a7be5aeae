extension RetryConfiguration {
    /// Reads `retry` of an upstream or a route.
    static func read(_ field: Field) -> RetryConfiguration? {
        let keys = ["attempts", "on", "backoff", "budget"]
        guard let object = field.object(keys: keys, example: "{attempts: 2}", emptyWhenNull: false) else { return nil }
        var retry = RetryConfiguration(mark: field.keyMark)
        object.read("attempts", into: &retry.attempts) { $0.integer(1...100) }
        object.read("on", into: &retry.on) { FailureKind.list($0, statuses: 400...599) }
        object.read("budget", into: &retry.budget) { $0.percentage() }
        if let backoff = object["backoff"]?.object(keys: ["base", "max"], example: "{base: 20ms, max: 250ms}") {
            backoff.read("base", into: &retry.backoffBase) { $0.duration() }
            backoff.read("max", into: &retry.backoffMaximum) { $0.duration() }
            if retry.backoffBase > retry.backoffMaximum {
                backoff.field.error("\"\(backoff.field.path)\": base must not be longer than max")
            }
        }
        return retry
    }
}

extension BreakerConfiguration {
    /// Reads `breaker` of an upstream or a route.
    static func read(_ field: Field) -> BreakerConfiguration? {
        let keys = [
            "window", "failureRatio", "minimumCalls", "openFor", "probes", "closeAfter", "failures", "slowerThan",
        ]
        guard let object = field.object(keys: keys, example: "{failureRatio: 0.65}", emptyWhenNull: false) else {
            return nil
        }
        var breaker = BreakerConfiguration(mark: field.keyMark)
        object.read("window", into: &breaker.window) { $0.duration() }
        object.read("failureRatio", into: &breaker.failureRatio) { $0.ratio() }
        object.read("minimumCalls", into: &breaker.minimumCalls) { $0.count() }
        object.read("openFor", into: &breaker.openFor) { $0.duration() }
        object.read("probes", into: &breaker.probes) { $0.count() }
        object.read("closeAfter", into: &breaker.closeAfter) { $0.count() }
        // A 4xx is never a failure (contract section 6).
        object.read("failures", into: &breaker.failures) { FailureKind.list($0, statuses: 500...599) }
        breaker.failuresMark = object["failures"]?.mark
        object.read("slowerThan", into: &breaker.slowerThan) { $0.locatedDuration() }
        return breaker
    }
}

extension FailureKind {
    private static let words = ["connect", "reset", "timeout", "5xx"]

    fileprivate static func list(_ field: Field, statuses: ClosedRange<Int>) -> [FailureKind]? {
        field.items(of: "failures such as [connect, reset, timeout, 503]")?.compactMap { item in
            switch item.typedKind {
            case .text("connect"): return .connect
            case .text("reset"): return .reset
            case .text("timeout"): return .timeout
            case .text("5xx"): return .serverError
            case .integer(let status) where statuses.contains(status): return .status(status)
            default:
                let range = "\(statuses.lowerBound) to \(statuses.upperBound)"
                item.mismatch(
                    "connect, reset, timeout, 5xx or a status from \(range)",
                    suggestion: item.scalarText.flatMap { Suggestion.nearest(to: $0, among: words) })
                return nil
            }
        }
    }
}

extension ConcurrencyConfiguration {
    /// Reads `concurrency` of an upstream or a route.
    static func read(_ field: Field) -> ConcurrencyConfiguration? {
        let keys = ["max", "queue", "adaptive"]
        guard let object = field.object(keys: keys, example: "{max: 256}", emptyWhenNull: false) else { return nil }
        var concurrency = ConcurrencyConfiguration()
        object.read("max", into: &concurrency.maximum) { $0.count() }
        object.read("queue", into: &concurrency.queue) { $0.count(from: 0) }
        object.read("adaptive", into: &concurrency.isAdaptive) { $0.boolean() }
        if concurrency.isAdaptive { concurrency.adaptiveMark = object["adaptive"]?.mark }
        return concurrency
    }
}

extension RequestPriority {
    /// Reads `priority` of a door or a profile.
    static func read(_ field: Field) -> Located<RequestPriority>? {
        field.choice(RequestPriority.self).map { Located($0, at: field.mark) }
    }
}

extension HedgeConfiguration {
    /// Reads `hedge` of an upstream or a route.
    static func read(_ field: Field) -> HedgeConfiguration? {
        let example = "{after: p95, atMost: 5%}"
        guard let object = field.object(keys: ["after", "atMost"], example: example, emptyWhenNull: false) else {
            return nil
        }
        var hedge = HedgeConfiguration(mark: field.keyMark)
        hedge.after.mark = field.keyMark
        object.read("after", into: &hedge.after) { field in delay(field).map { Located($0, at: field.mark) } }
        object.read("atMost", into: &hedge.atMost) { $0.percentage() }
        return hedge
    }

    private static func delay(_ field: Field) -> Delay? {
        let text = field.scalarText ?? ""
        if UnitNumber(text) != nil { return field.duration().map { .fixed($0) } }
        let digits = text.drop { $0 == "p" }
        guard let percent = Int(digits), (50...99).contains(percent), text == "p\(percent)" else {
            field.mismatch(
                "p50 to p99, or a duration such as 100ms",
                suggestion: Int(digits).flatMap { (50...99).contains($0) ? "p\($0)" : nil })
            return nil
        }
        return .percentile(percent)
    }
}

extension CacheConfiguration {
    /// Reads `cache` of a route.
    static func read(_ field: Field) -> CacheConfiguration? {
        let keys = ["ttl", "staleWhileRevalidate", "staleIfError", "negative", "store"]
        guard let object = field.object(keys: keys, example: "{ttl: 30s}", emptyWhenNull: false) else { return nil }
        var cache = CacheConfiguration(mark: field.keyMark)
        object.read("ttl", into: &cache.ttl) { $0.duration() }
        object.read("staleWhileRevalidate", into: &cache.staleWhileRevalidate) { $0.duration() }
        object.read("staleIfError", into: &cache.staleIfError) { $0.duration() }
        object.read("negative", into: &cache.negative) { $0.duration() }
        object.read("store", into: &cache.store) { $0.choice(StoreKind.self) }
        if let negative = cache.negative, let ttl = cache.ttl, negative > ttl {
            object["negative"]?.problems.warning(
                "a 404 would be kept longer than an answer (ttl), so what is new stays unseen for that long; shorten it",
                at: object["negative"]?.keyMark ?? field.keyMark, rule: .cacheTimes)
        }
        if let window = cache.staleWhileRevalidate, let other = cache.staleIfError, other < window {
            object.field.problems.warning(
                "an answer is served while it is refreshed for longer than it stands in for a failed call; make "
                    + "staleIfError at least as long as staleWhileRevalidate",
                at: object["staleIfError"]?.keyMark ?? field.keyMark, rule: .cacheTimes)
        }
        return cache
    }
}

extension HeadersConfiguration {
    /// Fields that belong to one connection or that the gateway itself writes (RFC 9110 section 7.6.1).
    private static let ownFields = [
        "connection", "content-length", "host", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding",
        "upgrade",
    ]

    /// Reads `headers` of an upstream or a route.
    static func read(_ field: Configuration.Field) -> HeadersConfiguration? {
        let keys = ["forward", "set", "remove", "expose"]
        guard let object = field.object(keys: keys, example: "{forward: [authorization]}") else { return nil }
        var headers = HeadersConfiguration()
        object.read("forward", into: &headers.forward) { names($0, isWritten: true) }
        object.read("remove", into: &headers.remove) { names($0, isWritten: false) }
        object.read("expose", into: &headers.expose) { field in
            field.items(of: "field names such as [x-ratelimit-remaining]")?.compactMap(exposed)
        }
        object.read("set", into: &headers.set) { field in
            field.entries(of: "field names and values")?.compactMap { entry in
                let text = entry.name.scalarText ?? ""
                guard let name = name(text, in: entry.name, isWritten: true) else { return nil }
                return value(entry.value).map { Field(name: name, template: $0) }
            }
        }
        return headers
    }

    /// What a composed answer has fields of its own for.
    private static let answerFields = [
        "content-encoding", "content-location", "content-range", "content-type", "date", "vary", "x-request-id",
    ]

    /// A name, or `{name, merge}`.
    private static func exposed(_ item: Configuration.Field) -> Exposed? {
        var merge = Merge.first
        var named = item
        if case .object = item.kind {
            let example = "{name: x-ratelimit-remaining, merge: least}"
            guard let object = item.object(keys: ["name", "merge"], example: example),
                let field = object.required("name", example: "x-ratelimit-remaining")
            else { return nil }
            object.read("merge", into: &merge) { $0.choice(Merge.self) }
            named = field
        }
        guard let text = named.text("a field name such as x-ratelimit-remaining"),
            let name = name(text.value, in: named, isWritten: true)
        else { return nil }
        guard !answerFields.contains(name) else {
            named.error("the gateway writes the field \"\(name)\" of its answers itself; remove it here")
            return nil
        }
        if merge == .least, name == "set-cookie" {
            named.error("cookies have no least; use append, or first")
            return nil
        }
        return Exposed(name: name, merge: merge)
    }

    private static func names(_ field: Configuration.Field, isWritten: Bool) -> [String]? {
        field.items(of: "field names such as [authorization]")?.compactMap { item in
            item.text("a field name such as authorization").flatMap { name($0.value, in: item, isWritten: isWritten) }
        }
    }

    private static func name(_ text: String, in field: Configuration.Field, isWritten: Bool) -> String? {
        guard !text.isEmpty, text.utf8.allSatisfy(Characters.isTokenByte) else {
            field.error("\"\(Configuration.Field.clipped(text))\" is no field name")
            return nil
        }
        let name = text.lowercased()
        guard !isWritten || !ownFields.contains(name) else {
            field.error("the gateway writes the field \"\(name)\" itself; remove it here")
            return nil
        }
        return name
    }

    /// A scalar of any type, as it is written.
    private static func value(_ field: Configuration.Field) -> Located<String>? {
        switch field.kind {
        case .unresolved: return nil
        case .list, .object, .null:
            field.mismatch("a text such as \"{id}\" or $claims.sub")
            return nil
        default:
            let text = field.scalarText ?? ""
            guard !text.unicodeScalars.contains(where: { $0.value < 0x20 && $0 != "\t" || $0.value == 0x7F }) else {
                field.error("\"\(field.path)\" must not hold line breaks or other control characters")
                return nil
            }
            return Located(text, at: field.mark)
        }
    }
}
