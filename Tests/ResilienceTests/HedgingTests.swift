import Resilience
import TestSupport
import Testing

@Suite("Latency quantiles")
struct LatencyQuantileTests {
    @Test func `nothing measured, nothing known`() {
        var quantiles = LatencyQuantiles()
        let value = quantiles.value(at: 0.5, now: 0)
        #expect(value == nil && quantiles.count == 0)
    }

    @Test(arguments: Seeded.seeds(20))
    func `a quantile is the true one or at most a sixteenth above it`(seed: UInt64) {
        var random = Seeded(seed)
        var quantiles = LatencyQuantiles()
        // From microseconds to a minute, evenly over the powers of two.
        let values = (0..<Int.random(in: 1...2000, using: &random)).map { _ in
            UInt64.random(in: 0..<(1 << UInt64.random(in: 11...36, using: &random)), using: &random)
        }
        for value in values { quantiles.record(value, now: 5 * second) }
        let sorted = values.sorted()
        for percent in 1...100 {
            let share = Double(percent) / 100
            let exact = sorted[max(Int((share * Double(values.count)).rounded(.up)), 1) - 1]
            let found = quantiles.value(at: share, now: 5 * second) ?? 0
            #expect(found >= exact && found <= exact + exact / 16 + 1024, "p\(percent): \(found), \(exact), \(random)")
        }
    }

    @Test func `what is older than twenty seconds is forgotten, what is younger than ten is not`() {
        var quantiles = LatencyQuantiles()
        for _ in 0..<100 { quantiles.record(second, now: 9 * second) }
        let young = quantiles.value(at: 0.5, now: 18 * second) ?? 0
        #expect(young >= second && young <= second + second / 16)
        for _ in 0..<300 { quantiles.record(millisecond, now: 18 * second) }
        let mixed = quantiles.value(at: 0.9, now: 18 * second) ?? 0
        #expect(mixed >= second)
        let later = quantiles.value(at: 0.9, now: 20 * second) ?? 0
        #expect(later <= millisecond + millisecond / 16)
        let none = quantiles.value(at: 0.9, now: 100 * second)
        #expect(none == nil)
    }

    @Test func `latencies beyond all bounds are counted as the highest`() {
        var quantiles = LatencyQuantiles()
        quantiles.record(.max, now: 0)
        quantiles.record(0, now: 0)
        let highest = quantiles.value(at: 1, now: 0) ?? 0
        let lowest = quantiles.value(at: 0.5, now: 0)
        #expect(highest > 100 * second && lowest == 1024)
    }
}

@Suite("Hedging")
struct HedgingTests {
    @Test func `a quantile means nothing before twenty answers`() {
        var hedging = Hedging(Hedging.Settings(after: .quantile(0.95), atMost: 0.5))
        for call in 0..<19 { hedging.callEnded(latency: 10 * millisecond, now: UInt64(call) * millisecond) }
        #expect(hedging.delay == .max)
        hedging.callEnded(latency: 10 * millisecond, now: 20 * millisecond)
        #expect(hedging.delay >= 10 * millisecond && hedging.delay < 11 * millisecond)
    }

    @Test func `the delay follows the route`() {
        var hedging = Hedging(Hedging.Settings(after: .quantile(0.5), atMost: 0.5))
        var now: UInt64 = 0
        func answers(_ latency: UInt64, seconds: UInt64) {
            for _ in 0..<(seconds * 100) {
                now += 10 * millisecond
                hedging.callEnded(latency: latency, now: now)
            }
        }
        answers(10 * millisecond, seconds: 5)
        #expect(hedging.delay < 11 * millisecond)
        answers(80 * millisecond, seconds: 25)
        #expect(hedging.delay >= 80 * millisecond && hedging.delay < 86 * millisecond)
    }

    @Test func `a fixed delay is known from the start`() {
        let hedging = Hedging(Hedging.Settings(after: .fixed(5), atMost: 0.05))
        #expect(hedging.delay == 5)
    }

    @Test(arguments: Seeded.seeds(20))
    func `hedges never exceed their share of the calls, and no more than ten are saved up`(seed: UInt64) {
        var random = Seeded(seed)
        let percent = Int.random(in: 0...100, using: &random)
        var hedging = Hedging(Hedging.Settings(after: .fixed(1), atMost: Double(percent) / 100))
        var calls = 0
        var hedges = 0
        for step in 0..<5000 {
            if Bool.random(using: &random) {
                calls += 1
                hedging.callEnded(latency: nil, now: UInt64(step) * millisecond)
            } else if hedging.take() {
                hedges += 1
            }
            #expect(hedges * 100 <= calls * percent, "step \(step), \(percent) %, \(random)")
        }
        for _ in 0..<5000 { hedging.callEnded(latency: nil, now: 6 * second) }
        var saved = 0
        while hedging.take() { saved += 1 }
        #expect(saved == (percent == 0 ? 0 : 10), "\(percent) %, \(random)")
    }
}
