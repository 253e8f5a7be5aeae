internal import Dispatch
internal import EventLoop
internal import Synchronization

/// A gate that opens once: how a thread that is no loop's waits for one.
final class Latch: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)

    func open() { semaphore.signal() }

    func wait() { semaphore.wait() }
}

/// A place that one thread puts a value into and another takes it from.
private final class Handover<Value: Sendable>: Sendable {
    private let value = Mutex<Value?>(nil)
    private let filled = Latch()

    func put(_ value: Value) {
        self.value.withLock { $0 = value }
        filled.open()
    }

    /// Waits for the value.
    func take() -> Value {
        while true {
            filled.wait()
            if let value = value.withLock({ $0 }) { return value }
        }
    }
}

extension EventLoopThread {
    /// Runs `work` on the loop and waits for what it gives. Not to be called on a loop's thread.
    @discardableResult
    func onLoop<Value: Sendable>(_ work: @escaping @Sendable () -> Value) -> Value {
        let handover = Handover<Value>()
        loop.execute { handover.put(work()) }
        return handover.take()
    }
}
