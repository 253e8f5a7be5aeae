internal import EventLoop
internal import HTTPServer
internal import Synchronization

/// The admin listener, on a thread of its own: it answers also while every shard is busy, and nobody's metrics page
/// delays a request.
final class AdminServer: Sendable {
    /// Where it listens, with the port that it got.
    let address: SocketAddress
    private let thread: EventLoopThread
    private let server: Mutex<LoopConfined<HTTPServer>?>

    /// Starts it; it listens when this returns. Not from an event loop's thread.
    /// - Throws: `SystemError` when the address can't be had, or for want of a descriptor or a thread.
    static func start(on address: SocketAddress, source: any AdminSource) throws(SystemError) -> AdminServer {
        let thread = try EventLoopThread(name: "admin")
        do throws(SystemError) {
            let started = try thread.onLoop { [loop = thread.loop] () throws(SystemError) in
                try listen(on: address, loop, source)
            }
            return AdminServer(address: started.address, thread: thread, server: started.server)
        } catch {
            thread.stop()
            throw error
        }
    }

    private init(address: SocketAddress, thread: EventLoopThread, server: LoopConfined<HTTPServer>) {
        self.address = address
        self.thread = thread
        self.server = Mutex(server)
    }

    /// Stops it: requests under way get a second to end. Returns when the thread is gone; not from an event loop's
    /// thread.
    func stop() {
        // The server lets its handler go, and that the gateway, which holds this.
        guard let server = server.withLock({ $0.take() }) else { return }
        thread.loop.execute { [loop = thread.loop] in
            server.unwrapped.drain { loop.stop() }
        }
        thread.join()
    }

    /// Leaves the address to another process that listens there too, if one does; else it stays. For the beginning of a
    /// drain: whoever takes over answers for both then. Not from an event loop's thread.
    func yield() {
        let address = address
        server.withLock { server in
            guard let server else { return }
            thread.onLoop {
                server.unwrapped.stopListening(on: address)
                // What can't be had now isn't missed: the process ends.
                if !Socket.isListenedOn(address) { _ = try? server.unwrapped.listen(on: address, reusePort: true) }
            }
        }
    }

    private struct Started: Sendable {
        var address: SocketAddress
        var server: LoopConfined<HTTPServer>
    }

    private static func listen(
        on address: SocketAddress, _ loop: EventLoop, _ source: any AdminSource
    ) throws(SystemError) -> Started {
        var settings = ServerSettings()
        settings.connections = ConnectionLimit(256)
        settings.drainTimeout = 1_000_000_000
        let server = HTTPServer(loop: loop, settings: settings, handler: AdminHandler(source))
        let bound = try server.listen(on: address, reusePort: true)
        return Started(address: bound, server: LoopConfined(server, to: loop))
    }
}
