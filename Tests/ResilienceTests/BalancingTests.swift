import TestSupport
import Testing

@testable import Resilience

@Suite("Target rotation")
struct TargetRotationTests {
    @Test(arguments: [
        ([1, 1, 1], [0, 1, 2, 0, 1, 2]), ([3, 1], [0, 0, 1, 0, 0, 0]), ([1], [0, 0]), ([0, 1], [1, 1, 1]),
        ([5, 1, 1], [0, 0, 1, 0, 2, 0, 0]),
    ])
    func `turns are spread by weight`(weights: [Int], expected: [Int]) {
        var rotation = TargetRotation(count: weights.count)
        #expect(expected.map { _ in rotation.next { weights[$0] } } == expected)
    }

    @Test func `without a target there is none`() {
        var rotation = TargetRotation(count: 0)
        #expect(rotation.next { _ in 1 } == nil)
        rotation = TargetRotation(count: 2)
        #expect(rotation.next { _ in 0 } == nil)
    }

    @Test(arguments: Seeded.seeds(10))
    func `each target gets exactly its share in every round`(seed: UInt64) {
        var random = Seeded(seed)
        let weights = (0..<Int.random(in: 1...6, using: &random)).map { _ in Int.random(in: 1...9, using: &random) }
        var rotation = TargetRotation(count: weights.count)
        for _ in 0..<3 {
            var picks = weights.map { _ in 0 }
            for _ in 0..<weights.reduce(0, +) { picks[rotation.next { weights[$0] } ?? 0] += 1 }
            #expect(picks == weights, "\(random)")
        }
    }
}

@Suite("The power of two choices")
struct PowerOfTwoChoicesTests {
    @Test func `the emptier of two is taken, for its weight`() {
        var random = Seeded(1)
        let rows: [(loads: [Int], weights: [Int], expected: Int?)] = [
            ([5, 0], [1, 1], 1), ([0, 5], [1, 1], 0), ([3, 9], [1, 4], 1), ([0, 9], [0, 1], 1), ([], [], nil),
            ([1, 1], [0, 0], nil),
        ]
        for row in rows {
            for _ in 0..<10 {
                let picked = PowerOfTwoChoices.pick(
                    count: row.loads.count, using: &random, weight: { row.weights[$0] }, load: { row.loads[$0] })
                #expect(picked == row.expected)
            }
        }
    }

    /// n calls over n targets: the fullest of a random choice has about ln n / ln ln n, of two choices about
    /// ln ln n / ln 2 (Mitzenmacher's theorem 1).
    @Test(arguments: Seeded.seeds(5))
    func `no target gets much more than another`(seed: UInt64) {
        var random = Seeded(seed)
        var loads = Array(repeating: 0, count: 64)
        for _ in 0..<64 * 10 {
            let picked = PowerOfTwoChoices.pick(
                count: loads.count, using: &random, weight: { _ in 1 }, load: { loads[$0] })
            loads[picked ?? 0] += 1
        }
        #expect((loads.max() ?? 0) <= 15 && (loads.min() ?? 0) >= 4, "\(random)")
    }

    @Test(arguments: Seeded.seeds(5))
    func `weights are shares of the calls that are under way`(seed: UInt64) {
        var random = Seeded(seed)
        let weights = [1, 2, 5]
        var loads = [0, 0, 0]
        for _ in 0..<800 {
            let picked = PowerOfTwoChoices.pick(
                count: 3, using: &random, weight: { weights[$0] }, load: { loads[$0] })
            loads[picked ?? 0] += 1
        }
        for index in 0..<3 { #expect(abs(loads[index] - weights[index] * 100) < 40, "\(loads) \(random)") }
    }
}

@Suite("Rendezvous hashing")
struct RendezvousHashTests {
    private struct Targets {
        var names: [String]
        var weights: [Int]

        func owner(_ key: UInt64) -> String? {
            RendezvousHash.pick(
                key: key, count: names.count, weight: { weights[$0] }, identity: { KeyHash.of(names[$0]) }
            ).map { names[$0] }
        }
    }

    private func targets(_ count: Int, _ random: inout Seeded) -> Targets {
        Targets(
            names: (0..<count).map { "http://10.0.0.\($0):80/\(random.next())" },
            weights: Array(repeating: 1, count: count))
    }

    @Test(arguments: Seeded.seeds(10))
    func `when a target leaves its keys move, and nobody else's`(seed: UInt64) {
        var random = Seeded(seed)
        let before = targets(Int.random(in: 2...12, using: &random), &random)
        let gone = Int.random(in: 0..<before.names.count, using: &random)
        var after = before
        after.names.remove(at: gone)
        after.weights.remove(at: gone)
        var moved = 0
        let keys = 4000
        for _ in 0..<keys {
            let key = random.next()
            let owner = before.owner(key)
            if owner == before.names[gone] { moved += 1 } else { #expect(after.owner(key) == owner, "\(random)") }
        }
        // A share of 1/n, give or take five standard deviations.
        let share = 1 / Double(before.names.count)
        let slack = 5 * (Double(keys) * share * (1 - share)).squareRoot()
        #expect(abs(Double(moved) - Double(keys) * share) <= slack, "\(moved) of \(keys), \(random)")
    }

    @Test(arguments: Seeded.seeds(5))
    func `passing over a target is like its leaving, and its order doesn't matter`(seed: UInt64) {
        var random = Seeded(seed)
        let all = targets(6, &random)
        var down = all
        down.weights[2] = 0
        var shuffled = down
        shuffled.names.shuffle(using: &random)
        shuffled.weights = shuffled.names.map { $0 == all.names[2] ? 0 : 1 }
        for _ in 0..<500 {
            let key = random.next()
            let owner = all.owner(key)
            if owner != all.names[2] { #expect(down.owner(key) == owner, "\(random)") }
            #expect(down.owner(key) == shuffled.owner(key), "\(random)")
        }
    }

    @Test(arguments: Seeded.seeds(5))
    func `weights are shares of the keys`(seed: UInt64) {
        var random = Seeded(seed)
        var targets = targets(3, &random)
        targets.weights = [1, 2, 5]
        var owned: [String: Int] = [:]
        for _ in 0..<8000 { owned[targets.owner(random.next()) ?? "", default: 0] += 1 }
        for (name, weight) in zip(targets.names, targets.weights) {
            #expect(abs((owned[name] ?? 0) - weight * 1000) < 250, "\(owned) \(random)")
        }
    }

    @Test func `hashes are the same in every process`() {
        #expect(KeyHash.of("user-1") == 0xC499_B5F8_A721_DF58)
        #expect(KeyHash.of("a") != KeyHash.of("b"))
        #expect(KeyHash.fraction(0) > 0 && KeyHash.fraction(.max) < 1)
        #expect(RendezvousHash.pick(key: 1, count: 0, weight: { _ in 1 }, identity: { _ in 1 }) == nil)
    }
}
