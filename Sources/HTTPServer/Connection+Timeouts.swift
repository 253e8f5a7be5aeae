internal import EventLoop
internal import HTTP

/// One timer watches over all of a connection's waits. It isn't moved when a wait ends: it fires, finds that the
/// deadline of the current wait is later, and sets itself to that. So a request in the usual course sets no timer.
extension Connection {
    /// When the current wait has lasted too long.
    private var deadline: MonotonicTime {
        let settings = server.settings
        switch phase {
        case .handshake: return phaseStart.advanced(byNanoseconds: settings.headersTimeout)
        case .idle:
            let patience = server.isDraining ? min(settings.drainGrace, settings.idleTimeout) : settings.idleTimeout
            return lastRead.later(lastWrite).advanced(byNanoseconds: patience)
        case .head: return phaseStart.advanced(byNanoseconds: settings.headersTimeout)
        case .exchange:
            if isBlocked { return lastWrite.advanced(byNanoseconds: settings.writeTimeout) }
            if isInputEnded { return lastRead.later(lastWrite).advanced(byNanoseconds: settings.departureTimeout) }
            guard let exchange, exchange.wantsBody, !body.isComplete else { return .distantFuture }
            return lastRead.later(exchange.bodyWaitSince).advanced(byNanoseconds: settings.bodyTimeout)
        case .discarding: return lastRead.later(lastWrite).advanced(byNanoseconds: settings.bodyTimeout)
        case .flushing: return lastWrite.advanced(byNanoseconds: settings.writeTimeout)
        case .lingering: return phaseStart.advanced(byNanoseconds: settings.lingerTimeout)
        case .closed: return .distantFuture
        }
    }

    /// Makes sure that the timer fires no later than the current deadline.
    func armTimer() {
        let deadline = deadline
        guard deadline < timerDeadline else { return }
        let timer = timer ?? LoopTimer(loop) { [unowned self] in expire() }
        self.timer = timer
        timerDeadline = deadline
        timer.schedule(at: deadline)
    }

    private func expire() {
        timerDeadline = .distantFuture
        guard deadline <= loop.now else {
            armTimer()
            return
        }
        switch phase {
        case .handshake, .idle, .discarding, .lingering, .flushing: close()
        case .head: refuse(FramingError(status: 408, "the head took too long"))
        case .exchange:
            if isBlocked || isInputEnded {
                lose(abortively: true)
            } else {
                closesAfter = true
                exchange?.failBody(.timedOut)
                if phase != .closed { process() }
            }
        case .closed: break
        }
    }
}

extension MonotonicTime {
    /// The later of the two.
    fileprivate func later(_ other: MonotonicTime) -> MonotonicTime { max(self, other) }
}
