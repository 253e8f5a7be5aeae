/// What rate limits ask of the rest of the file.
struct RateLimitChecks {
    let configuration: GatewayConfiguration
    let problems: ProblemCollector

    func check() {
        for rule in configuration.rateLimits { check(rule) }
    }

    private func check(_ rule: RateLimitConfiguration) {
        let isOfClaim = rule.parts.contains { if case .claim = $0 { true } else { false } }
        if isOfClaim, configuration.auth == nil {
            problems.error(
                "a key of claims needs \"auth\": without it no token is believed, and nobody would be limited; add auth.jwt",
                at: rule.mark)
        }
        let runsOperations = configuration.graphQL != nil
        if rule.parts.contains(.operation), !runsOperations {
            warn(
                "no request has an operation, since there is no block \"graphql\": nothing is limited by this rule",
                rule)
        } else if rule.parts.contains(.route), configuration.doors.isEmpty {
            warn(
                "requests of the GraphQL door have no route, and there is no door under \"rest\": nothing is limited by this rule",
                rule)
        } else if rule.countsCost, !runsOperations {
            warn("without the block \"graphql\" every request weighs 1; remove \"weight\"", rule)
        }
    }

    private func warn(_ message: String, _ rule: RateLimitConfiguration) {
        problems.warning(message, at: rule.mark, rule: .rateLimitWithoutEffect)
    }
}
