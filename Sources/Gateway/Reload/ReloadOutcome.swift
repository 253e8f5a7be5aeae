internal import Telemetry

/// What came of reading the configuration again.
public enum ReloadOutcome: Sendable {
    /// The new configuration serves.
    /// - `generation`: its number.
    /// - `warnings`: what `sluice check` prints of it; nothing where there is nothing to warn of.
    case reloaded(generation: Int, warnings: String)
    /// The old configuration goes on. The reason is what `sluice check` prints, or a sentence where the file is good
    /// and the process can't follow it.
    case refused(String)
}

/// The last reload as `/state` shows it.
struct LastReload: Sendable {
    var time: WallTime
    var outcome: ReloadOutcome
}

/// How often the configuration was reloaded, and with what result. Any thread.
struct ReloadMetrics: Sendable {
    private let successes: Counter
    private let failures: Counter
    private let isCurrent: Gauge

    init(_ registry: MetricsRegistry) {
        let name = "sluice_config_reloads_total"
        let help = "Reloads of the configuration that were asked for."
        successes = registry.counter(name, help: help, labels: ["result": "success"])
        failures = registry.counter(name, help: help, labels: ["result": "failure"])
        isCurrent = registry.gauge(
            "sluice_config_last_reload_successful", help: "Whether the configuration that was read last serves.")
        isCurrent.set(1)
    }

    func record(_ outcome: ReloadOutcome) {
        switch outcome {
        case .reloaded:
            successes.add()
            isCurrent.set(1)
        case .refused:
            failures.add()
            isCurrent.set(0)
        }
    }
}
