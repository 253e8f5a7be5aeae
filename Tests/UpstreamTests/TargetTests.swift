import EventLoop
import HTTP
import Resilience
import Synchronization
import Telemetry
import TestSupport
import Testing

@testable import Upstream

/// A server that says who it is, and fails while it is told to.
final class NamedServer: Sendable {
    private final class Behaviour: Sendable {
        let isFailing = Atomic<Bool>(false)
        let isSick = Atomic<Bool>(false)
    }

    let port: UInt16
    private let behaviour = Behaviour()
    private let server: ScriptedUpstream

    /// - Parameter gate: holds calls back before they are answered.
    init(_ name: String, holding gate: Latch? = nil) {
        let behaviour = behaviour
        server = ScriptedUpstream { peer, _ in
            while let head = try peer.readRequest() {
                let isCheck = head.contains("/healthz")
                if !isCheck { gate?.wait() }
                let fails =
                    isCheck
                    ? behaviour.isSick.load(ordering: .relaxed) : behaviour.isFailing.load(ordering: .relaxed)
                let status = fails ? "503 Service Unavailable" : "200 OK"
                try peer.send("HTTP/1.1 \(status)\r\nContent-Length: \(name.utf8.count)\r\n\r\n\(name)")
            }
        }
        port = server.port
    }

    /// Whether everything but health checks is answered 503.
    func fail(_ fails: Bool) { behaviour.isFailing.store(fails, ordering: .relaxed) }

    /// Whether health checks are answered 503.
    func sicken(_ isSick: Bool) { behaviour.isSick.store(isSick, ordering: .relaxed) }

    /// Requests that came, but for health checks.
    var calls: Int { server.heads.all.count { !$0.contains("/healthz") } }
}

extension UpstreamSettings {
    /// An upstream called `up` with these servers.
    static func up(
        _ servers: [NamedServer], _ balancing: BalancingSettings, _ transport: TransportChoice = .auto,
        retry: RetrySettings? = nil
    ) -> UpstreamSettings {
        UpstreamSettings(
            name: "up", targets: servers.map { TargetSettings(host: "127.0.0.1", port: $0.port) },
            balancing: balancing, transport: transport, retry: retry)
    }
}

extension Shard {
    /// The metrics page.
    var page: String {
        registry.publish(to: metrics)
        return String(decoding: metrics.page(), as: UTF8.self)
    }

    /// The states of the targets now.
    var states: [TargetSet.State] { registry.upstreams[0].targets(now: .current).map(\.state) }

    /// Waits until the targets are in `states`.
    func wait(for states: [TargetSet.State], seconds: Double = 5) -> Bool {
        let end = Clock.now + seconds
        while Clock.now < end {
            if self.states == states { return true }
            _ = try? thread.run {}
        }
        return false
    }

    /// Who answers so many calls, one after the other; nil = nobody.
    func answers(_ count: Int, preference: TargetPreference = .none) throws -> [String?] {
        try (0..<count).map { _ in
            let result = try call(preference: preference)
            return result.status == 200 ? result.body : nil
        }
    }
}

private let millisecond: UInt64 = 1_000_000

@Suite("Targets of an upstream, over real sockets")
struct TargetTests {
    private static let quick = HealthSettings(
        path: "/healthz", interval: 20 * millisecond, timeout: 15 * millisecond * 20,
        thresholds: .init(unhealthyAfter: 2, healthyAfter: 2))

