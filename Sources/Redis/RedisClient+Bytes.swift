internal import Bytes
public import EventLoop
internal import Resilience

/// What is sent and received, and whose reply it is.
extension RedisClient {
    func flushPending() {
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
