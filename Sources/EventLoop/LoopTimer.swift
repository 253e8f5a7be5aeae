/// A one-shot timer of a loop that can be set, moved and cancelled any number of times without allocating.
///
/// Belongs to the loop's thread. It fires at its deadline or up to a millisecond later. A scheduled timer is kept
/// alive by the loop; cancel it where its owner ends.
///
/// Most deadlines pass unneeded: a timer that is set to a later time keeps its place in the loop's heap, is looked at
/// when that is due, and moves on then. So one that is set, rested and set again for every call costs a few stores.
public final class LoopTimer {
    private let loop: Owner<EventLoop>
    private var fire: () -> Void = {}
    /// When it fires; distant future = not at all.
    internal var deadline = MonotonicTime.distantFuture
    /// When the loop looks at it: no later than `deadline`.
    internal var lookedAt = MonotonicTime.distantFuture
    /// Where it stands in the loop's heap; -1 = nowhere.
    internal var position = -1

    /// A timer that calls `fire` on the loop's thread, not scheduled yet.
    public init(_ loop: EventLoop, _ fire: @escaping () -> Void) {
        self.loop = Owner(loop)
        self.fire = fire
    }

    /// A timer that calls nothing until `onFire` is given something: for an owner that can't be referred to yet.
    public init(_ loop: EventLoop) {
        self.loop = Owner(loop)
    }

    /// Has `fire` called from now on.
    public func onFire(_ fire: @escaping () -> Void) {
        self.fire = fire
    }

    /// Whether it will fire.
    public var isScheduled: Bool { deadline != .distantFuture }

    /// Sets it to fire at `deadline`, in place of any earlier setting.
    public func schedule(at deadline: MonotonicTime) {
        guard deadline != .distantFuture else { return cancel() }
        self.deadline = deadline
        if position >= 0 {
            if lookedAt <= deadline { return }
            loop { $0.timers.remove(self) }
        }
        lookedAt = deadline
        loop { $0.timers.insert(self) }
    }

    /// Sets it to fire `nanoseconds` from the loop's `now`.
    public func schedule(afterNanoseconds nanoseconds: UInt64) {
        schedule(at: loop { $0.now }.advanced(byNanoseconds: nanoseconds))
    }

    /// Takes the setting back; nothing happens if there is none.
    public func cancel() {
        deadline = .distantFuture
        if position >= 0 { loop { $0.timers.remove(self) } }
    }

    /// Takes the setting back, and leaves the timer where it is in the heap: for an owner that is likely to set it again.
    /// The loop keeps the timer, but doesn't call it, until the time that was set has come.
    public func rest() {
        deadline = .distantFuture
    }

    internal func expire() {
        fire()
    }
}
