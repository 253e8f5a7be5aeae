import TestSupport
import Testing

@testable import Resilience

@Suite("S3-FIFO: what a bounded cache keeps")
struct S3FIFOTests {
    private typealias Cache = S3FIFO<Int>

    @Test func `it gives back what was put in, and nothing else`() {
        var cache = Cache(capacity: 100_000)
        #expect(cache.insert(1, at: 10, cost: 100).isEmpty)
        #expect(cache.value(at: 10) == 1 && cache.peek(at: 11) == nil && cache.count == 1)
        #expect(cache.insert(2, at: 10, cost: 200) == [1])
        #expect(cache.value(at: 10) == 2 && cache.cost == 200 + Cache.overhead)
        #expect(cache.remove(10) == 2 && cache.remove(10) == nil && cache.cost == 0)
    }

    @Test func `what is larger than the room isn't kept, and takes nothing else with it but what it replaces`() {
        var cache = Cache(capacity: 10_000)
        _ = cache.insert(1, at: 1, cost: 100)
        #expect(cache.insert(2, at: 2, cost: 10_000) == [2])
        #expect(cache.value(at: 1) == 1)
        #expect(Set(cache.insert(3, at: 1, cost: 10_000)) == [1, 3])
        #expect(cache.count == 0)
    }

    @Test func `nothing is kept where there is no room`() {
        var cache = Cache(capacity: 0)
        #expect(cache.insert(1, at: 1, cost: 0) == [1])
        #expect(cache.count == 0 && cache.cost == 0)
    }

    @Test func `less room makes entries leave`() {
        var cache = Cache(capacity: 100_000)
        for key in 0..<50 { _ = cache.insert(key, at: key, cost: 1000) }
        #expect(cache.count == 50)
        let left = cache.resize(to: 20_000)
        #expect(left.count + cache.count == 50 && cache.cost <= 20_000 && cache.count > 10)
    }

    @Test func `entries are taken out by what they are`() {
        var cache = Cache(capacity: 100_000)
        for key in 0..<50 { _ = cache.insert(key, at: key, cost: 100) }
        #expect(cache.removeAll { $0 % 5 == 0 }.count == 10)
        #expect(cache.count == 40 && cache.value(at: 5) == nil && cache.value(at: 6) == 6)
    }

    @Test func `a scan of keys that are asked for once leaves the hot ones alone`() {
        var cache = Cache(capacity: 200 * 1128)
        // A hundred hot keys, half the room, each asked for a few times.
        for _ in 0..<4 {
            for key in 0..<100 where cache.value(at: key) == nil { _ = cache.insert(key, at: key, cost: 1000) }
        }
        for key in 1000..<21_000 {
            _ = cache.insert(key, at: key, cost: 1000)
            // Meanwhile the hot ones are still in use, now and then.
            if key % 10 == 0 { _ = cache.value(at: (key / 10) % 100) }
        }
        let kept = (0..<100).count { cache.peek(at: $0) != nil }
        #expect(kept == 100)
    }

    @Test func `a key that comes back soon after it left is taken for a hot one`() {
        var cache = Cache(capacity: 100 * 1128)
        _ = cache.insert(-1, at: -1, cost: 1000)
        var next = 0
        while cache.peek(at: -1) != nil {
            _ = cache.insert(next, at: next, cost: 1000)
            next += 1
        }
        _ = cache.insert(-1, at: -1, cost: 1000)
        for key in next..<next + 1000 { _ = cache.insert(key, at: key, cost: 1000) }
        #expect(cache.peek(at: -1) != nil)
    }

    @Test(arguments: Seeded.seeds(6))
    func `whatever is done, the bound holds and what is there is right`(_ seed: UInt64) {
        var random = Seeded(seed)
        var cache = Cache(capacity: 50_000)
        var model: [Int: Int] = [:]
        for step in 0..<5000 {
            let key = Int.random(in: 0..<200, using: &random)
            switch Int.random(in: 0..<100, using: &random) {
            case 0:
                for left in cache.resize(to: Int.random(in: 0..<100_000, using: &random)) {
                    model = model.filter { $0.value != left }
                }
            case 1..<8:
                #expect(cache.remove(key) == model.removeValue(forKey: key), "\(random)")
            case 8..<50:
                #expect(cache.value(at: key) == model[key], "\(random)")
            default:
                let old = model[key]
                model[key] = step
                for left in cache.insert(step, at: key, cost: Int.random(in: 0..<9000, using: &random)) {
                    if left != old { model = model.filter { $0.value != left } }
                }
            }
            #expect(cache.cost <= cache.capacity, "\(random), step \(step)")
            #expect(cache.count == model.count, "\(random), step \(step)")
            if cache.count != model.count { return }
        }
    }
}
