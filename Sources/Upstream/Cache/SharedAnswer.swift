internal import Bytes
internal import HTTP

/// An answer that several calls have at once, on any shard. Its buffers belong to it, and nobody changes them after
/// `init`: that is what makes it safe to read from any thread. The content is sealed, so that reading it as JSON doesn't
/// either.
final class SharedAnswer: @unchecked Sendable {
    /// The status.
    let status: Int
    /// The fields, as the upstream sent them; of a stored answer those that are kept.
    let head: ResponseHead
    /// The content.
    let body: ByteBuffer

    /// An answer with a copy of `fields`.
    /// - Parameter body: the content. Nobody may change it, or give it to a pool, from here on.
    init(status: Int, fields: FieldList, owning body: ByteBuffer) {
        self.status = status
        body.seal()
        self.body = body
        head = ResponseHead()
        head.set(status: status, versionMinor: 1, framing: .length(body.count), keepAlive: true)
        for index in 0..<fields.count { head.fields.append(lineAt: index, of: fields) }
    }

    /// The answer as a call has it.
    var outcome: CallOutcome { .answer(status: status, head: head, body: body) }
}

/// How a call came to its answer, beside the answer.
struct AnswerSource: Sendable {
    /// The entry that holds it, where it is stored.
    var entry: CacheEntry?
    /// Whether it is an answer past its time that stands in for a failed call.
    var isFallback = false
}
