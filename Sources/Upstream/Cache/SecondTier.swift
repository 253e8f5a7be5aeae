internal import Bytes
internal import EventLoop
internal import HTTP
internal import Redis
internal import Resilience
internal import Telemetry

/// One route's stored answers in Redis, where gateways share them: what they are called there, and what they look like.
/// Immutable; any thread.
///
/// A value is the times of the answer, its head as HTTP/1.1 writes one, and its content. What can't be read as one is
/// as good as none.
struct SecondTier: Sendable {
    /// Bytes of content that an answer may have: one that is much larger would hold up the commands behind it.
    static let largest = 256 << 10
    /// How long an answer that is of use only to be asked about is kept, in milliseconds.
    private static let validatorLifetime: UInt64 = 3_600_000
    private static let longest: UInt64 = 365 * 86_400_000
    private static let mark: UInt64 = 0x0131_6563_6975_6C73
    private static let limits = HeadLimits(head: 512 << 10)

    /// What the keys of the route's answers begin with.
    let prefix: String

    /// - Parameter identity: what decides the answers to the route's calls, the same in each gateway.
    init(_ identity: String) {
        let text = ByteBuffer(capacity: max(identity.utf8.count, 16))
        text.append(identity)
        let prefix = ByteBuffer(capacity: 96)
        prefix.append("sluice:cache:1:")
        prefix.appendDigest(of: text.bytes)
        prefix.append(":")
        self.prefix = prefix.string
    }

    /// Appends the name of the answer to a call as an argument: route, path and query, then the whole call, all as
    /// digests.
    /// - Parameter key: the call's `CallKey`. The route's number in it is this process's own, and left out.
    func append(_ target: RawSpan, _ key: ByteBuffer, to command: RedisCommand) {
        let name = ByteBuffer(capacity: 256)
        name.append(prefix)
        name.appendDigest(of: target)
        name.append(":")
        name.appendDigest(of: key.bytes.extracting(MemoryLayout<UInt64>.size..<key.count))
        command.append(name)
    }

    /// The pattern of the names of a route's answers, or of those to one path and query.
    func pattern(_ target: [UInt8]?) -> String {
        guard let target else { return prefix + "*" }
        let (path, name) = (ByteBuffer(capacity: max(target.count, 16)), ByteBuffer(capacity: 256))
        path.append(target)
        name.append(prefix)
        name.appendDigest(of: path.bytes)
        name.append(":*")
        return name.string
    }

    // MARK: Values

    /// What is kept of `entry`.
    static func value(_ entry: CacheEntry, now: MonotonicTime, wallTime: WallTime) -> ByteBuffer {
        let (fields, freshness) = (entry.answer.head.fields, entry.freshness)
        let value = ByteBuffer(capacity: entry.answer.body.count + fields.byteCount + 512)
        value.append(littleEndian: mark)
        let age = now.nanoseconds(since: MonotonicTime(nanoseconds: freshness.receivedAt))
        value.append(littleEndian: wallTime.nanoseconds - min(age, wallTime.nanoseconds))
        for number in freshness.spans { value.append(littleEndian: number) }
        value.append(littleEndian: UInt64(entry.answer.body.count))
        value.append("HTTP/1.1 ")
        value.append(decimal: entry.answer.status)
        value.append("\r\n")
        fields.appendLines(to: value)
        value.append("\r\n")
        value.append(entry.answer.body)
        return value
    }

    /// How long `entry` is kept, in milliseconds.
    static func lifetime(_ entry: CacheEntry, now: MonotonicTime) -> UInt64 {
        let left = entry.freshness.millisecondsLeft(at: now.nanoseconds)
        return max(1, min(entry.hasValidator ? max(left, validatorLifetime) : left, longest))
    }

    /// The entry that a value holds, which is consumed; nil where it is none, or none that may be kept.
    static func entry(
        _ value: ByteBuffer, key: ByteBuffer, route: UInt64, target: ByteBuffer, now: MonotonicTime, wallTime: WallTime
    ) -> CacheEntry? {
        guard take(value) == mark, let receivedAt = take(value), let age = take(value), let fresh = take(value),
            let nominal = take(value), let revalidate = take(value), let error = take(value), let count = take(value),
            let freshness = EntryFreshness(
                spans: [age, fresh, nominal, revalidate, error],
                elapsed: wallTime.nanoseconds - min(receivedAt, wallTime.nanoseconds), now: now.nanoseconds)
        else { return nil }
        let head = ResponseHead()
        var parser = ResponseParser()
        do throws(FramingError) {
            guard try parser.parse(value, into: head, limits: limits, method: .get) else { return nil }
        } catch {
            return nil
        }
        guard UInt64(value.count) == count, value.count <= largest, head.status == 200 || head.status == 404,
            ResponseFreshness.mayBeStored(head.fields, isOutsideKey: CallKey.isOfOneRequest)
        else { return nil }
        return CacheEntry(
            key: key, route: route, target: target, status: head.status, fields: head.fields, body: value,
            freshness: freshness)
    }

    private static func take(_ value: ByteBuffer) -> UInt64? {
        guard value.count >= 8 else { return nil }
        var number: UInt64 = 0
        for index in 0..<8 { number |= UInt64(value[index]) << UInt64(8 * index) }
        value.consume(8)
        return number
    }
}

extension EntryFreshness {
    /// Its age when it came, and from then on how long each of its times lasts; in nanoseconds.
    fileprivate var spans: [UInt64] {
        [
            initialAge, freshUntil - receivedAt, nominalEnd - receivedAt, revalidateUntil - receivedAt,
            errorUntil - receivedAt,
        ]
    }

    /// The freshness that another gateway wrote as `spans`.
    /// - Parameter elapsed: nanoseconds since it came; nil where that is longer than this machine's clock runs.
    fileprivate init?(spans: [UInt64], elapsed: UInt64, now: UInt64) {
        guard spans.count == 5, elapsed < now else { return nil }
        let received = now - elapsed
        let ends = spans.dropFirst().map { span in
            let (end, overflow) = received.addingReportingOverflow(span)
            return overflow ? UInt64.max : end
        }
        self.init(
            receivedAt: received, initialAge: spans[0], freshUntil: ends[0], nominalEnd: ends[1],
            revalidateUntil: ends[2], errorUntil: ends[3])
    }

    /// Milliseconds until it is of no use by itself.
    fileprivate func millisecondsLeft(at now: UInt64) -> UInt64 {
        let end = max(freshUntil, revalidateUntil, errorUntil)
        return end > now ? (end - now) / 1_000_000 : 0
    }
}
