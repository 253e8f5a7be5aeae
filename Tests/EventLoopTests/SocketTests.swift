import Bytes
import EventLoop
import TestSupport
import Testing

@Suite("Sockets")
struct SocketTests {
    /// Accepts one connection and echoes what it reads, by the loop's readiness.
    final class Echo: ReadinessHandler {
        let loop: EventLoop
        let listener: Socket
        var peer: Peer?

        init(_ loop: EventLoop, _ listener: consuming Socket) throws {
            self.loop = loop
            self.listener = listener
            try loop.register(self.listener.descriptor, .readable, self)
        }

        func ready(_ events: Readiness) {
            while case .connection(let socket, _) = listener.accept() { peer = Peer(loop, socket) }
        }
    }

    final class Peer: ReadinessHandler {
        let loop: EventLoop
        let socket: Socket
        let buffer = ByteBuffer()

        init(_ loop: EventLoop, _ socket: consuming Socket) {
            self.loop = loop
            self.socket = socket
            try? loop.register(self.socket.descriptor, .readable, self)
        }

        func ready(_ events: Readiness) {
            switch socket.receive(into: buffer, minimum: 1024) {
            case .bytes:
                let (buffer, empty) = (buffer, ByteBuffer())
                _ = socket.send(buffer.bytes, buffer.bytes, empty.bytes)
                buffer.clear()
            case .ended, .failed:
                loop.deregister(socket.descriptor)
                socket.shutdownWriting()
            case .wouldBlock: break
            }
        }
    }

    @Test(arguments: ["127.0.0.1:0", "[::1]:0"])
    func `a listening socket takes a free port, and bytes go both ways`(_ text: String) throws {
        let thread = try LoopThread()
        let loop = thread.loop
        let wanted = try #require(SocketAddress(text))
        let address = try thread.run {
            let socket = try Socket.listening(on: wanted)
            let address = socket.localAddress
            _ = try Echo(loop, socket)
            return address
        }
        let client = try RawConnection(#require(address))
        try client.send("ab")
        #expect(try client.take(4) == Array("abab".utf8))
        client.shutdownWriting()
        #expect(try client.readToEnd().isEmpty)
    }

    @Test func `two sockets share a port only when both ask for it`() throws {
        let any = try #require(SocketAddress("127.0.0.1:0"))
        let first = try Socket.listening(on: any, reusePort: true)
        let firstBound = first.localAddress
        let bound = try #require(firstBound)
        let second = try Socket.listening(on: bound, reusePort: true)
        let secondBound = second.localAddress
        #expect(secondBound == bound)
        #expect(throws: SystemError.self) { _ = try Socket.listening(on: bound) }
    }

    @Test func `connecting to a port where nobody listens fails and says so`() throws {
        let any = try #require(SocketAddress("127.0.0.1:0"))
        let free = try Socket.listening(on: any).localAddress
        let bound = try #require(free)
        let thread = try LoopThread()
        let loop = thread.loop
        let codes = Recorder<Int32>()
        try thread.run { try Connecting(loop, bound, codes).start() }
        #expect(codes.wait(count: 1) == [111])
    }

    final class Connecting: ReadinessHandler {
        let loop: EventLoop
        let socket: Socket
        let codes: Recorder<Int32>

        init(_ loop: EventLoop, _ address: SocketAddress, _ codes: Recorder<Int32>) throws {
            self.loop = loop
            self.codes = codes
            socket = try Socket.connecting(to: address)
        }

        func start() throws { try loop.register(socket.descriptor, .writable, self) }

        func ready(_ events: Readiness) {
            codes.add(socket.pendingError)
            loop.deregister(socket.descriptor)
        }
    }
}
