import HTTP
import Testing

@testable import Upstream

@Suite("How long a stored answer may be used")
struct EntryFreshnessTests {
    private static let second: UInt64 = 1_000_000_000
    private static let now: UInt64 = 1_000_000 * second

    private func freshness(
        _ policy: CachePolicy, _ lines: [(String, String)] = [], isNegative: Bool = false, chance: Double = 0.5,
        age: Int = 0
    ) -> EntryFreshness {
        let fields = FieldList()
        for (name, value) in lines { fields.append(name: name, value: value) }
        if age > 0 { fields.append(name: "age", value: "\(age)") }
        return EntryFreshness(
            ResponseFreshness(fields, receivedAt: 0, delay: 0), policy, isNegative: isNegative, now: Self.now,
            chance: chance)
    }

    /// Seconds, from its arrival on, to its three ends.
    private func ends(_ freshness: EntryFreshness) -> [Int] {
        [freshness.freshUntil, freshness.revalidateUntil, freshness.errorUntil].map {
            Int(($0 - Self.now) / Self.second)
        }
    }

    private static func control(_ value: String) -> [(String, String)] { [("Cache-Control", value)] }

    @Test func `a route's own times win over its upstream's`() {
        let policy = CachePolicy(
            ttl: 100 * Self.second, staleWhileRevalidate: 10 * Self.second, staleIfError: 60 * Self.second)
        for said in ["max-age=5", "max-age=0, must-revalidate", "no-cache", "s-maxage=1, stale-if-error=999"] {
            #expect(ends(freshness(policy, Self.control(said))) == [100, 110, 160], "\(said)")
        }
        #expect(ends(freshness(policy, age: 50)) == [100, 110, 160])
    }

    @Test func `without a ttl the upstream's times hold`() {
        let policy = CachePolicy()
        #expect(ends(freshness(policy, Self.control("max-age=100"), chance: 1)) == [100, 100, 100])
        #expect(ends(freshness(policy, Self.control("max-age=100"), chance: 1, age: 40)) == [60, 60, 60])
        #expect(ends(freshness(policy, Self.control("max-age=10"), chance: 1, age: 40)) == [0, 0, 0])
        #expect(
            ends(freshness(policy, Self.control("max-age=10, stale-while-revalidate=5, stale-if-error=50"), chance: 1))
                == [10, 15, 60])
        #expect(!freshness(policy).isUseful && !freshness(policy, Self.control("no-cache, max-age=60")).isUseful)
    }

    @Test func `an upstream without a route's ttl may forbid what is stale`() {
        let policy = CachePolicy(staleWhileRevalidate: 10 * Self.second, staleIfError: 60 * Self.second)
        #expect(ends(freshness(policy, Self.control("max-age=10"), chance: 1)) == [10, 20, 70])
        for said in ["must-revalidate", "proxy-revalidate", "s-maxage=10"] {
            #expect(ends(freshness(policy, Self.control("max-age=10, \(said)"), chance: 1)) == [10, 10, 10])
        }
        #expect(ends(freshness(policy)) == [0, 10, 60])
    }

    @Test func `a 404 has a time of its own, and no other`() {
        let policy = CachePolicy(ttl: 100 * Self.second, staleIfError: 60 * Self.second, negative: 5 * Self.second)
        #expect(ends(freshness(policy, isNegative: true)) == [5, 5, 5])
        #expect(!freshness(CachePolicy(ttl: Self.second), isNegative: true).isUseful)
    }

    @Test func `ends are spread by a tenth`() {
        let policy = CachePolicy(ttl: 100 * Self.second)
        #expect(ends(freshness(policy, chance: 0))[0] == 90 && ends(freshness(policy, chance: 1))[0] == 110)
        let said = Self.control("max-age=100")
        #expect(ends(freshness(CachePolicy(), said, chance: 0))[0] == 90)
        #expect(ends(freshness(CachePolicy(), said, chance: 1))[0] == 100)
        // What clients are told is never longer than what was said.
        #expect(freshness(policy, chance: 1).secondsLeft(at: Self.now) == 100)
    }

    @Test func `an entry goes from fresh over stale to useless`() {
        let policy = CachePolicy(
            ttl: 100 * Self.second, staleWhileRevalidate: 10 * Self.second, staleIfError: 60 * Self.second)
        let entry = freshness(policy)
        let rows: [(UInt64, EntryFreshness.Use, Bool, Int)] = [
            (0, .fresh, true, 100), (99, .fresh, true, 1), (100, .whileRevalidated, true, 0),
            (109, .whileRevalidated, true, 0), (110, .stale, true, 0), (159, .stale, true, 0), (160, .stale, false, 0),
        ]
        for (seconds, use, servesOnError, left) in rows {
            let now = Self.now + seconds * Self.second
            #expect(entry.use(at: now) == use && entry.servesOnError(at: now) == servesOnError, "\(seconds)")
            #expect(entry.secondsLeft(at: now) == left && entry.age(at: now) == Int(seconds), "\(seconds)")
        }
        #expect(freshness(policy, age: 7).age(at: Self.now + Self.second) == 8)
    }

    @Test func `no time overflows`() {
        let policy = CachePolicy(ttl: .max, staleWhileRevalidate: .max, staleIfError: .max, negative: .max)
        let entry = freshness(policy, Self.control("max-age=99999999999999"), chance: 0)
        #expect(entry.use(at: .max - 1) != .stale && entry.age(at: 0) == 0)
    }
}
