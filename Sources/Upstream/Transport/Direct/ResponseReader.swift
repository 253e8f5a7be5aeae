internal import Bytes
internal import HTTP

/// Takes an answer apart as its bytes arrive: heads, the interim ones passed over, then the body by its framing
/// (RFC 9112 §6). No I/O.
struct ResponseReader {
    /// What the next bytes of the buffer are.
    enum Event {
        /// Nothing can be said before more bytes arrive.
        case needMore
        /// The final head has been read into the request's `head`.
        case head
        /// This many bytes at the read end are content; the caller consumes them.
        case body(Int)
        /// The answer is whole.
        case end
    }

    private enum Phase {
        case head
        case length(Int)
        case chunked
        case untilClose
        case end
    }

    /// Interim answers that an exchange may have: 103 and 100 come once or twice, a thousand are an attack.
    private static let maximumInterim = 16

    private var phase = Phase.head
    private var parser = ResponseParser()
    private var decoder = ChunkedDecoder()
    private var interimCount = 0

    /// Stands before an answer again.
    mutating func begin() {
        phase = .head
        parser = ResponseParser()
        interimCount = 0
    }

    /// Whether the closing of the connection is what ends the body.
    var endsWithConnection: Bool { if case .untilClose = phase { true } else { false } }

    /// Bytes of content that are still to come, where the head has told how many there are.
    var rest: Int { if case .length(let rest) = phase { rest } else { 0 } }

    /// Counts `count` bytes that were received where the content is gathered.
    /// - Returns: how many of them belong to the content.
    mutating func gathered(_ count: Int) -> Int {
        let own = min(count, rest)
        phase = .length(rest - own)
        return own
    }

    /// Looks at `buffer`, drops framing from it, and says what comes next.
    mutating func next(_ buffer: ByteBuffer, _ request: TransportRequest) throws(FramingError) -> Event {
        switch phase {
        case .head: return try nextHead(buffer, request)
        case .length(let rest):
            if rest == 0 { return .end }
            let count = min(rest, buffer.count)
            phase = .length(rest - count)
            return count > 0 ? .body(count) : .needMore
        case .chunked: return try nextChunk(buffer)
        case .untilClose: return buffer.isEmpty ? .needMore : .body(buffer.count)
        case .end: return .end
        }
    }

    private mutating func nextHead(
        _ buffer: ByteBuffer, _ request: TransportRequest
    ) throws(FramingError) -> Event {
        let limits = HeadLimits(startLine: request.headLimit, head: request.headLimit)
        let head = request.head
        while try parser.parse(buffer, into: head, limits: limits, method: request.method) {
            if head.isInterim {
                interimCount += 1
                // 101 would make the connection something else; nobody asked for that (RFC 9110 §7.8).
                guard head.status != 101, interimCount <= Self.maximumInterim else {
                    throw FramingError(status: 400, "an interim answer that can't be passed over")
                }
                continue
            }
            switch head.framing {
            case .none: phase = .end
            case .length(let length): phase = .length(length)
            case .chunked:
                decoder = ChunkedDecoder()
                phase = .chunked
            case .untilClose: phase = .untilClose
            }
            return .head
        }
        return .needMore
    }

    private mutating func nextChunk(_ buffer: ByteBuffer) throws(FramingError) -> Event {
        while true {
            switch try decoder.next(buffer.bytes) {
            case .skip(let count): buffer.consume(count)
            case .data(let count): return .body(count)
            case .needMore: return .needMore
            case .end:
                phase = .end
                return .end
            }
        }
    }
}
