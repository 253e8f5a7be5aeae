internal import Bytes
internal import EventLoop
internal import HTTP

/// One client's connection: reads its requests one after the other, and writes out what their exchanges answer.
///
/// Reads are done into a buffer that the whole server shares; what is left after a look at it moves to a buffer of its
/// own. So an idle connection is this object and its socket, no more.
final class Connection: ReadinessHandler {
    /// Where the connection stands, and what may follow.
    enum Phase {
        /// TLS isn't agreed on yet. Then `idle`, `lingering`, `closed`.
        case handshake
        /// Between requests, nothing of the next one has come. Then `head`, `exchange`, `closed`.
        case idle
        /// Some bytes of a head are there. Then `exchange`, `flushing`, `closed`.
        case head
        /// A request is with the handler, its content still coming perhaps. Then `idle`, `discarding`, `flushing`,
        /// `closed`.
        case exchange
        /// The answer is out, and what is left of the request's content is read off. Then `idle`, `lingering`, `closed`.
        case discarding
        /// The last bytes are going out. Then `lingering`, `closed`.
        case flushing
        /// The writing end is closed, and what the client still sends is read off. Then `closed`.
        case lingering
        case closed
    }

    let server: HTTPServer
    let stream: any ByteStream
    let peer: SocketAddress
    /// Whether it counts against the cap; one that doesn't is only told that it is one too many.
    let isCounted: Bool
    /// Where it counts against the limit of its address; nil if it doesn't.
    let countedAddress: IPAddress?
    /// Where it stands in the server's list.
    var slot: Int

    var phase = Phase.idle
    var parser = RequestParser()
    var body = BodyReader(.none)
    var exchange: Exchange?

    /// What has been read and not been looked at or not been wanted yet.
    var input: ByteBuffer?
    /// Whether `input` belongs to the server and goes back to it once it is empty.
    var isInputShared = false
    /// The client has closed its writing end.
    var isInputEnded = false
    /// Bytes read off for nobody since the answer went out.
    var discarded = 0

    /// What waits to be written: these bytes, then those of `outputBody`.
    var output: ByteBuffer?
    var outputBody: ByteBuffer?
    var isGathered = false
    /// Whether the socket took less than it was offered, and is being watched for room.
    var isBlocked = false
    /// The connection ends with this answer.
    var closesAfter = false

    var isProcessing = false
    var isPumping = false
    var interest = Readiness.readable
    var timer: LoopTimer?
    var timerDeadline = MonotonicTime.distantFuture
    /// When bytes last came in.
    var lastRead: MonotonicTime
    /// When bytes last went out, or began to wait.
    var lastWrite: MonotonicTime
    /// When the first byte of the current head came, or the lingering began.
    var phaseStart: MonotonicTime

    init(
        _ server: HTTPServer, _ stream: any ByteStream, _ peer: SocketAddress, isCounted: Bool,
        _ countedAddress: IPAddress?, slot: Int
    ) {
        self.server = server
        self.stream = stream
        self.peer = peer
        self.isCounted = isCounted
        self.countedAddress = countedAddress
        self.slot = slot
        lastRead = server.loop.now
        lastWrite = lastRead
        phaseStart = lastRead
        if stream.isHandshaking { phase = .handshake }
    }

    var loop: EventLoop { server.loop }

    /// Begins to read.
    func start() {
        do throws(SystemError) {
            try loop.register(stream.descriptor, interest, self)
        } catch {
            close()
            return
        }
        if isCounted {
            armTimer()
        } else {
            refuse(FramingError(status: 503, "too many connections"))
        }
    }

    func ready(_ events: Readiness) {
        // Not this one in this tick: the descriptor is ready in the next one too.
        if phase == .handshake, !server.mayShakeHands() { return }
        if events.contains(.failed) || (events.contains(.hangUp) && phase != .idle && phase != .head) {
            lose()
            return
        }
        if events.contains(.writable) {
            if isBlocked { flushPending() } else { setInterest(.writable, false) }
        }
        guard phase != .closed else { return }
        if events.contains(.readable) || events.contains(.hangUp) || stream.receiveWantsWritable { read() }
    }

    // MARK: Going through the input

