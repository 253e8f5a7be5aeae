internal import Dispatch
internal import Synchronization
internal import Telemetry
internal import Upstream

/// Sends spans to a collector in batches (OTLP over HTTP, JSON), from a queue of its own. Who hands spans over never
/// waits: what doesn't fit is dropped and counted. Any thread.
final class SpanExporter: Sendable {
    /// Spans that may wait.
    private static let capacity = 8192
    /// Spans of one document; that many are sent at once.
    private static let batch = 512
    private static let interval = DispatchTimeInterval.seconds(1)
    private static let patience = 5_000

    /// The collector's base URL.
    let endpoint: String
    private let url: String
    private let log: @Sendable (String) -> Void
    private let queue = DispatchQueue(label: "span-exporter")
    private let pending = Mutex(Pending())
    private let isReached = Atomic(true)
    private let exported: Counter
    private let dropped: Counter
    private let failed: Counter

    private struct Pending {
        var spans: [Span] = []
        /// Whether a sending is under way or planned.
        var isPlanned = false
    }

    /// - Parameters:
    ///   - endpoint: the collector's base URL; spans go to `/v1/traces` below it.
    ///   - log: gets a sentence when the collector isn't reached any more, and when it is again.
    init(_ endpoint: String, _ metrics: MetricsRegistry, log: @escaping @Sendable (String) -> Void) {
        self.endpoint = endpoint
        self.log = log
        url = (endpoint.hasSuffix("/") ? String(endpoint.dropLast()) : endpoint) + "/v1/traces"
        func counter(_ result: String) -> Counter {
            metrics.counter(
                "sluice_spans_total", help: "Recorded spans, by what became of them.", labels: ["result": result])
        }
        exported = counter("exported")
        dropped = counter("dropped")
        failed = counter("failed")
    }

    /// Takes the spans of one request.
    func take(_ spans: [Span]) {
        let (fits, delay) = pending.withLock { pending -> (Bool, DispatchTimeInterval?) in
            guard pending.spans.count + spans.count <= Self.capacity else { return (false, nil) }
            pending.spans += spans
            guard !pending.isPlanned else { return (true, nil) }
            pending.isPlanned = true
            return (true, pending.spans.count < Self.batch ? Self.interval : .nanoseconds(0))
        }
        if !fits { dropped.add(UInt64(spans.count)) }
        if let delay { queue.asyncAfter(deadline: .now() + delay) { [self] in sendPending() } }
    }

    /// Sends what there is, and returns when that is done. Not for an event loop's thread.
    func flush() { queue.sync { sendPending() } }

    private func sendPending() {
        while let spans = next() {
            let content = SpanDocument.text(spans, service: "sluice", version: GatewayVersion.text)
            do throws(DocumentPost.Failure) {
                try DocumentPost.send(content, to: url, contentType: "application/json", milliseconds: Self.patience)
                exported.add(UInt64(spans.count))
                if !isReached.exchange(true, ordering: .relaxed) {
                    log("The trace collector at \(endpoint) is reached again.")
                }
            } catch {
                failed.add(UInt64(spans.count))
                if isReached.exchange(false, ordering: .relaxed) {
                    log("Spans can't be sent to \(endpoint): \(error.reason). They are dropped until that is mended.")
                }
            }
        }
    }

    /// The next document's spans; nil when there are none, and then nothing is planned.
    private func next() -> [Span]? {
        pending.withLock { pending in
            guard !pending.spans.isEmpty else {
                pending.isPlanned = false
                return nil
            }
            let batch = Array(pending.spans.prefix(Self.batch))
            pending.spans.removeFirst(batch.count)
            return batch
        }
    }
}
