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

/// The scheduled timers of a loop: a binary heap by deadline in which each timer knows its position.
struct TimerWheel {
    private var heap: [LoopTimer] = []

    /// How long epoll may wait: -1 = until something happens.
    func waitMilliseconds(from now: MonotonicTime) -> Int32 {
        guard let first = heap.first else { return -1 }
        let nanoseconds = first.deadline.nanoseconds(since: now)
        return Int32(clamping: (nanoseconds + 999_999) / 1_000_000)
    }

    mutating func insert(_ timer: LoopTimer) {
        timer.position = heap.count
        heap.append(timer)
        siftUp(timer.position)
    }

    mutating func remove(_ timer: LoopTimer) {
        let position = timer.position
        guard position >= 0 else { return }
        timer.position = -1
        let last = heap.removeLast()
        guard last !== timer else { return }
        heap[position] = last
        last.position = position
        siftUp(position)
        siftDown(last.position)
    }

    private mutating func siftUp(_ start: Int) {
        var index = start
        while index > 0 {
            let parent = (index - 1) / 2
            if heap[parent].deadline <= heap[index].deadline { return }
            swap(index, parent)
            index = parent
        }
    }

    private mutating func siftDown(_ start: Int) {
        var index = start
        while true {
            var least = index
            for child in [2 * index + 1, 2 * index + 2] where child < heap.count {
                if heap[child].deadline < heap[least].deadline { least = child }
            }
            if least == index { return }
            swap(index, least)
            index = least
        }
    }

    private mutating func swap(_ a: Int, _ b: Int) {
        heap.swapAt(a, b)
        heap[a].position = a
        heap[b].position = b
    }

    /// The timer that is due at `now`, taken out; nil if none is.
    mutating func takeDue(at now: MonotonicTime) -> LoopTimer? {
        guard let first = heap.first, first.deadline <= now else { return nil }
        remove(first)
        return first
    }
}
