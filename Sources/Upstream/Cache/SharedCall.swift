internal import Bytes
internal import EventLoop
internal import HTTP

/// What stands before a call: the cache, and the calls of others that ask the same. A call is answered from the cache;
/// or it leads, and its answer goes to all who ask the same meanwhile; or it follows, and waits for the one that leads.
/// Belongs to the call's loop; used again and again.
final class SharedCall {
    /// How the call takes part, and what may follow.
    private enum State {
        /// It isn't under way; then any other.
        case idle
        /// It is made for itself only.
        case alone
        /// It is on the wire, and others may wait for it; then `detached` or `idle`.
        case leading
        /// It is on the wire without an owner: its client has left and others wait, or it refreshes an entry; then
        /// `idle`.
        case detached
        /// It waits for another's answer; then any of those above.
        case following(UInt64, Flight)
    }

    unowned let call: UpstreamCall
    unowned let client: UpstreamClient
    let loop: EventLoop
    private var state = State.idle
    /// Keeps the call while it waits.
    private var kept: UpstreamCall?
    /// What the cache has for the call and can't serve as it is.
    var stored: CacheEntry?
    /// Counts questions to the second tier, and whether one is open.
    private var lookUps = (begun: 0, isOpen: false)
    /// Whether the request asks its origin if `stored` has changed.
    var isConditional = false
    private let link = SharedCallLink()
    let flight: Flight
    private lazy var timer = LoopTimer(loop) { [unowned self] in deadlineReached() }

    init(_ call: UpstreamCall, _ client: UpstreamClient) {
        self.call = call
        self.client = client
        loop = client.loop
        let link = link
        flight = Flight(loop) { link.call?.flightAbandoned($0) }
        link.call = self
    }

    deinit { link.call = nil }

    /// Whether it has a say in how the call ends.
    var isActive: Bool { if case .idle = state { false } else { true } }

    /// Whether it goes on without its owner, and goes back to the client by itself.
    var isDetached: Bool { if case .detached = state { true } else { false } }

    // MARK: Beginning

    func start(_ route: UpstreamRoute) {
        makeKey(route)
        guard let cache = route.cache else { return enter(route) }
        call.outcome = nil
        call.attempts = 0
        call.startedAt = loop.preciseNow()
        stored = cache.entry(flight.key, hash: flight.hash)
        if call.isExclusive {
            call.cacheVerdict = .bypass
            return begin(.alone, route)
        }
        if serveStored(route, cache) { return }
        call.cacheVerdict = .miss
        enter(route)
    }

    private func makeKey(_ route: UpstreamRoute) {
        flight.key.clear()
        CallKey.append(call, route: route.identity, to: flight.key)
        flight.hash = CallKey.hash(flight.key)
        call.startedAt = .distantFuture
    }

    /// Answers with what the cache has, if that may be used.
    private func serveStored(_ route: UpstreamRoute, _ cache: RouteCache) -> Bool {
        guard let entry = stored else { return false }
        switch entry.freshness.use(at: call.startedAt.nanoseconds) {
        case .fresh:
            call.cacheVerdict = entry.answer.status == 404 ? .negative : .hit
        case .whileRevalidated:
            call.cacheVerdict = .stale
            if entry.beginRefresh() { refresh(entry, route, cache) }
        case .stale:
            return false
        }
        stored = nil
        call.source = AnswerSource(entry: entry)
        call.outcome = entry.answer.outcome
        call.endedAt = call.startedAt
        report(route)
        return true
    }

    private func enter(_ route: UpstreamRoute) {
        guard route.isShared else { return begin(.alone, route) }
        let (loop, link) = (loop, link)
        let entry = route.sharing.flights.join(flight) {
            Follower(loop: loop, landed: LoopConfined({ link.call?.landed($0, $1) }, to: loop))
        }
        switch entry {
        case .leads:
            if landStored(route) { return }
            begin(.leading, route)
        case .alone:
            begin(.alone, route)
        case .follows(let ticket, let other):
            state = .following(ticket, other)
            follow()
        }
    }

    /// Puts the call on the wire.
    private func begin(_ state: State, _ route: UpstreamRoute) {
        self.state = state
        if !lookUp(route) { send(route) }
    }

