internal import Resilience
internal import Telemetry

/// The gateway's own instruments, made once for the process. No label takes its value from a client.
final class GatewayMetrics: Sendable {
    private static let statusClasses = ["none", "1xx", "2xx", "3xx", "4xx", "5xx"]
    /// By door kind and status class.
    private let durations: [Histogram]
    private let overhead: Histogram
    /// By priority.
    private let refused: [Counter]
    private let refusedTokens: Counter

    init(_ registry: MetricsRegistry) {
        durations = DoorKind.allCases.flatMap { door in
            Self.statusClasses.map { status in
                registry.histogram(
                    "http_server_request_duration_seconds", help: "Duration of the requests served.",
                    labels: ["door": "\(door.label)", "status": status])
            }
        }
        overhead = registry.histogram(
            "sluice_gateway_overhead_seconds", help: "Time of a request with no upstream call in flight.",
            bounds: .overhead)
        refusedTokens = registry.counter(
            "sluice_tokens_refused_total", help: "Requests refused because their token was not valid.")
        refused = Priority.allCases.map { priority in
            registry.counter(
                "sluice_requests_shed_total", help: "Requests refused because too many were being served.",
                labels: ["priority": "\(priority)"])
        }
    }

    /// Counts a request that was refused because too many were being served.
    func shed(_ priority: Priority) { refused[priority.rawValue].add() }

    /// Counts a request that was refused because its token was not valid.
    func tokenRefused() { refusedTokens.add() }

    /// Counts one request; times in nanoseconds, status 0 where nothing was answered. With `trace` the request is kept as
    /// an example of its durations.
    func record(door: DoorKind, status: Int, duration: UInt64, overhead: UInt64, trace: TraceContext? = nil) {
        let position = min(max(status / 100, 0), Self.statusClasses.count - 1)
        let durations = durations[door.rawValue * Self.statusClasses.count + position]
        guard let trace else {
            durations.record(nanoseconds: duration)
            self.overhead.record(nanoseconds: overhead)
            return
        }
        let now = WallTime.now
        durations.record(nanoseconds: duration, in: trace, at: now)
        self.overhead.record(nanoseconds: overhead, in: trace, at: now)
    }
}
