/// Resilience settings that are each in order and together do less than they say. All are warnings: the gateway runs
/// with them, and behaves as contract section 6 says.
struct PolicyChecks {
    let configuration: GatewayConfiguration
    let problems: ProblemCollector

    private var deadline: TimeSpan { configuration.server.timeouts.request }

    func check() {
        for upstream in configuration.upstreams {
            check(
                Policies(
                    timeout: upstream.timeout, isTimeoutOwn: true, retry: upstream.retry,
                    retryMark: upstream.retry?.mark, breaker: upstream.breaker, hedge: upstream.hedge,
                    concurrency: upstream.concurrency,
                    adaptiveMark: upstream.concurrency.adaptiveMark))
        }
        for route in configuration.routes { check(route) }
        checkPriorities()
        for profile in configuration.profiles.profiles {
            if let timeout = profile.timeout { checkAgainstDeadline(timeout, "of this profile") }
        }
    }

    /// The policies of one block, and what they work with. What a route takes from its upstream isn't judged twice.
    private struct Policies {
        var timeout: Located<TimeSpan>?
        var isTimeoutOwn: Bool
        var retry: RetryConfiguration?
        /// Where the block or the timeout stands that makes the two not fit.
        var retryMark: Mark?
        var breaker: BreakerConfiguration?
        var hedge: HedgeConfiguration?
        var concurrency: ConcurrencyConfiguration
        /// Where the block says `adaptive: true`.
        var adaptiveMark: Mark?
    }

    private func check(_ route: RouteConfiguration) {
        let upstream = configuration.upstreams.first { $0.name.value == route.upstream.value }
        let changesTimeout = route.timeout != nil
        check(
            Policies(
                timeout: route.timeout ?? upstream?.timeout, isTimeoutOwn: changesTimeout,
                retry: route.isRetryable ? route.retry ?? (changesTimeout ? upstream?.retry : nil) : nil,
                retryMark: route.retry?.mark ?? route.timeout?.mark,
                breaker: route.breaker, hedge: route.hedge,
                concurrency: route.concurrency ?? upstream?.concurrency ?? ConcurrencyConfiguration(),
                adaptiveMark: route.concurrency?.adaptiveMark))
    }

    /// Priorities decide who is refused, and without `inFlight` nobody is.
    private func checkPriorities() {
        guard configuration.server.limits.inFlight == 0 else { return }
        let places = configuration.doors.map(\.priority) + configuration.profiles.profiles.map(\.priority)
        for case let priority? in places where priority.value != .normal {
            problems.warning(
                "a priority counts only where the number of requests is limited; set server.limits.inFlight",
                at: priority.mark, rule: .priorityWithoutEffect)
        }
    }

    private func check(_ policies: Policies) {
        if policies.isTimeoutOwn, let timeout = policies.timeout { checkAgainstDeadline(timeout, "of one try") }
        checkRetry(policies)
        checkBreaker(policies)
        checkHedge(policies)
        checkPlaces(policies)
    }

    private func checkAgainstDeadline(_ timeout: Located<TimeSpan>, _ what: String) {
        guard timeout.value > deadline else { return }
        problems.warning(
            "the time \(what) is longer than that of the whole request, \(deadline) (server.timeouts.request), which "
                + "ends first; write less than \(deadline)",
            at: timeout.mark, rule: .timeoutBeyondDeadline)
    }

    private func checkRetry(_ policies: Policies) {
        guard let retry = policies.retry, retry.attempts > 1, let timeout = policies.timeout,
            timeout.value <= deadline
        else { return }
        var needed = timeout.value.nanoseconds.multipliedSaturating(by: UInt64(retry.attempts))
        var wait = retry.backoffBase
        for _ in 1..<retry.attempts {
            needed = needed.addingSaturating(min(wait, retry.backoffMaximum).nanoseconds)
            wait = TimeSpan(nanoseconds: wait.nanoseconds.multipliedSaturating(by: 2))
        }
        guard needed > deadline.nanoseconds else { return }
        problems.warning(
            "\(retry.attempts) tries of \(timeout.value) with the waits between them take up to "
                + "\(TimeSpan(nanoseconds: needed)), but the whole request ends after \(deadline) "
                + "(server.timeouts.request): the last tries won't be made; lower timeout or attempts",
            at: policies.retryMark ?? retry.mark, rule: .slowRetry)
    }

    private func checkBreaker(_ policies: Policies) {
        guard let breaker = policies.breaker else { return }
        let timeout = policies.timeout?.value
        if let mark = breaker.failuresMark, breaker.failures.contains(.timeout), timeout == nil {
            problems.warning(
                "without a timeout a call that hangs is ended by the whole request's deadline, which no breaker counts; "
                    + "write a timeout below \(deadline)",
                at: mark, rule: .breakerWithoutTimeout)
        }
        let limit = min(timeout ?? deadline, deadline)
        if let slow = breaker.slowerThan, slow.value >= limit {
            problems.warning(
                "no answer can be slower than this, since a try ends after \(limit); write less", at: slow.mark,
                rule: .breakerNeverOpens)
        }
        if let timeout, breaker.failures == [.timeout], breaker.slowerThan == nil {
            // Each failure holds a place for the whole timeout, and a success counts for the ratio only.
            let rounds = breaker.window.nanoseconds / max(timeout.nanoseconds, 1) + 1
            let most = UInt64(policies.concurrency.maximum).multipliedSaturating(by: rounds)
            if most < UInt64(breaker.minimumCalls) {
                problems.warning(
                    "this breaker never opens: at most \(most) calls that time out fit into its window of "
                        + "\(breaker.window) (\(policies.concurrency.maximum) at once, \(timeout) each), and it wants "
                        + "\(breaker.minimumCalls); lower minimumCalls, or widen the window",
                    at: breaker.mark, rule: .breakerNeverOpens)
            }
        }
    }

    private func checkPlaces(_ policies: Policies) {
        guard let mark = policies.adaptiveMark, policies.concurrency.maximum == 1 else { return }
        problems.warning(
            "a limit of 1 has nothing to adapt; raise \"max\", or remove \"adaptive\"", at: mark,
            rule: .adaptiveWithoutEffect)
    }

    private func checkHedge(_ policies: Policies) {
        guard let hedge = policies.hedge else { return }
        if hedge.atMost == 0 {
            problems.warning(
                "0% of the calls is none; remove \"hedge\", or write a share such as 5%", at: hedge.mark,
                rule: .hedgeWithoutEffect)
        }
        guard case .fixed(let delay) = hedge.after.value else { return }
        let end = policies.timeout.map { min($0.value, deadline) } ?? deadline
        guard delay >= end else { return }
        problems.warning(
            "a try ends after \(end), before it would be hedged; write less than \(end)", at: hedge.after.mark,
            rule: .hedgeWithoutEffect)
    }
}

extension UInt64 {
    fileprivate func multipliedSaturating(by other: UInt64) -> UInt64 {
        let (product, overflow) = multipliedReportingOverflow(by: other)
        return overflow ? .max : product
    }

    fileprivate func addingSaturating(_ other: UInt64) -> UInt64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}
