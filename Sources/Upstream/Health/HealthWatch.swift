internal import EventLoop
internal import Telemetry

/// The health checks of one upstream's targets, also while those change. Belongs to the checker's loop.
final class HealthWatch {
    private let upstream: Upstream
    private let settings: HealthSettings
    private let client: UpstreamClient
    private var probes: [HealthProbe] = []
    private var random = IdentifierGenerator()
    private lazy var timer = LoopTimer(client.loop) { [unowned self] in look() }

    init(_ upstream: Upstream, _ settings: HealthSettings, _ client: UpstreamClient) {
        self.upstream = upstream
        self.settings = settings
        self.client = client
    }

    /// Whether it does for `upstream` all that a new one would.
    func isFor(_ upstream: Upstream) -> Bool {
        self.upstream.pool === upstream.pool && self.upstream.settings.transport == upstream.settings.transport
            && self.upstream.settings.headLimit == upstream.settings.headLimit
    }

    /// Sees which targets there are, and again after each interval: names may stand for others by then.
    func look() {
        let targets = upstream.pool.targetsToCheck(now: client.loop.now)
        for probe in probes where !targets.contains(where: { $0 === probe.target }) { probe.stop() }
        probes = targets.map { target in
            if let probe = probes.first(where: { $0.target === target }) { return probe }
            let probe = HealthProbe(target, of: upstream, settings, client)
            probe.start(jitter: Double.random(in: 0..<1, using: &random))
            return probe
        }
        timer.schedule(afterNanoseconds: settings.interval)
    }

    /// Makes no more checks.
    func stop() {
        timer.cancel()
        for probe in probes { probe.stop() }
        probes = []
    }
}
