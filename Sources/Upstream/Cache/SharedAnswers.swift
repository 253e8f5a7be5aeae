internal import EventLoop
internal import Synchronization
internal import Telemetry

/// What the process shares of answers: one for all shards, handed from each configuration to the next. Any thread.
final class SharedAnswers: Sendable {
    let flights = FlightTable()
    let answers = AnswerCache()
    let counters: CacheCounters
    private let identities = Mutex<[RouteIdentity: UInt64]>([:])

    /// - Parameter metrics: where verdicts and sizes are shown.
    init(_ metrics: MetricsRegistry) {
        counters = CacheCounters(metrics)
        metrics.collect("sluice_cache_bytes", help: "Bytes that stored answers take.") { [answers] in
            [MetricsRegistry.Sample([:], Double(answers.reading.bytes))]
        }
        metrics.collect(
            "sluice_cache_evictions_total", help: "Stored answers that left to make room for others.", kind: .counter
        ) { [answers] in [MetricsRegistry.Sample([:], Double(answers.reading.evictions))] }
    }

    /// A number for the route, the same as long as nothing changes that decides what it answers.
    func identity(of route: RouteSettings, _ upstream: UpstreamSettings) -> UInt64 {
        let identity = RouteIdentity(route, upstream)
        return identities.withLock { identities in
            if let known = identities[identity] { return known }
            let number = UInt64(identities.count)
            identities[identity] = number
            return number
        }
    }
}

/// What decides the answer to a route's calls beside the call itself. Under another one a route's answers start anew.
private struct RouteIdentity: Hashable {
    var name: String
    var upstream: String
    var targets: [TargetSettings]
    var tls: ClientTLSSettings
    var bodyLimit: Int
    var cache: CachePolicy?

    init(_ route: RouteSettings, _ upstream: UpstreamSettings) {
        name = route.name
        self.upstream = upstream.name
        targets = upstream.targets
        tls = upstream.tls
        bodyLimit = upstream.bodyLimit
        cache = route.cache
    }
}

extension SecondTier {
    /// That of a route; nil where its answers stay here.
    init?(_ route: RouteSettings, _ upstream: UpstreamSettings) {
        guard route.cache?.isShared == true else { return nil }
        // As its parts print: the same in each gateway of this version.
        self.init("\(RouteIdentity(route, upstream))")
    }
}
