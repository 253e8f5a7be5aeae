internal import CLinux
internal import Glibc
internal import Synchronization

/// One thread's epoll loop: readiness of descriptors, timers, work posted from elsewhere, and Swift tasks.
///
/// A shard owns one. As a `TaskExecutor` and `SerialExecutor` it runs tasks on its own thread, between two looks at
/// epoll, so that a request never leaves its thread. `run` makes the calling thread the loop's; everything not marked
/// "any thread" belongs to that thread alone, and is checked there in debug builds.
@safe
public final class EventLoop: SerialExecutor, TaskExecutor, @unchecked Sendable {
    private let epoll: Int32
    private let wakeUp: Int32
    private let inbox = Mutex(Inbox())
    /// Whether a wake-up is already on its way, so that a burst of posts writes the eventfd once.
    private let isWoken = Atomic<Bool>(false)

    /// The thread in `run`; 0 = none. Read by any thread that posts.
    private let thread = Atomic<pthread_t>(0)

    // Confined to the loop's thread from here on.
    private var handlers: [Registration?] = []
    private var generation: UInt32 = 0
    private var ready: [UnownedJob] = []
    private var deferred: [() -> Void] = []
    private var isRunning = false
    internal var timers = TimerHeap()

    /// The loop's clock: read once each time epoll returns.
    public private(set) var now: MonotonicTime

    private struct Inbox {
        var jobs: [UnownedJob] = []
        var work: [@Sendable () -> Void] = []
        var isStopping = false
    }

    private struct Registration {
        var handler: any ReadinessHandler
        var generation: UInt32
        var interest: Readiness
    }

    /// A loop that isn't running yet.
    /// - Throws: `SystemError` when the process has no descriptor left.
    public init() throws(SystemError) {
        epoll = try SystemError.check("epoll_create1", epoll_create1(Int32(sluice_EPOLL_CLOEXEC)))
        wakeUp = try SystemError.check(
            "eventfd", eventfd(0, Int32(sluice_EFD_CLOEXEC | sluice_EFD_NONBLOCK)))
        now = EventLoop.readClock()
        _ = sluice_epoll_ctl(
            epoll, Int32(sluice_EPOLL_CTL_ADD), wakeUp, Readiness.readable.rawValue, Self.wakeUpTag)
    }

    deinit {
        close(epoll)
        close(wakeUp)
    }

    private static let wakeUpTag = UInt64.max

