internal import Bytes
internal import EventLoop
internal import HTTP

extension Exchange {
    /// Reads the request's content whole.
    /// - Parameters:
    ///   - limit: how many bytes it may have.
    ///   - done: called once with the content or with why there is none; at once when that is known already. A client
    ///     that waits for `100 Continue` is told to go on. The content is valid until the exchange ends.
    public func readBody(limit: Int, _ done: @escaping (BodyResult) -> Void) {
        guard let connection, !hasEnded, case .nobody = receiver else {
            done(.failed(.disconnected))
            return
        }
        if case .length(let length) = request.framing, length > limit {
            receiver = .served
            done(.failed(.tooLarge))
            return
        }
        let buffer = bodyBuffer ?? ByteBuffer(capacity: 1024)
        buffer.clear()
        if case .length(let length) = request.framing { buffer.reserve(min(length, 64 * 1024)) }
        bodyBuffer = buffer
        receiver = .buffer(limit: limit, done: done)
        startBody(connection)
    }

    /// Reads the request's content whole, in a task on the loop; see `readBody`.
    public func body(limit: Int) async -> BodyResult {
        await unsafe withUnsafeContinuation { (continuation: UnsafeContinuation<Void, Never>) in
            readBody(limit: limit) { [self] result in
                asyncResult = result
                unsafe continuation.resume()
            }
        }
        let result = asyncResult
        asyncResult = nil
        return result ?? .failed(.disconnected)
    }

    /// Has the request's content given to `sink` as it comes. A client that waits for `100 Continue` is told to go on.
    /// - Parameter limit: how many bytes it may have; above it the sink is told `tooLarge`.
    public func streamBody(to sink: any BodySink, limit: Int = .max) {
        guard let connection, !hasEnded, case .nobody = receiver else {
            sink.bodyFailed(.disconnected)
            return
        }
        if case .length(let length) = request.framing, length > limit {
            receiver = .served
            sink.bodyFailed(.tooLarge)
            return
        }
        receiver = .sink(sink, limit: limit)
        startBody(connection)
    }

    /// Stops the content: the sink is called no more, and nothing is read off the socket, so that the client is slowed
    /// down, until `resumeBody`.
    public func pauseBody() { isPaused = true }

    /// Lets the content come again.
    public func resumeBody() {
        guard isPaused else { return }
        isPaused = false
        guard let connection, wantsBody else { return }
        bodyWaitSince = connection.loop.now
        pump(connection)
    }

    /// Whether bytes of the content are wanted now.
    var wantsBody: Bool {
        switch receiver {
        case .nobody, .served: false
        case .buffer: true
        case .sink: !isPaused
        }
    }

    private func startBody(_ connection: Connection) {
        bodyWaitSince = connection.loop.now
        // RFC 9110 §10.1.1: not if the content is under way already.
        if request.expectsContinue, connection.input?.isEmpty ?? true, case .none = answer {
            connection.gathering.append("HTTP/1.1 100 Continue\r\n\r\n")
            connection.flushPending()
        }
        pump(connection)
    }

    private func pump(_ connection: Connection) {
        if connection.isProcessing { connection.pumpBody() } else { connection.process() }
    }

    // MARK: From the connection

    func takeBody(_ bytes: RawSpan) {
        bodyBytesReceived += bytes.byteCount
        switch receiver {
        case .buffer(let limit, _):
            if bodyBytesReceived > limit { failBody(.tooLarge) } else { bodyBuffer?.append(bytes) }
        case .sink(let sink, let limit):
            if bodyBytesReceived > limit { failBody(.tooLarge) } else { sink.body(bytes) }
        case .nobody, .served: break
        }
    }

    func endBody() {
        let receiver = receiver
        self.receiver = .served
        switch receiver {
        case .buffer(_, let done): done(.complete(bodyBuffer ?? ByteBuffer()))
        case .sink(let sink, _): sink.bodyEnded()
        case .nobody, .served: break
        }
    }

    func failBody(_ failure: BodyFailure) {
        let receiver = receiver
        self.receiver = .served
        switch receiver {
        case .buffer(_, let done): done(.failed(failure))
        case .sink(let sink, _): sink.bodyFailed(failure)
        case .nobody, .served: break
        }
    }
}