    /// Goes through what has been read as far as it can, one request after the other. It is never entered twice: what
    /// happens inside a handler's call only changes the phase, and the loop here goes on from there, so that a thousand
    /// pipelined requests need no more stack than one.
    func process() {
        guard !isProcessing else { return }
        isProcessing = true
        while step() {}
        isProcessing = false
        settle()
    }

    /// Does the next thing that the phase asks for; false when there is nothing to do before something else happens.
    private func step() -> Bool {
        switch phase {
        case .idle, .head: return readHead()
        case .exchange:
            pumpBody()
            return phase != .exchange
        case .discarding: return discardBody()
        case .handshake, .flushing, .closed: return false
        case .lingering:
            input?.clear()
            return false
        }
    }

    private func readHead() -> Bool {
        guard let input, !input.isEmpty else {
            if isInputEnded, phase == .idle { close() }
            return false
        }
        if phase == .idle {
            phase = .head
            phaseStart = loop.now
        }
        let next = server.takeExchange()
        do throws(FramingError) {
            if try parser.parse(input, into: next.request, limits: server.settings.headLimits) {
                begin(next)
                return true
            }
            server.giveBack(next)
            if input.isEmpty { phase = .idle }
            if isInputEnded { close() }
            return false
        } catch {
            server.giveBack(next)
            refuse(error)
            return false
        }
    }

    private func begin(_ exchange: Exchange) {
        phase = .exchange
        body = BodyReader(exchange.request.framing)
        self.exchange = exchange
        exchange.begin(self)
        server.handler.handle(exchange)
    }

    /// Gives the exchange what has come of the content, as far as it wants it.
    func pumpBody() {
        guard !isPumping, let exchange else { return }
        isPumping = true
        defer { isPumping = false }
        while phase == .exchange, self.exchange === exchange, exchange.wantsBody {
            if body.isComplete {
                exchange.endBody()
                return
            }
            guard let input, !input.isEmpty else { return }
            do throws(FramingError) {
                switch try body.next(input.bytes) {
                case .skip(let count): input.consume(count)
                case .data(let count):
                    exchange.takeBody(input.bytes.extracting(0..<count))
                    input.consume(count)
                case .needMore, .end: break
                }
            } catch {
                closesAfter = true
                exchange.failBody(.malformed)
            }
        }
    }

    /// Reads off what is left of a request's content after its answer.
    private func discardBody() -> Bool {
        while !body.isComplete {
            guard let input, !input.isEmpty else {
                if isInputEnded { close() }
                return false
            }
            do throws(FramingError) {
                switch try body.next(input.bytes) {
                case .skip(let count), .data(let count):
                    input.consume(count)
                    discarded += count
                case .needMore, .end: break
                }
            } catch {
                discarded = .max
            }
            if discarded > server.settings.discardLimit {
                linger()
                return true
            }
        }
        phase = .idle
        return true
    }

    /// The answer is with the kernel: on to the next request.
    func answerSent() {
        endExchange()
        if closesAfter {
            let isClean = body.isComplete && (input?.isEmpty ?? true)
            if isClean || isInputEnded { close() } else { linger() }
        } else {
            discarded = 0
            phase = body.isComplete ? .idle : .discarding
            process()
        }
    }

    /// The exchange, if any, is over, one way or the other.
    func endExchange() {
        guard let exchange else { return }
        self.exchange = nil
        exchange.end()
        server.giveBack(exchange)
    }

    /// Sees to buffers, interest and timer after something has happened.
    func settle() {
        if let input, isInputShared || input.isEmpty {
            self.input = nil
            if !input.isEmpty, phase != .closed {
                let own = ByteBuffer(capacity: input.count)
                own.append(input)
                self.input = own
            }
            if isInputShared { server.inputs.give(input) }
            isInputShared = false
        }
        guard phase != .closed else { return }
        if !interest.contains(.readable), wantsInput { setInterest(.readable, true) }
        armTimer()
    }

    func setInterest(_ readiness: Readiness, _ isWanted: Bool) {
        let changed = isWanted ? interest.union(readiness) : interest.subtracting(readiness)
        guard changed != interest else { return }
        interest = changed
        loop.update(stream.descriptor, changed)
    }
}
