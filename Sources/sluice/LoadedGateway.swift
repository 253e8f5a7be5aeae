internal import Configuration
internal import Gateway
internal import Telemetry

/// A configuration that is good for work; what is wrong with it has been printed on standard error.
struct LoadedGateway {
    let snapshot: Snapshot
    let metrics: MetricsRegistry

    /// Loads the file at `path`; nil where it has errors.
    init?(
        _ path: String, environment: [String: String] = ProcessResources.environment,
        adjusting adjust: (inout GatewayConfiguration) -> Void = { _ in }
    ) {
        metrics = MetricsRegistry()
        let checked = Snapshot.load(path: path, environment: environment, metrics: metrics, adjusting: adjust)
        if !checked.report.problems.isEmpty { Terminal.complain(checked.report.text) }
        guard let snapshot = checked.snapshot else { return nil }
        self.snapshot = snapshot
    }
}
