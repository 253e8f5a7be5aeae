public import Bytes
internal import EventLoop

/// A command that is put together, sent, and waits for its reply. Belongs to its client's loop, which uses it again.
public final class RedisCommand {
    /// The arguments as they are sent, each behind its length (RESP, "Bulk strings").
    private let arguments = ByteBuffer(capacity: 256)
    private var count = 0
    /// What is run with the arguments, where it is a script.
    var script: RedisScript?
    /// When its reply comes too late.
    var deadline = MonotonicTime.distantFuture
    /// Called with the reply, or with nil where none came in time; nil once it was called.
    var completion: ((RedisReply?) -> Void)?
    /// Whether who waits for it has less time than Redis has.
    var isUrgent = false
    /// Whether nobody's request waits for it: the client's own.
    var isOwn = false

    /// Appends an argument.
    public func append(_ argument: RawSpan) {
        count += 1
        Self.appendLength(argument.byteCount, to: arguments)
        arguments.append(argument)
        arguments.append("\r\n")
    }

    /// Appends what `buffer` holds as one argument.
    public func append(_ buffer: ByteBuffer) { append(buffer.bytes) }

    /// Appends an argument.
    public func append(_ argument: String) {
        count += 1
        Self.appendLength(argument.utf8.count, to: arguments)
        arguments.append(argument)
        arguments.append("\r\n")
    }

    /// Appends `prefix` and the digest of `key` as one argument.
    public func append(_ prefix: String, digestOf key: RawSpan) {
        count += 1
        Self.appendLength(prefix.utf8.count + ByteBuffer.digestCount, to: arguments)
        arguments.append(prefix)
        arguments.appendDigest(of: key)
        arguments.append("\r\n")
    }

    /// Appends a number, which is an argument.
    public func append(_ number: UInt64) { append(String(number)) }

    private static func appendLength(_ length: Int, to output: ByteBuffer) {
        output.append("$")
        output.append(decimal: length)
        output.append("\r\n")
    }

    /// Appends what is sent: a list of strings.
    /// - Parameter isWhole: whether a script goes with its text instead of its digest.
    func write(to output: ByteBuffer, isWhole: Bool = false) {
        output.append("*")
        output.append(decimal: script == nil ? count : count + 2)
        output.append("\r\n")
        if let script {
            output.append(isWhole ? "$4\r\nEVAL\r\n" : "$7\r\nEVALSHA\r\n")
            let name = isWhole ? script.source : script.digest
            Self.appendLength(name.utf8.count, to: output)
            output.append(name)
            output.append("\r\n")
        }
        output.append(arguments)
    }

    /// Makes it empty. What a large value took isn't kept.
    func reset() {
        arguments.clear()
        arguments.shrink(to: 4096)
        count = 0
        script = nil
        deadline = .distantFuture
        completion = nil
        isUrgent = false
        isOwn = false
    }
}
