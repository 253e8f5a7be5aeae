public import EventLoop
internal import Synchronization

/// A loop on a thread of its own for the length of a test: `run` does something on that thread and waits for it.
public final class LoopThread: Sendable {
    private let thread: EventLoopThread

    /// Starts the thread.
    public init(name: String = "test-loop") throws {
        thread = try EventLoopThread(name: name)
    }

    deinit {
        stop()
    }

    /// The loop.
    public var loop: EventLoop { thread.loop }

    /// Does `body` on the loop's thread and gives its result.
    public func run<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) throws -> Result {
        let answer = Answer<Result>()
        loop.execute { answer.set(Swift.Result { try body() }) }
        return try answer.wait().get()
    }

    /// Ends the loop and waits for its thread.
    public func stop() {
        loop.stop()
        thread.join()
    }
}

/// A value that one thread sets and another waits for.
private final class Answer<Value: Sendable>: Sendable {
    private let value = Mutex<Result<Value, any Error>?>(nil)
    private let semaphore: Semaphore

    init() { semaphore = Semaphore() }

    func set(_ result: Result<Value, any Error>) {
        value.withLock { $0 = result }
        semaphore.signal()
    }

    func wait() -> Result<Value, any Error> {
        semaphore.wait()
        return value.withLock { $0 ?? .failure(Unanswered()) }
    }

    struct Unanswered: Error {}
}
