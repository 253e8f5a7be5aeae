internal import Bytes
internal import EventLoop
internal import HTTP

extension Connection {
    /// The buffer that the next bytes to be written go into.
    var gathering: ByteBuffer {
        if let output { return output }
        let taken = server.outputs.take()
        output = taken
        return taken
    }

    /// How many bytes wait to be written.
    var pendingCount: Int { (output?.count ?? 0) + (outputBody?.count ?? 0) }

    /// Writes at the end of the tick, together with what still comes.
    func gather() {
        guard !isGathered, !isBlocked else { return }
        isGathered = true
        server.flushLater(self)
    }

    /// The end of the tick has come.
    func flushGathered() {
        guard isGathered else { return }
        isGathered = false
        if phase != .closed { flushPending() }
    }

    /// Writes what waits as far as it goes, and sees to what follows when nothing is left.
    func flushPending() {
        let wasBlocked = isBlocked
        guard flush() else { return }
        switch phase {
        case .flushing: finishFlushing()
        case .exchange:
            // Not held here: the next request of the connection takes it again.
            if exchange?.isAnswered == true {
                answerSent()
            } else if wasBlocked {
                exchange?.becameWritable()
            }
        default: break
        }
    }

    /// Writes what waits as far as it goes.
    /// - Returns: whether nothing is left.
    func flush() -> Bool {
        let output = output
        let body = outputBody
        guard pendingCount > 0 else { return true }
        let empty = server.nothing
        let result =
            if let output, let body {
                stream.send(output.bytes, body.bytes, empty.bytes)
            } else if let only = output ?? body {
                stream.send(only.bytes, empty.bytes, empty.bytes)
            } else {
                IOResult.bytes(0)
            }
        return took(result)
    }

    /// Writes what waits and then `bytes`, without gathering them first; what doesn't go now is gathered.
    /// - Parameter isLine: CRLF follows `bytes`.
    func write(through bytes: RawSpan, isLine: Bool) {
        let waiting = gathering
        let tail = isLine ? server.lineEnd : server.nothing
        let before = waiting.count
        let result = stream.send(waiting.bytes, bytes, tail.bytes)
        var sent = if case .bytes(let count) = result { count } else { 0 }
        if case .failed = result {
            lose()
            return
        }
        exchange?.bytesSent += sent
        let total = before + bytes.byteCount + tail.count
        let wasTaken = sent > 0
        let isBlocked = sent < total
        waiting.consume(min(sent, before))
        sent -= min(sent, before)
        let ofBytes = min(sent, bytes.byteCount)
        waiting.append(bytes.extracting(ofBytes..<bytes.byteCount))
        waiting.append(tail.bytes.extracting(sent - ofBytes..<tail.count))
        finishWrite(wasTaken: wasTaken, isBlocked: isBlocked)
    }

    /// Books what one write took.
    private func took(_ result: IOResult) -> Bool {
        var wasTaken = false
        switch result {
        case .bytes(let count):
            wasTaken = true
            exchange?.bytesSent += count
            let ofOutput = min(count, output?.count ?? 0)
            output?.consume(ofOutput)
            outputBody?.consume(count - ofOutput)
        case .wouldBlock: break
        case .ended, .failed:
            lose()
            return false
        }
        finishWrite(wasTaken: wasTaken, isBlocked: pendingCount > 0)
        return pendingCount == 0
    }

    private func finishWrite(wasTaken: Bool, isBlocked: Bool) {
        // The write timeout runs from the last byte that the client took, or from when it began to take none.
        if wasTaken || !self.isBlocked { lastWrite = loop.now }
        self.isBlocked = isBlocked
        if let output, output.isEmpty {
            self.output = nil
            server.outputs.give(output)
        }
        setInterest(.writable, isBlocked || stream.receiveWantsWritable)
        if isBlocked { armTimer() }
    }

    // MARK: Ending

    /// Answers `error` and closes.
    func refuse(_ error: FramingError) {
        let fields = server.refusalFields
        let content = server.refusalBody
        fields.clear()
        content.clear()
        server.handler.refuse(
            Refusal(status: error.status, reason: error.reason, peer: peer), fields: fields, body: content)
        closesAfter = true
        AnswerHead(status: error.status, length: .length(content.count), connection: .close)
            .append(fields, to: gathering, server)
        gathering.append(content)
        phase = .flushing
        flushPending()
    }

    /// The last byte is with the kernel.
    private func finishFlushing() {
        if isInputEnded { close() } else { linger() }
    }

    /// Closes the writing end and reads off what comes, so that the client can read the answer: closing with unread
    /// bytes would reset the connection and the answer with it (RFC 9112 §9.6).
    func linger() {
        stream.shutdownWriting()
        phase = .lingering
        phaseStart = loop.now
        input?.clear()
        if !isProcessing { settle() }
    }

    /// The connection is broken, or cut: whoever waits on it is told.
    func lose(abortively: Bool = false) {
        guard phase != .closed else { return }
        closeStream(abortively)
        exchange?.disconnect()
        endExchange()
        forget()
    }

    /// Closes a connection that has no exchange.
    func close() {
        guard phase != .closed else { return }
        closeStream(false)
        forget()
    }

    private func closeStream(_ abortively: Bool) {
        if phase == .handshake { server.endHandshake() }
        phase = .closed
        timer?.cancel()
        timer = nil
        loop.deregister(stream.descriptor, closing: true)
        stream.close(abortively: abortively)
    }

    private func forget() {
        if let output { server.outputs.give(output) }
        output = nil
        if !isProcessing { settle() }
        server.remove(self)
    }

    /// The server stops. A connection that was in use a moment ago may have a request under way to us, so it gets a while
    /// for it; one that has been idle for longer closes, unless a request has just come. Content that is only read off
    /// isn't waited for: no request will follow it.
    func drain() {
        if phase == .idle { read() }
        if phase == .discarding { linger() }
        if phase == .idle || phase == .lingering { armTimer() }
    }

    /// The drain has lasted too long.
    func cut() { lose(abortively: true) }
}