    @Test(arguments: transports)
    func `health checks take a target out and bring it back`(_ transport: TransportChoice) throws {
        let servers = ["a", "b"].map { NamedServer($0) }
        let shard = try Shard(.up(servers, BalancingSettings(health: Self.quick), transport))
        let checker = HealthChecker()
        try checker.follow(shard.registry)
        defer { checker.stop() }
        #expect(try Set(shard.answers(4)) == ["a", "b"])
        servers[1].sicken(true)
        #expect(shard.wait(for: [.up, .down]))
        #expect(try shard.answers(4) == ["a", "a", "a", "a"])
        servers[0].sicken(true)
        #expect(shard.wait(for: [.down, .down]))
        // None is healthy: all are used, and a metric says so.
        #expect(try Set(shard.answers(4)) == ["a", "b"])
        let panic = { shard.page.contains("sluice_upstream_panic{upstream=\"up\"} 1") }
        #expect(panic())
        #expect(shard.page.contains("sluice_upstream_targets{upstream=\"up\",state=\"down\"} 2"))
        for server in servers { server.sicken(false) }
        #expect(shard.wait(for: [.up, .up]))
        #expect(!panic())
        #expect(shard.page.contains("sluice_health_checks_total{upstream=\"up\",result=\"failure\"}"))
    }

    @Test func `a target that nobody listens on is down, and one that hangs too`() throws {
        let hanging = ScriptedUpstream { peer, _ in peer.waitForClose() }
        var settings = UpstreamSettings.up(ports: ScriptedUpstream.closedPort(), hanging.port)
        settings.balancing.health = Self.quick
        settings.balancing.health?.timeout = 10 * millisecond
        let shard = try Shard(settings)
        let checker = HealthChecker()
        try checker.follow(shard.registry)
        #expect(shard.wait(for: [.down, .down]))
        checker.stop()
        // It can begin anew after that.
        try checker.follow(shard.registry)
        checker.stop()
    }

    @Test(arguments: transports)
    func `failing calls eject a target for a while, and never more than the cap`(_ transport: TransportChoice) throws {
        let servers = ["a", "b", "c"].map { NamedServer($0) }
        let ejection = OutlierEjection.Settings(consecutiveFailures: 2, duration: 300 * millisecond, max: 0.5)
        let shard = try Shard(.up(servers, BalancingSettings(ejection: ejection), transport))
        for server in servers[1...] { server.fail(true) }
        _ = try shard.answers(12)
        #expect(shard.states == [.up, .ejected, .up] || shard.states == [.up, .up, .ejected])
        #expect(shard.page.contains("sluice_ejections_total{upstream=\"up\"} 1"))
        for server in servers { server.fail(false) }
        #expect(shard.wait(for: [.up, .up, .up]))
        #expect(try Set(shard.answers(6)) == ["a", "b", "c"])
    }

    @Test func `refused connections eject as well, and a retry has gone elsewhere meanwhile`() throws {
        let server = NamedServer("a")
        var settings = UpstreamSettings.up(
            ports: server.port, ScriptedUpstream.closedPort(),
            retry: RetrySettings(policy: RetryPolicy(attempts: 2, backoff: Backoff(base: 0, max: 0)), budget: 1))
        settings.balancing.ejection = .init(consecutiveFailures: 2, duration: 60_000 * millisecond)
        let shard = try Shard(settings)
        #expect(try shard.answers(8) == Array(repeating: "a", count: 8))
        #expect(shard.states == [.up, .ejected])
    }

    @Test func `a target that comes back gets a tenth of its calls at first`() throws {
        let servers = ["a", "b"].map { NamedServer($0) }
        let shard = try Shard(
            .up(
                servers,
                BalancingSettings(
                    ejection: .init(consecutiveFailures: 1, duration: 10 * millisecond),
                    slowStart: 3_600_000 * millisecond)))
        servers[1].fail(true)
        _ = try shard.answers(2)
        servers[1].fail(false)
        #expect(shard.wait(for: [.up, .up]))
        // One of eleven.
        let answers = try shard.answers(44)
        #expect((3...5).contains(answers.count { $0 == "b" }), "\(answers)")
    }

    @Test func `a streamed call counts too`() throws {
        let servers = ["a", "b"].map { NamedServer($0) }
        servers[0].fail(true)
        let shard = try Shard(.up(servers, BalancingSettings(ejection: .init(consecutiveFailures: 2))))
        for _ in 0..<4 {
            let probe = StreamProbe(shard)
            try probe.start { _ in }
            probe.events.wait { $0.last == .ended }
        }
        #expect(shard.states == [.ejected, .up])
    }

