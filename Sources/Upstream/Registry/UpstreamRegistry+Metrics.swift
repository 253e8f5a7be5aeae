internal import EventLoop
internal import Telemetry

extension UpstreamRegistry {
    /// Shows how the guards stand on the metrics page. A route's own have its name, an upstream's an empty one.
    func collectGuards(_ metrics: MetricsRegistry) {
        collect(metrics, "sluice_concurrency_limit", help: "Calls that may be under way at once.") { $0.places?.limit }
        collect(metrics, "sluice_concurrency_in_flight", help: "Calls under way.") { $0.places?.inFlight }
        collect(metrics, "sluice_concurrency_queued", help: "Calls that wait for a place.") { $0.places?.queued }
        collect(metrics, "sluice_retry_budget_left", help: "Retries that would be granted now.") { $0.retriesLeft }
    }

    private func collect(
        _ metrics: MetricsRegistry, _ name: String, help: String, _ value: @escaping @Sendable (GuardStatus) -> Int?
    ) {
        metrics.collect(name, help: help) { [weak self] in
            (self?.guards(now: .current) ?? []).compactMap { status in
                value(status).map {
                    MetricsRegistry.Sample(["upstream": status.upstream, "route": status.route ?? ""], Double($0))
                }
            }
        }
    }
}
