internal import Dispatch
internal import JOSE
internal import Synchronization
internal import Telemetry
internal import Upstream

/// An issuer's keys at a URL: fetched off the request path, kept while the issuer is down, fetched again before they are
/// stale. Any thread.
final class KeySource: Sendable {
    /// Bytes that a set of keys may have.
    private static let largestSet = 1 << 20
    /// How long a fetch may take.
    private static let fetchMilliseconds = 3_000
    /// How long after a failed fetch the next one begins.
    private static let retryDelay = DispatchTimeInterval.seconds(1)
    /// How often tokens may ask for keys that aren't known, in nanoseconds.
    private static let askInterval: UInt64 = 10_000_000_000
    /// How long keys are fresh that say nothing of it, and the bounds for those that do, in seconds.
    private static let usualAge = 300
    private static let ages = 10...3_600
    /// Requests that may wait for one fetch.
    private static let maximumWaiters = 10_000

    let url: String
    private let state = Mutex(State())
    private let changes = Atomic<Int>(0)
    private let queue = DispatchQueue(label: "keys")
    private let fetched: (ok: Counter, failed: Counter)

    private struct State {
        var keys: KeySet?
        var isStarted = false
        var isFetching = false
        /// Counts the timers set: only the newest one counts.
        var timer = 0
        /// When a token last asked for a key that isn't there, on the monotonic clock.
        var askedAt: UInt64?
        var failures = 0
        var waiters: [@Sendable () -> Void] = []
        var log: ServerLog?
    }

    init(_ url: String, _ metrics: MetricsRegistry) {
        self.url = url
        let name = "sluice_jwks_fetches_total"
        let help = "Fetches of an issuer's keys."
        fetched = (
            metrics.counter(name, help: help, labels: ["url": url, "result": "ok"]),
            metrics.counter(name, help: help, labels: ["url": url, "result": "failed"])
        )
    }

    /// The keys, if there are any yet.
    var keys: KeySet? { state.withLock { $0.keys } }

    /// Grows when the keys change: what was believed by the former ones has to be looked at again.
    var version: Int { changes.load(ordering: .acquiring) }

    /// Fetches the keys now if there are none, and from then on before they are stale.
    /// - Parameter done: called once, when the first fetch has ended, or at once where there was one.
    func start(_ log: ServerLog, _ done: @escaping @Sendable () -> Void) {
        let isFirst = state.withLock { state in
            state.log = log
            defer { state.isStarted = true }
            return !state.isStarted
        }
        guard isFirst else { return done() }
        fetch(then: done)
    }

    /// Fetches the keys because a token names one that isn't there.
    /// - Parameters:
    ///   - now: nanoseconds of the monotonic clock.
    ///   - done: called once when the fetch has ended, on a thread of its own; not called where this gives false.
    /// - Returns: false where keys were asked for within the last ten seconds, or too many wait.
    func ask(now: UInt64, then done: @escaping @Sendable () -> Void) -> Bool {
        enum Turn { case wait, fetch, refuse }
        let turn = state.withLock { state in
            guard state.keys != nil, state.waiters.count < Self.maximumWaiters else { return Turn.refuse }
            if state.isFetching, state.askedAt != nil {
                state.waiters.append(done)
                return .wait
            }
            if let askedAt = state.askedAt, now &- askedAt < Self.askInterval { return .refuse }
            state.askedAt = now
            return .fetch
        }
        if turn == .fetch { fetch(then: done) }
        return turn != .refuse
    }

    /// Begins a fetch, or waits for the one under way.
    private func fetch(then done: (@Sendable () -> Void)?) {
        let begins = state.withLock { state in
            if let done { state.waiters.append(done) }
            defer { state.isFetching = true }
            return !state.isFetching
        }
        if begins { queue.async { [self] in perform() } }
    }

    private func perform() {
        let delay: DispatchTimeInterval
        do throws(Failure) {
            let (keys, age) = try Self.get(url)
            take(keys)
            let bounded = min(max(age ?? Self.usualAge, Self.ages.lowerBound), Self.ages.upperBound)
            // A fifth before they are stale.
            delay = .milliseconds(bounded * 800)
        } catch {
            fail(error.reason)
            delay = Self.retryDelay
        }
        let (timer, waiters) = state.withLock { state in
            defer { state.waiters = [] }
            state.isFetching = false
            state.timer += 1
            return (state.timer, state.waiters)
        }
        for done in waiters { done() }
        queue.asyncAfter(deadline: .now() + delay) { [weak self] in
            guard let self, state.withLock({ $0.timer == timer }) else { return }
            fetch(then: nil)
        }
    }

    private func take(_ keys: KeySet) {
        let log = state.withLock { state in
            defer { state.failures = 0 }
            state.keys = keys
            return state.failures > 0 ? state.log : nil
        }
        changes.wrappingAdd(1, ordering: .releasing)
        fetched.ok.add()
        log?.write(.info, "The issuer's keys can be fetched again.", ["url": url])
    }

    private func fail(_ reason: String) {
        fetched.failed.add()
        let (failures, hasKeys, log) = state.withLock { state in
            state.failures += 1
            return (state.failures, state.keys != nil, state.log)
        }
        // The first, then about once a minute.
        guard failures % 60 == 1 else { return }
        log?.write(
            .warn,
            hasKeys
                ? "The issuer's keys can't be fetched; those that were fetched last stay."
                : "The issuer's keys can't be fetched; until they are, every token is refused.",
            ["url": url, "reason": reason, "failures": "\(failures)"])
    }

    /// Tries once whether the keys can be had, for `check`. Blocks.
    /// - Returns: why they can't; nil where they can.
    static func problem(of url: String) -> String? {
        do throws(Failure) {
            _ = try get(url)
            return nil
        } catch {
            return error.reason
        }
    }

    /// Why keys can't be had.
    private struct Failure: Error {
        let reason: String
    }

    /// Gets the keys, and for how many seconds they are fresh, where their server says so. Blocks.
    private static func get(_ url: String) throws(Failure) -> (keys: KeySet, age: Int?) {
        let document: DocumentFetch.Document
        do throws(DocumentFetch.Failure) {
            document = try DocumentFetch.get(url, limit: largestSet, milliseconds: fetchMilliseconds)
        } catch {
            throw Failure(reason: error.reason)
        }
        do throws(KeySet.Malformed) {
            return (try KeySet(json: document.bytes), document.maximumAge)
        } catch {
            throw Failure(reason: error.reason)
        }
    }
}
