internal import Bytes
internal import CLinux
internal import EventLoop
internal import Glibc
internal import HTTP

/// One connection of the direct transport, and the exchange on it.
@safe
final class DirectConnection: ReadinessHandler, TransportCall {
    /// What the connection is at, and what may follow.
    enum State {
        /// Waiting for addresses; then `connecting` or `closed`.
        case resolving
        /// Waiting for the handshake; then `busy`, `connecting` to the next address, or `closed`.
        case connecting
        /// An exchange is under way; then `idle` or `closed`.
        case busy
        /// In the pool; then `busy` or `closed`.
        case idle
        /// Done with.
        case closed
    }

    private unowned let transport: DirectTransport
    private let loop: EventLoop
    private let scratch: ByteBuffer
    private let gathering: ByteBuffer
    private let pool: ConnectionPool
    private(set) var state = State.resolving
    private var socket: Socket?
    private var isRegistered = false
    /// What it is watched for, where it is registered.
    private var watched: Readiness = []
    private(set) var idleSince = MonotonicTime.distantFuture
    /// Where it stands in its pool's list of busy ones; -1 = nowhere.
    var busyPosition = -1
    /// Exchanges completed on it.
    private var served = 0
    /// Counts what it is used for: a callback that changed it is noticed by this.
    private(set) var serial = 0

    // The exchange.
    private var request: TransportRequest?
    private var receiver: (any TransportReceiver)?
    private var reader = ResponseReader()
    private var writer = BodyWriter()
    /// What is still to be sent.
    private let output = ByteBuffer(capacity: 1024)
    private var sent = 0
    private var hasReceived = false
    private var isPaused = false
    /// Paused, and something came: reading isn't watched for.
    private var isParked = false
    /// Sending failed: the answer, if there is one, may still be read.
    private var isBroken = false
    /// Received bytes of a head that isn't whole yet.
    private let pending = ByteBuffer(capacity: 16)
    private var addresses: [SocketAddress] = []
    private var connectTimer: LoopTimer?

    init(_ transport: DirectTransport, _ pool: ConnectionPool) {
        self.transport = transport
        self.pool = pool
        loop = transport.loop
        scratch = transport.scratch
        gathering = transport.gathering
    }

    deinit { connectTimer?.cancel() }

    // MARK: Beginning

    func start(_ request: TransportRequest, _ receiver: any TransportReceiver) {
        serial &+= 1
        self.request = request
        self.receiver = receiver
        sent = 0
        hasReceived = false
        isPaused = false
        isParked = false
        isBroken = false
        reader.begin()
        writer.begin(request.body)
        output.clear()
        RequestWriter.append(request, to: output)
        pool.begin(self)
        if case .idle = state {
            state = .busy
            transport.sendLater(self)
            announceRoom()
        } else {
            resolve(request.endpoint, request.connectDeadline)
        }
    }

    /// Tells the receiver of a streamed body, later in this tick, that it may begin.
    private func announceRoom() {
        guard writer.isStreaming else { return }
        let serial = serial
        loop.atEndOfTick { [weak self] in
            guard let self, self.serial == serial, case .busy = self.state else { return }
            self.receiver?.readyForBody()
        }
    }

    private func resolve(_ endpoint: Endpoint, _ deadline: MonotonicTime) {
        if deadline != .distantFuture {
            let timer = LoopTimer(loop) { [unowned self] in fail(.connect) }
            timer.schedule(at: deadline)
            connectTimer = timer
        }
        if !endpoint.addresses.isEmpty { return connectLater(to: endpoint.addresses.filter(endpoint.permits)) }
        if let known = NameResolver.shared.cached(endpoint.host, endpoint.port, now: loop.now) {
            return connectLater(to: known.filter(endpoint.permits))
        }
        let confined = LoopConfined(self, to: loop)
        let serial = serial
        NameResolver.shared.resolve(endpoint.host, endpoint.port, on: loop, now: loop.now) { addresses in
            let connection = confined.unwrapped
            guard connection.serial == serial, case .resolving = connection.state else { return }
            connection.addresses = addresses.reversed().filter(endpoint.permits)
            connection.connectToNext()
        }
    }

