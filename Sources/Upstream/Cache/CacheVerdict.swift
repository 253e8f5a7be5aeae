internal import Telemetry

/// Where a call's answer came from, as log and metrics know it.
public enum CacheVerdict: CaseIterable, Sendable {
    /// The cache, fresh.
    case hit
    /// The cache, fresh, and it was a 404.
    case negative
    /// The cache, past its time: while it is refreshed, or because the call failed.
    case stale
    /// The cache, past its time, after the upstream said that nothing has changed.
    case revalidated
    /// The upstream: the cache had nothing to serve.
    case miss
    /// The upstream: the call was not to be answered from the cache.
    case bypass
    /// Another call, that asked the same at the same time.
    case shared

    /// Its name.
    public var label: StaticString {
        switch self {
        case .hit: "hit"
        case .negative: "negative"
        case .stale: "stale"
        case .revalidated: "revalidated"
        case .miss: "miss"
        case .bypass: "bypass"
        case .shared: "shared"
        }
    }
}

/// Counts verdicts. Any thread.
struct CacheCounters: Sendable {
    private let counters: [CacheVerdict: Counter]

    init(_ metrics: MetricsRegistry) {
        let pairs = CacheVerdict.allCases.map { verdict in
            let counter = metrics.counter(
                "sluice_cache_total", help: "Calls by where their answer came from.",
                labels: ["result": "\(verdict.label)"])
            return (verdict, counter)
        }
        counters = Dictionary(uniqueKeysWithValues: pairs)
    }

    func count(_ verdict: CacheVerdict) { counters[verdict]?.add() }

    func value(of verdict: CacheVerdict) -> UInt64 { counters[verdict]?.value ?? 0 }
}
