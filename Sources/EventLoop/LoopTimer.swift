/// A one-shot timer of a loop that can be set, moved and cancelled any number of times without allocating.
///
/// Belongs to the loop's thread. It fires at its deadline or up to a millisecond later. A scheduled timer is kept
/// alive by the loop; cancel it where its owner ends.
public final class LoopTimer {
    private unowned let loop: EventLoop
    private let fire: () -> Void
    internal var deadline = MonotonicTime.distantFuture
    /// Where it stands in the loop's heap; -1 = nowhere.
    internal var position = -1

    /// A timer that calls `fire` on the loop's thread, not scheduled yet.
    public init(_ loop: EventLoop, _ fire: @escaping () -> Void) {
        self.loop = loop
        self.fire = fire
    }

    /// Whether it will fire.
    public var isScheduled: Bool { position >= 0 }

    /// Sets it to fire at `deadline`, in place of any earlier setting.
    public func schedule(at deadline: MonotonicTime) {
        loop.timers.remove(self)
        guard deadline != .distantFuture else { return }
        self.deadline = deadline
        loop.timers.insert(self)
    }

    /// Sets it to fire `nanoseconds` from the loop's `now`.
    public func schedule(afterNanoseconds nanoseconds: UInt64) {
        schedule(at: loop.now.advanced(byNanoseconds: nanoseconds))
    }

    /// Takes the setting back; nothing happens if there is none.
    public func cancel() {
        loop.timers.remove(self)
    }

    internal func expire() {
        fire()
    }
}