    /// Begins to connect; a failure, which must not be reported before `start` returns, waits for the end of the tick.
    private func connectLater(to addresses: [SocketAddress]) {
        self.addresses = addresses.reversed()
        if beginConnecting() { return }
        let serial = serial
        loop.atEndOfTick { [weak self] in
            guard let self, self.serial == serial else { return }
            self.connectToNext()
        }
    }

    private func connectToNext() {
        while !addresses.isEmpty {
            if beginConnecting() { return }
        }
        fail(.connect)
    }

    /// Begins to connect to the next address; false if that failed at once.
    private func beginConnecting() -> Bool {
        guard let address = addresses.popLast() else { return false }
        dropSocket()
        do throws(SystemError) {
            socket = try Socket.connecting(to: address)
        } catch {
            return false
        }
        state = .connecting
        return watch(.writable)
    }

    private func finishConnecting() {
        guard socket?.pendingError == 0 else { return connectToNext() }
        connectTimer?.cancel()
        connectTimer = nil
        addresses = []
        state = .busy
        flush()
        if writer.isStreaming { receiver?.readyForBody() }
    }

    // MARK: Readiness

    func ready(_ events: Readiness) {
        switch state {
        case .connecting: finishConnecting()
        case .idle:
            // Closed by the upstream, or bytes that nobody asked for: of no use either way.
            pool.forget(self)
            closeSocket()
        case .busy:
            let serial = serial
            if events.contains(.writable) {
                flush()
                if output.isEmpty { tellRoom() }
            }
            guard self.serial == serial, !events.isDisjoint(with: [.readable, .hangUp, .failed]) else { return }
            receive()
        case .resolving, .closed: break
        }
    }

    /// Watches for what the exchange can go on with.
    private func watchWhatIsWanted() {
        if !isParked {
            watch(output.isEmpty ? .readable : [.readable, .writable])
        } else if !output.isEmpty {
            watch(.writable)
        } else if isRegistered, let descriptor = socket?.descriptor {
            loop.deregister(descriptor)
            isRegistered = false
        }
    }

    /// Watches for `interest`, with no system call where that is so already.
    @discardableResult
    private func watch(_ interest: Readiness) -> Bool {
        if isRegistered, watched == interest { return true }
        guard let descriptor = socket?.descriptor else { return false }
        watched = interest
        if isRegistered {
            loop.update(descriptor, interest)
            return true
        }
        do throws(SystemError) {
            try loop.register(descriptor, interest, self)
            isRegistered = true
            return true
        } catch {
            return false
        }
    }

    // MARK: Sending

    /// The end of the tick in which the exchange began. It may be over already.
    func sendUnsent() {
        if case .busy = state { flush() }
    }

    private func flush() {
        let output = output
        if !isBroken, !output.isEmpty {
            switch socket?.send(output.bytes) {
            case .bytes(let count):
                sent &+= count
                output.consume(count)
            case .wouldBlock: break
            case .ended, .failed, nil:
                // The upstream may have answered before it closed; reading tells, and reports the end.
                isBroken = true
                output.clear()
            }
        }
        watchWhatIsWanted()
    }

    private func tellRoom() {
        guard writer.takeWait() else { return }
        receiver?.readyForBody()
    }

    func write(_ bytes: RawSpan) -> Bool {
        guard case .busy = state, !isBroken else { return true }
        writer.append(bytes, to: output)
        flush()
        return writer.hasRoom(buffered: output.count)
    }

    func endBody() {
        guard writer.end(output) else { return failSoon() }
        if case .busy = state { flush() }
    }

    /// A body shorter than announced: the request can't be completed.
    private func failSoon() {
        let serial = serial
        loop.atEndOfTick { [weak self] in
            guard let self, self.serial == serial else { return }
            self.fail(.reset)
        }
    }

    // MARK: Receiving

    private func receive() {
        if isPaused {
            // Level-triggered: what isn't wanted now must not be reported again and again.
            isParked = true
            return watchWhatIsWanted()
        }
        if reader.rest > 0, let content = receiver?.content { return receiveRest(into: content) }
        let isGathered = request?.isGathered == true
        let buffer = pending.isEmpty ? (isGathered ? gathering : scratch) : pending
        let size = isGathered ? DirectTransport.gatheredSize : DirectTransport.receiveSize
        if pending.isEmpty { buffer.clear() }
        let room = pending.isEmpty ? size : 4096
        switch socket?.receive(into: buffer, minimum: room) {
        case .bytes:
            hasReceived = true
            read(buffer)
        case .wouldBlock: break
        case .ended: peerClosed()
        case .failed, nil: fail(.reset)
        }
    }

