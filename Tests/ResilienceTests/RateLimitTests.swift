import Resilience
import TestSupport
import Testing

@Suite("Rate limits")
struct RateLimitTests {
    @Test func `a full bucket gives its burst at once, then one token an interval`() {
        let limit = RateLimit(count: 10, period: second, burst: 3)
        var fullAt: UInt64 = 0
        var verdicts: [RateLimit.Verdict] = []
        for now in [0, 0, 0, 0, 99, 100, 100, 350].map({ 5 * second + $0 * millisecond }) {
            verdicts.append(limit.take(1, from: &fullAt, now: now))
        }
        #expect(verdicts.map(\.isAllowed) == [true, true, true, false, false, true, false, true])
        #expect(verdicts.map(\.remaining) == [2, 1, 0, 0, 0, 0, 0, 1])
        #expect(verdicts.map { $0.wait / millisecond } == [100, 200, 300, 100, 1, 300, 100, 150])
    }

    @Test(
        arguments: [
            // count, period in seconds, burst, weight: how many pass at once
            (3, 1, 3, 1, 3), (7, 60, 7, 1, 7), (1, 3600, 1, 1, 1), (1_000_000, 1, 1_000_000, 1000, 1000),
            (10, 1, 10, 3, 3), (10, 1, 10, 10, 1), (10, 1, 10, 11, 1), (10, 1, 10, .max, 1), (10, 1, 10, 0, 10),
            (1_000_000, 3600, 1_000_000, 250_000, 4),
        ])
    func `as many pass at once as fit into the burst`(
        count: Int, seconds: UInt64, burst: Int, weight: Int, passing: Int
    ) {
        let limit = RateLimit(count: count, period: seconds * second, burst: burst)
        var fullAt: UInt64 = 0
        let tokens = limit.tokens(for: weight)
        var passed = 0
        while limit.take(tokens, from: &fullAt, now: second).isAllowed { passed += 1 }
        #expect(passed == passing)
        let refused = limit.take(tokens, from: &fullAt, now: second)
        let next = limit.take(tokens, from: &fullAt, now: second + refused.wait)
        #expect(!refused.isAllowed && next.isAllowed, "the wait is as long as said")
    }

    @Test(arguments: Seeded.seeds(60))
    func `in no time pass more than the burst and what the rate brings`(seed: UInt64) {
        var random = Seeded(seed)
        let count = Int.random(in: 1...50, using: &random)
        let seconds = [1, 60, 3600].randomElement(using: &random) ?? 1
        let limit = RateLimit(
            count: count, period: UInt64(seconds) * second, burst: Int.random(in: 1...100, using: &random))
        var table = BucketTable(capacity: 64)
        let hash = UInt64.random(in: 0 ... .max, using: &random)
        var now = UInt64.random(in: 1...(1 << 60), using: &random)
        var passed: [(at: UInt64, tokens: Int)] = []
        for step in 0..<400 {
            now += UInt64.random(in: 0...(step % 100 < 70 ? limit.interval : limit.interval * 20), using: &random)
            let tokens = limit.tokens(for: Int.random(in: 0...5, using: &random))
            let verdict = table.take(tokens, of: hash, limit, now: now)
            if !verdict.isAllowed {
                #expect(verdict.wait > 0, "step \(step), \(random)")
                continue
            }
            passed.append((now, tokens))
            var sum = 0
            for earlier in passed.reversed() {
                sum += earlier.tokens
                let allowed = Double(limit.burst) + Double(now - earlier.at) * Double(count) / Double(limit.period)
                #expect(Double(sum) <= allowed + 1e-6, "step \(step), \(random)")
            }
        }
        #expect(!passed.isEmpty, "\(random)")
    }

    @Test func `keys have buckets of their own, and a full table forgets the fullest`() {
        let limit = RateLimit(count: 2, period: second, burst: 2)
        var table = BucketTable(capacity: 8)
        #expect(table.capacity == 8)
        for key in 1...8 { #expect(table.take(1, of: UInt64(key), limit, now: UInt64(key)).remaining == 1) }
        for key in 2...8 { #expect(table.take(1, of: UInt64(key), limit, now: 10).isAllowed) }
        #expect(table.count(now: 10) == 8)
        #expect(table.take(2, of: 9, limit, now: 11).remaining == 0, "takes the place of the first, which is fullest")
        for key in 2...8 { #expect(!table.take(1, of: UInt64(key), limit, now: 12).isAllowed, "\(key)") }
        #expect(table.count(now: 12) == 8)
        #expect(table.count(now: 3 * second) == 0)
    }

    @Test func `a flood of keys takes no more room`() {
        let limit = RateLimit(count: 1, period: 3600 * second, burst: 1)
        var table = BucketTable(capacity: 100)
        var random = Seeded(1)
        #expect(table.capacity == 128)
        for _ in 0..<10_000 { _ = table.take(1, of: random.next(), limit, now: second) }
        #expect(table.count(now: second) == 128)
    }
}
