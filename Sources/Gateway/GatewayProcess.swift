internal import Configuration
internal import Synchronization
internal import Telemetry

/// What all shards of the process share: instruments, the log, and how many requests are being served. Any thread.
final class GatewayProcess: Sendable {
    let metrics: GatewayMetrics
    let registry: MetricsRegistry
    /// The writer of access lines and server log.
    let log: LogWriter
    /// Counts the requests that are served, and refuses those that are too many.
    let shedder = LoadShedder()
    /// The documents that clients have registered; they outlive a reload, and are validated anew where they are used.
    let persistedQueries = PersistedQueryStore()

    /// The Redis that is used.
    let redis: ConfiguredRedis

    /// By what the gateway knows the requests that its own console sends.
    let consoleKey: String

    private let exporter = Mutex<SpanExporter?>(nil)

    init(registry: MetricsRegistry, log: LogWriter) {
        self.registry = registry
        self.log = log
        redis = ConfiguredRedis(registry, log)
        var generator = SystemRandomNumberGenerator()
        consoleKey = (0..<2).map { _ in String(generator.next(), radix: 36) }.joined()
        metrics = GatewayMetrics(registry)
        registry.declareCounter(RateLimitRule.counter.name, help: RateLimitRule.counter.help)
        registry.collect(
            "sluice_requests_in_flight", help: "Requests being served.", kind: .gauge
        ) { [shedder] in [MetricsRegistry.Sample([:], Double(shedder.inFlight))] }
        registry.collect(
            "sluice_persisted_queries", help: "Documents that clients have registered.", kind: .gauge
        ) { [persistedQueries] in [MetricsRegistry.Sample([:], Double(persistedQueries.size.count))] }
        registry.collect(
            "sluice_persisted_queries_bytes", help: "Bytes of the documents that clients have registered.", kind: .gauge
        ) { [persistedQueries] in [MetricsRegistry.Sample([:], Double(persistedQueries.size.bytes))] }
        registry.collect(
            "sluice_log_dropped_total", help: "Log lines dropped because the output took none.", kind: .counter
        ) { [log] in [MetricsRegistry.Sample([:], Double(log.droppedLines))] }
    }

    // MARK: Traces

    /// What records requests as `telemetry.traces` says; nil where nothing is recorded. The exporter stays the same
    /// while the collector does.
    func tracer(_ telemetry: TelemetryConfiguration) -> Tracer? {
        guard let traces = telemetry.traces else { return nil }
        let serverLog = ServerLog(log, telemetry)
        let exporter = exporter.withLock { exporter in
            if let known = exporter, known.endpoint == traces.otlp.value { return known }
            let made = SpanExporter(traces.otlp.value, registry) { serverLog.write(.warn, $0) }
            exporter = made
            return made
        }
        return Tracer(traces, exporter)
    }

    /// Sends the spans that wait. Not for an event loop's thread.
    func flushSpans() { exporter.withLock { $0 }?.flush() }
}
