internal import Bytes
internal import EventLoop
internal import HTTP

/// What stands before a call: the cache, and the calls of others that ask the same. A call is answered from the cache;
/// or it leads, and its answer goes to all who ask the same meanwhile; or it follows, and waits for the one that leads.
/// Belongs to the call's loop; used again and again.
final class SharedCall {
    /// How the call takes part, and what may follow.
    enum State {
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
    var state = State.idle
    /// Keeps the call while it waits.
    var kept: UpstreamCall?
    /// What the cache has for the call and can't serve as it is.
    var stored: CacheEntry?
    /// Counts questions to the second tier, and whether one is open.
    var lookUps = (begun: 0, isOpen: false)
    /// Whether the request asks its origin if `stored` has changed.
    var isConditional = false
    private let link = SharedCallLink()
    let flight: Flight
    lazy var timer = LoopTimer(loop) { [unowned self] in deadlineReached() }

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
        let (call, flight) = (call, flight)
        flight.key.clear()
        CallKey.append(call, route: route.identity, to: flight.key)
        let key = flight.key
        flight.hash = key.bytes.seededHash
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

    func enter(_ route: UpstreamRoute) {
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
        let call = call
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
}

/// Leads to a call as long as there is one. A weak reference to the call itself would do too, but from the first one on
/// each count of the call's references takes the slow way, and they are counted often.
private final class SharedCallLink {
    unowned var call: SharedCall?
}
