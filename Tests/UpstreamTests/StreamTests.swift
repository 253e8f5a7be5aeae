import Bytes
import EventLoop
import HTTP
import Resilience
import TestSupport
import Testing

@testable import Upstream

/// What a streamed call reported.
enum StreamEvent: Sendable, Equatable {
    case head(Int)
    case body([UInt8])
    case ended
    case failed(CallFailure)
    case ready
    case waiting
}

/// A streamed call driven from a test's thread.
final class StreamProbe: UpstreamStreamDelegate, @unchecked Sendable {
    let events = Recorder<StreamEvent>()
    /// Content to be sent, and how much of it has been.
    var upload: [UInt8] = []
    private var sent = 0
    var pausesAtHead = false
    private var stream: UpstreamStream?
    private let shard: Shard

    init(_ shard: Shard) { self.shard = shard }

    func start(_ configure: @escaping @Sendable (UpstreamStream) -> Void) throws {
        let shard = shard
        try shard.thread.run { [self] in
            let client = shard.client.unwrapped
            let stream = client.makeStream(shard.registry.door(to: "up")!)
            stream.target.append("/stream")
            stream.deadline = client.loop.preciseNow().advanced(byNanoseconds: 30_000_000_000)
            stream.delegate = self
            configure(stream)
            self.stream = stream
            client.start(stream)
        }
    }

    func run(_ body: @escaping @Sendable (UpstreamStream) -> Void) throws {
        try shard.thread.run { [self] in if let stream { body(stream) } }
    }

    func streamHead(_ stream: UpstreamStream) {
        if pausesAtHead { stream.pause() }
        events.add(.head(stream.head.status))
    }

    func stream(_ stream: UpstreamStream, body bytes: RawSpan) {
        events.add(.body(unsafe bytes.withUnsafeBytes { unsafe Array($0) }))
    }

    func streamEnded(_ stream: UpstreamStream) { events.add(.ended) }
    func stream(_ stream: UpstreamStream, failed failure: CallFailure) { events.add(.failed(failure)) }

    func streamReadyForBody(_ stream: UpstreamStream) {
        events.add(.ready)
        while sent < upload.count {
            let buffer = ByteBuffer(capacity: 10_000)
            buffer.append(Array(upload[sent..<min(sent + 10_000, upload.count)]))
            sent += buffer.count
            if !stream.write(buffer.bytes) {
                events.add(.waiting)
                return
            }
        }
        stream.endBody()
    }

    /// Waits until the call is over.
    func wait() -> [StreamEvent] {
        events.wait { all in
            all.contains { if case .failed = $0 { true } else { $0 == .ended } }
        }
    }

    var body: [UInt8] {
        events.all.flatMap { event -> [UInt8] in
            if case .body(let bytes) = event { return bytes }
            return []
        }
    }
    var failure: CallFailure? {
        events.all.compactMap { if case .failed(let failure) = $0 { failure } else { nil } }.first
    }
}

