internal import Glibc

/// A lock with waiting, over pthread: what `Mutex` can't do.
@safe
final class ThreadCondition: @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>

    init() {
        unsafe mutex = .allocate(capacity: 1)
        unsafe condition = .allocate(capacity: 1)
        unsafe pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        unsafe pthread_condattr_init(&attributes)
        unsafe pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        unsafe pthread_cond_init(condition, &attributes)
        unsafe pthread_condattr_destroy(&attributes)
    }

    deinit {
        unsafe pthread_cond_destroy(condition)
        unsafe pthread_mutex_destroy(mutex)
        unsafe condition.deallocate()
        unsafe mutex.deallocate()
    }

    func lock() { unsafe pthread_mutex_lock(mutex) }

    func unlock() { unsafe pthread_mutex_unlock(mutex) }

    func broadcast() { unsafe pthread_cond_broadcast(condition) }

    /// Waits for a broadcast. Call it with the lock held.
    func wait() { unsafe pthread_cond_wait(condition, mutex) }

    /// Waits until `isMet`, looking after every broadcast, at most `nanoseconds`. Call it with the lock held.
    /// - Returns: whether it is met.
    func wait(nanoseconds: UInt64, until isMet: () -> Bool) -> Bool {
        var end = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &end)
        let fraction = UInt64(end.tv_nsec) + nanoseconds % 1_000_000_000
        end.tv_sec += Int(nanoseconds / 1_000_000_000 + fraction / 1_000_000_000)
        end.tv_nsec = Int(fraction % 1_000_000_000)
        while !isMet() {
            if unsafe pthread_cond_timedwait(condition, mutex, &end) == ETIMEDOUT { return isMet() }
        }
        return true
    }
}