    @Test func `the target with fewer requests under way gets the next`() throws {
        let gate = Latch()
        let slow = NamedServer("slow", holding: gate)
        let fast = NamedServer("fast")
        let shard = try Shard(.up([slow, fast], BalancingSettings(balance: .leastRequests)))
        var held: [Shard.Running] = []
        while slow.calls == 0 {
            held.append(try shard.start())
            _ = held.last?.results.wait(count: 1, seconds: 0.05)
        }
        // The slow one has a call under way from now on: of two targets both are always drawn.
        #expect(try shard.answers(20) == Array(repeating: "fast", count: 20))
        gate.open()
        for running in held { #expect(running.wait().status == 200) }
    }

    @Test func `a key stays with its target while that is usable`() throws {
        let servers = ["a", "b", "c"].map { NamedServer($0) }
        let balancing = BalancingSettings(
            balance: .hash(.header("x-user")), ejection: .init(consecutiveFailures: 1, duration: 60_000 * millisecond))
        let shard = try Shard(.up(servers, balancing))
        let keys = (0..<24).map { TargetPreference(key: KeyHash.of("user \($0)")) }
        let owners = try keys.map { try shard.answers(1, preference: $0)[0] }
        // Ports are the system's choice, so who owns what differs from run to run.
        #expect(Set(owners).count >= 2)
        #expect(try keys.map { try shard.answers(1, preference: $0)[0] } == owners)
        let gone = servers[0]
        gone.fail(true)
        for (key, owner) in zip(keys, owners) where owner == "a" { _ = try shard.answers(1, preference: key) }
        let after = try keys.map { try shard.answers(1, preference: $0)[0] }
        for (owner, now) in zip(owners, after) { #expect(owner == "a" ? now != "a" : now == owner) }
    }

    @Test func `canaries serve those who prefer them, until they fail`() throws {
        let servers = ["main", "canary"].map { NamedServer($0) }
        var settings = UpstreamSettings.up(
            servers, BalancingSettings(ejection: .init(consecutiveFailures: 1, duration: 60_000 * millisecond)))
        settings.targets[1].condition = [FieldCondition(name: "x-env", value: "canary")]
        let shard = try Shard(settings)
        let canary = TargetPreference(group: TargetSelection.group(of: 1, in: settings.targets))
        #expect(try shard.answers(3) == ["main", "main", "main"])
        #expect(try shard.answers(3, preference: canary) == ["canary", "canary", "canary"])
        servers[1].fail(true)
        _ = try shard.answers(1, preference: canary)
        #expect(try shard.answers(2, preference: canary) == ["main", "main"])
    }

    // MARK: Reload

    @Test func `a registry that follows another knows what that knew`() throws {
        let servers = ["a", "b", "c"].map { NamedServer($0) }
        servers[0].fail(true)
        let balancing = BalancingSettings(ejection: .init(consecutiveFailures: 1, duration: 60_000 * millisecond))
        let shard = try Shard(.up(servers, balancing))
        _ = try shard.answers(3)
        #expect(shard.states == [.ejected, .up, .up])
        let next = { (settings: UpstreamSettings) in
            UpstreamRegistry(upstreams: [settings], routes: [], metrics: shard.metrics, previous: shard.registry)
        }
        let same = next(.up(servers, balancing))
        #expect(same.upstreams[0].pool === shard.registry.upstreams[0].pool)
        let fewer = next(.up([servers[2], servers[0]], balancing))
        #expect(fewer.upstreams[0].targets(now: .current).map(\.state) == [.up, .ejected])
        // What is a target no more has its connections closed.
        let gone = shard.registry.upstreams[0].pool.targetsToCheck(now: .current)
        shard.registry.retire(after: fewer)
        #expect(gone.map(\.endpoint.place.isRetired) == [false, true, false])
    }

    @Test func `connections to what is no target any more are closed`() throws {
        let closed = Recorder<String>()
        let servers = ["a", "b"].map { name in
            ScriptedUpstream { peer, _ in
                while try peer.readRequest() != nil { try peer.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n") }
                closed.add(name)
            }
        }
        let shard = try Shard(.up(ports: servers[0].port, servers[1].port))
        for _ in 0..<2 { #expect(try shard.call().status == 200) }
        let next = UpstreamRegistry(
            upstreams: [.up(ports: servers[1].port)], routes: [], metrics: shard.metrics, previous: shard.registry)
        shard.registry.retire(after: next)
        try shard.thread.run { [client = shard.client] in client.unwrapped.closeRetired() }
        #expect(closed.wait(count: 1) == ["a"])
    }

    // MARK: Names

    @Test(arguments: transports)
    func `what is on the internet is never looked for inside`(_ transport: TransportChoice) throws {
        let inside = ScriptedUpstream(always: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        for host in ["localhost", "127.0.0.1"] {
            let target = TargetSettings(host: host, port: inside.port, isPublic: true)
            let shard = try Shard(UpstreamSettings(name: "up", targets: [target], transport: transport))
            #expect(try shard.call().failure?.code == .upstreamUnreachable)
        }
        #expect(inside.heads.all.isEmpty)
    }

    @Test(arguments: transports)
    func `a name with several addresses is several targets, which change with it`(_ transport: TransportChoice) throws {
        let answer = Mutex<[SocketAddress]>([])
        let resolver = NameResolver { _, _ in answer.withLock { $0 } }
        let server = NamedServer("a")
        let loopback = { (last: UInt32) in SocketAddress.ip(.v4(0x7F00_0000 | last), port: server.port) }
        answer.withLock { $0 = [loopback(2), loopback(1)] }
        let settings = UpstreamSettings(
            name: "up", targets: [TargetSettings(host: "many.test", port: server.port)], transport: transport)
        let shard = try Shard(settings, resolver: resolver)
        let pool = shard.registry.upstreams[0].pool
        let addresses = { pool.status(now: .current).map(\.address) }
        let wait = { (count: Int) in
            let end = Clock.now + 30
            while pool.status(now: .current).count != count, Clock.now < end { _ = try? shard.thread.run {} }
        }
        _ = pool.targetsToCheck(now: .current)
        wait(2)
        #expect(addresses() == ["127.0.0.1:\(server.port)", "127.0.0.2:\(server.port)"])
        // The server listens on the first only; the name is still what is asked for.
        let answers = try (0..<4).map { _ in try shard.call().status }
        #expect(answers.count { $0 == 200 } == 2)
        let later = { (seconds: UInt64) in MonotonicTime.current.advanced(byNanoseconds: seconds * 1000 * millisecond) }
        // A failed look-up keeps what is known.
        answer.withLock { $0 = [] }
        _ = pool.targetsToCheck(now: later(31))
        let failures = "sluice_dns_failures_total{upstream=\"up\"} 1"
        let end = Clock.now + 30
        while !shard.page.contains(failures), Clock.now < end { _ = try? shard.thread.run {} }
        #expect(shard.page.contains(failures))
        #expect(addresses().count == 2)
        answer.withLock { $0 = [loopback(1)] }
        _ = pool.targetsToCheck(now: later(62))
        wait(1)
        #expect(addresses() == [nil])
        #expect(try shard.call().status == 200)
    }

    @Test(arguments: [
        ([], []), (["127.0.0.1:1"], [["127.0.0.1:1"]]), (["[::1]:1", "127.0.0.1:1"], [["[::1]:1", "127.0.0.1:1"]]),
        (["10.0.0.2:1", "10.0.0.1:1", "10.0.0.2:1"], [["10.0.0.1:1"], ["10.0.0.2:1"]]),
        (
            ["10.0.0.2:1", "[fd00::2]:1", "10.0.0.1:1", "[fd00::1]:1"],
            [["10.0.0.1:1", "[fd00::1]:1"], ["10.0.0.2:1", "[fd00::2]:1"]]
        ),
    ])
    func `addresses of two families are choices, not servers`(_ row: (found: [String], targets: [[String]])) {
        let targets = ResolvedName.targets(of: row.found.compactMap { SocketAddress($0) })
        #expect(targets.map { $0.map(\.description) } == row.targets)
    }
}
