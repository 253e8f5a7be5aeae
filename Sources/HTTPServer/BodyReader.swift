internal import HTTP

/// Finds the content of one request in the connection's bytes.
struct BodyReader {
    private enum State {
        case length(Int)
        case chunked(ChunkedDecoder)
        /// All of it has been read, or there is none.
        case complete
    }

    private var state = State.complete

    /// A reader of content that is framed so.
    init(_ framing: BodyFraming) {
        switch framing {
        case .none, .untilClose, .length(0): state = .complete
        case .length(let length): state = .length(length)
        case .chunked: state = .chunked(ChunkedDecoder())
        }
    }

    /// Whether all of it has been read.
    var isComplete: Bool { if case .complete = state { true } else { false } }

    /// How many bytes are still to come; nil if nobody knows.
    var remaining: Int? {
        switch state {
        case .length(let remaining): remaining
        case .chunked: nil
        case .complete: 0
        }
    }

    /// What the first bytes of `input` are; see `ChunkedDecoder.next`.
    mutating func next(_ input: RawSpan) throws(FramingError) -> ChunkedDecoder.Piece {
        switch state {
        case .complete: return .end
        case .length(let remaining):
            let count = min(remaining, input.byteCount)
            state = count == remaining ? .complete : .length(remaining - count)
            return count > 0 ? .data(count) : .needMore
        case .chunked(var decoder):
            let piece = try decoder.next(input)
            state = decoder.isAtEnd ? .complete : .chunked(decoder)
            return piece
        }
    }
}
