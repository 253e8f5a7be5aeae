import Resilience
import Testing

@Suite("Circuit breaker: states and transitions")
final class CircuitBreakerTests {
    var breaker = CircuitBreaker(
        CircuitBreaker.Settings(
            window: 10 * second, failureRatio: 0.5, minimumCalls: 4, openFor: 5 * second, probes: 2, closeAfter: 2))

    private func admission(now: UInt64) throws -> CircuitBreaker.Admission {
        guard case .allowed(let admission) = breaker.admit(now: now) else {
            Issue.record("refused at \(now)")
            throw CancellationError()
        }
        return admission
    }

    private func admit(now: UInt64) -> CircuitBreaker.Decision { breaker.admit(now: now) }

    @discardableResult
    private func record(
        _ outcome: CircuitBreaker.Outcome, _ admission: CircuitBreaker.Admission, now: UInt64
    ) -> CircuitBreaker.State? {
        breaker.record(outcome, admission, now: now)
    }

    @discardableResult
    private func call(_ outcome: CircuitBreaker.Outcome, now: UInt64) throws -> CircuitBreaker.State? {
        breaker.record(outcome, try admission(now: now), now: now)
    }

    private func open(now: UInt64) throws {
        for _ in 0..<4 { try call(.failure, now: now) }
        #expect(breaker.state(now: now) == .open)
    }

    @Test func `it opens when the window holds enough calls and the share of failures is reached`() throws {
        try call(.failure, now: 1)
        try call(.failure, now: 2)
        try call(.success, now: 3)
        #expect(breaker.state(now: 3) == .closed)
        #expect(try call(.success, now: 4) == .open)
        #expect(admit(now: 4 + second) == .refused(retryAfterNanoseconds: 4 * second))
    }

    @Test func `it stays closed below the share`() throws {
        for round in 0..<UInt64(20) { try call(round % 5 > 2 ? .failure : .success, now: round * 100 * millisecond) }
        #expect(breaker.state(now: 2 * second) == .closed)
    }

    @Test func `failures older than the window don't count`() throws {
        for _ in 0..<3 { try call(.failure, now: 0) }
        try call(.failure, now: 10 * second)
        #expect(breaker.state(now: 10 * second) == .closed)
    }

    @Test func `a share that binary fractions can't hold is reached all the same`() throws {
        var breaker = CircuitBreaker(
            CircuitBreaker.Settings(window: second, failureRatio: 0.55, minimumCalls: 20))
        for round in 0..<20 {
            guard case .allowed(let admission) = breaker.admit(now: 1) else { return }
            breaker.record(round < 9 ? .success : .failure, admission, now: 1)
        }
        #expect(breaker.state(now: 1) == .open)
    }

    @Test func `open ends by time and lets at most the given probes pass`() throws {
        try open(now: 0)
        #expect(breaker.state(now: 5 * second - 1) == .open)
        #expect(breaker.state(now: 5 * second) == .halfOpen)
        let first = try admission(now: 5 * second)
        let other = try admission(now: 5 * second)
        #expect(first.isProbe && other.isProbe)
        #expect(admit(now: 5 * second) == .refused(retryAfterNanoseconds: 0))
        breaker.record(.success, first, now: 5 * second)
        #expect(try admission(now: 5 * second).isProbe)
    }

    @Test func `enough successful probes close it, with an empty window`() throws {
        try open(now: 0)
        #expect(try call(.success, now: 6 * second) == nil)
        #expect(try call(.success, now: 6 * second) == .closed)
        for _ in 0..<3 { try call(.failure, now: 6 * second) }
        #expect(breaker.state(now: 6 * second) == .closed)
        #expect(try call(.failure, now: 6 * second) == .open)
    }

    @Test func `one failed probe opens it again for the whole time`() throws {
        try open(now: 0)
        try call(.success, now: 6 * second)
        #expect(try call(.failure, now: 7 * second) == .open)
        #expect(admit(now: 8 * second) == .refused(retryAfterNanoseconds: 4 * second))
        #expect(breaker.state(now: 12 * second) == .halfOpen)
    }

