internal import EventLoop

/// A listening socket of a server.
final class Listener: ReadinessHandler {
    /// Where it listens.
    let address: SocketAddress
    private var socket: Socket?
    private let descriptor: Int32
    private let server: HTTPServer
    private var isPaused = false

    init(_ socket: consuming Socket, on address: SocketAddress, _ server: HTTPServer) {
        self.address = address
        descriptor = socket.descriptor
        self.socket = consume socket
        self.server = server
    }

    func start() throws(SystemError) {
        try server.loop.register(descriptor, .readable, self)
    }

    /// Takes all that waits, so that it isn't reset, and closes.
    func close() {
        take(atMost: .max)
        server.loop.deregister(descriptor, closing: true)
        socket = nil
    }

    /// A connection has closed, so there may be a descriptor again.
    func resume() {
        guard isPaused else { return }
        isPaused = false
        server.loop.update(descriptor, .readable)
    }

    func ready(_ events: Readiness) {
        // So many a tick, that those who are connected already get their turn.
        take(atMost: 64)
    }

    private func take(atMost count: Int) {
        for _ in 0..<count {
            switch acceptOne() {
            case .connection(let socket, let peer): server.accept(socket, from: peer)
            case .aborted: continue
            case .none: return
            case .exhausted:
                pause()
                return
            }
        }
    }

    private func acceptOne() -> Socket.Accepted {
        switch socket {
        case .some(let socket): socket.accept()
        case .none: .none
        }
    }

    /// Without descriptors the listener would stay ready and the loop would spin: look again when a connection has
    /// closed, or in a while.
    private func pause() {
        isPaused = true
        server.loop.update(descriptor, [])
        let timer = LoopTimer(server.loop) { [weak self] in self?.resume() }
        timer.schedule(afterNanoseconds: 100_000_000)
    }
}
