internal import Bytes
internal import HTTP
internal import Synchronization

/// A stored answer. Immutable, but for who refreshes it; any thread.
final class CacheEntry: Sendable {
    /// Bytes that an entry's answer may have.
    static let largest = 1 << 20
    /// What an entry costs beside its key and its content: objects, and the lists of fields.
    private static let overhead = 1536
    /// Fields of an answer that say nothing of the stored one: what a 304 says of them is passed over.
    private static let ofContent: [KnownField] = [.contentLength, .contentType, .contentEncoding]

    /// What calls it answers.
    let key: SharedBytes
    /// Whose calls these are: `UpstreamRoute.identity`.
    let route: UInt64
    /// Their path and query.
    let target: [UInt8]
    let answer: SharedAnswer
    let freshness: EntryFreshness
    /// Whether a call is on its way that refreshes it in the background.
    private let isBeingRefreshed = Atomic<Bool>(false)

    private init(
        key: SharedBytes, route: UInt64, target: [UInt8], answer: SharedAnswer, freshness: EntryFreshness
    ) {
        self.key = key
        self.route = route
        self.target = target
        self.answer = answer
        self.freshness = freshness
    }

    /// Stores an answer, whose content is copied.
    convenience init(
        key: ByteBuffer, route: UInt64, target: ByteBuffer, status: Int, fields: FieldList, body: ByteBuffer,
        freshness: EntryFreshness
    ) {
        let content = ByteBuffer(capacity: body.count)
        content.append(body)
        let head = FieldList()
        for index in 0..<fields.count where !fields.isHopByHop(at: index) { head.append(lineAt: index, of: fields) }
        self.init(
            key: SharedBytes(key), route: route, target: unsafe target.withUnsafeBytes { unsafe Array($0) },
            answer: SharedAnswer(status: status, fields: head, owning: content), freshness: freshness)
    }

    /// The fields of the answer after its origin has said by `fields`, those of a 304, that it hasn't changed: lines of
    /// the same name are replaced (RFC 9111 §3.2).
    func fields(updatedBy fields: FieldList) -> FieldList {
        let updated = FieldList()
        let own = answer.head.fields
        let isNews = { (index: Int) in
            !fields.isHopByHop(at: index) && !Self.ofContent.contains { $0 == fields.known(at: index) }
        }
        for index in 0..<own.count {
            let name = own.name(at: index)
            if let news = fields.index(ofName: name), isNews(news) { continue }
            updated.append(lineAt: index, of: own)
        }
        for index in 0..<fields.count where isNews(index) { updated.append(lineAt: index, of: fields) }
        return updated
    }

    /// The entry with other fields and freshness, and the same content.
    func updated(_ fields: FieldList, _ freshness: EntryFreshness) -> CacheEntry {
        CacheEntry(
            key: key, route: route, target: target,
            answer: SharedAnswer(status: answer.status, fields: fields, owning: answer.body), freshness: freshness)
    }

    /// Its bytes.
    var cost: Int { Self.overhead + key.count + target.count + answer.head.fields.byteCount + answer.body.capacity }

    /// Whether its origin can be asked whether it has changed.
    var hasValidator: Bool { Self.hasValidator(answer.head.fields) }

    /// Whether a request asks for less than the whole answer.
    static func hasConditions(_ fields: FieldList) -> Bool {
        let conditions: [KnownField] = [.ifNoneMatch, .ifModifiedSince, .ifMatch, .ifUnmodifiedSince, .range]
        return conditions.contains { fields.contains($0) }
    }

    /// Whether an answer's origin can be asked whether it has changed.
    static func hasValidator(_ fields: FieldList) -> Bool { fields.contains(.etag) || fields.contains(.lastModified) }

    /// Appends the fields that ask its origin whether it has changed (RFC 9110 §13.1).
    func appendConditions(to fields: FieldList) {
        let own = answer.head.fields
        if let index = own.index(of: .etag) { fields.append(.ifNoneMatch, own.value(at: index)) }
        if let index = own.index(of: .lastModified) { fields.append(.ifModifiedSince, own.value(at: index)) }
    }

    // MARK: Refreshing

    /// Whether the caller is the one to refresh it in the background.
    func beginRefresh() -> Bool {
        isBeingRefreshed.compareExchange(expected: false, desired: true, ordering: .relaxed).exchanged
    }

    /// The refresh has ended without an answer to store: the next one may try.
    func refreshEnded() { isBeingRefreshed.store(false, ordering: .relaxed) }
}

/// Bytes that nobody changes any more, which is what makes them safe to read from any thread.
final class SharedBytes: @unchecked Sendable {
    private let buffer: ByteBuffer

    /// A copy of what `bytes` holds.
    init(_ bytes: ByteBuffer) {
        buffer = ByteBuffer(capacity: bytes.count)
        buffer.append(bytes)
    }

    var count: Int { buffer.count }

    func equals(_ other: ByteBuffer) -> Bool {
        let buffer = buffer
        return buffer.bytes.equals(other.bytes)
    }
}
