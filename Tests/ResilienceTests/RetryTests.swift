import Resilience
import TestSupport
import Testing

@Suite("Retry budget")
struct RetryBudgetTests {
    private func granted(_ budget: inout RetryBudget, _ count: Int = 1, now: UInt64) -> Int {
        (0..<count).reduce(0) { granted, _ in granted + (budget.takeRetry(now: now) ? 1 : 0) }
    }

    @Test func `three retries in ten seconds are granted whatever the share`() {
        var budget = RetryBudget(share: 0)
        let grants = [
            granted(&budget, 5, now: 0), granted(&budget, now: 10 * second - 1), granted(&budget, 5, now: 10 * second),
        ]
        #expect(grants == [3, 0, 3])
    }

    @Test func `retries are bounded by the share of the calls`() {
        var budget = RetryBudget(share: 0.2)
        for _ in 0..<100 { budget.recordCall(now: 0) }
        let count = granted(&budget, 30, now: second)
        #expect(count == 20)
    }

    @Test func `calls older than ten seconds give no retries`() {
        var budget = RetryBudget(share: 0.5)
        for _ in 0..<100 { budget.recordCall(now: 0) }
        let count = granted(&budget, 30, now: 11 * second)
        #expect(count == 3)
    }

    @Test(arguments: Seeded.seeds(40))
    func `in no ten seconds before a retry is the budget exceeded, and three are never refused`(seed: UInt64) {
        var random = Seeded(seed)
        let share = Double(Int.random(in: 0...10, using: &random)) / 10
        var budget = RetryBudget(share: share)
        var calls: [UInt64] = []
        var retries: [UInt64] = []
        var now: UInt64 = 0
        for step in 0..<1500 {
            now += UInt64.random(in: 0...(step % 500 < 400 ? 60 : 3000), using: &random) * millisecond
            if Bool.random(using: &random) {
                budget.recordCall(now: now)
                calls.append(now)
                continue
            }
            let left = budget.left(now: now)
            let granted = budget.takeRetry(now: now)
            #expect((left > 0) == granted, "step \(step), \(random)")
            let recent = retries.count { now - $0 < 10 * second }
            if granted {
                retries.append(now)
                let allowed = share * Double(calls.count { now - $0 < 10 * second })
                #expect(recent + 1 <= max(3, Int(allowed + 1e-6)), "step \(step), \(random)")
            } else {
                #expect(recent >= 3, "step \(step), \(random)")
            }
        }
    }
}

@Suite("Backoff")
struct BackoffTests {
    @Test(
        arguments: zip([1, 2, 3, 4, 5, 60, 200, Int.max], [20, 40, 80, 160, 250, 250, 250, 250] as [UInt64]))
    func `the ceiling doubles up to the maximum`(retry: Int, milliseconds: UInt64) {
        #expect(Backoff().ceiling(retry: retry) == milliseconds * millisecond)
    }

    @Test func `without a base there is no wait`() {
        var random = Seeded(1)
        let delay = Backoff(base: 0, max: second).delay(retry: 100, using: &random)
        #expect(delay == 0)
    }

    @Test(arguments: Seeded.seeds(5))
    func `waits are spread over the whole range`(seed: UInt64) {
        var random = Seeded(seed)
        let delays = (0..<1000).map { _ in Backoff().delay(retry: 3, using: &random) }
        #expect(delays.allSatisfy { $0 <= 80 * millisecond }, "\(random)")
        #expect(delays.count { $0 < 20 * millisecond } > 150, "\(random)")
        #expect(delays.count { $0 > 60 * millisecond } > 150, "\(random)")
    }
}

@Suite("Retry policy")
struct RetryPolicyTests {
    private func verdict(
        _ failure: TryFailure, tries: Int = 1, isRepeatable: Bool = true, retryAfter: UInt64? = nil,
        remaining: UInt64 = 5 * second, spent: Int = 0
    ) -> RetryPolicy.Verdict {
        var budget = RetryBudget(share: 0)
        for _ in 0..<spent { _ = budget.takeRetry(now: second) }
        var random = Seeded(7)
        let policy = RetryPolicy(attempts: 3, backoff: Backoff(base: 0, max: 0))
        return policy.nextTry(
            after: RetryPolicy.FailedTry(failure, tries: tries, isRepeatable: isRepeatable, retryAfter: retryAfter),
            now: second, deadline: Deadline(nanoseconds: second + remaining), budget: &budget, using: &random)
    }

    @Test(arguments: [TryFailure.connect, .reset, .timeout, .status(502), .status(503), .status(504)])
    func `by default these are tried again`(failure: TryFailure) {
        #expect(verdict(failure) == .retry(afterNanoseconds: 0))
    }

    @Test(arguments: [TryFailure.status(500), .status(404), .status(429), .status(200)])
    func `other statuses are final`(failure: TryFailure) {
        #expect(verdict(failure) == .giveUp(.notRetryable))
    }

    @Test func `5xx names all of them`() {
        let set = FailureSet(classes: .serverError, statuses: [429])
        #expect([500, 599, 429].allSatisfy { set.contains(.status($0)) })
        #expect(![499, 600, 200].contains { set.contains(.status($0)) })
        #expect(!set.contains(.timeout))
    }

    @Test func `each reason to give up`() {
        #expect(verdict(.connect, isRepeatable: false) == .giveUp(.notRepeatable))
        #expect(verdict(.connect, tries: 2) == .retry(afterNanoseconds: 0))
        #expect(verdict(.connect, tries: 3) == .giveUp(.attempts))
        #expect(verdict(.connect, remaining: millisecond - 1) == .giveUp(.deadline))
        #expect(verdict(.connect, remaining: millisecond) == .retry(afterNanoseconds: 0))
        #expect(verdict(.connect, spent: 3) == .giveUp(.budget))
    }

    @Test func `Retry-After is waited for where it fits, and else nothing is sent`() {
        #expect(verdict(.status(503), retryAfter: 2 * second) == .retry(afterNanoseconds: 2 * second))
        #expect(verdict(.status(503), retryAfter: 60 * second) == .giveUp(.deadline))
        #expect(verdict(.status(503), retryAfter: .max) == .giveUp(.deadline))
    }
}
