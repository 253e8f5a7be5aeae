import EventLoop
import Foundation
import TestSupport
import Testing

/// Debian's Redis on a port of its own, which keeps nothing on disk; it can be killed, started again, and held.
final class RealRedis {
    let port = ScriptedUpstream.closedPort()
    private let server: RunningServer

    /// - Parameters:
    ///   - arguments: further ones of `redis-server`.
    ///   - certificates: what it shows over TLS; nil = it speaks none.
    init(_ arguments: [String] = [], certificates: TestAuthority? = nil) throws {
        let listening =
            certificates.map { [port] in
                [
                    "--port", "0", "--tls-port", "\(port)", "--tls-cert-file", $0.path("redis.pem"), "--tls-key-file",
                    $0.path("redis.key"), "--tls-ca-cert-file", $0.path("ca.pem"),
                ]
            } ?? ["--port", "\(port)"]
        let workspace = try Workspace()
        server = try RunningServer(
            ["redis-server", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", workspace.folder.path]
                + listening + arguments, ports: [port], in: workspace)
    }

    /// Starts it, and waits until it listens.
    func start() throws { try server.start() }

    /// Kills it without a word to anybody.
    func stop() { server.stop() }

    /// Has it do nothing, while its connections stay.
    func hold() { server.hold() }

    /// Lets it go on.
    func release() { server.release() }

    /// What it answers to a command, the first line of it.
    @discardableResult
    func ask(_ command: String) throws -> String {
        let connection = try RawConnection(.ip(.v4(0x7F00_0001), port: port))
        try connection.send(command + "\r\n")
        return String(decoding: try connection.take(through: Array("\r\n".utf8)).dropLast(2), as: UTF8.self)
    }
}

extension ServedGateway {
    /// What `/state` says.
    func state() throws -> [String: Any] {
        let text = try request("GET", "/state", at: admin)
        return try #require(JSONSerialization.jsonObject(with: Data(text.body)) as? [String: Any])
    }

    /// What `/state` says of Redis.
    func redisState() throws -> [String: Any] { try #require(state()["redis"] as? [String: Any]) }

    /// Commands to Redis of one outcome.
    func commands(_ outcome: String) throws -> Int {
        try #require((redisState()["commands"] as? [String: Any])?[outcome] as? Int)
    }

    /// Requests held to a rule that were decided on without Redis.
    func alone(_ rule: Int = 0) throws -> Int {
        let rules = try #require(state()["rateLimits"] as? [[String: Any]])
        return try #require(rules[rule]["alone"] as? Int)
    }

    /// Waits until Redis is `up` or `down` for it.
    func waitForRedis(_ state: String = "up", _ location: SourceLocation = #_sourceLocation) throws {
        let end = Clock.now + 20
        while true {
            let now = try redisState()
            if now["state"] as? String == state { return }
            try #require(Clock.now < end, "\(now)", sourceLocation: location)
            sched_yield()
        }
    }
}
