internal import Configuration
internal import Gateway
internal import Telemetry

/// A configuration that is good for work; what is wrong with it has been printed on standard error.
struct LoadedGateway {
    let snapshot: Snapshot
    let metrics = MetricsRegistry()
    /// Where it came from.
    let source: ConfigurationSource

    /// Loads the file at `path` with this process's environment; nil where it has errors.
    init?(_ path: String) {
        self.init(ConfigurationSource(path: path, environment: ProcessResources.environment))
    }

    /// Loads what `source` names; nil where it has errors.
    init?(_ source: ConfigurationSource) {
        self.source = source
        let checked = source.load(metrics: metrics)
        if !checked.report.problems.isEmpty { Terminal.complain(checked.report.text) }
        guard let snapshot = checked.snapshot else { return nil }
        self.snapshot = snapshot
    }
}
