public import Bytes
internal import EventLoop
public import HTTP

extension Exchange {
    /// Content up to this size is copied behind the head, which is cheaper than a vectored write.
    private static let copiedContent = 4096

    /// Answers whole. Content-Length, Date and what concerns the connection are added, and taken out of `fields` if they
    /// are there. HEAD gets the head only.
    /// - Parameters:
    ///   - status: 200 or above.
    ///   - fields: copied before this returns.
    ///   - body: the content; the exchange's own from here until it is released.
    ///   - release: gets `body` back once it isn't needed any more, be it that the client is gone.
    public func respond(
        status: Int, fields: FieldList, body: ByteBuffer? = nil, release: ((ByteBuffer) -> Void)? = nil
    ) {
        guard let connection, case .none = answer else {
            if let body { release?(body) }
            return
        }
        self.release = release
        statusSent = status
        answer = .complete
        let isSilent = StatusCode.forbidsContent(status)
        head(status, isSilent ? .none : .length(body?.count ?? 0), fields, connection)
        guard let body else {
            finish(connection)
            return
        }
        if isSilent || request.method == .head {
            unsentBody = body
        } else if body.count <= Exchange.copiedContent {
            connection.gathering.append(body)
            unsentBody = body
        } else {
            connection.outputBody = body
        }
        finish(connection)
    }

    /// Begins an answer whose content follows by `write`. Nothing is sent before the end of the tick, or before enough
    /// has been gathered, so that a short answer still goes in one piece.
    /// - Parameters:
    ///   - status: 200 or above.
    ///   - fields: copied before this returns.
    ///   - length: of the content, if known; without it the content is chunked, or until the close for HTTP/1.0. For
    ///     HEAD and 304 without it a Content-Length among `fields` is passed on.
    public func startResponse(status: Int, fields: FieldList, length: Int? = nil) {
        guard let connection, case .none = answer else { return }
        statusSent = status
        answer = .started
        isBodyless = StatusCode.forbidsContent(status) || request.method == .head
        if isBodyless {
            let isSilent = status < 200 || status == 204
            head(status, isSilent ? .none : length.map { .length($0) } ?? .asGiven, fields, connection)
        } else if let length {
            remainingLength = length
            head(status, .length(length), fields, connection)
        } else if request.versionMinor >= 1 {
            isChunked = true
            head(status, .chunked, fields, connection)
        } else {
            isUntilClose = true
            head(status, .untilClose, fields, connection)
        }
        connection.gather()
    }

    /// Adds to the content of a started answer.
    /// - Returns: false when so much waits for the client that the next call should wait for `onWritable`; what was
    ///   given is taken all the same.
    @discardableResult
    public func write(_ bytes: RawSpan) -> Bool {
        guard let connection, case .started = answer, !isBodyless, bytes.byteCount > 0 else { return true }
        if let remaining = remainingLength {
            // More than was announced would be read as the next answer.
            guard bytes.byteCount <= remaining else {
                abortResponse()
                return true
            }
            remainingLength = remaining - bytes.byteCount
        }
        if isChunked { connection.gathering.appendChunkHeader(bytes.byteCount) }
        if bytes.byteCount > Exchange.copiedContent, !connection.isBlocked {
            connection.write(through: bytes, isLine: isChunked)
        } else {
            connection.gathering.append(bytes)
            if isChunked { connection.gathering.append("\r\n") }
            if connection.pendingCount < 16 * 1024 {
                connection.gather()
            } else if !connection.isBlocked {
                _ = connection.flush()
            }
        }
        return connection.pendingCount <= connection.server.settings.highWater
    }

    /// Ends a started answer. One that is shorter than was announced is cut instead.
    public func endResponse() {
        guard let connection, case .started = answer else { return }
        if let remainingLength, remainingLength > 0 {
            abortResponse()
            return
        }
        answer = .complete
        if isChunked { connection.gathering.appendLastChunk() }
        finish(connection)
    }

    /// Cuts the answer and the connection, so that the client can see that it isn't whole. What was written before is
    /// sent as far as it goes at once.
    public func abortResponse() {
        guard let connection, !hasEnded else { return }
        if case .started = answer, !connection.isBlocked { _ = connection.flush() }
        guard !hasEnded else { return }
        // Without a length the close itself would look like the end of the content.
        onDisconnect = nil
        receiver = .served
        connection.lose(abortively: isUntilClose)
    }

    private func head(_ status: Int, _ length: AnswerHead.Length, _ fields: FieldList, _ connection: Connection) {
        if !canPersist(connection) || isUntilClose { connection.closesAfter = true }
        let fate: AnswerHead.Connection =
            if connection.closesAfter {
                .close
            } else if request.versionMinor == 0 {
                .keepAlive
            } else {
                .persists
            }
        AnswerHead(status: status, length: length, connection: fate)
            .append(fields, to: connection.gathering, connection.server)
    }

    /// Whether the next request can be found on the connection.
    private func canPersist(_ connection: Connection) -> Bool {
        if !request.keepAlive || connection.server.isDraining { return false }
        if connection.body.isComplete { return true }
        // A client that waits for 100 Continue may send its content or not (RFC 9110 §10.1.1).
        if request.expectsContinue, case .nobody = receiver { return false }
        return connection.body.remaining ?? 0 <= connection.server.settings.discardLimit
    }

    /// Sends what there is at the end of the tick; the exchange ends when all is sent. Sending between two requests' work
    /// would wake the receiver once for each, and find neither's code in the caches.
    private func finish(_ connection: Connection) {
        receiver = .served
        connection.gather()
    }

    // MARK: From the connection

    func becameWritable() {
        guard case .started = answer else { return }
        onWritable?()
    }
}
