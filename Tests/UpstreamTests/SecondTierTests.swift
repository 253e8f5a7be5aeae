import Bytes
import EventLoop
import HTTP
import Telemetry
import TestSupport
import Testing

@testable import Upstream

@Suite("Stored answers as Redis has them")
struct SecondTierTests {
    private static let second: UInt64 = 1_000_000_000
    private static let now = MonotonicTime(nanoseconds: 5_000 * second)
    private static let wallTime = WallTime(nanoseconds: 1_800_000_000 * second)

    private static func entry(
        _ body: String = #"{"a": 1}"#, status: Int = 200,
        lines: [(String, String)] = [("Content-Type", "application/json")],
        policy: CachePolicy = CachePolicy(ttl: 100 * second, staleIfError: 50 * second)
    ) -> CacheEntry {
        let (fields, content) = (FieldList(), ByteBuffer())
        for (name, value) in lines { fields.append(name: name, value: value) }
        content.append(body)
        let freshness = EntryFreshness(
            ResponseFreshness(fields, receivedAt: 0, delay: 0), policy, isNegative: status == 404, now: now.nanoseconds,
            chance: 0.5)
        return CacheEntry(
            key: ByteBuffer(), route: 7, target: ByteBuffer(), status: status, fields: fields, body: content,
            freshness: freshness)
    }

    private static func bytes(_ entry: CacheEntry) -> [UInt8] {
        unsafe SecondTier.value(entry, now: now, wallTime: wallTime).withUnsafeBytes { unsafe Array($0) }
    }

    /// What another gateway reads, whose clock has run for `uptime` and that asks `later` seconds after.
    private static func read(_ bytes: [UInt8], later: UInt64 = 0, uptime: UInt64 = 90_000) -> CacheEntry? {
        let value = ByteBuffer(capacity: max(bytes.count, 16))
        value.append(bytes)
        return SecondTier.entry(
            value, key: ByteBuffer(), route: 9, target: ByteBuffer(),
            now: MonotonicTime(nanoseconds: (uptime + later) * second),
            wallTime: WallTime(nanoseconds: wallTime.nanoseconds + later * second))
    }

    @Test func `an answer is read as it was written, and its times go on`() throws {
        let lines = [("Content-Type", "application/json"), ("ETag", "\"1\""), ("X-A", ""), ("x-a", "b, c")]
        let written = Self.entry(lines: lines)
        for later in [0, 7, 99, 120] as [UInt64] {
            let read = try #require(Self.read(Self.bytes(written), later: later))
            #expect(read.answer.status == 200 && read.answer.body.string == #"{"a": 1}"#)
            #expect((0..<4).map { read.answer.head.fields.nameString(at: $0) } == lines.map(\.0))
            #expect((0..<4).map { read.answer.head.fields.valueString(at: $0) } == lines.map(\.1))
            let now = (90_000 + later) * Self.second
            let then = Self.now.nanoseconds + later * Self.second
            #expect(read.freshness.use(at: now) == written.freshness.use(at: then))
            #expect(read.freshness.servesOnError(at: now) == written.freshness.servesOnError(at: then))
            #expect(read.freshness.age(at: now) == written.freshness.age(at: then))
            #expect(read.freshness.secondsLeft(at: now) == written.freshness.secondsLeft(at: then))
        }
        let missing = Self.entry(status: 404, policy: CachePolicy(negative: 5 * Self.second))
        #expect(Self.read(Self.bytes(missing))?.answer.status == 404)
    }

    @Test func `how long it is kept`() {
        let now = Self.now
        #expect(SecondTier.lifetime(Self.entry(), now: now) == 150_000)
        #expect(SecondTier.lifetime(Self.entry(lines: [("ETag", "\"1\"")]), now: now) == 3_600_000)
        let long = CachePolicy(ttl: 315_360_000 * Self.second)
        #expect(SecondTier.lifetime(Self.entry(policy: long), now: now) == 31_536_000_000)
        #expect(Self.read(Self.bytes(Self.entry(policy: long)))?.freshness.use(at: 90_001 * Self.second) == .fresh)
    }

    @Test func `what isn't such a value is none`() {
        let good = Self.bytes(Self.entry())
        for count in 0..<good.count {
            #expect(Self.read(Array(good[..<count])) == nil, "\(count) of \(good.count) bytes")
        }
        #expect(Self.read(good + [0]) == nil)
        #expect(Self.read(Array("sluice".utf8)) == nil)
        #expect(Self.read([UInt8](repeating: 0xFF, count: 500)) == nil)
        // It came before this machine's clock began.
        #expect(Self.read(good, later: 30, uptime: 0) == nil)
        let unfit = [
            Self.entry(lines: [("Set-Cookie", "a=b")]), Self.entry(lines: [("Cache-Control", "private")]),
            Self.entry(lines: [("Vary", "*")]), Self.entry(status: 206), Self.entry(status: 500),
            Self.entry(String(repeating: "1", count: SecondTier.largest + 1)),
        ]
        for entry in unfit { #expect(Self.read(Self.bytes(entry)) == nil) }
    }

    @Test func `anything may stand there`() {
        var random = Seeded(2026)
        let good = Self.bytes(Self.entry(lines: [("ETag", "\"1\""), ("Cache-Control", "max-age=5")]))
        for _ in 0..<4000 {
            var bytes = good
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            guard let entry = Self.read(bytes) else { continue }
            let fields = entry.answer.head.fields
            let isClean = (0..<fields.count).allSatisfy { index in
                FieldList.isValidName(fields.name(at: index)) && FieldList.isValidValue(fields.value(at: index))
            }
            #expect(isClean, "\(random)")
            _ = entry.freshness.age(at: .max)
            _ = entry.freshness.secondsLeft(at: 0)
        }
    }

    @Test func `patterns are a route's own`() {
        let (one, other) = (SecondTier("a"), SecondTier("b"))
        #expect(one.pattern(nil) != other.pattern(nil) && one.pattern(nil) == SecondTier("a").pattern(nil))
        #expect(one.pattern(Array("/x".utf8)).hasPrefix(one.prefix))
        #expect(one.pattern(Array("/x".utf8)) != one.pattern(Array("/y".utf8)))
    }
}
