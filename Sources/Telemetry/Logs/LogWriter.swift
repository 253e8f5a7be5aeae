public import Bytes
internal import Glibc
internal import Synchronization

/// Writes log lines to a descriptor from a thread of its own, so that no event loop ever waits for whoever reads the
/// log.
///
/// Lines wait in a buffer of bounded size; what doesn't fit is dropped and counted. Handing a line over is a copy under
/// a short lock, and wakes the thread only if that had gone to sleep: under load it looks by itself every few
/// milliseconds. Any thread. It lives until `stop`.
@safe
public final class LogWriter: @unchecked Sendable {
    private let descriptor: Int32
    private let capacity: Int
    /// How long the thread gathers lines before it writes them, in nanoseconds.
    private let gathering: UInt64
    private let dropped = Atomic<UInt64>(0)
    private let condition = ThreadCondition()

    // Guarded by `condition`.
    private var pending = ByteBuffer(capacity: 16 << 10)
    private var isParked = false
    private var isHurried = false
    private var isStopping = false
    private var hasStopped = false
    /// Batches taken from `pending`, and those of them that were written.
    private var batchesTaken = 0
    private var batchesWritten = 0

    /// Starts the thread.
    /// - Parameters:
    ///   - descriptor: where lines go; stays the caller's. Standard output unless given.
    ///   - capacity: bytes that may wait to be written.
    ///   - gathering: nanoseconds between two looks at what has come in.
    public init(descriptor: Int32 = 1, capacity: Int = 1 << 20, gathering: UInt64 = 5_000_000) {
        self.descriptor = descriptor
        self.capacity = capacity
        self.gathering = gathering
        startThread()
    }

    /// Lines that were dropped: for want of room, because the descriptor failed, or after `stop`.
    public var droppedLines: UInt64 { dropped.load(ordering: .relaxed) }

    /// Hands over a copy of one finished line, line feed included. Never waits for the descriptor.
    public func write(_ line: ByteBuffer) {
        condition.lock()
        guard !isStopping, pending.count + line.count <= capacity else {
            condition.unlock()
            dropped.wrappingAdd(1, ordering: .relaxed)
            return
        }
        pending.append(line)
        // Whom a line wakes from its sleep gathers those after it: woken by each of them, it would cost more than they do.
        let hurries = pending.count > capacity / 2 && !isHurried
        let wakes = isParked || hurries
        isParked = false
        if hurries { isHurried = true }
        condition.unlock()
        if wakes { condition.broadcast() }
    }

    /// Waits until what was handed over before is written, at most `nanoseconds`.
    /// - Returns: whether it is. Not for an event loop's thread.
    @discardableResult
    public func flush(nanoseconds: UInt64 = 2_000_000_000) -> Bool {
        condition.lock()
        defer { condition.unlock() }
        isHurried = true
        isParked = false
        condition.broadcast()
        let target = batchesTaken + (pending.isEmpty ? 0 : 1)
        return condition.wait(nanoseconds: nanoseconds) { batchesWritten >= target }
    }

    /// Takes no more lines, writes what is there and ends the thread; waits for that at most `nanoseconds`.
    /// - Returns: whether everything was written. A descriptor that nobody reads can keep it from that.
    @discardableResult
    public func stop(nanoseconds: UInt64 = 2_000_000_000) -> Bool {
        condition.lock()
        defer { condition.unlock() }
        isStopping = true
        isParked = false
        condition.broadcast()
        return condition.wait(nanoseconds: nanoseconds) { hasStopped }
    }

    // MARK: The thread

    private func startThread() {
        var thread = pthread_t()
        let context = unsafe Unmanaged.passRetained(self).toOpaque()
        let failed = unsafe pthread_create(
            &thread, nil,
            { context in
                guard let context = unsafe context else { return nil }
                unsafe Unmanaged<LogWriter>.fromOpaque(context).takeRetainedValue().run()
                return nil
            }, context)
        if failed == 0 {
            pthread_detach(thread)
        } else {
            unsafe Unmanaged<LogWriter>.fromOpaque(context).release()
            isStopping = true
            hasStopped = true
        }
    }

    private func run() {
        // Signals are the main thread's: one that lands here would cut a write short.
        var signals = sigset_t()
        unsafe sigfillset(&signals)
        unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
        var batch = ByteBuffer(capacity: 16 << 10)
        while takeBatch(&batch) {
            writeOut(batch)
            batch.clear()
            batch.shrink(to: 256 << 10)
            condition.lock()
            batchesWritten += 1
            condition.broadcast()
            _ = condition.wait(nanoseconds: gathering) { isHurried || isStopping }
            isHurried = false
            condition.unlock()
        }
    }

    /// Waits for lines and takes them all; false when there are none and none will come.
    private func takeBatch(_ batch: inout ByteBuffer) -> Bool {
        condition.lock()
        defer { condition.unlock() }
        while pending.isEmpty {
            if isStopping {
                hasStopped = true
                condition.broadcast()
                return false
            }
            isParked = true
            isHurried = false
            condition.wait()
        }
        isParked = false
        swap(&pending, &batch)
        batchesTaken += 1
        return true
    }

    private func writeOut(_ batch: ByteBuffer) {
        while !batch.isEmpty {
            let result = unsafe batch.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if result > 0 {
                batch.consume(result)
                continue
            }
            switch errno {
            case EINTR:
                continue
            case EAGAIN:
                var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = unsafe poll(&waiting, 1, 1000)
            default:
                let lost = unsafe batch.withUnsafeBytes { unsafe $0.count { $0 == UInt8(ascii: "\n") } }
                dropped.wrappingAdd(UInt64(lost), ordering: .relaxed)
                return
            }
        }
    }
}
