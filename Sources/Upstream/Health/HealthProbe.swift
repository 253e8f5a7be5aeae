internal import Bytes
internal import EventLoop
internal import HTTP

/// The health checks of one target, one after the other. Belongs to the checker's loop.
///
/// A check is a GET over the transport that calls take; a 2xx whose answer is whole in time passes.
final class HealthProbe: TransportReceiver {
    /// Bytes of an answer that are read; a longer one is judged by its status.
    private static let bodyLimit = 64 << 10

    let target: Target
    private let upstream: Upstream
    private let settings: HealthSettings
    private let client: UpstreamClient
    private let request: TransportRequest
    private var exchange: (any TransportCall)?
    private var startedAt = MonotonicTime.distantFuture
    private var received = 0
    private lazy var timer = LoopTimer(client.loop) { [unowned self] in timeRanOut() }

    init(_ target: Target, of upstream: Upstream, _ settings: HealthSettings, _ client: UpstreamClient) {
        self.target = target
        self.upstream = upstream
        self.settings = settings
        self.client = client
        let path = ByteBuffer(capacity: settings.path.utf8.count)
        path.append(settings.path)
        let fields = FieldList()
        fields.append(.userAgent, "sluice-health")
        request = TransportRequest(endpoint: target.endpoint, target: path, fields: fields)
        request.headLimit = upstream.settings.headLimit
    }

    /// Makes the first check in a moment.
    /// - Parameter jitter: where in the interval, 0 to 1: not all targets are checked at once.
    func start(jitter: Double) {
        timer.schedule(afterNanoseconds: UInt64(Double(settings.interval) * jitter))
    }

    /// Makes no more checks; one under way says nothing.
    func stop() {
        timer.cancel()
        exchange?.cancel()
        exchange = nil
    }

    private func timeRanOut() {
        guard let exchange else { return check() }
        exchange.cancel()
        finish(passed: false)
    }

    private func check() {
        startedAt = client.loop.now
        timer.schedule(at: startedAt.advanced(byNanoseconds: settings.timeout))
        send(fresh: false)
    }

    private func send(fresh: Bool) {
        received = 0
        request.needsFreshConnection = fresh
        exchange = client.send(request, to: upstream, self)
    }

    private func finish(passed: Bool) {
        exchange = nil
        let now = client.loop.now
        upstream.pool.check(target, passed: passed, now: now)
        timer.schedule(at: max(startedAt.advanced(byNanoseconds: settings.interval), now))
    }

    // MARK: What the transport reports

    func head() {}

    func body(_ bytes: RawSpan) {
        received += bytes.byteCount
        guard received > Self.bodyLimit else { return }
        exchange?.cancel()
        ended()
    }

    func ended() { finish(passed: (200..<300).contains(request.head.status)) }

    func failed(_ failure: TransportFailure) {
        // The upstream closed a connection that has waited since the last check: that is no failed check.
        if failure.isStaleConnection(isRepeatable: true), !request.needsFreshConnection { return send(fresh: true) }
        finish(passed: false)
    }

    func readyForBody() {}
}
