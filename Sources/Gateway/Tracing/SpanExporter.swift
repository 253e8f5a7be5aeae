internal import Bytes
internal import Dispatch
internal import Synchronization
internal import Telemetry
internal import Upstream

/// Sends spans to a collector in documents (OTLP over HTTP, JSON), from a queue of its own. Who hands spans over never
/// waits: what doesn't fit is dropped and counted. Any thread.
final class SpanExporter: Sendable {
    /// Spans that may wait.
    private static let capacity = 8192
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
        /// Those that are sent at once, the oldest first.
        var full: [SpanBatch] = []
        /// The one that is being filled.
        var open = SpanBatch()
        /// Spans of all of them.
        var count = 0
        /// Whether the sending of all of them is planned, and whether that of the full ones is.
        var isPlanned = false
        var isHurried = false

        mutating func append(_ spans: ByteBuffer, count: Int) {
            open.append(spans, count: count)
            self.count += count
            guard open.isFull else { return }
            full.append(open)
            open = SpanBatch()
        }
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

    /// Takes the `count` spans of one request, as they stand in a document.
    func take(_ spans: ByteBuffer, count: Int) {
        var (fits, plans, hurries) = (true, false, false)
        pending.withLock { pending in
            guard pending.count + count <= Self.capacity else {
                fits = false
                return
            }
            pending.append(spans, count: count)
            plans = !pending.isPlanned
            pending.isPlanned = true
            hurries = !pending.full.isEmpty && !pending.isHurried
            if hurries { pending.isHurried = true }
        }
        if !fits { dropped.add(UInt64(count)) }
        if plans { queue.asyncAfter(deadline: .now() + Self.interval) { [self] in sendAll() } }
        if hurries { queue.async { [self] in sendFull() } }
    }

    /// Sends what there is, and returns when that is done. Not for an event loop's thread.
    func flush() { queue.sync { sendAll() } }

    // MARK: The queue

    private func sendFull() {
        while let batch = nextFull() { send(batch) }
    }

    private func sendAll() {
        sendFull()
        let rest = pending.withLock { pending in
            pending.isPlanned = false
            pending.count -= pending.open.count
            defer { pending.open = SpanBatch() }
            return pending.open
        }
        if rest.count > 0 { send(rest) }
    }

    /// Takes the oldest full batch; nil when there is none, and then nobody hurries.
    private func nextFull() -> SpanBatch? {
        pending.withLock { pending in
            guard !pending.full.isEmpty else {
                pending.isHurried = false
                return nil
            }
            let batch = pending.full.removeFirst()
            pending.count -= batch.count
            return batch
        }
    }

    private func send(_ batch: consuming SpanBatch) {
        let count = UInt64(batch.count)
        do throws(DocumentPost.Failure) {
            try DocumentPost.send(
                batch.document(), to: url, contentType: "application/json", milliseconds: Self.patience)
            exported.add(count)
            if !isReached.exchange(true, ordering: .relaxed) {
                log("The trace collector at \(endpoint) is reached again.")
            }
        } catch {
            failed.add(count)
            if isReached.exchange(false, ordering: .relaxed) {
                log("Spans can't be sent to \(endpoint): \(error.reason). They are dropped until that is mended.")
            }
        }
    }
}

/// Spans of some requests, in the document that they are sent in.
private struct SpanBatch: Sendable {
    /// Spans from which on it is sent at once.
    private static let size = 512
    private static let head = SpanDocument.head(service: "sluice", version: GatewayVersion.text)

    /// The document without its tail; empty where there are no spans.
    private var text: [UInt8] = []
    /// Its spans.
    private(set) var count = 0

    var isFull: Bool { count >= Self.size }

    mutating func append(_ spans: ByteBuffer, count: Int) {
        if text.isEmpty {
            // About what a full one takes, so that it need not grow.
            text.reserveCapacity(256 << 10)
            text += Self.head
        } else {
            text.append(UInt8(ascii: ","))
        }
        unsafe spans.withUnsafeBytes { unsafe text.append(contentsOf: $0.assumingMemoryBound(to: UInt8.self)) }
        self.count += count
    }

    /// The whole document.
    consuming func document() -> [UInt8] {
        text += SpanDocument.tail
        return text
    }
}