    /// Sends it to its upstream.
    func send(_ route: UpstreamRoute) {
        if let stored, stored.hasValidator, !CacheEntry.hasConditions(call.fields) {
            isConditional = true
            stored.appendConditions(to: call.fields)
        }
        call.run.start(call, route)
    }

    /// Another shard's call may have landed between the look at the cache and the start of this flight: its answer is
    /// there then.
    private func landStored(_ route: UpstreamRoute) -> Bool {
        guard let cache = route.cache, let entry = cache.entry(flight.key, hash: flight.hash), entry !== stored,
            entry.freshness.use(at: call.startedAt.nanoseconds) == .fresh
        else { return false }
        state = .leading
        call.cacheVerdict = .hit
        serve(entry, route)
        return true
    }

    /// Ends a call that was to be made with what is stored; one that renews that follows where it is past its time.
    func serve(_ entry: CacheEntry, _ route: UpstreamRoute) {
        call.source = AnswerSource(entry: entry)
        call.outcome = entry.answer.outcome
        call.endedAt = loop.preciseNow()
        land(route)
        let wasDetached = isDetached
        state = .idle
        stored = nil
        if call.cacheVerdict == .stale, let cache = route.cache, entry.beginRefresh() { refresh(entry, route, cache) }
        if wasDetached { client.recycle(call) } else { report(route) }
    }

    // MARK: The second tier

    /// - Returns: what `endLookUp` knows it by.
    func beginLookUp() -> Int {
        lookUps = (lookUps.begun &+ 1, true)
        kept = call
        return lookUps.begun
    }

    /// - Returns: whether the call still waits for that answer.
    func endLookUp(_ number: Int) -> Bool {
        guard lookUps.isOpen, lookUps.begun == number else { return false }
        lookUps.isOpen = false
        kept = nil
        return true
    }

    private func follow() {
        let now = loop.preciseNow()
        call.outcome = nil
        call.attempts = 0
        if call.startedAt == .distantFuture { call.startedAt = now }
        kept = call
        guard now < call.deadline else { return deadlineReached() }
        timer.schedule(at: call.deadline)
    }

    // MARK: Refreshing

    /// Makes a call like this one that renews `entry`, with nobody waiting for it.
    private func refresh(_ entry: CacheEntry, _ route: UpstreamRoute, _ cache: RouteCache) {
        let refreshing = client.makeCall()
        refreshing.route = route
        refreshing.method = call.method
        refreshing.preference = call.preference
        refreshing.target.append(call.target)
        for index in 0..<call.fields.count { refreshing.fields.append(lineAt: index, of: call.fields) }
        refreshing.deadline = call.startedAt.advanced(byNanoseconds: cache.refreshTimeout)
        refreshing.start(refreshing: entry, route)
    }

    /// Begins as the refresh of `entry`.
    func start(refreshing entry: CacheEntry, _ route: UpstreamRoute) {
        makeKey(route)
        stored = entry
        if route.isShared {
            guard case .leads = route.sharing.flights.join(flight, follower: nil) else {
                // Somebody is at it already.
                entry.refreshEnded()
                stored = nil
                return client.recycle(call)
            }
        }
        begin(.detached, route)
    }

    // MARK: Ending

    /// The call's own run has ended.
    func runEnded() {
        guard let route = call.route else { return }
        if let cache = route.cache { useCache(route, cache) }
        land(route)
        let wasDetached = isDetached
        state = .idle
        if wasDetached { client.recycle(call) } else { report(route) }
    }

    /// Tells the owner. The last thing that anything here does: the completion may start the call anew.
    private func report(_ route: UpstreamRoute) {
        if let verdict = call.cacheVerdict { route.sharing.counters.count(verdict) }
        call.completion?(call)
    }

    /// Tells those who wait how it ended.
    private func land(_ route: UpstreamRoute) {
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
    private func landed(_ ticket: UInt64, _ landing: Landing) {
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

    private func deadlineReached() {
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
    private func flightAbandoned(_ number: UInt64) {
        guard isDetached, flight.number == number else { return }
        endWithoutAnswer()
        client.recycle(call)
    }
}

/// Leads to a call as long as there is one. A weak reference to the call itself would do too, but from the first one on
/// each count of the call's references takes the slow way, and they are counted often.
private final class SharedCallLink {
    unowned var call: SharedCall?
}
