internal import Bytes
public import EventLoop
internal import Resilience

/// A shard's connection to a Redis, kept open whether anybody asks or not: no request waits for it to come about.
///
/// Commands of one tick leave together. A reply that doesn't come in `patience` is given up by who waits for it, and
/// from then on no command is taken until a `PING` was answered in time: a Redis that hangs costs the requests that met
/// it first their patience, and all others nothing. Belongs to the loop's thread.
public final class RedisClient {
    /// Nanoseconds that a command waits for its reply. The contract allows 50 ms; timers may be a millisecond late, and a
    /// busy loop a few.
    public static let patience: UInt64 = 45_000_000
    /// Nanoseconds after which a connection without replies is given up.
    private static let silence: UInt64 = 1_000_000_000
    /// Pauses before it is tried again; the ceilings, without chance.
    static let pauses = Backoff(base: 25_000_000, max: 2_000_000_000)
    /// Bytes that may wait to be sent.
    private static let outgoingLimit = 4 << 20

    enum Phase {
        /// Until `start`, and after `close`.
        case closed
        /// A pause before it connects again.
        case pausing
        /// Its name is looked up, the socket connects, Redis hears who we are.
        case connecting
        case usable
        /// Redis didn't answer in time: nothing is asked but a `PING` now and then.
        case doubtful
    }

    /// What it is connected to.
    public let server: RedisServer
    let loop: EventLoop
    var phase = Phase.closed
    var stream: RedisStream?
    var isConnected = false
    let incoming = ByteBuffer(capacity: 16 * 1024)
    let outgoing = ByteBuffer(capacity: 16 * 1024)
    let reader = ReplyReader()
    /// Those sent and not answered, the oldest first.
    var pending = CommandQueue()
    private var idle: [RedisCommand] = []
    /// Failures since a command was answered in time.
    var failures = 0
    /// Counts connections, so that a name that was looked up for an earlier one is known.
    var attempt = 0
    var isFlushing = false
    private lazy var flushing: () -> Void = { [unowned self] in flushPending() }
    /// When the timer looks for commands whose time is up.
    private var patienceEnd = MonotonicTime.distantFuture
    private lazy var patienceTimer = LoopTimer(loop) { [unowned self] in patienceEnded() }
    /// Ends a phase.
    lazy var phaseTimer = LoopTimer(loop) { [unowned self] in phaseEnded() }

    /// A client that isn't connected yet.
    public init(_ server: RedisServer, on loop: EventLoop) {
        self.server = server
        self.loop = loop
    }

    /// Begins to connect, and stays connected from then on.
    public func start() {
        guard phase == .closed else { return }
        server.clientStarted()
        connect()
    }

    /// Closes the connection; who waits gets nothing. To be called before the client is let go.
    public func close() {
        guard phase != .closed else { return }
        server.clientClosed(wasUsable: phase == .usable)
        let left = disconnect(to: .closed)
        phaseTimer.cancel()
        setPatience(.distantFuture)
        giveUp(left, as: .lost)
    }

    // MARK: Commands

    /// Whether a command would be sent now.
    public var isUsable: Bool { phase == .usable && outgoing.count < Self.outgoingLimit }

    /// A command to be filled in and sent; nil where Redis can't be asked now.
    /// - Parameter script: what is run with the arguments; without one the first argument is the command's name.
    public func makeCommand(running script: RedisScript? = nil) -> RedisCommand? {
        guard isUsable else { return nil }
        let command = idle.popLast() ?? RedisCommand()
        command.script = script
        return command
    }

    /// Sends `command`, which is the client's from here on.
    /// - Parameters:
    ///   - deadline: when its reply is of no use any more; at most `patience` from now.
    ///   - done: called once, later, with the reply, or with nil where none came in time.
    public func send(
        _ command: RedisCommand, by deadline: MonotonicTime = .distantFuture, _ done: @escaping (RedisReply?) -> Void
    ) {
        let end = loop.now.advanced(byNanoseconds: Self.patience)
        command.isUrgent = deadline < end
        command.deadline = min(deadline, end)
        command.completion = done
        enqueue(command)
    }

    func enqueue(_ command: RedisCommand, isWhole: Bool = false) {
        command.write(to: outgoing, isWhole: isWhole)
        pending.append(command)
        if command.deadline < patienceEnd { setPatience(command.deadline) }
        guard !isFlushing else { return }
        isFlushing = true
        loop.atEndOfTick(flushing)
    }

    /// Sends a command of the client's own.
    func ask(_ arguments: [String], _ done: @escaping (RedisReply?) -> Void) {
        let command = idle.popLast() ?? RedisCommand()
        for argument in arguments { command.append(argument) }
        command.isOwn = true
        // A greeting has as long as connecting has.
        command.deadline =
            phase == .connecting ? .distantFuture : loop.now.advanced(byNanoseconds: Self.patience)
        command.completion = done
        enqueue(command)
    }

    func recycle(_ command: RedisCommand) {
        command.reset()
        if idle.count < 256 { idle.append(command) }
    }

    private func giveUp(_ commands: [RedisCommand], as outcome: RedisOutcome) {
        for command in commands {
            guard let completion = command.completion else { continue }
            command.completion = nil
            if !command.isOwn { server.count(outcome) }
            completion(nil)
        }
    }

    // MARK: Failing

    /// The connection is of no use: another one is tried after a pause.
    func fail(_ reason: String) {
        let wasUsable = phase == .usable
        let left = disconnect(to: .pausing)
        failures += 1
        phaseTimer.schedule(at: loop.preciseNow().advanced(byNanoseconds: Self.pauses.ceiling(retry: failures)))
        server.clientFailed(reason, wasUsable: wasUsable)
        giveUp(left, as: .lost)
    }

    /// - Returns: the commands that wait for a reply.
    private func disconnect(to phase: Phase) -> [RedisCommand] {
        self.phase = phase
        if let stream { loop.deregister(stream.descriptor) }
        stream = nil
        isConnected = false
        incoming.clear()
        outgoing.clear()
        outgoing.shrink(to: 64 * 1024)
        reader.reset()
        return pending.removeAll()
    }

    /// No answer came in time: nobody waits for one from here on.
    private func doubt() {
        if phase == .usable {
            phase = .doubtful
            server.clientFailed("it doesn't answer within 50 ms", wasUsable: true)
        }
        guard phase == .doubtful else { return }
        failures += 1
        phaseTimer.schedule(at: loop.preciseNow().advanced(byNanoseconds: Self.silence))
    }

    private func phaseEnded() {
        switch phase {
        case .pausing: connect()
        case .connecting: fail("no connection came about within 2 s")
        case .doubtful where pending.isEmpty:
            phaseTimer.schedule(at: loop.preciseNow().advanced(byNanoseconds: Self.silence))
            ask(["PING"]) { [unowned self] reply in
                if case .done = reply, phase == .doubtful { becomeUsable() }
            }
        case .doubtful: fail("it hasn't answered for a second")
        case .closed, .usable: break
        }
    }

    private func setPatience(_ end: MonotonicTime) {
        patienceEnd = end
        patienceTimer.schedule(at: end)
    }

    private func patienceEnded() {
        let now = loop.preciseNow()
        var next = MonotonicTime.distantFuture
        var expired: [RedisCommand] = []
        pending.forEach { command in
            guard command.completion != nil else { return }
            if command.deadline <= now { expired.append(command) } else { next = min(next, command.deadline) }
        }
        setPatience(next)
        if expired.contains(where: { !$0.isUrgent }) { doubt() }
        giveUp(expired, as: .late)
    }
}
