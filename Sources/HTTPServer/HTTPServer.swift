internal import Bytes
public import EventLoop
internal import HTTP

/// An HTTP/1.1 server on one loop: it listens, reads requests, and hands them to one handler (RFC 9112).
///
/// Belongs to the loop's thread. A process with several shards has one on each, listening on the same port with
/// `reusePort`.
public final class HTTPServer {
    /// The loop that everything happens on.
    public let loop: EventLoop
    /// What it keeps to.
    public private(set) var settings: ServerSettings

    let handler: any RequestHandler
    let inputs = BufferPool(capacity: 64 * 1024, most: 4)
    let outputs = BufferPool(capacity: 4 * 1024, most: 256)
    let refusalFields = FieldList()
    let refusalBody = ByteBuffer()
    var date = DateField()
    /// Nothing, and CRLF: the ends of vectored writes.
    let nothing = ByteBuffer(capacity: 16)
    let lineEnd = ByteBuffer(capacity: 16)
    /// Where a TLS stream puts a record together.
    private lazy var record = ByteBuffer(capacity: 16 * 1024)
    /// Connections whose handshake isn't through.
    private var handshakes = 0
    private var handshakeSteps = 0
    private(set) var isDraining = false

    private var listeners: [Listener] = []
    private var connections: [Connection] = []
    private var freeExchanges: [Exchange] = []
    /// Exchanges made so far: a steady server makes no more.
    public private(set) var exchangesMade = 0
    private var refused = 0
    private var unflushed: [Connection] = []
    private var flushAll: () -> Void = {}
    private var drained: [() -> Void] = []
    private var drainTimer: LoopTimer?

    /// A server that doesn't listen yet.
    /// - Parameters:
    ///   - loop: the loop that it is used on.
    ///   - settings: what it keeps to.
    ///   - handler: what gets the requests; kept as long as the server.
    public init(loop: EventLoop, settings: ServerSettings, handler: any RequestHandler) {
        self.loop = loop
        self.settings = settings
        self.handler = handler
        lineEnd.append("\r\n")
        flushAll = { [unowned self] in flushUnflushed() }
    }

    /// Listens on `address`; may be called for several.
    /// - Parameter reusePort: lets the servers of other shards listen on the same port.
    /// - Returns: the address with the port that was taken, where `address` had port 0.
    /// - Throws: `SystemError` when the address can't be had.
    @discardableResult
    public func listen(on address: SocketAddress, reusePort: Bool = false) throws(SystemError) -> SocketAddress {
        let socket = try Socket.listening(on: address, reusePort: reusePort)
        let bound = socket.localAddress ?? address
        let listener = Listener(socket, on: bound, self)
        try listener.start()
        listeners.append(listener)
        return bound
    }

    /// Stops listening on an address that `listen` gave. Connections that came by it stay.
    public func stopListening(on address: SocketAddress) {
        for listener in listeners where listener.address == address { listener.close() }
        listeners.removeAll { $0.address == address }
    }

    /// Keeps to other settings from now on, open connections too.
    public func adopt(_ settings: ServerSettings) {
        self.settings = settings
    }

    /// How many connections are open.
    public var connectionCount: Int { connections.count }

    /// Stops: no new connections, idle ones close, those with a request close after its answer, which says so.
    /// - Parameter completion: called once when the last connection is gone: at the latest, after `drainTimeout`, when
    ///   what is left is cut.
    public func drain(completion: @escaping () -> Void) {
        drained.append(completion)
        guard !isDraining else { return }
        isDraining = true
        closeListeners()
        for connection in connections { connection.drain() }
        let timer = LoopTimer(loop) { [unowned self] in
            for connection in connections { connection.cut() }
        }
        timer.schedule(afterNanoseconds: settings.drainTimeout)
        drainTimer = timer
        finishDrain()
    }

    /// Stops at once: listeners and connections close, and requests under way are cut.
    public func close() {
        isDraining = true
        closeListeners()
        for connection in connections { connection.cut() }
    }

    private func closeListeners() {
        for listener in listeners { listener.close() }
        listeners = []
    }

    private func finishDrain() {
        guard isDraining, connections.isEmpty else { return }
        drainTimer?.cancel()
        drainTimer = nil
        let completions = drained
        drained = []
        for completion in completions { completion() }
    }

    // MARK: Connections

    /// Takes a fresh connection on.
    func accept(_ socket: consuming Socket, from peer: SocketAddress) {
        guard let tls = settings.tls else {
            take(PlainStream(socket), from: peer)
            return
        }
        // Handshakes hold more memory than connections, and nobody has been told anything yet: one too many is dropped.
        guard handshakes < settings.handshakes, let stream = TLSStream(socket, tls, scratch: record) else { return }
        take(stream, from: peer)
    }

    private func take(_ stream: any ByteStream, from peer: SocketAddress) {
        var isCounted = settings.connections.enter()
        var address: IPAddress?
        if isCounted {
            switch settings.addresses.enter(peer) {
            case .free: break
            case .counted(let key): address = key
            case .refused:
                settings.connections.leave()
                isCounted = false
            }
        }
        // Above a cap a few are told why, where that takes no handshake; the rest are dropped.
        if !isCounted, refused >= 64 || stream.isHandshaking { return stream.close(abortively: true) }
        let connection = Connection(
            self, stream, peer, isCounted: isCounted, address, slot: connections.count)
        connections.append(connection)
        if !isCounted { refused += 1 }
        if stream.isHandshaking { handshakes += 1 }
        connection.start()
    }

    /// Whether one more step of a handshake may be done in this tick: a step can take a millisecond, and those whose
    /// requests are under way shall not wait for a crowd that is only arriving.
    func mayShakeHands() -> Bool {
        if handshakeSteps == 0 { loop.atEndOfTick { [unowned self] in handshakeSteps = 0 } }
        handshakeSteps += 1
        return handshakeSteps <= 16
    }

    /// A handshake has succeeded, failed or been given up.
    func endHandshake() { handshakes -= 1 }

    /// A connection has closed its descriptor.
    func remove(_ connection: Connection) {
        guard connection.slot < connections.count, connections[connection.slot] === connection else { return }
        let last = connections.removeLast()
        if last !== connection {
            connections[connection.slot] = last
            last.slot = connection.slot
        }
        if connection.isCounted { settings.connections.leave() } else { refused -= 1 }
        if let address = connection.countedAddress { settings.addresses.leave(address) }
        for listener in listeners { listener.resume() }
        finishDrain()
    }

    /// Writes out, at the end of this tick, what `connection` has gathered.
    func flushLater(_ connection: Connection) {
        if unflushed.isEmpty { loop.atEndOfTick(flushAll) }
        unflushed.append(connection)
    }

    private func flushUnflushed() {
        var index = 0
        while index < unflushed.count {
            unflushed[index].flushGathered()
            index += 1
        }
        unflushed.removeAll(keepingCapacity: true)
    }

    // MARK: Exchanges

    /// An exchange that nobody else knows.
    func takeExchange() -> Exchange {
        while var exchange = freeExchanges.popLast() {
            // One that a handler still holds is dead to it and stays so.
            if isKnownUniquelyReferenced(&exchange) { return exchange }
        }
        exchangesMade += 1
        return Exchange(loop)
    }

    /// Takes back an exchange that has ended.
    func giveBack(_ exchange: Exchange) {
        if freeExchanges.count < 256 { freeExchanges.append(exchange) }
    }
}
