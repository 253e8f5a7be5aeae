public import EventLoop
internal import Synchronization

/// Checks the targets of all upstreams that ask for it, once for the process, on a thread of its own that there is only
/// where an upstream asks. Any thread but an event loop's.
public final class HealthChecker: Sendable {
    private struct Running: Sendable {
        let thread: EventLoopThread
        let watches: LoopConfined<Watches>
    }

    /// Belongs to the loop.
    private final class Watches {
        let client: UpstreamClient
        var all: [HealthWatch] = []

        init(_ loop: EventLoop) {
            client = UpstreamClient(loop: loop)
        }
    }

    private let running = Mutex<Running?>(nil)

    /// One that checks nothing yet.
    public init() {}

    /// Checks the upstreams of `registry` from now on, and no others. Those whose targets are the same as before go on
    /// undisturbed.
    /// - Throws: `SystemError` when no thread is to be had.
    public func follow(_ registry: UpstreamRegistry) throws(SystemError) {
        let wanted = registry.upstreams.filter { $0.settings.balancing.health != nil }
        if wanted.isEmpty { return stop() }
        let running = try start()
        running.thread.loop.execute {
            let watches = running.watches.unwrapped
            let before = watches.all
            watches.all = wanted.compactMap { upstream in
                guard let health = upstream.settings.balancing.health else { return nil }
                if let watch = before.first(where: { $0.isFor(upstream) }) { return watch }
                let watch = HealthWatch(upstream, health, watches.client)
                watch.look()
                return watch
            }
            for watch in before where !watches.all.contains(where: { $0 === watch }) { watch.stop() }
            watches.client.closeRetired()
        }
    }

    private func start() throws(SystemError) -> Running {
        if let running = running.withLock({ $0 }) { return running }
        let thread = try EventLoopThread(name: "health")
        let watches = thread.onLoop { [loop = thread.loop] in LoopConfined(Watches(loop), to: loop) }
        let started = Running(thread: thread, watches: watches)
        running.withLock { $0 = started }
        return started
    }

    /// Makes no more checks, and waits until the thread is gone.
    public func stop() {
        guard let running = running.withLock({ $0.take() }) else { return }
        running.thread.loop.execute {
            let watches = running.watches.unwrapped
            for watch in watches.all { watch.stop() }
            watches.all = []
            watches.client.close()
            running.thread.loop.stop()
        }
        running.thread.join()
    }
}
