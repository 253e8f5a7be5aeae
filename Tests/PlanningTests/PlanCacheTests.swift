import GraphQL
import Testing

@testable import Planning

@Suite("The plan cache")
struct PlanCacheTests {
    private func document(_ text: String) throws -> CachedDocument<Plan> {
        let source = Source(text)
        return CachedDocument<Plan>(bytes: source.bytes, document: try Parser.parseDocument(source))
    }

    private func find(_ text: String, in cache: PlanCache<Plan>) -> CachedDocument<Plan>? {
        let bytes = Array(text.utf8)
        return unsafe cache.document(bytes.span.bytes)
    }

    @Test func `a document is found by its bytes, its plans by operation, profile and conditions`() throws {
        let fixture = try PlanTests.fixture()
        let query = "query A { user(id: 1) { id } } query B($x: Boolean!) { other { id @skip(if: $x) } }"
        let cache = PlanCache<Plan>(seed: 1)
        #expect(find(query, in: cache) == nil)
        let cached = try document(query)
        cache.insert(cached)
        #expect(find(query, in: cache) === cached)
        #expect(find(query + " ", in: cache) == nil)
        #expect(cached.operationIndex(named: "B") == 1)
        #expect(cached.operationIndex(named: nil) == nil)
        #expect(cached.operationIndex(named: "C") == nil)
        let profile = fixture.profiles.defaultProfile
        let plan = try Planner(mapping: fixture.mapping).plan(
            cached.operations[1], profile: profile, conditions: Conditions(bits: 1))
        cache.insert(plan, for: plan, in: cached, operation: 1, conditions: Conditions(bits: 1))
        #expect(cached.plan(operation: 1, profile: profile, conditions: Conditions(bits: 1)) === plan)
        #expect(cached.plan(operation: 1, profile: profile, conditions: Conditions()) == nil)
        #expect(cached.plan(operation: 0, profile: profile, conditions: Conditions(bits: 1)) == nil)
        #expect(
            cached.plan(operation: 1, profile: Profile(index: 1, name: "phone"), conditions: Conditions(bits: 1))
                == nil)
    }

    @Test func `the least recently used document leaves first`() throws {
        let cache = PlanCache<Plan>(maximumCount: 3, seed: 2)
        for name in ["a", "b", "c"] { cache.insert(try document("{ \(name) }")) }
        _ = find("{ a }", in: cache)
        cache.insert(try document("{ d }"))
        #expect(cache.count == 3)
        #expect(["a", "b", "c", "d"].map { find("{ \($0) }", in: cache) != nil } == [true, false, true, true])
    }

    @Test func `memory is bounded`() throws {
        let cache = PlanCache<Plan>(maximumCount: 1_000, maximumBytes: 100_000, seed: 3)
        for index in 0..<200 { cache.insert(try document("{ a\(index) }")) }
        #expect(cache.bytes <= 100_000 && cache.count < 100 && cache.count > 50)
        cache.insert(try document("{ \(String(repeating: "a ", count: 10_000)) }"))
        #expect(cache.bytes <= 100_000 && cache.count > 50)
    }

    @Test func `a document's plans are bounded, and one that left the cache counts no more`() throws {
        let fixture = try PlanTests.fixture()
        let planner = Planner(mapping: try fixture.mapping)
        let cache = PlanCache<Plan>(maximumCount: 1, seed: 4)
        let cached = try document("{ user(id: 1) { id } }")
        cache.insert(cached)
        for bits in 0..<100 as Range<UInt64> {
            let plan = try planner.plan(cached.operations[0], profile: fixture.profiles.defaultProfile)
            cache.insert(plan, for: plan, in: cached, operation: 0, conditions: Conditions(bits: bits))
        }
        let kept = (0..<100).filter { bits in
            cached.plan(
                operation: 0, profile: fixture.profiles.defaultProfile, conditions: Conditions(bits: UInt64(bits)))
                != nil
        }
        #expect(kept.count == CachedDocument<Plan>.maximumPlans)
        #expect(cache.bytes == cached.cost)
        let other = try document("{ other { id } }")
        cache.insert(other)
        let plan = try planner.plan(cached.operations[0], profile: fixture.profiles.defaultProfile)
        cache.insert(plan, for: plan, in: cached, operation: 0, conditions: Conditions())
        #expect(cache.bytes == other.cost)
    }

    @Test func `hashes differ for every change of a byte, a length or the seed`() {
        let hasher = DocumentHash(seed: 5)
        var seen: Set<UInt64> = []
        for length in 0..<40 {
            var bytes = [UInt8](repeating: 0, count: length)
            seen.insert(unsafe hasher.hash(bytes.span.bytes))
            for index in bytes.indices {
                bytes[index] = 1
                seen.insert(unsafe hasher.hash(bytes.span.bytes))
                bytes[index] = 0
            }
        }
        #expect(seen.count == 40 + (0..<40).reduce(0, +))
        let empty: [UInt8] = []
        #expect(unsafe DocumentHash(seed: 6).hash(empty.span.bytes) != hasher.hash(empty.span.bytes))
    }
}
