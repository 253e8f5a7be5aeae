internal import Glibc

/// A POSIX semaphore at an address that doesn't move.
final class Semaphore: @unchecked Sendable {
    private let semaphore: UnsafeMutablePointer<sem_t>

    init() {
        semaphore = .allocate(capacity: 1)
        sem_init(semaphore, 0, 0)
    }

    deinit {
        sem_destroy(semaphore)
        semaphore.deallocate()
    }

    func signal() { sem_post(semaphore) }

    func wait() { while sem_wait(semaphore) != 0 {} }

    /// Waits until signalled, at most `seconds`.
    func wait(seconds: Double) {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        let end = Double(time.tv_sec) + Double(time.tv_nsec) / 1e9 + max(seconds, 0)
        time.tv_sec = Int(end)
        time.tv_nsec = Int((end - Double(Int(end))) * 1e9)
        while sem_timedwait(semaphore, &time) != 0, errno == EINTR {}
    }
}
