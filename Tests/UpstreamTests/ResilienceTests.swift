import EventLoop
import HTTP
import Resilience
import Telemetry
import TestSupport
import Testing

@testable import Upstream

@Suite("Resilience, in the contract's order")
struct ResilienceTests {
    static let ok = RequestTests.ok
    static let unavailable = "HTTP/1.1 503 No\r\nContent-Length: 2\r\n\r\nno"
    static let quick = Backoff(base: 1_000_000, max: 2_000_000)

    /// `attempts` tries with short waits and a budget that is never spent.
    static func retry(_ attempts: Int) -> RetrySettings {
        RetrySettings(policy: RetryPolicy(attempts: attempts, backoff: quick), budget: 1)
    }

    /// An upstream that never answers; `closed` is opened when the gateway has closed.
    static func silent(_ closed: Latch = Latch()) -> ScriptedUpstream {
        ScriptedUpstream { peer, _ in
            guard try peer.readRequest() != nil else { return }
            peer.waitForClose()
            closed.open()
        }
    }

    // MARK: Deadline and timeout

    @Test(arguments: transports)
    func `a try over its timeout is cut on the wire`(_ transport: TransportChoice) throws {
        let closed = Latch()
        let upstream = Self.silent(closed)
        let shard = try Shard(.up(transport, ports: upstream.port, timeout: 20))
        #expect(try shard.call().failure == CallFailure(.upstreamTimeout, attempts: 1, source: .upstream))
        closed.wait()
    }

    @Test(arguments: transports)
    func `the whole deadline cuts a try too`(_ transport: TransportChoice) throws {
        let closed = Latch()
        let upstream = Self.silent(closed)
        let shard = try Shard(.up(transport, ports: upstream.port, timeout: 2000, retry: Self.retry(3)))
        let failure = try shard.call(milliseconds: 20).failure
        #expect(failure == CallFailure(.deadlineExceeded, attempts: 1, source: .downstream))
        closed.wait()
    }

    @Test func `a call whose deadline is over isn't made`() throws {
        let upstream = ScriptedUpstream(always: Self.ok)
        let shard = try Shard(.up(ports: upstream.port))
        let failure = try shard.call(milliseconds: 0).failure
        #expect(failure == CallFailure(.deadlineExceeded, attempts: 0, source: .downstream))
        #expect(upstream.connections == 0)
    }

    @Test func `a timed out try is followed by another`() throws {
        let upstream = ScriptedUpstream { peer, number in
            guard try peer.readRequest() != nil else { return }
            if number == 0 { peer.waitForClose() } else { try peer.send(Self.ok) }
        }
        let shard = try Shard(.up(ports: upstream.port, timeout: 50, retry: Self.retry(2)))
        let result = try shard.call()
        #expect(result.status == 200 && result.attempts == 2)
    }

    // MARK: Retries

    @Test(arguments: transports)
    func `a retry goes to another target`(_ transport: TransportChoice) throws {
        let good = ScriptedUpstream(always: Self.ok)
        let shard = try Shard(
            .up(transport, ports: good.port, ScriptedUpstream.closedPort(), retry: Self.retry(2)))
        let results = try (0..<4).map { _ in try shard.call() }
        #expect(results.allSatisfy { $0.status == 200 })
        #expect(results.map(\.attempts).sorted() == [1, 1, 2, 2])
    }

    @Test(
        arguments: [
            (HTTP.Method.get, false, 2), (.head, false, 2), (.put, false, 2), (.delete, false, 2),
            (.options, false, 2), (.post, false, 1), (.patch, false, 1), (.trace, false, 1), (.post, true, 2),
        ])
    func `only what may be sent twice is`(
        _ row: (method: HTTP.Method, isIdempotent: Bool, attempts: Int)
    ) throws {
        let upstream = ScriptedUpstream { peer, _ in
            while try peer.readRequest() != nil {
                try peer.send("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n")
            }
        }
        let route = RouteSettings(name: "up", upstream: "up", isIdempotent: row.isIdempotent)
        let shard = try Shard(.up(ports: upstream.port, retry: Self.retry(2)), routes: [route])
        let result = try shard.call("up", row.method, "/")
        #expect(result.status == 503 && result.attempts == row.attempts)
        #expect(upstream.heads.all.count == row.attempts)
    }

