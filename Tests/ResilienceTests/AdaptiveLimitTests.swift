import Resilience
import TestSupport
import Testing

@Suite("Adaptive limit")
struct AdaptiveLimitTests {
    /// An upstream that takes `capacity` calls at once in `base`, and more of them in proportion longer, under clients
    /// who always want `demand` calls.
    private struct Model {
        var limit: AdaptiveLimit
        var capacity: Int
        var base: UInt64 = 20 * millisecond
        var demand = 1000
        var now: UInt64 = second

        mutating func run(seconds: Double) {
            let end = now + UInt64(seconds * 1e9)
            while now < end {
                let inFlight = min(limit.limit, demand)
                let latency = base * UInt64(max(inFlight, capacity)) / UInt64(capacity)
                // One after the other: `inFlight` calls end within each latency.
                now += max(latency / UInt64(inFlight), 1)
                limit.record(.answered(latency), inFlight: inFlight, now: now)
            }
        }
    }

    @Test func `it begins at sixteen, and never leaves its bounds`() {
        #expect(AdaptiveLimit(max: 256).limit == 16)
        #expect(AdaptiveLimit(max: 4).limit == 4)
        #expect(AdaptiveLimit(max: 0).limit == 1)
    }

    @Test func `while nothing waits it grows to its maximum`() {
        var model = Model(limit: AdaptiveLimit(max: 200), capacity: 1000)
        model.run(seconds: 5)
        #expect(model.limit.limit == 200)
    }

    @Test func `it doesn't grow where nobody needs it to`() {
        var model = Model(limit: AdaptiveLimit(max: 200), capacity: 1000, demand: 6)
        model.run(seconds: 5)
        #expect(model.limit.limit == 16)
    }

    @Test(arguments: [20, 50, 100])
    func `it finds the capacity, and about one root more`(capacity: Int) {
        var model = Model(limit: AdaptiveLimit(max: 1000), capacity: capacity)
        model.run(seconds: 20)
        #expect(model.limit.limit >= capacity && model.limit.limit <= capacity * 2 + 10, "\(model.limit.limit)")
    }

    @Test func `it shrinks when the upstream gets slower, and recovers with it`() {
        var model = Model(limit: AdaptiveLimit(max: 1000), capacity: 100)
        model.run(seconds: 10)
        let before = model.limit.limit
        model.capacity = 10
        model.run(seconds: 5)
        #expect(model.limit.limit < before / 3, "\(model.limit.limit)")
        model.capacity = 100
        model.run(seconds: 10)
        #expect(model.limit.limit >= 100, "\(model.limit.limit)")
    }

    @Test func `calls that are given up shrink it, quick ones say nothing`() {
        var model = Model(limit: AdaptiveLimit(max: 100), capacity: 1000)
        model.run(seconds: 5)
        for _ in 0..<1000 {
            model.now += millisecond
            model.limit.record(.givenUp(millisecond), inFlight: 100, now: model.now)
        }
        #expect(model.limit.limit == 100)
        for _ in 0..<1000 {
            model.now += millisecond
            model.limit.record(.givenUp(second), inFlight: model.limit.limit, now: model.now)
        }
        #expect(model.limit.limit < 20)
    }

    @Test func `under constant pressure a lull is made every two minutes, and the base doesn't drift`() {
        var model = Model(limit: AdaptiveLimit(max: 1000), capacity: 50)
        model.run(seconds: 600)
        #expect(model.limit.limit >= 50 && model.limit.limit <= 110, "\(model.limit.limit)")
        #expect((model.limit.base ?? 0) <= 25 * millisecond)
    }

    @Test func `an upstream that stays slower for good becomes the new base`() {
        var model = Model(limit: AdaptiveLimit(max: 100), capacity: 1000)
        model.run(seconds: 10)
        model.base = 200 * millisecond
        model.run(seconds: 5)
        #expect(model.limit.limit < 40)
        model.run(seconds: 300)
        #expect(model.limit.limit == 100)
    }

    @Test(arguments: Seeded.seeds(20))
    func `whatever happens it stays between one and its maximum`(seed: UInt64) {
        var random = Seeded(seed)
        let maximum = Int.random(in: 1...300, using: &random)
        var limit = AdaptiveLimit(max: maximum)
        var now: UInt64 = 0
        for step in 0..<20_000 {
            let time = UInt64.random(in: 0...(1 << UInt64.random(in: 1...40, using: &random)), using: &random)
            now &+= UInt64.random(in: 0...50, using: &random) * millisecond
            let latency: AdaptiveLimit.Latency =
                Int.random(in: 0..<5, using: &random) > 0 ? .answered(time) : .givenUp(.max)
            limit.record(latency, inFlight: Int.random(in: 1...maximum, using: &random), now: now)
            #expect((1...maximum).contains(limit.limit), "step \(step), \(random)")
        }
    }
}
