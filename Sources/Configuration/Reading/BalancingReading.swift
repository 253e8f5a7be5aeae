extension UpstreamConfiguration {
    /// Reads `balance`, `health`, `ejection` and `slowStart`.
    mutating func readBalancing(_ object: ObjectReader) {
        if let field = object["balance"], let balance = BalanceConfiguration.read(field) {
            self.balance = Located(balance, at: field.mark)
        }
        object.read("health", into: &health, HealthConfiguration.read)
        object.read("ejection", into: &ejection, EjectionConfiguration.read)
        guard let field = object["slowStart"], let span = field.duration(allowsZero: true) else { return }
        slowStart = span
        if health == nil, ejection == nil, span.nanoseconds > 0, object["health"] == nil, object["ejection"] == nil {
            field.error(
                "\"\(field.path)\" does nothing without health or ejection: no target goes away and comes back; add "
                    + "one of them, or remove it",
                at: field.keyMark)
        }
    }
}

extension BalanceConfiguration {
    private static let words = ["round-robin", "least-requests"]
    private static let expected = "round-robin, least-requests or {hash: header.x-user-id}"

    fileprivate static func read(_ field: Field) -> BalanceConfiguration? {
        switch field.kind {
        case .unresolved: return nil
        case .text("round-robin"): return .roundRobin
        case .text("least-requests"): return .leastRequests
        case .object:
            let object = field.object(keys: ["hash"], example: "{hash: header.x-user-id}")
            return object?.required("hash", example: "header.x-user-id").flatMap(source).map { .hash($0) }
        default:
            field.mismatch(expected, suggestion: field.scalarText.flatMap { Suggestion.nearest(to: $0, among: words) })
            return nil
        }
    }

    private static func source(_ field: Field) -> KeySource? {
        let expected = "header.x-user-id, claims.sub or args.id"
        guard case .text(let text) = field.kind else {
            field.mismatch(expected)
            return nil
        }
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let rest = parts.count == 2 ? parts[1] : ""
        switch parts[0] {
        case "header" where !rest.isEmpty && rest.utf8.allSatisfy(Characters.isTokenByte):
            return .header(rest.lowercased())
        case "claims" where !rest.split(separator: ".", omittingEmptySubsequences: false).contains(""):
            return .claim(rest.split(separator: ".").map(String.init))
        case "args" where Characters.isName(rest): return .argument(rest)
        default:
            let near = Suggestion.nearest(to: parts[0], among: ["header", "claims", "args"])
            field.mismatch(expected, suggestion: rest.isEmpty || near == parts[0] ? nil : near.map { "\($0).\(rest)" })
            return nil
        }
    }
}

extension HealthConfiguration {
    /// Reads `health` of an upstream.
    fileprivate static func read(_ field: Field) -> HealthConfiguration? {
        let keys = ["path", "interval", "timeout", "unhealthyAfter", "healthyAfter"]
        guard let object = field.object(keys: keys, example: "{path: /healthz}", emptyWhenNull: false) else {
            return nil
        }
        var health = HealthConfiguration(mark: field.keyMark)
        object.read("path", into: &health.path, path)
        object.read("interval", into: &health.interval) { $0.duration() }
        object.read("timeout", into: &health.timeout) { $0.duration() }
        object.read("unhealthyAfter", into: &health.unhealthyAfter) { $0.integer(1...1000) }
        object.read("healthyAfter", into: &health.healthyAfter) { $0.integer(1...1000) }
        // One that is left out may be longer than the interval: the next check then waits for its end.
        if let timeout = object["timeout"], health.timeout >= health.interval {
            timeout.error(
                "a check that takes up to \(health.timeout) isn't over when the next one is due after "
                    + "\(health.interval); write a timeout below \(health.interval), or a longer interval")
        }
        return health
    }

    private static func path(_ field: Field) -> String? {
        guard let path = field.text("a path such as /healthz")?.value else { return nil }
        let isSpelt = path.utf8.allSatisfy { Characters.isPathByte($0) || $0 == UInt8(ascii: "?") }
        guard path.hasPrefix("/"), isSpelt else {
            field.mismatch("a path such as /healthz", suggestion: isSpelt ? "/" + path : nil)
            return nil
        }
        return path
    }
}

extension EjectionConfiguration {
    /// Reads `ejection` of an upstream.
    fileprivate static func read(_ field: Field) -> EjectionConfiguration? {
        let keys = ["consecutiveFailures", "for", "max"]
        let example = "{consecutiveFailures: 5}"
        guard let object = field.object(keys: keys, example: example, emptyWhenNull: false) else { return nil }
        var ejection = EjectionConfiguration(mark: field.keyMark)
        object.read("consecutiveFailures", into: &ejection.consecutiveFailures) { $0.integer(1...1_000_000) }
        object.read("for", into: &ejection.duration) { $0.duration() }
        object.read("max", into: &ejection.max) { field in
            field.percentage().flatMap { share in
                if share > 0 { return share }
                field.error("\"\(field.path)\" of 0% lets no target be ejected; write a share, or remove \"ejection\"")
                return nil
            }
        }
        return ejection
    }
}
