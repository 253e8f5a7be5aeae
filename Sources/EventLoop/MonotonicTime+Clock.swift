internal import CLinux
internal import Glibc

extension MonotonicTime {
    /// The clock now, for readers that belong to no loop. Any thread.
    public static var current: MonotonicTime {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return MonotonicTime(nanoseconds: UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec))
    }
}
