/// What doors say of tokens, against `auth`.
struct AuthChecks {
    let configuration: GatewayConfiguration
    let problems: ProblemCollector

    func check() {
        for door in configuration.doors {
            if let require = door.require, configuration.auth == nil {
                problems.error(
                    "\"require\" needs \"auth\": without it no token is believed, and nobody could pass; add auth.jwt",
                    at: require.mark)
            }
            if let isPublic = door.isPublic, isPublic.value, let require = door.require {
                problems.error("a door is public or has \"require\", not both", at: require.mark)
            }
        }
        checkIssuers()
    }

    /// Two blocks for one issuer would both believe its tokens.
    private func checkIssuers() {
        var taken: [String: Mark] = [:]
        for jwt in configuration.auth?.issuers ?? [] {
            let name = jwt.issuer ?? ""
            if let first = taken[name] {
                let whose = name.isEmpty ? "has no issuer either" : "has the same issuer"
                problems.warning(
                    "the block at line \(first.line) \(whose): a token that fails there is tried here as well",
                    at: jwt.mark, rule: .sameIssuer)
            } else {
                taken[name] = jwt.mark
            }
        }
    }
}
