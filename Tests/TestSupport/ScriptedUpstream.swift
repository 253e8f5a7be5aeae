internal import CLinux
internal import Foundation

/// An upstream whose every byte a test decides: a listening socket, and a script that is run for each connection on a
/// thread of its own.
public final class ScriptedUpstream: Sendable {
    /// Where it listens, on 127.0.0.1.
    public let port: UInt16
    private let descriptor: Int32
    private let accepted = Recorder<Bool>()
    /// The heads of all requests, as they came.
    public let heads = Recorder<String>()

    /// Starts to listen. `script` gets each connection and its number, from 0; the connection is closed after it.
    public init(_ script: @escaping @Sendable (Peer, Int) throws -> Void) {
        (descriptor, port) = ScriptedUpstream.listen()
        // The threads must not keep the upstream: it stops listening when the test lets go of it.
        Thread.detachNewThread { [descriptor, accepted, heads] in
            while true {
                let connection = accept4(descriptor, nil, nil, Int32(sluice_SOCK_CLOEXEC))
                if connection < 0 { break }
                let number = accepted.all.count
                accepted.add(true)
                let peer = Peer(connection, heads)
                Thread.detachNewThread {
                    try? script(peer, number)
                    peer.close()
                }
            }
            close(descriptor)
        }
    }

    /// Answers every request on every connection with `text`, once `gate` is open where there is one.
    public convenience init(always text: String, after gate: Latch? = nil) {
        self.init { peer, _ in
            while try peer.readRequest() != nil {
                gate?.wait()
                try peer.send(text)
            }
        }
    }

    /// Stops listening; connections go on.
    deinit { shutdown(descriptor, Int32(sluice_SHUT_RD)) }

    /// Connections accepted so far.
    public var connections: Int { accepted.all.count }

    private static func listen() -> (Int32, UInt16) {
        let descriptor = socket(AF_INET, Int32(sluice_SOCK_STREAM | sluice_SOCK_CLOEXEC), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
                _ = bind(descriptor, raw, length)
                _ = Foundation.listen(descriptor, 128)
                _ = getsockname(descriptor, raw, &length)
            }
        }
        return (descriptor, UInt16(bigEndian: address.sin_port))
    }

    /// A port that nobody listens on.
    public static func closedPort() -> UInt16 {
        let (descriptor, port) = listen()
        close(descriptor)
        return port
    }
}

/// The upstream's end of one connection; every wait has an end.
public final class Peer: @unchecked Sendable {
    /// The connection broke, or nothing came in time.
    public struct Failed: Error {}

    private let descriptor: Int32
    private let heads: Recorder<String>
    private var buffer: [UInt8] = []
    private var isClosed = false

    init(_ descriptor: Int32, _ heads: Recorder<String>) {
        self.descriptor = descriptor
        self.heads = heads
        var limit = timeval(tv_sec: 5, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var one: Int32 = 1
        setsockopt(descriptor, Int32(sluice_IPPROTO_TCP), Int32(sluice_TCP_NODELAY), &one, 4)
    }

    /// Reads the next head; nil when the gateway has closed.
    public func readRequest() throws -> String? {
        let end = Array("\r\n\r\n".utf8)
        while true {
            if let range = buffer.firstRange(of: end) {
                let head = String(decoding: buffer[..<range.lowerBound], as: UTF8.self)
                buffer.removeSubrange(..<range.upperBound)
                heads.add(head)
                return head
            }
            if try !fill() { return nil }
        }
    }

    /// Reads `count` bytes of content.
    public func readBody(_ count: Int) throws -> [UInt8] {
        while buffer.count < count { if try !fill() { throw Failed() } }
        defer { buffer.removeFirst(count) }
        return Array(buffer.prefix(count))
    }

    /// Reads chunked content.
    public func readChunks() throws -> [UInt8] {
        var content: [UInt8] = []
        while true {
            while buffer.firstRange(of: Array("\r\n".utf8)) == nil { if try !fill() { throw Failed() } }
            let end = buffer.firstRange(of: Array("\r\n".utf8))!
            let size = Int(String(decoding: buffer[..<end.lowerBound], as: UTF8.self), radix: 16)!
            buffer.removeSubrange(..<end.upperBound)
            content += try readBody(size)
            _ = try readBody(2)
            if size == 0 { return content }
        }
    }

    /// Sends all of `text`.
    public func send(_ text: String) throws { try send(Array(text.utf8)) }

    /// Sends all of `bytes`.
    public func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Foundation.send(descriptor, $0.baseAddress! + sent, bytes.count - sent, Int32(sluice_MSG_NOSIGNAL))
            }
            if count <= 0 { throw Failed() }
            sent += count
        }
    }

    /// Sends each byte by itself.
    public func drip(_ text: String) throws { for byte in text.utf8 { try send([byte]) } }

    /// Takes its time, as a slow server does.
    public func takeTime(milliseconds: Int32) { poll(nil, 0, milliseconds) }

    /// Sends without blocking until nothing more goes.
    /// - Returns: how many bytes went.
    public func fillSendBuffer(_ bytes: [UInt8]) -> Int {
        var total = 0
        while total < bytes.count {
            let count = bytes.withUnsafeBytes {
                Foundation.send(
                    descriptor, $0.baseAddress! + total, bytes.count - total,
                    Int32(sluice_MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
            }
            if count <= 0 { break }
            total += count
        }
        return total
    }

    /// Waits until the kernel takes more, at most so long.
    public func waitUntilWritable(milliseconds: Int32) {
        var wanted = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        poll(&wanted, 1, milliseconds)
    }

    /// Waits until the gateway has closed, dropping what it sends.
    public func waitForClose() { while (try? fill()) == true { buffer.removeAll() } }

    /// Closes both ends.
    public func close() {
        if !isClosed { Foundation.close(descriptor) }
        isClosed = true
    }

    /// Closes with a reset.
    public func reset() {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
        close()
    }

    private func fill() throws -> Bool {
        var chunk = [UInt8](repeating: 0, count: 65536)
        let count = chunk.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress, $0.count, 0) }
        if count < 0 { throw Failed() }
        buffer += chunk.prefix(count)
        return count > 0
    }
}

extension [UInt8] {
    fileprivate func firstRange(of part: [UInt8]) -> Range<Int>? {
        guard count >= part.count else { return nil }
        for start in 0...(count - part.count) where self[start..<start + part.count].elementsEqual(part) {
            return start..<start + part.count
        }
        return nil
    }
}

/// A signal that one thread gives and another waits for.
public final class Latch: Sendable {
    private let opened = Recorder<Bool>()

    /// A closed one.
    public init() {}

    /// Gives the signal.
    public func open() { opened.add(true) }

    /// Waits for the signal, at most half a minute.
    public func wait() {
        opened.wait(count: 1)
        // Whoever waits beside us is woken by this.
        opened.add(true)
    }
}
