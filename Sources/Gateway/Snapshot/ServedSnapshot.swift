internal import Bytes
internal import Configuration
internal import Execution
internal import Planning
internal import Redis

/// A snapshot as one shard serves it: with the documents and plans that were made for it so far. Belongs to the shard's
/// loop.
///
/// A plan names its routes by their place in the snapshot, so a request takes its plans from here to its end, also when
/// another snapshot is served by then.
final class ServedSnapshot {
    let snapshot: Snapshot
    /// Records requests as traces; nil where none are recorded.
    let tracer: Tracer?
    /// Whether traced requests are kept as examples of their durations.
    let keepsExemplars: Bool
    /// Where what gateways share is kept; nil where there is no such thing.
    let redis: RedisServer?
    /// Documents that are valid, and plans, of this snapshot only.
    let plans: PlanCache<ExecutablePlan>
    /// Tokens that are believed; with what they grant of this snapshot.
    let tokens = TokenCache()
    private var scratch = ByteBuffer(capacity: 4 * 1024)

    /// - Parameter seed: a random number, see `PlanCache`.
    init(_ snapshot: Snapshot, seed: UInt64, _ tracer: Tracer?, _ redis: RedisServer?) {
        self.snapshot = snapshot
        self.tracer = tracer
        keepsExemplars = snapshot.configuration.telemetry.exemplars
        self.redis = redis
        plans = PlanCache(seed: seed)
    }

    /// An empty buffer for a moment: whoever takes it is done with it before the next one asks.
    func takeScratch() -> ByteBuffer {
        if scratch.capacity > 64 * 1024 { scratch = ByteBuffer(capacity: 4 * 1024) }
        scratch.clear()
        return scratch
    }
}
