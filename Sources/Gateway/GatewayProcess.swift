internal import Telemetry

/// What all shards of the process share: instruments, the log, and how many requests are being served. Any thread.
final class GatewayProcess: Sendable {
    let metrics: GatewayMetrics
    let registry: MetricsRegistry
    /// The writer of access lines and server log.
    let log: LogWriter
    /// Counts the requests that are served, and refuses those that are too many.
    let shedder = LoadShedder()

    init(registry: MetricsRegistry, log: LogWriter) {
        self.registry = registry
        self.log = log
        metrics = GatewayMetrics(registry)
        registry.collect(
            "sluice_requests_in_flight", help: "Requests being served.", kind: .gauge
        ) { [shedder] in [MetricsRegistry.Sample([:], Double(shedder.inFlight))] }
        registry.collect(
            "sluice_log_dropped_total", help: "Log lines dropped because the output took none.", kind: .counter
        ) { [log] in [MetricsRegistry.Sample([:], Double(log.droppedLines))] }
    }
}
