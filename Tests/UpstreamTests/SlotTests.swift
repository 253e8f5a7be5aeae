import EventLoop
import HTTP
import Resilience
import TestSupport
import Testing

@testable import Upstream

@Suite("Whatever becomes of calls, nothing that they took is kept")
struct SlotTests {
    /// Answers at once, late, with a failure, or not at all.
    private static func moody() -> ScriptedUpstream {
        ScriptedUpstream { peer, _ in
            var random = SystemRandomNumberGenerator()
            while try peer.readRequest() != nil {
                switch Int.random(in: 0..<10, using: &random) {
                case 0: return peer.reset()
                case 1: return
                case 2: try peer.send("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n")
                case 3:
                    try peer.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n1")
                    return
                case 4: return peer.waitForClose()
                case 5:
                    peer.takeTime(milliseconds: Int32.random(in: 1...40, using: &random))
                    try peer.send(RequestTests.ok)
                default: try peer.send(RequestTests.ok)
                }
            }
        }
    }

    @Test(arguments: [false, true])
    func `places, probes and the queue are all given back`(isAdaptive: Bool) throws {
        let upstream = Self.moody()
        let other = Self.moody()
        let settings = UpstreamSettings.up(
            ports: upstream.port, other.port, timeout: 50,
            retry: RetrySettings(policy: RetryPolicy(attempts: 3, backoff: ResilienceTests.quick), budget: 1),
            breaker: CircuitBreaker.Settings(
                window: 200_000_000, failureRatio: 0.6, minimumCalls: 10, openFor: 5_000_000, probes: 2, closeAfter: 1),
            concurrency: ConcurrencySettings(max: 12, queue: 20, isAdaptive: isAdaptive),
            hedge: Hedging.Settings(after: .fixed(10_000_000), atMost: 0.5))
        let shard = try Shard(settings)
        var random = SystemRandomNumberGenerator()
        var running: [Shard.Running] = []
        var cancelled: Set<Int> = []
        for number in 0..<600 {
            running.append(try shard.start(milliseconds: UInt64.random(in: 1...120, using: &random)))
            if number % 5 == 0 {
                let victim = Int.random(in: 0..<running.count, using: &random)
                try running[victim].cancel()
                cancelled.insert(victim)
            }
            // Not faster than the queue can ever be served.
            if number % 20 == 0 { _ = running[max(0, number - 30)].results.wait(count: 1, seconds: 0.05) }
        }
        for (number, call) in running.enumerated() {
            if !cancelled.contains(number) { #expect(call.results.wait(count: 1).count == 1) }
            #expect(call.results.all.count <= 1)
        }
        let status = shard.registry.upstreams[0].bulkhead.status
        #expect(status.inFlight == 0 && status.queued == 0)
        // A probe that was kept would never let the breaker close again.
        let end = Clock.now + 5
        while Clock.now < end, shard.breaker?.state != .closed { _ = try shard.call() }
        #expect(shard.breaker?.state == .closed)
    }
}
