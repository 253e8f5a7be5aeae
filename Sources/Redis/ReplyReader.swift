internal import Bytes
internal import CLibHiredis

/// Reads replies out of the bytes that a Redis sends, by hiredis' reader.
///
/// No command that we send has a list for an answer, so a list is refused before anything is allocated for it; and a
/// reply that is longer than `largest` is given up before it is whole. Belongs to its client's loop.
@safe
final class ReplyReader {
    /// Bytes that one reply may have.
    static let largest = 1 << 20

    /// What there is to read.
    enum Step {
        case reply(RedisReply)
        /// No whole reply; more bytes are needed.
        case none
        /// Nothing that comes can be understood any more; why.
        case broken(String)
    }

    private var reader: UnsafeMutablePointer<redisReader>?
    /// The reply that was read last.
    private var found: RedisReply?
    private let content = ByteBuffer(capacity: 1024)

    // Made once, then only read.
    private nonisolated(unsafe) static let functions: UnsafeMutablePointer<redisReplyObjectFunctions> = {
        let functions = UnsafeMutablePointer<redisReplyObjectFunctions>.allocate(capacity: 1)
        unsafe functions.initialize(
            to: redisReplyObjectFunctions(
                createString: { task, text, count in
                    unsafe ReplyReader.found(task) { reader in
                        reader.content.clear()
                        unsafe reader.content.append(UnsafeRawBufferPointer(start: text, count: count))
                        return switch unsafe task?.pointee.type {
                        case REDIS_REPLY_ERROR: .refused(reader.content.string)
                        case REDIS_REPLY_STATUS: .done
                        default: .value(reader.content)
                        }
                    }
                },
                // Nothing stands for "out of memory", and ends the reading.
                createArray: { _, _ in nil },
                createInteger: { task, number in unsafe ReplyReader.found(task) { _ in .integer(Int(number)) } },
                createNil: { task in unsafe ReplyReader.found(task) { _ in .nothing } },
                freeObject: { _ in }))
        return unsafe functions
    }()

    /// Notes what was found, and gives hiredis something that isn't null for it.
    @unsafe private static func found(
        _ task: UnsafePointer<redisReadTask>?, _ reply: (ReplyReader) -> RedisReply
    ) -> UnsafeMutableRawPointer? {
        guard let context = unsafe task?.pointee.privdata else { return nil }
        let reader = unsafe Unmanaged<ReplyReader>.fromOpaque(context).takeUnretainedValue()
        reader.found = reply(reader)
        return unsafe context
    }

    init() {
        reset()
    }

    deinit {
        if let reader = unsafe reader { unsafe redisReaderFree(reader) }
    }

    /// Forgets all: for a new connection.
    func reset() {
        if let reader = unsafe reader { unsafe redisReaderFree(reader) }
        unsafe reader = redisReaderCreateWithFunctions(Self.functions)
        unsafe reader?.pointee.privdata = Unmanaged.passUnretained(self).toOpaque()
    }

    /// Takes bytes that came.
    func feed(_ bytes: RawSpan) {
        guard let reader = unsafe reader else { return }
        _ = unsafe bytes.withUnsafeBytes { bytes in
            unsafe redisReaderFeed(reader, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count)
        }
    }

    /// The next reply. What it holds is valid until the next call.
    func next() -> Step {
        guard let reader = unsafe reader else { return .broken("out of memory") }
        found = nil
        var object: UnsafeMutableRawPointer?
        guard unsafe redisReaderGetReply(reader, &object) == REDIS_OK else {
            return .broken("it doesn't speak Redis' protocol: \(unsafe Self.problem(of: reader))")
        }
        if let found { return .reply(found) }
        let held = unsafe reader.pointee.len - reader.pointee.pos
        return held > Self.largest ? .broken("its reply is larger than \(Self.largest) bytes") : .none
    }

    @unsafe private static func problem(of reader: UnsafeMutablePointer<redisReader>) -> String {
        unsafe withUnsafeBytes(of: &reader.pointee.errstr) { bytes in
            unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
    }
}
