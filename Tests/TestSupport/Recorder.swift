internal import Glibc
internal import Synchronization

/// Collects what happens on another thread; one test waits until enough of it has.
public final class Recorder<Event: Sendable>: Sendable {
    private let events = Mutex<[Event]>([])
    private let semaphore = Semaphore()

    /// An empty one.
    public init() {}

    /// Adds `event`. Any thread.
    public func add(_ event: Event) {
        events.withLock { $0.append(event) }
        semaphore.signal()
    }

    /// What has happened so far.
    public var all: [Event] { events.withLock { $0 } }

    /// Waits until `isEnough` is true of what has happened.
    /// - Returns: what has happened by then, or by the end of the wait, which is long: machines can be busy.
    @discardableResult
    public func wait(seconds: Double = 30, until isEnough: ([Event]) -> Bool) -> [Event] {
        let deadline = Clock.now + seconds
        while true {
            let all = self.all
            if isEnough(all) || Clock.now > deadline { return all }
            semaphore.wait(seconds: deadline - Clock.now)
        }
    }

    /// Waits for `count` events.
    @discardableResult
    public func wait(count: Int, seconds: Double = 30) -> [Event] {
        wait(seconds: seconds) { $0.count >= count }
    }
}

/// The monotonic clock in seconds.
public enum Clock {
    /// Seconds since some start.
    public static var now: Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