@Suite("A passthrough door's calls, over both transports")
struct StreamTests {
    /// More than the kernel keeps on its way.
    static let upload = [UInt8](repeating: 0x61, count: 16 << 20)
    static let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }

    @Test(arguments: transports)
    func `a paused answer stays with the upstream`(_ transport: TransportChoice) throws {
        let sent = Recorder<Int>()
        let upstream = ScriptedUpstream { peer, _ in
            guard try peer.readRequest() != nil else { return }
            try peer.send("HTTP/1.1 200 OK\r\nContent-Length: \(Self.bytes.count)\r\n\r\n")
            // Until the kernel's buffers on both sides are full, and then the rest as it goes.
            var total = 0
            var last = -1
            while total > last {
                last = total
                total += peer.fillSendBuffer(Array(Self.bytes.dropFirst(total)))
            }
            sent.add(total)
            try peer.send(Array(Self.bytes.dropFirst(total)))
        }
        let probe = StreamProbe(try Shard(.up(transport, ports: upstream.port)))
        probe.pausesAtHead = true
        try probe.start { _ in }
        sent.wait(count: 1)
        #expect(probe.body.count <= DirectTransport.receiveSize)
        try probe.run { $0.resume() }
        #expect(probe.wait().last == .ended)
        #expect(probe.body == Self.bytes)
    }

    @Test(arguments: transports, [true, false])
    func `content goes up piece by piece`(_ transport: TransportChoice, _ isLengthKnown: Bool) throws {
        let gate = Latch()
        let upstream = ScriptedUpstream { peer, _ in
            guard let head = try peer.readRequest() else { return }
            gate.wait()
            let isChunked = head.lowercased().contains("transfer-encoding: chunked")
            #expect(isChunked != isLengthKnown)
            let received = isChunked ? try peer.readChunks() : try peer.readBody(Self.upload.count)
            let text = received == Self.upload ? "same" : "diff"
            try peer.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n\(text)")
        }
        let probe = StreamProbe(try Shard(.up(transport, ports: upstream.port)))
        probe.upload = Self.upload
        try probe.start {
            $0.method = .post
            $0.hasBody = true
            $0.bodyLength = isLengthKnown ? Self.upload.count : nil
        }
        #expect(probe.events.wait { $0.contains(.waiting) }.contains(.waiting))
        gate.open()
        #expect(probe.wait().last == .ended)
        #expect(String(decoding: probe.body, as: UTF8.self) == "same")
    }

    @Test(arguments: transports)
    func `a paused answer doesn't hold up the content`(_ transport: TransportChoice) throws {
        let received = Recorder<Int>()
        let upstream = ScriptedUpstream { peer, _ in
            guard try peer.readRequest() != nil else { return }
            try peer.send("HTTP/1.1 200 OK\r\nContent-Length: \(Self.bytes.count)\r\n\r\n")
            let sent = peer.fillSendBuffer(Self.bytes)
            received.add(try peer.readBody(Self.upload.count).count)
            try peer.send(Array(Self.bytes.dropFirst(sent)))
        }
        let probe = StreamProbe(try Shard(.up(transport, ports: upstream.port)))
        probe.upload = Self.upload
        probe.pausesAtHead = true
        try probe.start {
            $0.method = .post
            $0.hasBody = true
            $0.bodyLength = Self.upload.count
        }
        #expect(received.wait(count: 1) == [Self.upload.count])
        try probe.run { $0.resume() }
        #expect(probe.wait().last == .ended)
        #expect(probe.body == Self.bytes)
    }

    @Test(arguments: transports)
    func `content before an answer that comes early`(_ transport: TransportChoice) throws {
        let upstream = ScriptedUpstream { peer, _ in
            guard try peer.readRequest() != nil else { return }
            try peer.send("HTTP/1.1 413 No\r\nConnection: close\r\nContent-Length: 2\r\n\r\nno")
            peer.waitForClose()
        }
        let probe = StreamProbe(try Shard(.up(transport, ports: upstream.port)))
        try probe.start {
            $0.method = .post
            $0.hasBody = true
        }
        _ = probe.events.wait {
            $0.contains(.head(413)) || $0.contains { if case .failed = $0 { true } else { false } }
        }
        #expect(probe.events.all.contains(.head(413)))
        try probe.run { $0.cancel() }
    }

    @Test(arguments: transports)
    func `a connection that didn't come to be is replaced before content is read`(
        _ transport: TransportChoice
    ) throws {
        let upstream = ScriptedUpstream { peer, _ in
            while try peer.readRequest() != nil {
                let received = try peer.readChunks()
                try peer.send("HTTP/1.1 200 OK\r\nContent-Length: \(received.count)\r\n\r\n")
                try peer.send(received)
            }
        }
        let shard = try Shard(
            .up(
                transport, ports: ScriptedUpstream.closedPort(), upstream.port, retry: ResilienceTests.retry(2)))
        for _ in 0..<2 {
            let probe = StreamProbe(shard)
            probe.upload = Array("content".utf8)
            try probe.start {
                $0.method = .post
                $0.hasBody = true
            }
            #expect(probe.wait().last == .ended)
            #expect(String(decoding: probe.body, as: UTF8.self) == "content")
        }
    }

    @Test(arguments: transports)
    func `content that has been read is not sent twice`(_ transport: TransportChoice) throws {
        let upstream = ScriptedUpstream { peer, _ in
            guard try peer.readRequest() != nil else { return }
            _ = try peer.readChunks()
        }
        let shard = try Shard(.up(transport, ports: upstream.port, retry: ResilienceTests.retry(3)))
        let probe = StreamProbe(shard)
        probe.upload = Array("content".utf8)
        try probe.start {
            $0.method = .put
            $0.hasBody = true
        }
        _ = probe.wait()
        #expect(probe.failure == CallFailure(.upstreamUnreachable, attempts: 1, source: .upstream))
        #expect(upstream.connections == 1)
    }

    @Test(arguments: transports)
    func `without content it is retried like a route`(_ transport: TransportChoice) throws {
        let upstream = ScriptedUpstream { peer, number in
            while try peer.readRequest() != nil {
                try peer.send(number == 0 ? ResilienceTests.unavailable : ResilienceTests.ok)
            }
        }
        let probe = StreamProbe(
            try Shard(.up(transport, ports: upstream.port, retry: ResilienceTests.retry(2))))
        try probe.start { _ in }
        #expect(probe.wait() == [.head(200), .body(Array("ok".utf8)), .ended])
    }

    @Test(arguments: transports)
    func `after the head a pause is bounded, and the whole time is not`(_ transport: TransportChoice) throws {
        let upstream = ScriptedUpstream { peer, _ in
            guard try peer.readRequest() != nil else { return }
            try peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello")
            peer.waitForClose()
        }
        let probe = StreamProbe(try Shard(.up(transport, ports: upstream.port)))
        try probe.start {
            $0.pauseTimeout = 30_000_000
            $0.deadline = MonotonicTime.current.advanced(byNanoseconds: 1_000_000_000)
        }
        _ = probe.wait()
        #expect(probe.failure == CallFailure(.upstreamTimeout, attempts: 1, source: .upstream))
        #expect(probe.events.all.first == .head(200))
    }

    @Test(arguments: transports)
    func `a deadline bounds the time to the head`(_ transport: TransportChoice) throws {
        let upstream = ResilienceTests.silent()
        let probe = StreamProbe(try Shard(.up(transport, ports: upstream.port)))
        try probe.start { $0.deadline = MonotonicTime.current.advanced(byNanoseconds: 20_000_000) }
        #expect(
            probe.wait() == [.failed(CallFailure(.deadlineExceeded, attempts: 1, source: .downstream))])
    }

    @Test(arguments: transports)
    func `an answer cut short fails after its head`(_ transport: TransportChoice) throws {
        let upstream = ScriptedUpstream { peer, _ in
            guard try peer.readRequest() != nil else { return }
            try peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello")
        }
        let probe = StreamProbe(try Shard(.up(transport, ports: upstream.port, retry: ResilienceTests.retry(3))))
        try probe.start { _ in }
        let failure = CallFailure(.upstreamUnreachable, attempts: 1, source: .upstream)
        #expect(probe.wait() == [.head(200), .body(Array("hello".utf8)), .failed(failure)])
        #expect(upstream.connections == 1)
    }

    @Test func `the breaker's call ends with the head, the place is held to the end`() throws {
        let upstream = ScriptedUpstream { peer, _ in
            guard try peer.readRequest() != nil else { return }
            try peer.send("HTTP/1.1 503 No\r\nContent-Length: 10\r\n\r\nhello")
            peer.waitForClose()
        }
        let breaker = CircuitBreaker.Settings(minimumCalls: 1)
        let shard = try Shard(.up(ports: upstream.port, breaker: breaker))
        let probe = StreamProbe(shard)
        try probe.start { _ in }
        probe.events.wait(count: 1)
        #expect(shard.breaker?.state == .open)
        #expect(shard.registry.upstreams[0].bulkhead.inFlight == 1)
        try probe.run { $0.cancel() }
        #expect(shard.registry.upstreams[0].bulkhead.inFlight == 0)
    }
}
