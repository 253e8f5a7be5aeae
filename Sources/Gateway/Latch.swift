internal import Dispatch

/// A gate that opens once: how a thread that is no loop's waits for one.
final class Latch: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)

    func open() { semaphore.signal() }

    func wait() { semaphore.wait() }
}
