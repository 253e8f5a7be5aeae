/// What happens when upstreams fail, and nobody said what should.
struct FailureAdvice {
    let configuration: GatewayConfiguration
    let problems: ProblemCollector

    func give() {
        for upstream in configuration.upstreams {
            adviseBreaker(upstream)
            adviseTimeout(upstream)
            if let retry = upstream.retry { adviseBudget(retry) }
        }
        for route in configuration.routes {
            if let retry = route.retry { adviseBudget(retry) }
            adviseFallback(route)
        }
        adviseProfiles()
    }

    /// Whether calls go to `upstream` without what `policy` reads of a route; passthrough doors have the upstream's own.
    private func someCall(to upstream: UpstreamConfiguration, lacks policy: (RouteConfiguration) -> Bool) -> Bool {
        configuration.isPassedThrough(upstream) || configuration.routes(to: upstream).contains(where: policy)
    }

    private func adviseBreaker(_ upstream: UpstreamConfiguration) {
        guard upstream.breaker == nil, someCall(to: upstream, lacks: { $0.breaker == nil }) else { return }
        problems.warning(
            "calls to this upstream have no breaker: while it is down, each request waits for it anew; write "
                + "\"breaker: {}\"",
            at: upstream.name.mark, rule: .noBreaker)
    }

    private func adviseTimeout(_ upstream: UpstreamConfiguration) {
        guard upstream.timeout == nil, someCall(to: upstream, lacks: { $0.timeout == nil }) else { return }
        let deadline = configuration.server.timeouts.request
        problems.warning(
            "calls to this upstream have no timeout: one that hangs costs its request all of \(deadline) "
                + "(server.timeouts.request); write a timeout such as \"timeout: 1s\"",
            at: upstream.name.mark, rule: .noTimeout)
    }

    private func adviseBudget(_ retry: RetryConfiguration) {
        guard retry.attempts > 1, retry.budget > 0.5 else { return }
        let share = Int((retry.budget * 100).rounded())
        problems.warning(
            "while everything fails, these retries add \(share)% to the load of what is failing; lower the budget, 20% "
                + "is usual",
            at: retry.mark, rule: .retryAmplification)
    }

    /// A read that fails may be answered by something else, a write can't.
    private func adviseFallback(_ route: RouteConfiguration) {
        guard let mark = route.fallbackMark, !["GET", "HEAD", "OPTIONS"].contains(route.method) else { return }
        problems.warning(
            "a \(route.method) that failed is answered as if it had been done; remove the fallback", at: mark,
            rule: .fallbackHidesWrite)
    }

    private func adviseProfiles() {
        var first: Located<String>?
        for profile in configuration.profiles.profiles {
            if let first, !profile.userAgent.isEmpty {
                problems.warning(
                    "every User-Agent fits the profile \"\(first.value)\" at line \(first.mark.line), which comes first; "
                        + "put \"\(first.value)\" last",
                    at: profile.name.mark, rule: .unreachableProfile)
            } else if profile.userAgent.contains(where: { !$0.isEmpty && $0.allSatisfy { $0 == "*" } }) {
                first = first ?? profile.name
            }
        }
    }
}
