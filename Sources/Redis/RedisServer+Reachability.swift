public import EventLoop
internal import Telemetry

extension RedisServer {
    /// Why a Redis can't be used now; nil where it can. Blocks on the network, for 2 s at most: not for a loop's thread.
    /// - Throws: `SystemError` where the process has no descriptor left.
    public static func problem(of settings: RedisSettings) throws(SystemError) -> String? {
        let loop = try EventLoop()
        let server = RedisServer(settings, MetricsRegistry()) { _ in }
        let client = RedisClient(server, on: loop)
        client.start()
        let look = LoopTimer(loop)
        look.onFire { [unowned look] in
            let status = server.status
            if status.problem != nil || status.usable > 0 { return loop.stop() }
            look.schedule(afterNanoseconds: 5_000_000)
        }
        look.schedule(afterNanoseconds: 0)
        loop.run()
        client.close()
        return server.status.problem
    }
}
