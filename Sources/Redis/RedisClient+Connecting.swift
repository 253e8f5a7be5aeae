internal import EventLoop

/// From a name to a connection that Redis answers on.
extension RedisClient {
    /// Nanoseconds in which a connection has to come about, up to its first reply.
    private static let connectTimeout: UInt64 = 2_000_000_000

    func connect() {
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
    func greet() {
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

    func becomeUsable() {
        phase = .usable
        phaseTimer.cancel()
        server.clientIsUsable()
    }
}
