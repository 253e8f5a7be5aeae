internal import Bytes
internal import EventLoop
internal import Glibc
internal import HTTP

/// The Date line of answers, made once a second.
struct DateField {
    private let line = ByteBuffer(capacity: 48)
    private var validUntil = MonotonicTime(nanoseconds: 0)

    /// Appends the line with its CRLF.
    mutating func append(to buffer: ByteBuffer, now: MonotonicTime) {
        if now >= validUntil { refresh(now) }
        buffer.append(line)
    }

    private mutating func refresh(_ now: MonotonicTime) {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        line.clear()
        line.append("date: ")
        HTTPDate.append(time.tv_sec, to: line)
        line.append("\r\n")
        validUntil = now.advanced(byNanoseconds: UInt64(1_000_000_000 - min(max(time.tv_nsec, 0), 999_999_999)))
    }
}