    @Test func `a status that isn't listed is an answer`() throws {
        let upstream = ScriptedUpstream(always: "HTTP/1.1 500 No\r\nContent-Length: 2\r\n\r\nno")
        let shard = try Shard(.up(ports: upstream.port, retry: Self.retry(3)))
        #expect(
            try shard.call() == Result(status: 500, body: "no", fields: ["content-length: 2"], attempts: 1))
    }

    @Test func `a Retry-After that doesn't fit ends the call`() throws {
        let upstream = ScriptedUpstream(
            always: "HTTP/1.1 503 No\r\nRetry-After: 10\r\nContent-Length: 0\r\n\r\n")
        let shard = try Shard(.up(ports: upstream.port, retry: Self.retry(3)))
        let result = try shard.call(milliseconds: 3000)
        #expect(result.status == 503 && result.attempts == 1)
    }

    @Test(arguments: [
        "Retry-After: Sun, 06 Nov 1994 08:49:47 GMT\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT",
        "Retry-After: Fri, 31 Dec 9999 23:59:59 GMT", "Retry-After: 999999999",
    ])
    func `a Retry-After may be a date, by the upstream's own clock`(_ fields: String) throws {
        let upstream = ScriptedUpstream(always: "HTTP/1.1 503 No\r\n\(fields)\r\nContent-Length: 0\r\n\r\n")
        let shard = try Shard(.up(ports: upstream.port, retry: Self.retry(3)))
        #expect(try shard.call(milliseconds: 3000).attempts == 1)
    }

    @Test(arguments: [
        "Retry-After: Sun, 06 Nov 1994 08:49:37 GMT", "Retry-After: 0", "Retry-After: soon",
        "Retry-After: Sun, 06 Nov 1994 08:49:37 GMT\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT",
    ])
    func `a Retry-After that is over or none holds nobody back`(_ fields: String) throws {
        let upstream = ScriptedUpstream(always: "HTTP/1.1 503 No\r\n\(fields)\r\nContent-Length: 0\r\n\r\n")
        let shard = try Shard(.up(ports: upstream.port, retry: Self.retry(3)))
        #expect(try shard.call(milliseconds: 3000).attempts == 3)
    }

    @Test func `a Retry-After that fits is waited for`() throws {
        let upstream = ScriptedUpstream { peer, _ in
            var isSecond = false
            while try peer.readRequest() != nil {
                try peer.send(isSecond ? Self.ok : "HTTP/1.1 503 No\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n")
                isSecond = true
            }
        }
        let shard = try Shard(.up(ports: upstream.port, retry: Self.retry(2)))
        let started = Clock.now
        #expect(try shard.call().status == 200)
        #expect(Clock.now - started >= 1)
    }

    @Test func `the budget bounds retries`() throws {
        let upstream = ScriptedUpstream(always: Self.unavailable)
        let retry = RetrySettings(policy: RetryPolicy(attempts: 2, backoff: Self.quick), budget: 0.1)
        let shard = try Shard(.up(ports: upstream.port, retry: retry))
        let attempts = try (0..<8).map { _ in try shard.call().attempts }
        #expect(attempts == [2, 2, 2, 1, 1, 1, 1, 1])
        #expect(
            String(decoding: shard.metrics.page(), as: UTF8.self)
                .contains("sluice_retries_total{upstream=\"up\"} 3\n"))
    }

    // MARK: Breaker

    @Test(arguments: transports)
    func `a breaker opens, probes and closes`(_ transport: TransportChoice) throws {
        let upstream = ScriptedUpstream { peer, _ in
            while let head = try peer.readRequest() {
                try peer.send(head.hasPrefix("GET /bad") ? Self.unavailable : Self.ok)
            }
        }
        let settings = CircuitBreaker.Settings(minimumCalls: 4, openFor: 30_000_000, probes: 2, closeAfter: 2)
        let shard = try Shard(.up(transport, ports: upstream.port, breaker: settings))
        for _ in 0..<4 { #expect(try shard.call("up", .get, "/bad").status == 503) }
        #expect(shard.breaker?.state == .open)
        let failure = try shard.call().failure
        #expect(failure == CallFailure(.breakerOpen, attempts: 0, source: .internal, retryAfterSeconds: 1))
        #expect(upstream.heads.all.count == 4)
        #expect(shard.waitForBreaker(.halfOpen))
        #expect(try shard.call("up", .get, "/bad").status == 503)
        #expect(shard.breaker?.state == .open)
        #expect(shard.waitForBreaker(.halfOpen))
        for _ in 0..<2 { #expect(try shard.call().status == 200) }
        #expect(shard.breaker?.state == .closed)
    }

    @Test func `the breaker counts a call by its last try, and neither 4xx nor what the client ended`() throws {
        let upstream = ScriptedUpstream { peer, _ in
            var isSecond = false
            while let head = try peer.readRequest() {
                if head.hasPrefix("GET /flaky") {
                    try peer.send(isSecond ? Self.ok : Self.unavailable)
                    isSecond.toggle()
                } else if head.hasPrefix("GET /missing") {
                    try peer.send("HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n")
                } else {
                    peer.waitForClose()
                }
            }
        }
        let settings = CircuitBreaker.Settings(failureRatio: 0.01, minimumCalls: 1)
        let shard = try Shard(.up(ports: upstream.port, retry: Self.retry(2), breaker: settings))
        for _ in 0..<3 { #expect(try shard.call("up", .get, "/flaky").attempts == 2) }
        #expect(try shard.call("up", .get, "/missing").status == 404)
        #expect(try shard.call("up", .get, "/silent", milliseconds: 20).failure?.code == .deadlineExceeded)
        let running = try shard.start("up", .get, "/silent")
        upstream.heads.wait(count: 9)
        try running.cancel()
        #expect(shard.breaker?.state == .closed)
    }

    @Test func `an operator can hold a breaker`() throws {
        let upstream = ScriptedUpstream(always: Self.ok)
        let shard = try Shard(.up(ports: upstream.port, breaker: CircuitBreaker.Settings()))
        #expect(shard.registry.force(breaker: "up", .open))
        #expect(shard.breaker == BreakerStatus(name: "up", state: .open, isForced: true))
        #expect(try shard.call().failure?.code == .breakerOpen)
        #expect(shard.registry.force(breaker: "up", nil))
        #expect(try shard.call().status == 200)
        #expect(!shard.registry.force(breaker: "other", .open))
    }

    // MARK: Concurrency

    @Test func `calls wait in line, and beyond that are refused`() throws {
        let gate = Latch()
        let upstream = ScriptedUpstream(always: Self.ok, after: gate)
        let shard = try Shard(.up(ports: upstream.port, concurrency: ConcurrencySettings(max: 1, queue: 2)))
        let first = try shard.start()
        let second = try shard.start()
        let third = try shard.start()
        #expect(
            try shard.call().failure
                == CallFailure(.overloaded, attempts: 0, source: .internal, retryAfterSeconds: 1))
        upstream.heads.wait(count: 1)
        try second.cancel()
        gate.open()
        #expect(first.wait().status == 200)
        #expect(third.wait().status == 200)
        #expect(second.results.all.isEmpty)
        #expect(upstream.heads.all.count == 2)
        #expect(try shard.call().status == 200)
    }

    @Test func `a call that waits in line is over at its deadline`() throws {
        let upstream = Self.silent()
        let shard = try Shard(.up(ports: upstream.port, concurrency: ConcurrencySettings(max: 1, queue: 1)))
        let first = try shard.start()
        let failure = try shard.call(milliseconds: 20).failure
        #expect(failure == CallFailure(.deadlineExceeded, attempts: 0, source: .downstream))
        try first.cancel()
        #expect(shard.registry.upstreams[0].bulkhead.inFlight == 0)
    }

    // MARK: Metrics

    @Test func `each try is counted by its status`() throws {
        let upstream = ScriptedUpstream(always: Self.unavailable)
        let shard = try Shard(.up(ports: upstream.port, retry: Self.retry(2), breaker: CircuitBreaker.Settings()))
        _ = try shard.call()
        let page = String(decoding: shard.metrics.page(), as: UTF8.self)
        #expect(page.contains("http_client_request_duration_seconds_count{upstream=\"up\",status=\"5xx\"} 2\n"))
        #expect(page.contains("sluice_breaker_state{breaker=\"up\"} 0\n"))
    }
}
