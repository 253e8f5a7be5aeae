internal import Bytes
internal import EventLoop

extension Connection {
    /// Bytes of the next requests that are read while one is under way.
    private static let pipelineBound = 64 * 1024

    /// Whether bytes of the client are of use now.
    var wantsInput: Bool {
        guard !isInputEnded else { return false }
        switch phase {
        case .handshake, .idle, .head, .discarding, .lingering: return true
        case .flushing, .closed: return false
        case .exchange:
            // With the content complete, an early next request or the client's end may come.
            if body.isComplete { return (input?.count ?? 0) < Connection.pipelineBound }
            return exchange?.wantsBody ?? false
        }
    }

    /// Reads what is there, a few buffers at most, so that one client doesn't keep the loop to itself.
    func read() {
        for _ in 0..<4 {
            guard wantsInput else {
                setInterest(.readable, false)
                return
            }
            let (result, isDrained) = receive()
            if phase == .handshake, endHandshake(result) { return }
            switch result {
            case .bytes:
                lastRead = loop.now
                process()
                if isDrained || phase == .closed { return }
            case .wouldBlock:
                if stream.receiveWantsWritable { setInterest(.writable, true) }
                settle()
                return
            case .ended:
                endInput()
                return
            case .failed:
                lose()
                return
            }
        }
    }

    /// Goes on to the first request if TLS is agreed on, and ends the connection if it can't be.
    /// - Returns: whether the connection has nothing more to read.
    private func endHandshake(_ result: IOResult) -> Bool {
        if case .failed = result {
            // The alert has to reach the client, so what it still sends is read off first.
            server.endHandshake()
            linger()
            return true
        }
        guard !stream.isHandshaking else { return false }
        server.endHandshake()
        phase = .idle
        return false
    }

    /// One read, and whether it took all there was.
    private func receive() -> (IOResult, isDrained: Bool) {
        let buffer: ByteBuffer
        if let input {
            buffer = input
        } else {
            buffer = server.inputs.take()
            input = buffer
            isInputShared = true
        }
        let result = stream.receive(into: buffer, minimum: 4096)
        return (result, buffer.writableCount > 0)
    }

    /// The client has closed its writing end: it may still read (RFC 9112 §9.6), so a complete request gets its answer,
    /// if that comes soon. One that doesn't is most likely not waited for by anybody.
    private func endInput() {
        isInputEnded = true
        setInterest(.readable, false)
        switch phase {
        case .handshake, .idle, .head, .discarding, .lingering: close()
        case .exchange:
            guard body.isComplete else { return lose() }
            lastRead = loop.now
            process()
            if phase != .closed { armTimer() }
        case .flushing, .closed: settle()
        }
    }
}
