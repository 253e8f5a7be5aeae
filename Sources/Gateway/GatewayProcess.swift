internal import EventLoop
internal import Glibc
internal import Synchronization
internal import Telemetry

/// What all shards of the process share: instruments, the log, and how many requests are being served. Any thread.
final class GatewayProcess: Sendable {
    let metrics: GatewayMetrics
    let registry: MetricsRegistry
    /// The writer of access lines and server log.
    let log: LogWriter
    private let inFlightLimit: Int
    private let inFlight = Atomic<Int>(0)
    /// When `inFlight` was last at or above 90 % of the limit, in nanoseconds of the monotonic clock; 0 = never.
    private let lastCrowded = Atomic<UInt64>(0)

    init(registry: MetricsRegistry, log: LogWriter, inFlightLimit: Int) {
        self.registry = registry
        self.log = log
        self.inFlightLimit = inFlightLimit
        metrics = GatewayMetrics(registry)
        registry.collect(
            "sluice_requests_in_flight", help: "Requests being served.", kind: .gauge
        ) { [unowned self] in [MetricsRegistry.Sample([:], Double(requestsInFlight))] }
        registry.collect(
            "sluice_log_dropped_total", help: "Log lines dropped because the output took none.", kind: .counter
        ) { [log] in [MetricsRegistry.Sample([:], Double(log.droppedLines))] }
    }

    /// Requests being served.
    var requestsInFlight: Int { inFlight.load(ordering: .relaxed) }

    /// Counts a request in. False where that is one more than `server.limits.inFlight`; it is counted all the same
    /// until `requestEnded`.
    func requestStarted() -> Bool {
        let count = inFlight.wrappingAdd(1, ordering: .relaxed).newValue
        guard inFlightLimit > 0 else { return true }
        if count * 10 >= inFlightLimit * 9 { lastCrowded.store(Self.now, ordering: .relaxed) }
        return count <= inFlightLimit
    }

    func requestEnded() { inFlight.wrappingSubtract(1, ordering: .relaxed) }

    /// Whether new requests had better go elsewhere: not below 90 % of the limit for the last second.
    var isShedding: Bool {
        guard inFlightLimit > 0 else { return false }
        if requestsInFlight * 10 >= inFlightLimit * 9 { return true }
        let last = lastCrowded.load(ordering: .relaxed)
        return last > 0 && Self.now &- last < 1_000_000_000
    }

    private static var now: UInt64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
