internal import Dispatch
internal import Synchronization

extension EventLoopThread {
    /// Runs `work` on the loop and waits for what it gives or throws. Not from a loop's thread, and not after `stop`.
    @discardableResult
    public func onLoop<Value: Sendable, Failure: Error>(
        _ work: @escaping @Sendable () throws(Failure) -> Value
    ) throws(Failure) -> Value {
        let handover = Handover<Result<Value, Failure>>()
        loop.execute { handover.put(Result { () throws(Failure) in try work() }) }
        return try handover.take().get()
    }

    /// Ends the loop and waits until the thread is gone. Not from that thread.
    public func stop() {
        loop.stop()
        join()
    }
}

/// A place that one thread puts a value into and another takes it from.
private final class Handover<Value: Sendable>: Sendable {
    private let value = Mutex<Value?>(nil)
    /// The lock would do; but a contended Mutex doesn't tell the thread sanitizer what came before what.
    private let isFilled = Atomic<Bool>(false)
    private let filled = DispatchSemaphore(value: 0)

    func put(_ value: Value) {
        self.value.withLock { $0 = value }
        isFilled.store(true, ordering: .releasing)
        filled.signal()
    }

    /// Waits for the value.
    func take() -> Value {
        while true {
            filled.wait()
            if isFilled.load(ordering: .acquiring), let value = value.withLock({ $0.take() }) { return value }
        }
    }
}
