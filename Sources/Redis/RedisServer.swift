internal import Synchronization
public import Telemetry

/// One Redis as all shards of the process use it: how it is reached, and how that goes. Any thread.
///
/// It has an outage from when one client can't use it to when all can again. The owner hears of both ends once.
public final class RedisServer: Sendable {
    /// What the owner hears.
    public enum Event: Sendable {
        /// It can't be used; why.
        case lost(String)
        /// It can be used again.
        case back
    }

    private struct State {
        var clients = 0
        var usable = 0
        var problem: String?
        var tls: RedisTLS?
        var tlsProblem: String?
    }

    /// How it is reached.
    public let settings: RedisSettings
    private let report: @Sendable (Event) -> Void
    private let state = Mutex(State())
    private let counters: [RedisOutcome: Counter]

    /// - Parameter report: hears of outages; called on any thread.
    public init(_ settings: RedisSettings, _ metrics: MetricsRegistry, report: @escaping @Sendable (Event) -> Void) {
        self.settings = settings
        self.report = report
        let pairs = RedisOutcome.allCases.map { outcome in
            let counter = metrics.counter(
                "sluice_redis_commands_total", help: "Commands sent to Redis, by what came of them.",
                labels: ["result": outcome.rawValue])
            return (outcome, counter)
        }
        counters = Dictionary(uniqueKeysWithValues: pairs)
        readFiles()
    }

    /// Reads the files that the settings name, again: new connections use what is in them now. Not for a loop's thread.
    public func readFiles() {
        guard let settings = settings.tls else { return }
        do throws(RedisTLS.Problem) {
            let tls = try RedisTLS(settings)
            state.withLock { state in
                state.tls = tls
                state.tlsProblem = nil
            }
        } catch {
            state.withLock { $0.tlsProblem = error.reason }
        }
    }

    /// How its certificate is trusted.
    /// - Returns: nil where no TLS is spoken.
    func tls() throws(RedisTLS.Problem) -> RedisTLS? {
        guard settings.tls != nil else { return nil }
        let (tls, problem) = state.withLock { ($0.tls, $0.tlsProblem) }
        guard let tls else { throw RedisTLS.Problem(reason: problem ?? "no TLS") }
        return tls
    }

    func count(_ outcome: RedisOutcome) { counters[outcome]?.add() }

    // MARK: Clients

    func clientStarted() { state.withLock { $0.clients += 1 } }

    func clientClosed(wasUsable: Bool) {
        state.withLock { state in
            state.clients -= 1
            if wasUsable { state.usable -= 1 }
        }
    }

    func clientIsUsable() {
        let isBack = state.withLock { state in
            state.usable += 1
            guard state.problem != nil, state.usable == state.clients else { return false }
            state.problem = nil
            return true
        }
        if isBack { report(.back) }
    }

    func clientFailed(_ problem: String, wasUsable: Bool) {
        let isFirst = state.withLock { state in
            if wasUsable { state.usable -= 1 }
            defer { state.problem = problem }
            return state.problem == nil
        }
        if isFirst { report(.lost(problem)) }
    }

    /// How it is at this moment.
    public var status: RedisStatus {
        state.withLock { state in
            RedisStatus(
                url: settings.url, clients: state.clients, usable: state.usable, problem: state.problem,
                commands: RedisOutcome.allCases.map { ($0, Int(clamping: counters[$0]?.value ?? 0)) })
        }
    }
}

/// What came of a command.
public enum RedisOutcome: String, CaseIterable, Sendable {
    /// It was answered in time.
    case answered
    /// It was refused.
    case refused
    /// No answer came in time.
    case late
    /// The connection broke before.
    case lost
}

/// A Redis as operators see it.
public struct RedisStatus: Sendable {
    /// Its URL, without what is secret.
    public let url: String
    /// Connections that there should be, one for each shard.
    public let clients: Int
    /// Connections that can be used.
    public let usable: Int
    /// Why not all can be; nil where they can, or where that isn't known yet.
    public let problem: String?
    /// `up` where all can be used, `down` where one can't, else `connecting`.
    public var state: String { problem != nil ? "down" : usable == clients ? "up" : "connecting" }
    /// Commands by what came of them.
    public let commands: [(outcome: RedisOutcome, count: Int)]
}
