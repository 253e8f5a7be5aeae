import TestSupport
import Testing

@testable import Resilience

@Suite("Health of a target")
struct HealthStateTests {
    @Test(arguments: [
        // p = passed, f = failed; u = up afterwards, d = down afterwards
        ("ff", "uu"), ("fff", "uud"), ("ffpff", "uuuuu"), ("ffpfff", "uuuuud"), ("fffp", "uudd"), ("fffpp", "uuddu"),
        ("fffpfpp", "uuddddu"), ("pppppfff", "uuuuuuud"),
    ])
    func `it takes several checks in a row to change it`(_ row: (checks: String, states: String)) {
        var health = HealthState()
        let settings = HealthState.Settings()
        var states = ""
        for check in row.checks {
            let before = health.isUp
            let hasChanged = health.record(passed: check == "p", settings)
            #expect(hasChanged == (before != health.isUp))
            states += health.isUp ? "u" : "d"
        }
        #expect(states == row.states)
    }
}

@Suite("The targets of an upstream")
struct TargetSetTests {
    private func members(_ count: Int, groups: [Int] = []) -> [TargetSet.Member] {
        (0..<count).map {
            TargetSet.Member(group: groups.isEmpty ? 0 : groups[$0], identity: KeyHash.of("target \($0)"))
        }
    }

    private func fail(_ set: inout TargetSet, _ index: Int, times: Int, now: UInt64) -> Bool {
        var isEjected = false
        for _ in 0..<times {
            set.begin(index)
            isEjected = set.end(index, .failure, now: now) || isEjected
        }
        return isEjected
    }

    // MARK: Ejection

    @Test(arguments: [
        (1, 0.5, 0), (2, 0.5, 1), (3, 0.5, 1), (4, 0.5, 2), (10, 0.1, 1), (10, 0.35, 3), (5, 0.01, 1), (3, 1.0, 3),
    ])
    func `no more targets are out at once than the cap says`(_ row: (count: Int, max: Double, ejected: Int)) {
        let ejection = OutlierEjection.Settings(consecutiveFailures: 2, duration: 10 * second, max: row.max)
        var set = TargetSet(members(row.count), .init(ejection: ejection))
        for _ in 0..<3 { for index in 0..<row.count { _ = fail(&set, index, times: 2, now: second) } }
        let states = (0..<row.count).map { set.state(of: $0, now: second) }
        #expect(states.count { $0 == .ejected } == row.ejected)
    }

    @Test func `a success in between begins anew, and what says nothing doesn't`() {
        var set = TargetSet(members(2), .init(ejection: .init(consecutiveFailures: 3)))
        #expect(!fail(&set, 0, times: 2, now: 1))
        _ = set.end(0, .success, now: 1)
        #expect(!fail(&set, 0, times: 2, now: 1))
        _ = set.end(0, .neutral, now: 1)
        #expect(fail(&set, 0, times: 1, now: 1))
        #expect(set.state(of: 0, now: 1) == .ejected)
    }

    @Test func `a target comes back after its time and is judged anew`() {
        var set = TargetSet(members(2), .init(ejection: .init(consecutiveFailures: 2, duration: 10 * second)))
        #expect(fail(&set, 0, times: 2, now: second))
        // Failures of calls that were under way don't prolong it.
        #expect(!fail(&set, 0, times: 9, now: 5 * second))
        #expect(set.state(of: 0, now: 11 * second - 1) == .ejected)
        #expect(set.state(of: 0, now: 11 * second) == .up)
        #expect(!fail(&set, 0, times: 1, now: 11 * second))
        #expect(fail(&set, 0, times: 1, now: 11 * second))
    }

    @Test func `the cap looks at who is out now`() {
        var set = TargetSet(members(2), .init(ejection: .init(consecutiveFailures: 1, duration: 10 * second)))
        #expect(fail(&set, 0, times: 1, now: 0 * second + 1))
        #expect(!fail(&set, 1, times: 3, now: 5 * second))
        #expect(fail(&set, 1, times: 1, now: 11 * second))
    }

    // MARK: Picking

    @Test func `targets that are down or ejected are passed over, and all are used when none is left`() {
        var random = Seeded(7)
        for balance in [TargetSet.Balance.roundRobin, .leastRequests, .hash] {
            var set = TargetSet(
                members(3),
                .init(
                    balance: balance, health: .init(unhealthyAfter: 1, healthyAfter: 1),
                    ejection: .init(consecutiveFailures: 1, duration: second, max: 1)))
            _ = set.check(0, passed: false, now: 1)
            _ = fail(&set, 1, times: 1, now: 1)
            let preference = TargetPreference(key: 99)
            #expect((0..<20).allSatisfy { _ in set.pick(preference, now: 1, using: &random) == 2 })
            #expect(!set.isPanicking(now: 1))
            _ = set.check(2, passed: false, now: 1)
            #expect(set.isPanicking(now: 1))
            let picked = Set((0..<200).map { set.pick(TargetPreference(key: $0), now: 1, using: &random) })
            #expect(picked == [0, 1, 2], "\(balance)")
            // Ejection ends by itself.
            #expect(!set.isPanicking(now: second + 1))
            #expect(set.pick(preference, now: second + 1, using: &random) == 1)
        }
    }

