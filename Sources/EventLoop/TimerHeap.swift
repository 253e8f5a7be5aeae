/// The timers of a loop: a binary heap by the time at which each is looked at, in which each knows its position.
struct TimerHeap {
    private var heap: [LoopTimer] = []

    var count: Int { heap.count }

    /// How long epoll may wait: -1 = until something happens.
    func waitMilliseconds(from now: MonotonicTime) -> Int32 {
        guard let first = heap.first else { return -1 }
        let nanoseconds = first.lookedAt.nanoseconds(since: now)
        return Int32(clamping: (nanoseconds + 999_999) / 1_000_000)
    }

    mutating func insert(_ timer: LoopTimer) {
        timer.position = heap.count
        heap.append(timer)
        siftUp(timer.position)
    }

    mutating func removeAll() {
        for timer in heap {
            timer.position = -1
            timer.deadline = .distantFuture
        }
        heap.removeAll()
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
            if heap[parent].lookedAt <= heap[index].lookedAt { return }
            swap(index, parent)
            index = parent
        }
    }

    private mutating func siftDown(_ start: Int) {
        var index = start
        while true {
            var least = index
            for child in [2 * index + 1, 2 * index + 2] where child < heap.count {
                if heap[child].lookedAt < heap[least].lookedAt { least = child }
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

    /// A timer that is due at `now`, taken out; nil if none is. Those that have been set to later move there.
    mutating func takeDue(at now: MonotonicTime) -> LoopTimer? {
        while let first = heap.first, first.lookedAt <= now {
            remove(first)
            if first.deadline <= now {
                first.deadline = .distantFuture
                return first
            }
            if first.deadline == .distantFuture { continue }
            first.lookedAt = first.deadline
            insert(first)
        }
        return nil
    }
}
