public import EventLoop

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
        try thread.onLoop(body)
    }

    /// Ends the loop and waits for its thread.
    public func stop() { thread.stop() }
}
