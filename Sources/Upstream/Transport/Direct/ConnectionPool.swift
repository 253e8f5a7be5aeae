internal import EventLoop

/// The connections of one loop to one endpoint. Idle ones are used last in, first out, so that a pool shrinks to what
/// the load needs: the ones at the bottom grow old and are closed.
final class ConnectionPool {
    private let loop: EventLoop
    private let place: ConnectionPlace
    /// Idle connections, the longest idle first.
    private var idle: [DirectConnection] = []
    /// Connections with an exchange; each knows its position.
    private var busy: [DirectConnection] = []
    private var isClosed = false
    private let timer: LoopTimer

    /// Nanoseconds after which an idle connection is closed: less than the keep-alive of the usual servers, so that it
    /// is rarely they who close (nginx 75 s, Go and Envoy longer).
    private static let idleLimit: UInt64 = 45_000_000_000
    /// Idle connections kept.
    private static let maximumIdle = 512

    init(_ loop: EventLoop, _ place: ConnectionPlace) {
        self.loop = loop
        self.place = place
        timer = LoopTimer(loop)
        timer.onFire { [unowned self] in closeOld() }
    }

    /// An idle connection for `request`, or nil if a new one is needed.
    func take(for request: TransportRequest) -> DirectConnection? {
        if request.needsFreshConnection { return nil }
        while let connection = idle.popLast() {
            // A request that must not be sent twice gets a closer look: the upstream may have closed the connection
            // since epoll was last asked.
            if request.isRepeatable || connection.isStillOpen { return connection }
            connection.closeSocket()
        }
        return nil
    }

    /// A connection's exchange begins.
    func begin(_ connection: DirectConnection) {
        connection.busyPosition = busy.count
        busy.append(connection)
    }

    /// A connection's exchange is over, and it is closed.
    func end(_ connection: DirectConnection) {
        let position = connection.busyPosition
        guard position >= 0, let last = busy.popLast() else { return }
        connection.busyPosition = -1
        guard last !== connection else { return }
        busy[position] = last
        last.busyPosition = position
    }

    /// A connection's exchange is over, and it can be used again.
    /// - Returns: false if it isn't wanted; the connection closes itself.
    func keep(_ connection: DirectConnection) -> Bool {
        end(connection)
        guard !isClosed, !place.isRetired, idle.count < Self.maximumIdle else { return false }
        idle.append(connection)
        if !timer.isScheduled { timer.schedule(afterNanoseconds: Self.idleLimit) }
        return true
    }

    /// An idle connection turned out to be closed.
    func forget(_ connection: DirectConnection) {
        if let index = idle.lastIndex(where: { $0 === connection }) { idle.remove(at: index) }
    }

    /// Closes idle connections that nobody will ask for any more.
    func closeIfRetired() {
        guard place.isRetired else { return }
        timer.cancel()
        for connection in idle { connection.closeSocket() }
        idle.removeAll()
    }

    /// Closes every connection; exchanges under way fail.
    func close() {
        isClosed = true
        timer.cancel()
        for connection in idle { connection.closeSocket() }
        idle.removeAll()
        for connection in busy { connection.fail(.reset) }
    }

    private func closeOld() {
        let now = loop.now
        let old = idle.prefix { now.nanoseconds(since: $0.idleSince) >= Self.idleLimit }
        for connection in old { connection.closeSocket() }
        idle.removeFirst(old.count)
        guard let next = idle.first else { return }
        timer.schedule(at: next.idleSince.advanced(byNanoseconds: Self.idleLimit))
    }
}
