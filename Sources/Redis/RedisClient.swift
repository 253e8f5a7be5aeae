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
    /// Nanoseconds in which a connection has to come about, up to its first reply.
    private static let connectTimeout: UInt64 = 2_000_000_000
    /// Nanoseconds after which a connection without replies is given up.
    private static let silence: UInt64 = 1_000_000_000
    /// Pauses before it is tried again; the ceilings, without chance.
    private static let pauses = Backoff(base: 25_000_000, max: 2_000_000_000)
    /// Bytes that may wait to be sent.
    private static let outgoingLimit = 4 << 20

    private enum Phase {
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
    private var phase = Phase.closed
    private var stream: RedisStream?
    private var isConnected = false
    private let incoming = ByteBuffer(capacity: 16 * 1024)
    private let outgoing = ByteBuffer(capacity: 16 * 1024)
    private let reader = ReplyReader()
    /// Those sent and not answered, the oldest first.
    private var pending = CommandQueue()
    private var idle: [RedisCommand] = []
    /// Failures since a command was answered in time.
    private var failures = 0
    /// Counts connections, so that a name that was looked up for an earlier one is known.
    private var attempt = 0
    private var isFlushing = false
    private lazy var flushing: () -> Void = { [unowned self] in flushPending() }
    /// When the timer looks for commands whose time is up.
    private var patienceEnd = MonotonicTime.distantFuture
    private lazy var patienceTimer = LoopTimer(loop) { [unowned self] in patienceEnded() }
    /// Ends a phase.
    private lazy var phaseTimer = LoopTimer(loop) { [unowned self] in phaseEnded() }

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
        giveUp(left)
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

    private func enqueue(_ command: RedisCommand, isWhole: Bool = false) {
        command.write(to: outgoing, isWhole: isWhole)
        pending.append(command)
        if command.deadline < patienceEnd { setPatience(command.deadline) }
        guard !isFlushing else { return }
        isFlushing = true
        loop.atEndOfTick(flushing)
    }

    /// Sends a command of the client's own.
    private func ask(_ arguments: [String], _ done: @escaping (RedisReply?) -> Void) {
        let command = idle.popLast() ?? RedisCommand()
        for argument in arguments { command.append(argument) }
        command.isOwn = true
        // A greeting has as long as connecting has.
        command.deadline =
            phase == .connecting ? .distantFuture : loop.now.advanced(byNanoseconds: Self.patience)
        command.completion = done
        enqueue(command)
    }

    private func recycle(_ command: RedisCommand) {
        command.reset()
        if idle.count < 256 { idle.append(command) }
    }

    private func giveUp(_ commands: [RedisCommand]) {
        for command in commands {
            guard let completion = command.completion else { continue }
            command.completion = nil
            if !command.isOwn { server.count(.lost) }
            completion(nil)
        }
    }

    // MARK: Connecting

    private func connect() {
        phase = .connecting
        attempt += 1
        phaseTimer.schedule(at: loop.preciseNow().advanced(byNanoseconds: Self.connectTimeout))
        let settings = server.settings
        if let literal = IPAddress(settings.host) { return open([.ip(literal, port: settings.port)]) }
        let confined = LoopConfined(self, to: loop)
        let attempt = attempt
        NameResolver.shared.resolve(settings.host, settings.port, on: loop, now: loop.now) { addresses in
            let client = confined.unwrapped
            guard client.attempt == attempt, client.phase == .connecting else { return }
            client.open(addresses)
        }
    }

    /// Connects to one of the addresses, after each failure to another.
    private func open(_ addresses: [SocketAddress]) {
        guard !addresses.isEmpty else { return fail("its name \"\(server.settings.host)\" can't be resolved") }
        let name = server.settings.tls?.serverName ?? server.settings.host
        do {
            let socket = try Socket.connecting(to: addresses[failures % addresses.count])
            guard let stream = RedisStream(socket, try server.tls(), name: name) else {
                return fail("TLS: \(RedisTLS.reason)")
            }
            try loop.register(stream.descriptor, [.readable, .writable], self)
            self.stream = stream
        } catch let problem as RedisTLS.Problem {
            fail(problem.reason)
        } catch {
            fail("\(error)")
        }
    }

    /// Says who we are, and waits until Redis answers as one that can be used.
    private func greet() {
        let settings = server.settings
        if let password = settings.password {
            ask(["AUTH"] + (settings.user.map { [$0] } ?? []) + [password]) { [unowned self] in greeted($0) }
        }
        if settings.database != 0 { ask(["SELECT", "\(settings.database)"]) { [unowned self] in greeted($0) } }
        ask(["PING"]) { [unowned self] reply in
            greeted(reply)
            if case .done = reply, phase == .connecting { becomeUsable() }
        }
    }

    private func greeted(_ reply: RedisReply?) {
        if case .refused(let reason) = reply, phase == .connecting { fail("it refuses: \(reason)") }
    }

    private func becomeUsable() {
        phase = .usable
        phaseTimer.cancel()
        server.clientIsUsable()
    }

    // MARK: Failing

    /// The connection is of no use: another one is tried after a pause.
    private func fail(_ reason: String) {
        let wasUsable = phase == .usable
        let left = disconnect(to: .pausing)
        failures += 1
        phaseTimer.schedule(at: loop.preciseNow().advanced(byNanoseconds: Self.pauses.ceiling(retry: failures)))
        server.clientFailed(reason, wasUsable: wasUsable)
        giveUp(left)
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
        for command in expired {
            guard let completion = command.completion else { continue }
            command.completion = nil
            if !command.isOwn { server.count(.late) }
            completion(nil)
        }
    }

    // MARK: Bytes

    private func flushPending() {
        isFlushing = false
        flush()
    }

    private func flush() {
        guard let stream, isConnected else { return }
        let outgoing = outgoing
        while !outgoing.isEmpty {
            switch stream.send(outgoing.bytes) {
            case .bytes(let count): outgoing.consume(count)
            case .wouldBlock: return loop.update(stream.descriptor, interest(stream))
            case .ended: return fail("it has closed the connection")
            case .failed(let code): return fail(stream, code)
            }
        }
        outgoing.shrink(to: 64 * 1024)
        loop.update(stream.descriptor, interest(stream))
    }

    private func interest(_ stream: RedisStream) -> Readiness {
        stream.wantsWritable ? [.readable, .writable] : .readable
    }

    private func fail(_ stream: RedisStream, _ code: Int32) {
        fail(stream.problem ?? "\(SystemError(call: "connection", code: code))")
    }

    /// Reads what is there, and hands out the replies in it.
    private func receive(_ stream: RedisStream) {
        while self.stream === stream {
            incoming.clear()
            switch stream.receive(into: incoming, minimum: 16 * 1024) {
            case .bytes:
                let incoming = incoming
                reader.feed(incoming.bytes)
                handOut(stream)
            case .wouldBlock: return
            case .ended: return fail("it has closed the connection")
            case .failed(let code): return fail(stream, code)
            }
        }
    }

    private func handOut(_ stream: RedisStream) {
        while self.stream === stream {
            switch reader.next() {
            case .none: return
            case .broken(let reason): return fail(reason)
            case .reply(let reply):
                guard let command = pending.popFirst() else { return fail("it answers what nobody asked") }
                finish(command, reply)
            }
        }
    }

    private func finish(_ command: RedisCommand, _ reply: RedisReply) {
        // Redis has lost the script, and gets its text this time.
        if case .refused(let reason) = reply, reason.hasPrefix("NOSCRIPT"), command.completion != nil {
            return enqueue(command, isWhole: true)
        }
        if let completion = command.completion {
            command.completion = nil
            if !command.isOwn { count(reply) }
            completion(reply)
        }
        recycle(command)
        guard phase == .doubtful, pending.isEmpty else { return }
        phaseTimer.schedule(at: loop.preciseNow().advanced(byNanoseconds: Self.pauses.ceiling(retry: failures)))
    }

    private func count(_ reply: RedisReply) {
        if phase == .usable { failures = 0 }
        if case .refused = reply { server.count(.refused) } else { server.count(.answered) }
    }
}

extension RedisClient: ReadinessHandler {
    /// The socket has connected, or bytes came, or there is room for some.
    public func ready(_ events: Readiness) {
        guard let stream else { return }
        if !isConnected {
            let code = stream.pendingError
            guard code == 0 else { return fail("\(SystemError(call: "connect", code: code))") }
            isConnected = true
            greet()
        }
        receive(stream)
        if self.stream === stream { flush() }
    }
}
