internal import EventLoop
internal import HTTP

/// How a call ends for its owner, and for all who wait for its answer.
extension SharedCall {
    /// The call's own run has ended.
    func runEnded() {
        let call = call
        guard let route = call.route else { return }
        if let cache = route.cache { useCache(route, cache) }
        land(route)
        let wasDetached = isDetached
        state = .idle
        if wasDetached { client.recycle(call) } else { report(route) }
    }

    /// Tells the owner. The last thing that anything here does: the completion may start the call anew.
    func report(_ route: UpstreamRoute) {
        let call = call
        if let verdict = call.cacheVerdict { route.sharing.counters.count(verdict) }
        call.completion?(call)
    }

    /// Tells those who wait how it ended.
    func land(_ route: UpstreamRoute) {
        if case .alone = state { return }
        guard route.isShared else { return }
        let followers = route.sharing.flights.land(flight)
        guard !followers.isEmpty, let landing = landing() else { return }
        for follower in followers {
            if follower.loop === loop {
                // Not from here: what a follower does next may end the call that is ending now.
                loop.atEndOfTick { follower.landed.unwrapped(follower.ticket, landing) }
            } else {
                follower.loop.execute { follower.landed.unwrapped(follower.ticket, landing) }
            }
        }
    }

    /// The outcome as others can have it: from here on the call itself reads the shared answer too.
    private func landing() -> Landing? {
        switch call.outcome {
        case .answer(let status, let head, let body):
            let shared: SharedAnswer
            if let entry = call.source.entry {
                shared = entry.answer
            } else {
                shared = SharedAnswer(status: status, fields: head.fields, owning: body)
                _ = call.takeBody()
                call.outcome = shared.outcome
            }
            return .answer(shared, attempts: call.attempts, call.source)
        case .failed(let failure): return .failed(failure)
        case nil: return nil
        }
    }

    /// The flight that it follows has ended.
    func landed(_ ticket: UInt64, _ landing: Landing) {
        guard case .following(ticket, _) = state, let route = call.route else { return }
        switch landing {
        case .answer(let shared, let attempts, let source):
            call.attempts = attempts
            call.source = source
            call.cacheVerdict = source.isFallback ? .stale : .shared
            finish(shared.outcome)
        case .failed(let failure):
            // The leader's deadline is not this call's.
            if failure.code == .deadlineExceeded, loop.preciseNow() < call.deadline {
                timer.cancel()
                kept = nil
                return enter(route)
            }
            call.attempts = failure.attempts
            finish(.failed(failure))
        }
    }

    func deadlineReached() {
        guard case .following(let ticket, let other) = state, let route = call.route else { return }
        route.sharing.flights.leave(other, hash: flight.hash, ticket: ticket)
        finish(.failed(CallFailure(.deadlineExceeded, attempts: 0, source: .downstream)))
    }

    /// Ends a call that waited.
    private func finish(_ outcome: CallOutcome) {
        let call = call
        call.outcome = outcome
        stopWaiting()
        guard let route = call.route else { return }
        fallBack(route)
        stored = nil
        report(route)
    }

    private func stopWaiting() {
        state = .idle
        timer.cancel()
        call.endedAt = loop.preciseNow()
        kept = nil
    }

    // MARK: Leaving

    /// The owner wants no answer any more.
    func cancel() {
        switch state {
        case .idle, .detached: break
        case .alone:
            endWithoutAnswer()
        case .leading:
            guard call.route?.sharing.flights.detach(flight) == true else { return endWithoutAnswer() }
            state = .detached
            call.endedAt = loop.preciseNow()
            call.completion = nil
        case .following(let ticket, let other):
            call.route?.sharing.flights.leave(other, hash: flight.hash, ticket: ticket)
            stopWaiting()
            stored = nil
        }
    }

    /// The owner's deadline has passed.
    func expire() {
        switch state {
        case .idle, .detached: break
        case .alone, .leading:
            guard endLookUp(lookUps.begun) else { return call.run.expire() }
            call.outcome = .failed(CallFailure(.deadlineExceeded, attempts: 0, source: .downstream))
            call.endedAt = loop.preciseNow()
            runEnded()
        case .following: deadlineReached()
        }
    }

    private func endWithoutAnswer() {
        state = .idle
        _ = endLookUp(lookUps.begun)
        stored = nil
        isConditional = false
        call.run.cancel()
    }

    /// Nobody waits for the call of flight `number` any more.
    func flightAbandoned(_ number: UInt64) {
        guard isDetached, flight.number == number else { return }
        endWithoutAnswer()
        client.recycle(call)
    }
}
