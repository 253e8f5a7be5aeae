internal import EventLoop
internal import Resilience
internal import Synchronization

/// Counts the requests that the whole process serves at once, and refuses those above `server.limits.inFlight`. What is
/// refused isn't counted: answering it costs next to nothing. Any thread.
final class LoadShedder: Sendable {
    private static let relief: UInt64 = 1_000_000_000

    private let count = Atomic<Int>(0)
    /// Whether a request of normal or high priority was refused, and no second of relief has been seen since.
    private let hasRefused = Atomic<Bool>(false)
    /// When the requests were last crowded, in nanoseconds of the monotonic clock.
    private let lastCrowded = Atomic<UInt64>(0)

    /// Requests being served.
    var inFlight: Int { count.load(ordering: .relaxed) }

    /// Takes a request in, or refuses it. One taken in must `leave`.
    func admit(_ priority: Priority, _ limits: ShedLimits, now: MonotonicTime) -> Bool {
        let count = count.wrappingAdd(1, ordering: .relaxed).newValue
        guard limits.isOn, count > limits.limit(priority) else { return true }
        leave(limits, now: now)
        if priority != .low {
            lastCrowded.store(now.nanoseconds, ordering: .relaxed)
            hasRefused.store(true, ordering: .releasing)
        }
        return false
    }

    /// A request that was taken in has been served.
    func leave(_ limits: ShedLimits, now: MonotonicTime) {
        let before = count.wrappingSubtract(1, ordering: .relaxed).oldValue
        if limits.isOn, limits.isCrowded(before) { lastCrowded.store(now.nanoseconds, ordering: .relaxed) }
    }

    /// Whether new requests had better go elsewhere: from the first refusal on until the requests have been below 90 %
    /// of the limit for a second. Requests of low priority don't count: the others are still served.
    func isShedding(_ limits: ShedLimits, now: MonotonicTime) -> Bool {
        guard limits.isOn, hasRefused.load(ordering: .acquiring) else { return false }
        if limits.isCrowded(inFlight) { return true }
        let last = MonotonicTime(nanoseconds: lastCrowded.load(ordering: .relaxed))
        if now.nanoseconds(since: last) < Self.relief { return true }
        hasRefused.store(false, ordering: .releasing)
        return false
    }
}
