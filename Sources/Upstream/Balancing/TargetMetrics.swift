internal import EventLoop
internal import Resilience
internal import Telemetry

/// What is counted of an upstream's targets.
struct TargetMetrics: Sendable {
    /// Targets ejected.
    let ejections: Counter
    /// Health checks that passed.
    let passedChecks: Counter
    /// Health checks that failed.
    let failedChecks: Counter
    /// Names that weren't found.
    let failedLookUps: Counter

    init(_ upstream: String, _ registry: MetricsRegistry) {
        ejections = registry.counter(
            "sluice_ejections_total", help: "Targets taken out because calls to them failed.",
            labels: ["upstream": upstream])
        let checks = { (result: String) in
            registry.counter(
                "sluice_health_checks_total", help: "Health checks of targets.",
                labels: ["upstream": upstream, "result": result])
        }
        passedChecks = checks("success")
        failedChecks = checks("failure")
        failedLookUps = registry.counter(
            "sluice_dns_failures_total", help: "Names of targets that could not be resolved; the last addresses stay.",
            labels: ["upstream": upstream])
    }
}

extension UpstreamRegistry {
    /// Shows the targets' states on the metrics page.
    func collectTargets(_ metrics: MetricsRegistry) {
        let upstreams = self.upstreams
        metrics.collect("sluice_upstream_targets", help: "Targets of each upstream by state.") {
            let now = MonotonicTime.current
            return upstreams.flatMap { upstream in
                let states = upstream.targets(now: now).map(\.state)
                return [TargetSet.State.up, .down, .ejected].map { state in
                    MetricsRegistry.Sample(
                        ["upstream": upstream.name, "state": state.rawValue],
                        Double(states.count { $0 == state }))
                }
            }
        }
        metrics.collect(
            "sluice_upstream_panic", help: "1 while no target is usable and all are used, else 0."
        ) {
            let now = MonotonicTime.current
            return upstreams.map {
                MetricsRegistry.Sample(["upstream": $0.name], $0.pool.isPanicking(now: now) ? 1 : 0)
            }
        }
    }
}
