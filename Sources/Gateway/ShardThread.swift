internal import EventLoop
internal import HTTPServer
internal import Upstream

/// A shard and the thread that it lives on. Any thread but an event loop's own, unless a member says otherwise.
final class ShardThread: Sendable {
    private let thread: EventLoopThread
    private let shard: LoopConfined<Shard>

    /// Starts the thread and makes the shard, which doesn't listen yet.
    init(
        name: String, _ process: GatewayProcess, _ snapshot: Snapshot, _ settings: ServerSettings
    ) throws(SystemError) {
        let thread = try EventLoopThread(name: name)
        self.thread = thread
        shard = thread.onLoop {
            LoopConfined(Shard(thread.loop, process, snapshot, settings), to: thread.loop)
        }
    }

    /// Runs `work` on the shard's loop and waits for what it gives.
    @discardableResult
    func onLoop<Value: Sendable>(_ work: @escaping @Sendable (Shard) -> Value) -> Value {
        thread.onLoop { [shard] in work(shard.unwrapped) }
    }

    /// Begins new requests on `served`, which nobody else knows, and waits until that is so.
    func take(_ served: sending ServedSnapshot, _ settings: ServerSettings) {
        let confined = LoopConfined(served, to: thread.loop)
        onLoop { shard in shard.serve(confined.unwrapped, settings) }
    }

    /// Forgets in Redis what is stored of a route's answers. Doesn't wait.
    func purgeSecondTier(_ route: UpstreamRoute, target: [UInt8]?) {
        thread.loop.execute { [shard] in shard.unwrapped.client.purgeSecondTier(route, target: target) }
    }

    /// Ends the server's requests, see `HTTPServer.drain`. Doesn't wait.
    /// - Returns: opens when they are ended.
    func drain() -> Latch {
        let done = Latch()
        thread.loop.execute { [shard] in
            shard.unwrapped.server.drain { done.open() }
        }
        return done
    }

    /// Cuts what is under way and ends the thread.
    func stop() {
        onLoop { $0.close() }
        thread.stop()
    }
}
