internal import Bytes
internal import HTTP

/// Writes requests as they go on the wire (RFC 9112 §3, §5).
enum RequestWriter {
    /// Appends the head of `request`, and its body where all of it is there.
    static func append(_ request: TransportRequest, to output: ByteBuffer) {
        appendMethod(request.method, to: output)
        output.append(UInt8(ascii: " "))
        if !request.endpoint.basePath.isEmpty { output.append(request.endpoint.basePath) }
        output.append(request.target)
        output.append(" HTTP/1.1\r\nhost: ")
        output.append(request.endpoint.authority)
        output.append("\r\n")
        for index in 0..<request.fields.count where !request.isOwn(at: index) {
            request.fields.appendLine(at: index, to: output)
        }
        if let milliseconds = request.timeoutMilliseconds {
            output.append("x-request-timeout-ms: ")
            output.append(decimal: UInt(milliseconds))
            output.append("\r\n")
        }
        appendFraming(request, to: output)
        output.append("\r\n")
        if case .whole(let body) = request.body { output.append(body) }
    }

    private static func appendMethod(_ method: Method, to output: ByteBuffer) {
        switch method {
        case .get: output.append("GET")
        case .post: output.append("POST")
        default: output.append(method.description)
        }
    }

    private static func appendFraming(_ request: TransportRequest, to output: ByteBuffer) {
        let length: Int
        switch request.body {
        case .none:
            guard request.announcesNoBody else { return }
            length = 0
        case .whole(let body): length = body.count
        case .stream(let known):
            guard let known else { return output.append("transfer-encoding: chunked\r\n") }
            length = known
        }
        output.append("content-length: ")
        output.append(decimal: length)
        output.append("\r\n")
    }
}

/// The body of a request that comes piece by piece: its framing, and how much of it may wait. No I/O.
struct BodyWriter {
    private enum Framing {
        case none
        case length(Int)
        case chunked
    }

    /// Bytes that wait before the sender is asked to wait too.
    private static let highWater = 64 << 10

    private var framing = Framing.none
    private var isWaiting = false
    /// Whether the body is complete, as far as it was handed over.
    private(set) var isComplete = true

    /// Stands before `body`.
    mutating func begin(_ body: RequestBody) {
        isWaiting = false
        guard case .stream(let length) = body else {
            framing = .none
            isComplete = true
            return
        }
        framing = length.map { .length($0) } ?? .chunked
        isComplete = false
    }

    /// Whether there is a streamed body.
    var isStreaming: Bool { if case .none = framing { false } else { true } }

    /// Appends a piece as it goes on the wire. Bytes beyond the announced length are dropped.
    mutating func append(_ bytes: RawSpan, to output: ByteBuffer) {
        guard !isComplete, bytes.byteCount > 0 else { return }
        switch framing {
        case .none: break
        case .length(let rest):
            let count = min(rest, bytes.byteCount)
            output.append(bytes.extracting(0..<count))
            framing = .length(rest - count)
        case .chunked:
            output.appendChunkHeader(bytes.byteCount)
            output.append(bytes)
            output.append("\r\n")
        }
    }

    /// Ends the body.
    /// - Returns: false if it is shorter than announced.
    mutating func end(_ output: ByteBuffer) -> Bool {
        if isComplete { return true }
        if case .length(let rest) = framing, rest > 0 { return false }
        if case .chunked = framing { output.appendLastChunk() }
        isComplete = true
        return true
    }

    /// Whether the sender may go on while `buffered` bytes wait; if not, it is told later.
    mutating func hasRoom(buffered: Int) -> Bool {
        isWaiting = buffered >= Self.highWater
        return !isWaiting
    }

    /// Whether the sender waits to be told; it doesn't any more after this.
    mutating func takeWait() -> Bool {
        defer { isWaiting = false }
        return isWaiting
    }
}
