internal import CLinux
internal import Glibc
internal import Synchronization

/// A thread of the operating system that runs one event loop.
public final class EventLoopThread: Sendable {
    /// The loop, which runs until its `stop`.
    public let loop: EventLoop
    private let thread = Mutex<pthread_t?>(nil)
    /// Address space of the stack, whatever `ulimit -s` says: planning and writing recurse as deep as operations nest.
    private static let stackBytes = 8 << 20

    /// Starts a thread.
    /// - Parameter name: what debuggers and `top` show, cut to 15 bytes.
    /// - Throws: `SystemError` when no descriptor or no thread is to be had.
    public init(name: String) throws(SystemError) {
        loop = try EventLoop()
        let start = Start(loop: loop, name: String(decoding: name.utf8.prefix(15), as: UTF8.self))
        let context = unsafe Unmanaged.passRetained(start)
        var thread = pthread_t()
        var attributes = pthread_attr_t()
        unsafe pthread_attr_init(&attributes)
        defer { unsafe pthread_attr_destroy(&attributes) }
        unsafe pthread_attr_setstacksize(&attributes, Self.stackBytes)
        let code = unsafe pthread_create(
            &thread, &attributes,
            { context in
                guard let context = unsafe context else { return nil }
                let start = unsafe Unmanaged<Start>.fromOpaque(context).takeRetainedValue()
                _ = unsafe start.name.withCString { unsafe pthread_setname_np(pthread_self(), $0) }
                start.loop.run()
                return nil
            }, context.toOpaque())
        guard code == 0 else {
            unsafe context.release()
            throw SystemError(call: "pthread_create", code: code)
        }
        let started = thread
        self.thread.withLock { $0 = started }
    }

    private final class Start: Sendable {
        let loop: EventLoop
        let name: String

        init(loop: EventLoop, name: String) {
            self.loop = loop
            self.name = name
        }
    }

    /// Waits until the loop has stopped and its thread is gone. Not from that thread.
    public func join() {
        let taken = self.thread.withLock { $0.take() }
        if let taken { pthread_join(taken, nil) }
    }
}
