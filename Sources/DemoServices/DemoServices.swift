public import EventLoop
internal import Glibc
internal import HTTPServer

/// The demo's four REST services on 127.0.0.1, served by one thread of their own: users, posts, recommendations, and
/// one that fails now and then.
public final class DemoServices: Sendable {
    /// A port for each service.
    public struct Ports: Hashable, Sendable {
        /// Users: `GET /users/{id}`, `GET /users?ids=1,2`, `GET /export.csv`.
        public var users: UInt16
        /// Posts: `GET /posts`, `GET /posts/{id}`, `GET /users/{id}/posts`, `POST /posts`.
        public var posts: UInt16
        /// Recommendations: `GET /recommendations/{id}`, `GET /search?q=`.
        public var recommendations: UInt16
        /// The flaky one: `GET /reputation/{id}`, `POST /mode?fail=100&how=status|slow|reset|mixed`.
        public var flaky: UInt16

        /// The ports of the repository's gateway.yaml, unless given; 0 = any free one.
        public init(users: UInt16 = 7001, posts: UInt16 = 7002, recommendations: UInt16 = 7003, flaky: UInt16 = 7004) {
            self.users = users
            self.posts = posts
            self.recommendations = recommendations
            self.flaky = flaky
        }
    }

    /// The ports that they listen on.
    public let ports: Ports
    private let thread: EventLoopThread
    private let servers: LoopConfined<[HTTPServer]>

    /// Starts them; they listen when this returns. Not from an event loop's thread.
    /// - Throws: `SystemError` when a port is taken, or for want of a descriptor or a thread.
    public static func start(ports: Ports = Ports()) throws(SystemError) -> DemoServices {
        let thread = try EventLoopThread(name: "demo")
        do throws(SystemError) {
            let started = try thread.onLoop { [loop = thread.loop] () throws(SystemError) in
                try listen(ports, on: loop)
            }
            return DemoServices(ports: started.ports, thread: thread, servers: started.servers)
        } catch {
            thread.stop()
            throw error
        }
    }

    private init(ports: Ports, thread: EventLoopThread, servers: LoopConfined<[HTTPServer]>) {
        self.ports = ports
        self.thread = thread
        self.servers = servers
    }

    /// Stops them: calls under way get a second to end. Returns when the thread is gone; not from an event loop's
    /// thread.
    public func stop() {
        thread.loop.execute { [servers, loop = thread.loop] in
            let servers = servers.unwrapped
            var remaining = servers.count
            for server in servers {
                server.drain {
                    remaining -= 1
                    if remaining == 0 { loop.stop() }
                }
            }
        }
        thread.join()
    }

    // MARK: On the loop's thread

    private struct Started: Sendable {
        var ports: Ports
        var servers: LoopConfined<[HTTPServer]>
    }

    private static func listen(_ ports: Ports, on loop: EventLoop) throws(SystemError) -> Started {
        var settings = ServerSettings()
        settings.serverName = "sluice-demo"
        settings.drainTimeout = 1_000_000_000
        var servers: [HTTPServer] = []
        var bound: [UInt16] = []
        let services: [(any DemoService, UInt16)] = [
            (UsersService(), ports.users), (PostsService(), ports.posts),
            (RecommendationsService(), ports.recommendations), (FlakyService(), ports.flaky),
        ]
        for (service, port) in services {
            let server = HTTPServer(loop: loop, settings: settings, handler: DemoHandler(service, loop))
            guard let address = SocketAddress("127.0.0.1:\(port)") else {
                throw SystemError(call: "listen", code: EINVAL)
            }
            bound.append(try server.listen(on: address, reusePort: false).port ?? port)
            servers.append(server)
        }
        let actual = Ports(users: bound[0], posts: bound[1], recommendations: bound[2], flaky: bound[3])
        return Started(ports: actual, servers: LoopConfined(servers, to: loop))
    }
}
