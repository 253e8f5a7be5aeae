internal import Bytes

/// Writes the lines of one thread's requests to a log, each put together in storage that is used again.
public final class AccessLog {
    private let writer: LogWriter
    private let line = ByteBuffer(capacity: 1024)
    private let times = TimeText()

    /// A log over `writer`.
    public init(_ writer: LogWriter) {
        self.writer = writer
    }

    /// Writes a request's access line.
    public func write(_ record: AccessRecord) {
        line.clear()
        record.append(to: line, times)
        handOver()
    }

    /// Writes the line of a request that took too long.
    public func writeSlow(_ record: AccessRecord) {
        line.clear()
        record.appendSlow(to: line, times)
        handOver()
    }

    private func handOver() {
        writer.write(line)
        line.clear()
        // One with hundreds of calls must not stay in memory.
        line.shrink(to: 64 << 10)
    }
}