    @Test(arguments: Seeded.seeds(20))
    func `a retry goes where the call hasn't been, and to the last target only if there is no other`(seed: UInt64) {
        var random = Seeded(seed)
        let count = Int.random(in: 1...5, using: &random)
        let balance = [TargetSet.Balance.roundRobin, .leastRequests, .hash][Int.random(in: 0...2, using: &random)]
        var set = TargetSet(members(count), .init(balance: balance, health: .init(unhealthyAfter: 1, healthyAfter: 1)))
        let down = (0..<count).filter { _ in Bool.random(using: &random) }
        for index in down { _ = set.check(index, passed: false, now: 1) }
        var usable = Set(0..<count).subtracting(down)
        if usable.isEmpty { usable = Set(0..<count) }
        var tried: [Int] = []
        let preference = TargetPreference(key: random.next())
        for _ in 0..<count * 2 {
            let index = set.pick(preference, now: 1, using: &random, last: tried.last) { tried.contains($0) }
            #expect(usable.contains(index), "\(random)")
            if !usable.isSubset(of: tried) { #expect(!tried.contains(index), "\(random)") }
            if usable.count > 1 { #expect(index != tried.last, "\(random)") }
            tried.append(index)
        }
    }

    @Test func `the same key comes to the same target while that is usable`() {
        var random = Seeded(3)
        var set = TargetSet(members(4), .init(balance: .hash, health: .init(unhealthyAfter: 1, healthyAfter: 1)))
        let keys = (0..<50).map { KeyHash.of("user \($0)") }
        let owners = keys.map { set.pick(TargetPreference(key: $0), now: 1, using: &random) }
        #expect(Set(owners).count == 4)
        _ = set.check(1, passed: false, now: 1)
        for (key, owner) in zip(keys, owners) where owner != 1 {
            #expect(set.pick(TargetPreference(key: key), now: 1, using: &random) == owner)
        }
        _ = set.check(1, passed: true, now: 2)
        #expect(keys.map { set.pick(TargetPreference(key: $0), now: 2, using: &random) } == owners)
        // Without a key they take turns.
        #expect((0..<4).map { _ in set.pick(.none, now: 2, using: &random) } == [0, 1, 2, 3])
    }

    @Test func `fewer requests attract more`() {
        var random = Seeded(5)
        var set = TargetSet(members(2), .init(balance: .leastRequests))
        for _ in 0..<10 { set.begin(0) }
        #expect((0..<20).allSatisfy { _ in set.pick(.none, now: 1, using: &random) == 1 })
        for _ in 0..<10 { _ = set.end(0, .neutral, now: 1) }
        #expect(set.inFlight(0) == 0)
    }

    // MARK: Slow start

    @Test func `a target that comes back gets its load little by little`() {
        var random = Seeded(5)
        for isEjected in [false, true] {
            var set = TargetSet(
                members(2),
                .init(
                    health: .init(unhealthyAfter: 1, healthyAfter: 1),
                    ejection: .init(consecutiveFailures: 1, duration: second), slowStart: 10 * second))
            if isEjected {
                _ = fail(&set, 0, times: 1, now: 99 * second)
            } else {
                _ = set.check(0, passed: false, now: 99 * second)
                _ = set.check(0, passed: true, now: 100 * second)
            }
            let shares = [UInt64](arrayLiteral: 0, 5, 10).map { (seconds) -> Int in
                let now = (100 + seconds) * second
                return (0..<1000).count { _ in set.pick(.none, now: now, using: &random) == 0 }
            }
            // 0.1, 0.55 and 1 against 1.
            #expect(abs(shares[0] - 91) <= 2 && abs(shares[1] - 355) <= 2 && abs(shares[2] - 500) <= 2, "\(shares)")
        }
    }

    @Test func `but not those that were there from the start`() {
        var random = Seeded(5)
        var set = TargetSet(members(2), .init(slowStart: 10 * second))
        #expect((0..<4).map { _ in set.pick(.none, now: 1, using: &random) } == [0, 1, 0, 1])
    }

    // MARK: Canaries

    @Test func `canaries are for those who prefer them, and others stand in for them`() {
        var random = Seeded(5)
        var set = TargetSet(
            members(4, groups: [0, 1, 0, 2]), .init(health: .init(unhealthyAfter: 1, healthyAfter: 1)))
        let picks = { (set: inout TargetSet, random: inout Seeded, group: Int) in
            Set((0..<20).map { _ in set.pick(TargetPreference(group: group), now: 1, using: &random) })
        }
        #expect(picks(&set, &random, 0) == [0, 2])
        #expect(picks(&set, &random, 1) == [1])
        #expect(picks(&set, &random, 2) == [3])
        #expect(set.pick(TargetPreference(group: 1), now: 1, using: &random, last: 1) { $0 == 1 } != 3)
        _ = set.check(1, passed: false, now: 1)
        #expect(picks(&set, &random, 1) == [0, 2])
        _ = set.check(0, passed: false, now: 1)
        _ = set.check(2, passed: false, now: 1)
        #expect(set.isPanicking(now: 1))
        #expect(picks(&set, &random, 2) == [3])
        #expect(picks(&set, &random, 0) == [0, 2])
    }

    // MARK: Changes

    @Test func `what is known of a target outlives the others' coming and going`() {
        let settings = TargetSet.Settings(
            health: .init(unhealthyAfter: 1, healthyAfter: 1), ejection: .init(consecutiveFailures: 1),
            slowStart: second)
        var set = TargetSet(members(3), settings)
        _ = set.check(0, passed: false, now: 1)
        _ = fail(&set, 2, times: 1, now: 1)
        let changed = TargetSet(
            members(3), settings, after: set, origin: [2, nil, 0], keepsRequests: true, now: 5)
        #expect((0..<3).map { changed.state(of: $0, now: 5) } == [.ejected, .up, .down])
        let unwatched = TargetSet(members(3), .init(), after: set, origin: [0, 1, 2], keepsRequests: false, now: 5)
        #expect((0..<3).allSatisfy { unwatched.state(of: $0, now: 5) == .up })
    }
}
