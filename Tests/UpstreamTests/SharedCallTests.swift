import EventLoop
import HTTP
import Telemetry
import TestSupport
import Testing

@testable import Upstream

@Suite("Single flight")
struct SharedCallTests {
    static let route = RouteSettings(name: "up", upstream: "up", isShared: true)

    /// An upstream that answers its requests one by one, as it is told.
    final class Held: Sendable {
        let upstream: ScriptedUpstream
        let go = Recorder<String>()

        init() {
            let go = go
            upstream = ScriptedUpstream { peer, number in
                var count = 0
                while try peer.readRequest() != nil {
                    count += 1
                    let answers = go.wait(seconds: 5) { $0.count > number + count - 1 }
                    guard answers.count > number + count - 1 else { break }
                    try peer.send(answers[number + count - 1])
                }
            }
        }

        static func ok(_ body: String) -> String {
            "HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
        }

        func waitForRequests(_ count: Int) { upstream.heads.wait(count: count) }
    }

    @Test func `a thousand equal calls at once are one`() throws {
        let held = Held()
        let shard = try Shard(.up(ports: held.upstream.port), routes: [Self.route])
        let calls = try (0..<1000).map { _ in try shard.start() }
        held.waitForRequests(1)
        held.go.add(Held.ok("same"))
        for call in calls {
            let result = call.wait()
            #expect(result.status == 200 && result.body == "same" && result.attempts == 1)
        }
        #expect(held.upstream.heads.all.count == 1)
    }

    @Test func `two shards share one call`() throws {
        let held = Held()
        let one = try Shard(.up(ports: held.upstream.port), routes: [Self.route])
        let two = try Shard(sharing: one)
        let leader = try one.start()
        held.waitForRequests(1)
        let followers = try (0..<50).map { _ in try two.start() }
        held.go.add(Held.ok("same"))
        #expect(leader.wait().body == "same")
        for call in followers { #expect(call.wait().body == "same") }
        #expect(held.upstream.heads.all.count == 1)
    }

    @Test func `different calls aren't shared, nor those of a route that doesn't want it`() throws {
        let upstream = ScriptedUpstream(always: RequestTests.ok)
        let alone = RouteSettings(name: "alone", upstream: "up")
        let shard = try Shard(.up(ports: upstream.port), routes: [Self.route, alone])
        let calls = [
            try shard.start("up", .get, "/a"), try shard.start("up", .get, "/b"),
            try shard.start("up", .get, "/a", fields: [("authorization", "x")]),
            try shard.start("up", .get, "/a", fields: [("authorization", "y")]),
            try shard.start("alone", .get, "/a"), try shard.start("alone", .get, "/a"),
        ]
        for call in calls { #expect(call.wait().status == 200) }
        #expect(upstream.heads.all.count == 6)
    }

    @Test func `failures are shared too`() throws {
        let held = Held()
        let shard = try Shard(.up(ports: held.upstream.port, timeout: 50), routes: [Self.route])
        let calls = try (0..<10).map { _ in try shard.start() }
        for call in calls {
            #expect(call.wait().failure == CallFailure(.upstreamTimeout, attempts: 1, source: .upstream))
        }
        #expect(held.upstream.heads.all.count == 1)
    }

    @Test func `the call goes on when the leader leaves`() throws {
        let held = Held()
        let shard = try Shard(.up(ports: held.upstream.port), routes: [Self.route])
        let leader = try shard.start()
        let follower = try shard.start()
        held.waitForRequests(1)
        try leader.cancel()
        held.go.add(Held.ok("late"))
        #expect(follower.wait().body == "late")
        #expect(leader.results.all.isEmpty && held.upstream.heads.all.count == 1)
    }

    @Test func `a leader that left is given back and used again`() throws {
        let held = Held()
        let shard = try Shard(.up(ports: held.upstream.port), routes: [Self.route])
        let leader = try shard.start()
        let follower = try shard.start()
        held.waitForRequests(1)
        try leader.cancel(recycling: true)
        // Takes the leader's place in the pool if it came back too early.
        let next = try shard.start("up", .get, "/other")
        held.go.add(Held.ok("late"))
        held.go.add(Held.ok("other"))
        #expect(Set([follower.wait().body, next.wait().body]) == ["late", "other"])
    }

    @Test func `when all have left the call ends on the wire`() throws {
        let held = Held()
        let shard = try Shard(.up(ports: held.upstream.port), routes: [Self.route])
        let calls = try (0..<3).map { _ in try shard.start() }
        held.waitForRequests(1)
        for call in calls { try call.cancel(recycling: true) }
        // The next one isn't kept waiting by a call that nobody answers for.
        let next = try shard.start()
        held.waitForRequests(2)
        held.go.add(Held.ok("first"))
        held.go.add(Held.ok("next"))
        #expect(next.wait().status == 200)
        #expect(held.upstream.heads.all.count == 2)
    }

    @Test func `a follower keeps its own deadline`() throws {
        let held = Held()
        let shard = try Shard(.up(ports: held.upstream.port), routes: [Self.route])
        let leader = try shard.start()
        let hurried = try shard.start(milliseconds: 20)
        #expect(hurried.wait().failure == CallFailure(.deadlineExceeded, attempts: 0, source: .downstream))
        held.waitForRequests(1)
        held.go.add(Held.ok("late"))
        #expect(leader.wait().body == "late")
    }

    @Test func `a follower with time left starts anew when the leader's deadline ended the call`() throws {
        let held = Held()
        let shard = try Shard(.up(ports: held.upstream.port), routes: [Self.route])
        let leader = try shard.start(milliseconds: 50)
        let followers = try (0..<5).map { _ in try shard.start() }
        #expect(leader.wait().failure?.code == .deadlineExceeded)
        held.waitForRequests(2)
        held.go.add("unused")
        held.go.add(Held.ok("anew"))
        for call in followers { #expect(call.wait().body == "anew") }
        #expect(held.upstream.heads.all.count == 2)
    }

    @Test func `a call of a mutation goes by itself`() throws {
        let held = Held()
        let shard = try Shard(.up(ports: held.upstream.port), routes: [Self.route])
        let shared = try shard.start()
        let own = try shard.start(isExclusive: true)
        held.waitForRequests(2)
        held.go.add(Held.ok("a"))
        held.go.add(Held.ok("a"))
        #expect(shared.wait().body == "a" && own.wait().body == "a")
    }

    @Test func `calls that come and leave at random all end, and none gets another's answer`() throws {
        var random = Seeded(.random(in: 0 ... .max))
        let upstream = ScriptedUpstream { peer, _ in
            while let head = try peer.readRequest() {
                try peer.send(Held.ok(String(head.split(separator: " ")[1])))
            }
        }
        let one = try Shard(.up(ports: upstream.port), routes: [Self.route])
        let shards = [one, try Shard(sharing: one)]
        var running: [(target: String, call: Shard.Running)] = []
        for _ in 0..<600 {
            let shard = shards.randomElement(using: &random)!
            let target = "/\(Int.random(in: 0..<4, using: &random))"
            let call = try shard.start("up", .get, target)
            if Bool.random(using: &random) {
                try call.cancel(recycling: true)
            } else {
                running.append((target, call))
            }
        }
        for (target, call) in running { #expect(call.wait().body == target, "\(random)") }
        #expect(upstream.heads.all.count <= 600)
    }
}