    /// Receives what is still to come of a body where it is gathered.
    private func receiveRest(into content: ByteBuffer) {
        // A byte more tells whether the upstream sends what nobody asked for; what reads the content wants room too.
        let room = reader.rest + ByteBuffer.sealLength
        switch socket?.receive(into: content, minimum: room) {
        case .bytes(let count):
            let own = reader.gathered(count)
            content.truncate(to: content.count - count + own)
            if reader.rest == 0 { complete(isClean: own == count) }
        case .wouldBlock: break
        case .ended: peerClosed()
        case .failed, nil: fail(.reset)
        }
    }

    /// Puts `count` bytes of content at the read end of `buffer` where the content is gathered.
    private func gather(_ count: Int, of buffer: ByteBuffer, into content: ByteBuffer) {
        if count == buffer.count, content.isEmpty, reader.rest == 0, count >= DirectTransport.handedOver {
            return content.exchange(with: buffer)
        }
        content.reserve(count + reader.rest + ByteBuffer.sealLength)
        content.append(buffer.bytes.extracting(0..<count))
        buffer.consume(count)
    }

    private func read(_ buffer: ByteBuffer) {
        guard let request, let receiver else { return }
        let serial = serial
        while true {
            let event: ResponseReader.Event
            do throws(FramingError) {
                event = try reader.next(buffer, request)
            } catch {
                return fail(error.status == 431 || error.status == 414 ? .headTooLarge : .protocolError)
            }
            switch event {
            case .needMore:
                if buffer !== pending { pending.append(buffer) }
                return
            case .head:
                receiver.head()
            case .body(let count):
                if let content = receiver.content {
                    gather(count, of: buffer, into: content)
                    continue
                }
                receiver.body(buffer.bytes.extracting(0..<count))
                if self.serial == serial { buffer.consume(count) }
            case .end:
                return complete(isClean: buffer.isEmpty)
            }
            if self.serial != serial { return }
        }
    }

    private func peerClosed() {
        if reader.endsWithConnection { complete(isClean: false) } else { fail(.reset) }
    }

    func pause() {
        isPaused = true
    }

    func resume() {
        isPaused = false
        guard isParked else { return }
        isParked = false
        if case .busy = state { watchWhatIsWanted() }
    }

    // MARK: Ending

    /// The answer is whole: the connection goes back to the pool if it can be used again.
    private func complete(isClean: Bool) {
        guard let receiver, let request else { return }
        let isReusable = isClean && !isBroken && output.isEmpty && writer.isComplete && request.head.keepAlive
        detach()
        if isReusable, pool.keep(self) {
            served += 1
            state = .idle
            idleSince = loop.now
            output.shrink(to: 4096)
            if !isRegistered { watch(.readable) }
        } else {
            pool.end(self)
            closeSocket()
        }
        receiver.ended()
    }

    /// Ends the exchange and the connection.
    func fail(_ kind: TransportFailure.Kind) {
        guard let receiver else { return }
        let nothingSent = sent == 0
        let failure = TransportFailure(
            nothingSent && kind == .reset ? .connect : kind, nothingSent: nothingSent,
            nothingReceived: !hasReceived, reused: served > 0)
        cancel()
        receiver.failed(failure)
    }

    func cancel() {
        detach()
        pool.end(self)
        closeSocket()
    }

    private func detach() {
        serial &+= 1
        request = nil
        receiver = nil
        pending.clear()
        pending.shrink(to: 16)
        connectTimer?.cancel()
        connectTimer = nil
    }

    /// Closes the socket. The pool must not have it any more.
    func closeSocket() {
        state = .closed
        dropSocket()
    }

    private func dropSocket() {
        if isRegistered, let descriptor = socket?.descriptor {
            loop.deregister(descriptor, closing: true)
        }
        isRegistered = false
        socket = nil
    }

    /// Whether an idle connection has neither been closed by the upstream nor received anything.
    var isStillOpen: Bool {
        guard let descriptor = socket?.descriptor else { return false }
        var byte: UInt8 = 0
        let count = unsafe recv(descriptor, &byte, 1, Int32(sluice_MSG_PEEK))
        return count < 0 && (errno == EAGAIN || errno == EINTR)
    }
}
