internal import Planning
internal import Telemetry

/// What one shard's operations measure against `graphql.limits`, and how many were above one. Belongs to the shard's
/// loop; the page shows the sum of all shards.
final class LimitMetrics {
    private let depth: Histogram
    private let tokens: Histogram
    private let aliases: Histogram
    private let rootFields: Histogram
    private let cost: Histogram
    private let upstreamCalls: Histogram
    private let batch: Histogram
    private let registry: MetricsRegistry

    private static let small = Histogram.Bounds(counts: [0, 1, 2, 5, 10, 15, 20, 30, 50, 100, 200, 500])
    private static let large = Histogram.Bounds(counts: [
        1, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 1_000_000,
    ])

    init(_ registry: MetricsRegistry) {
        self.registry = registry
        func part(_ name: String, _ help: String, _ bounds: Histogram.Bounds) -> Histogram {
            registry.histogramPart(name, help: help, bounds: bounds)
        }
        depth = part("sluice_operation_depth", "Fields on the longest path of operations.", Self.small)
        tokens = part("sluice_operation_tokens", "Lexical tokens of operations' documents.", Self.large)
        aliases = part("sluice_operation_aliases", "Aliases of operations, fragments expanded.", Self.small)
        rootFields = part("sluice_operation_root_fields", "Root fields of operations, fragments expanded.", Self.small)
        cost = part("sluice_operation_cost", "Cost of operations by @cost and @listSize.", Self.large)
        upstreamCalls = part("sluice_operation_upstream_calls", "Upstream calls that operations made.", Self.small)
        batch = part("sluice_batch_operations", "Operations in batches.", Self.small)
        // Both are there from the start: a counter that appears with its first event hides that event from rates.
        for name in LimitName.allCases { for mode in Limit.Mode.allCases { _ = counter(name, mode) } }
    }

    /// An operation that was measured, whether or not it then runs.
    func record(_ measures: OperationMeasures, cost: Int) {
        depth.recordAlone(Self.clamped(measures.depth))
        tokens.recordAlone(Self.clamped(measures.tokens))
        aliases.recordAlone(Self.clamped(measures.aliases))
        rootFields.recordAlone(Self.clamped(measures.rootFields))
        self.cost.recordAlone(Self.clamped(cost))
    }

    /// A run that has ended.
    func record(upstreamCalls count: Int) { upstreamCalls.recordAlone(Self.clamped(count)) }

    /// A batch that came.
    func record(batch count: Int) { batch.recordAlone(Self.clamped(count)) }

    /// An operation or batch was above a limit.
    func count(_ name: LimitName, _ mode: Limit.Mode) { counter(name, mode).add() }

    private func counter(_ name: LimitName, _ mode: Limit.Mode) -> Counter {
        registry.counter(
            "sluice_limit_exceeded_total", help: "Operations and batches above a limit.",
            labels: ["limit": name.rawValue, "mode": mode.rawValue])
    }

    /// Counts that stopped at the largest number would make sums wrap around.
    private static func clamped(_ count: Int) -> UInt64 { UInt64(min(max(count, 0), 1_000_000_000)) }
}