    @Test func `a cancelled call counts as neither, and a cancelled probe gives its place back`() throws {
        for _ in 0..<10 { try call(.neutral, now: 0) }
        for _ in 0..<3 { try call(.failure, now: 0) }
        #expect(breaker.state(now: 0) == .closed)
        try call(.failure, now: 0)
        let probes = [try admission(now: 5 * second), try admission(now: 5 * second)]
        breaker.record(.neutral, probes[0], now: 5 * second)
        #expect(breaker.state(now: 5 * second) == .halfOpen)
        #expect(try admission(now: 5 * second).isProbe)
    }

    @Test func `a call admitted before a change doesn't count after it`() throws {
        let early = (try admission(now: 0), try admission(now: 0))
        try open(now: 0)
        breaker.record(.failure, early.0, now: 5 * second)
        #expect(breaker.state(now: 5 * second) == .halfOpen)
        try call(.success, now: 5 * second)
        #expect(record(.success, early.1, now: 5 * second) == nil)
        #expect(breaker.state(now: 5 * second) == .halfOpen)
    }

    @Test func `a slow probe of an earlier half-open state still takes a place`() throws {
        try open(now: 0)
        let slow = try admission(now: 5 * second)
        try call(.failure, now: 5 * second)
        let other = try admission(now: 10 * second)
        #expect(admit(now: 10 * second) == .refused(retryAfterNanoseconds: 0))
        #expect(record(.failure, slow, now: 10 * second) == nil)
        #expect(breaker.state(now: 10 * second) == .halfOpen)
        #expect(try admission(now: 10 * second).isProbe)
        breaker.record(.success, other, now: 10 * second)
    }

    @Test func `an operator's word holds until taken back`() throws {
        breaker.force(.open)
        #expect(breaker.state(now: 0) == .open && breaker.forced == .open)
        #expect(admit(now: 100 * second) == .refused(retryAfterNanoseconds: 5 * second))
        breaker.force(.closed)
        for _ in 0..<20 { try call(.failure, now: 100 * second) }
        #expect(breaker.state(now: 100 * second) == .closed)
        breaker.force(nil)
        #expect(breaker.forced == nil)
        try open(now: 100 * second)
        breaker.force(nil)
        #expect(breaker.state(now: 100 * second) == .open)
    }

    @Test(arguments: [
        (TryFailure.connect, CircuitBreaker.Outcome.failure), (.reset, .failure), (.timeout, .failure),
        (.status(500), .failure), (.status(599), .failure), (.status(404), .success), (.status(429), .success),
        (.status(200), .success),
    ])
    func `by default connection losses, timeouts and 5xx are failures`(
        failure: TryFailure, expected: CircuitBreaker.Outcome
    ) {
        #expect(CircuitBreaker.Settings().outcome(of: failure) == expected)
    }

    @Test func `a 4xx is never a failure, even if it is listed`() {
        let settings = CircuitBreaker.Settings(failures: FailureSet(classes: [], statuses: [429, 503]))
        #expect(settings.outcome(of: .status(429)) == .success)
        #expect(settings.outcome(of: .status(503)) == .failure)
        #expect(settings.outcome(of: .status(500)) == .success)
        #expect(settings.outcome(of: .connect) == .success)
    }

    @Test func `an answer that is too slow is a failure, unless it is a 4xx`() {
        let settings = CircuitBreaker.Settings(failures: FailureSet(classes: []), slowerThan: second)
        #expect(settings.outcome(of: .status(200), took: second) == .success)
        #expect(settings.outcome(of: .status(200), took: second + 1) == .failure)
        #expect(settings.outcome(of: .status(404), took: 2 * second) == .success)
        #expect(settings.outcome(of: .status(503), took: second) == .success)
        #expect(settings.outcome(of: .status(503), took: 2 * second) == .failure)
    }

    @Test func `a clock that runs back between shards does no harm`() {
        var breaker = breaker
        for now in [10 * second, 9 * second, 10 * second, 9 * second] {
            guard case .allowed(let admission) = breaker.admit(now: now) else { return }
            breaker.record(.failure, admission, now: now)
        }
        #expect(breaker.state(now: 8 * second) == .open)
        let decision = breaker.admit(now: 0)
        #expect(decision == .refused(retryAfterNanoseconds: 5 * second))
    }
}