    private static func readClock() -> MonotonicTime {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return MonotonicTime(nanoseconds: UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec))
    }

    /// Reads the clock afresh, for a measurement that the tick's time is too coarse for.
    public func preciseNow() -> MonotonicTime { Self.readClock() }

    // MARK: Running

    /// Runs the loop on the calling thread until `stop`. Handlers and timers that are left then are let go.
    public func run() {
        thread.store(pthread_self(), ordering: .relaxed)
        isRunning = true
        // What a tick's events have to send goes out together at its end, so a tick takes no more than a few of them.
        let capacity = 32
        let events = UnsafeMutableBufferPointer<epoll_event>.allocate(capacity: capacity)
        defer { unsafe events.deallocate() }
        while isRunning {
            let timeout = ready.isEmpty && deferred.isEmpty ? timers.waitMilliseconds(from: now) : 0
            let count = unsafe epoll_wait(epoll, events.baseAddress, Int32(capacity), timeout)
            now = Self.readClock()
            if count > 0 {
                for index in 0..<Int(count) {
                    let tag = unsafe sluice_epoll_tag(&events[index])
                    deliver(tag: tag, Readiness(rawValue: unsafe events[index].events))
                }
            }
            expireTimers()
            runReady()
        }
        // What was posted with or before the stop still runs, so that nobody waits for ever.
        drainInbox()
        runReady()
        handlers.removeAll()
        timers.removeAll()
        thread.store(0, ordering: .relaxed)
    }

    /// Fires what is due, each timer once: one that sets itself to now again waits for the next tick.
    private func expireTimers() {
        var budget = timers.count
        while budget > 0, let timer = timers.takeDue(at: now) {
            timer.expire()
            budget -= 1
        }
    }

    /// Ends `run` after the current tick. Any thread.
    public func stop() {
        inbox.withLock { $0.isStopping = true }
        wake()
    }

    /// Whether the calling thread is the loop's. Any thread.
    public var isCurrent: Bool {
        thread.load(ordering: .relaxed) == pthread_self()
    }

    private func deliver(tag: UInt64, _ events: Readiness) {
        if tag == Self.wakeUpTag {
            var count: UInt64 = 0
            _ = unsafe read(wakeUp, &count, 8)
            // An exchange, though nobody needs what was there: it lets the thread sanitizer see that what was posted came
            // before, which it can't by a contended Mutex.
            _ = isWoken.exchange(false, ordering: .sequentiallyConsistent)
            drainInbox()
            return
        }
        // An event of a descriptor that was closed and opened again within this tick has an old generation.
        let descriptor = Int(tag & 0xFFFF_FFFF)
        guard descriptor < handlers.count, let registration = handlers[descriptor],
            registration.generation == UInt32(tag >> 32)
        else { return }
        registration.handler.ready(events)
    }

    private func drainInbox() {
        let taken = inbox.withLock { inbox in
            let taken = inbox
            inbox.jobs = []
            inbox.work = []
            return taken
        }
        ready.append(contentsOf: taken.jobs)
        for work in taken.work { work() }
        if taken.isStopping { isRunning = false }
    }

    /// Runs tasks and deferred work until there is none: what they enqueue runs in the same tick.
    private func runReady() {
        var index = 0
        while true {
            while index < ready.count {
                let job = ready[index]
                index += 1
                unsafe job.runSynchronously(
                    isolatedTo: asUnownedSerialExecutor(), taskExecutor: asUnownedTaskExecutor())
            }
            ready.removeAll(keepingCapacity: true)
            index = 0
            if deferred.isEmpty { return }
            let work = deferred
            deferred.removeAll(keepingCapacity: true)
            for item in work { item() }
        }
    }

    // MARK: Work from elsewhere

    /// Runs `work` on the loop's thread, soon. Any thread.
    public func execute(_ work: @escaping @Sendable () -> Void) {
        inbox.withLock { $0.work.append(work) }
        wake()
    }

    /// Runs `work` once the events and tasks of this tick are through: where writes are gathered.
    public func atEndOfTick(_ work: @escaping () -> Void) {
        deferred.append(work)
    }

    private func wake() {
        if isWoken.exchange(true, ordering: .sequentiallyConsistent) { return }
        var one: UInt64 = 1
        _ = unsafe write(wakeUp, &one, 8)
    }

    // MARK: Descriptors

    /// Watches `descriptor` for `interest` and calls `handler` when it is ready. The loop keeps `handler` until
    /// `deregister`, and is told of a state as long as it lasts (level-triggered).
    /// - Throws: `SystemError` when the kernel refuses (a descriptor that can't be polled, or no memory).
    public func register(
        _ descriptor: Int32, _ interest: Readiness, _ handler: any ReadinessHandler
    ) throws(SystemError) {
        let index = Int(descriptor)
        while handlers.count <= index { handlers.append(nil) }
        generation &+= 1
        let tag = UInt64(generation) << 32 | UInt64(UInt32(bitPattern: descriptor))
        try SystemError.check(
            "epoll_ctl",
            sluice_epoll_ctl(epoll, Int32(sluice_EPOLL_CTL_ADD), descriptor, interest.rawValue, tag))
        handlers[index] = Registration(handler: handler, generation: generation, interest: interest)
    }

    /// Changes what `descriptor` is watched for; no system call if it is the same.
    public func update(_ descriptor: Int32, _ interest: Readiness) {
        let index = Int(descriptor)
        guard index < handlers.count, let registration = handlers[index], registration.interest != interest else {
            return
        }
        let tag = UInt64(registration.generation) << 32 | UInt64(UInt32(bitPattern: descriptor))
        _ = sluice_epoll_ctl(epoll, Int32(sluice_EPOLL_CTL_MOD), descriptor, interest.rawValue, tag)
        handlers[index]?.interest = interest
    }

    /// Stops watching `descriptor` and lets its handler go. Call it before the descriptor is closed.
    /// - Parameter closing: the caller closes the descriptor next, which takes it out of epoll by itself: saves a
    ///   system call.
    public func deregister(_ descriptor: Int32, closing: Bool = false) {
        let index = Int(descriptor)
        guard index < handlers.count, handlers[index] != nil else { return }
        handlers[index] = nil
        if !closing {
            _ = sluice_epoll_ctl(epoll, Int32(sluice_EPOLL_CTL_DEL), descriptor, 0, 0)
        }
    }

    // MARK: Executor

    /// Runs `job` on the loop's thread, in this tick if it is called there. Any thread.
    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        if isCurrent {
            ready.append(job)
        } else {
            inbox.withLock { $0.jobs.append(job) }
            wake()
        }
    }

    /// The loop as tasks know it. Any thread.
    public func asUnownedSerialExecutor() -> UnownedSerialExecutor {
        unsafe UnownedSerialExecutor(ordinary: self)
    }

    /// Traps off the loop's thread.
    public func checkIsolated() {
        precondition(isCurrent, "this belongs to the event loop's thread")
    }

    /// Whether the calling thread is the loop's. Any thread.
    public func isIsolatingCurrentContext() -> Bool? { isCurrent }
}
