import EventLoop
import HTTP
import Resilience
import Telemetry
import TestSupport
import Testing

@testable import Upstream

@Suite("Hedging, on the wire")
struct HedgeTests {
    static let ok = RequestTests.ok

    /// Hedges every call that takes over 30 ms.
    static let always = Hedging.Settings(after: .fixed(30_000_000), atMost: 1)

    /// Earns hedges: a call has to end before there is one. A POST is never hedged itself, however busy the machine is.
    private func earn(_ shard: Shard) throws {
        #expect(try shard.call("up", .post, "/quick").status == 200)
    }

    @Test(arguments: transports)
    func `a slow call is sent a second time, and the loser is cancelled on the wire`(
        _ transport: TransportChoice
    ) throws {
        let closed = Latch()
        let slow = Recorder<Bool>()
        let upstream = ScriptedUpstream { peer, _ in
            while let head = try peer.readRequest() {
                if head.hasPrefix("GET /slow") { slow.add(true) }
                // Only the first of the two requests is slow.
                if head.hasPrefix("GET /slow"), slow.all.count == 1 {
                    peer.waitForClose()
                    return closed.open()
                }
                try peer.send(Self.ok)
            }
        }
        let shard = try Shard(.up(transport, ports: upstream.port, hedge: Self.always))
        try earn(shard)
        let result = try shard.call("up", .get, "/slow")
        #expect(result.status == 200 && result.attempts == 1 && result.hedges == 1)
        closed.wait()
        let page = String(decoding: shard.metrics.page(), as: UTF8.self)
        #expect(page.contains("sluice_hedges_total{upstream=\"up\"} 1\n"))
        #expect(page.contains("sluice_hedges_won_total{upstream=\"up\"} 1\n"))
        #expect(page.contains("sluice_retries_total{upstream=\"up\"} 0\n"))
        // The try counts once, by the leg that answered.
        #expect(page.contains("http_client_request_duration_seconds_count{upstream=\"up\",status=\"2xx\"} 2\n"))
        #expect(page.contains("http_client_request_duration_seconds_count{upstream=\"up\",status=\"error\"} 0\n"))
        #expect(shard.registry.upstreams[0].callsInFlight == 0)
    }

    @Test func `the hedge goes to another target`() throws {
        let slow = Recorder<Bool>()
        let first = ScriptedUpstream { peer, _ in
            while let head = try peer.readRequest() {
                if head.hasPrefix("GET /slow") {
                    slow.add(true)
                    return peer.waitForClose()
                }
                try peer.send(Self.ok)
            }
        }
        let second = ScriptedUpstream(always: Self.ok)
        let shard = try Shard(.up(ports: first.port, second.port, hedge: Self.always))
        for _ in 0..<2 { try earn(shard) }
        for _ in 0..<2 { #expect(try shard.call("up", .get, "/slow").status == 200) }
        // One of the two went to the slow target first, and from there to the other.
        #expect(slow.all.count == 1)
        #expect(second.heads.all.count { $0.hasPrefix("GET /slow") } == 2)
    }

    @Test func `no more than the share is hedged`() throws {
        let upstream = ScriptedUpstream { peer, _ in
            while let head = try peer.readRequest() {
                if head.hasPrefix("GET /slow") { return peer.waitForClose() }
                try peer.send(Self.ok)
            }
        }
        let hedge = Hedging.Settings(after: .fixed(5_000_000), atMost: 0.1)
        let shard = try Shard(.up(ports: upstream.port, timeout: 50, hedge: hedge))
        for _ in 0..<10 { try earn(shard) }
        let hedges = try (0..<4).map { _ in try shard.call("up", .get, "/slow").hedges }
        #expect(hedges == [1, 0, 0, 0])
    }

    @Test func `the retry budget bounds hedges too`() throws {
        let upstream = ScriptedUpstream { peer, _ in
            while let head = try peer.readRequest() {
                if head.hasPrefix("GET /slow") { return peer.waitForClose() }
                try peer.send(Self.ok)
            }
        }
        let retry = RetrySettings(policy: RetryPolicy(attempts: 1), budget: 0)
        let hedge = Hedging.Settings(after: .fixed(5_000_000), atMost: 1)
        let shard = try Shard(.up(ports: upstream.port, timeout: 40, retry: retry, hedge: hedge))
        for _ in 0..<6 { try earn(shard) }
        let hedges = try (0..<5).map { _ in try shard.call("up", .get, "/slow").hedges }
        #expect(hedges == [1, 1, 1, 0, 0])
    }

    @Test func `what may not be sent twice isn't`() throws {
        let upstream = ScriptedUpstream { peer, _ in
            while let head = try peer.readRequest() {
                if head.hasPrefix("POST /once") { return peer.waitForClose() }
                try peer.send(Self.ok)
            }
        }
        let shard = try Shard(.up(ports: upstream.port, timeout: 80, hedge: Self.always))
        for _ in 0..<3 { try earn(shard) }
        let result = try shard.call("up", .post, "/once")
        #expect(result.failure?.code == .upstreamTimeout && result.hedges == 0)
        #expect(upstream.heads.all.count { $0.hasPrefix("POST /once") } == 1)
    }

    @Test func `a leg that fails leaves the try to the other`() throws {
        let arrivals = Recorder<Bool>()
        let release = Latch()
        let upstream = ScriptedUpstream { peer, _ in
            while let head = try peer.readRequest() {
                guard head.hasPrefix("GET /slow") else {
                    try peer.send(Self.ok)
                    continue
                }
                arrivals.add(true)
                if arrivals.all.count == 1 {
                    release.wait()
                    try peer.send(Self.ok)
                } else {
                    try peer.send("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n")
                    release.open()
                }
            }
        }
        let shard = try Shard(.up(ports: upstream.port, hedge: Self.always))
        try earn(shard)
        let result = try shard.call("up", .get, "/slow")
        #expect(result.status == 200 && result.attempts == 1 && result.hedges == 1)
    }

    @Test func `both legs are cancelled at the deadline`() throws {
        let closed = Recorder<Bool>()
        let upstream = ScriptedUpstream { peer, _ in
            while let head = try peer.readRequest() {
                if head.hasPrefix("GET /slow") {
                    peer.waitForClose()
                    return closed.add(true)
                }
                try peer.send(Self.ok)
            }
        }
        let shard = try Shard(.up(ports: upstream.port, hedge: Self.always))
        try earn(shard)
        let result = try shard.call("up", .get, "/slow", milliseconds: 400)
        #expect(result.failure == CallFailure(.deadlineExceeded, attempts: 1, source: .downstream))
        closed.wait(count: 2)
        #expect(upstream.heads.all.count { $0.hasPrefix("GET /slow") } == 2)
        #expect(try shard.call("up", .get, "/quick").status == 200)
    }

    @Test func `the route's own latency decides when a call is slow`() throws {
        let seen = Recorder<Bool>()
        let upstream = ScriptedUpstream { peer, _ in
            while let head = try peer.readRequest() {
                if head.hasPrefix("GET /slow") {
                    seen.add(true)
                    if seen.all.count == 1 { return peer.waitForClose() }
                }
                try peer.send(Self.ok)
            }
        }
        let hedge = Hedging.Settings(after: .quantile(0.95), atMost: 0.05)
        let shard = try Shard(.up(ports: upstream.port, hedge: hedge))
        // Nineteen answers say nothing yet, and earn nothing yet either.
        for _ in 0..<20 { try earn(shard) }
        let result = try shard.call("up", .get, "/slow")
        #expect(result.status == 200 && result.hedges == 1)
    }
}
