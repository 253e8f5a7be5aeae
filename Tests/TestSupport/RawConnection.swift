internal import CLinux
public import EventLoop
internal import Glibc

/// A client that sends and reads literal bytes: a blocking socket whose every wait has an end.
public final class RawConnection {
    /// What went wrong at the test's end of the wire.
    public enum Failure: Error, CustomStringConvertible {
        case connect(Int32)
        case send(Int32)
        /// Nothing came in time; what had come until then.
        case timeout(String)
        /// The peer closed before what was waited for; what had come until then.
        case closed(String)
        /// The connection was reset; what had come until then.
        case reset(String)

        /// What happened.
        public var description: String {
            switch self {
            case .connect(let code): "connect: errno \(code)"
            case .send(let code): "send: errno \(code)"
            case .timeout(let text): "nothing came in time after \(text.debugDescription)"
            case .closed(let text): "closed after \(text.debugDescription)"
            case .reset(let text): "reset after \(text.debugDescription)"
            }
        }
    }

    private let descriptor: Int32
    private let seconds: Double
    private var isClosed = false
    /// What has been read off the socket and not been taken yet.
    public private(set) var received: [UInt8] = []

    /// Connects to `address`.
    /// - Parameters:
    ///   - seconds: how long any one wait may last.
    ///   - receiveBuffer: the kernel's buffer in bytes, for slow readers; 0 = as it is.
    public init(_ address: SocketAddress, seconds: Double = 5, receiveBuffer: Int32 = 0) throws {
        self.seconds = seconds
        let connection = try BlockingConnect.open(address, receiveBuffer)
        descriptor = connection
    }

    deinit { close() }

    // MARK: Sending

    /// Sends all of `text`.
    public func send(_ text: String) throws { try send(Array(text.utf8)) }

    /// Sends all of `bytes`.
    public func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            try wait(for: Int16(POLLOUT))
            let result = bytes.withUnsafeBytes { bytes in
                Glibc.send(descriptor, bytes.baseAddress! + sent, bytes.count - sent, Int32(sluice_MSG_NOSIGNAL))
            }
            if result < 0 { throw Failure.send(errno) }
            sent += result
        }
    }

    /// Sends each byte of `text` by itself.
    public func drip(_ text: String) throws {
        for byte in text.utf8 { try send([byte]) }
    }

    /// Closes the writing end: the peer reads an end, answers still come.
    public func shutdownWriting() { Glibc.shutdown(descriptor, Int32(sluice_SHUT_WR)) }

    /// Closes both ends.
    public func close() {
        if !isClosed { Glibc.close(descriptor) }
        isClosed = true
    }

    /// Closes with a reset, as a crashed peer or a full buffer would.
    public func reset() {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
        close()
    }

    // MARK: Receiving

    /// One answer: its status, head lines and content.
    public struct Response: Equatable {
        /// The status code.
        public var status: Int
        /// Status line and field lines, without CRLFs.
        public var lines: [String]
        /// The content, chunks put together.
        public var body: [UInt8]

        /// The content as text.
        public var text: String { String(decoding: body, as: UTF8.self) }

        /// The first value of the field `name`, in any case.
        public func field(_ name: String) -> String? { fields(name).first }

        /// All values of the field `name`, in any case.
        public func fields(_ name: String) -> [String] {
            lines.dropFirst().compactMap { line in
                guard let colon = line.firstIndex(of: ":"), line[..<colon].lowercased() == name.lowercased() else {
                    return nil
                }
                return line[line.index(after: colon)...].trimmingSpaces()
            }
        }
    }

    /// Reads one answer, by Content-Length, chunked, or until the connection closes. Interim answers count as answers.
    /// - Parameter hasBody: false for an answer to HEAD.
    public func readResponse(hasBody: Bool = true) throws -> Response {
        let head = try take(through: Array("\r\n\r\n".utf8))
        let lines = String(decoding: head.dropLast(4), as: UTF8.self).components(separatedBy: "\r\n")
        let words = lines[0].split(separator: " ", maxSplits: 2)
        guard words.count >= 2, let status = Int(words[1]) else { throw Failure.closed(lines[0]) }
        var response = Response(status: status, lines: lines, body: [])
        guard hasBody, status >= 200, status != 204, status != 304 else { return response }
        if let length = response.field("Content-Length").flatMap({ Int($0) }) {
            response.body = try take(length)
        } else if response.field("Transfer-Encoding") == "chunked" {
            response.body = try takeChunks()
        } else {
            response.body = try readToEnd()
        }
        return response
    }

    private func takeChunks() throws -> [UInt8] {
        var body: [UInt8] = []
        while true {
            let line = try take(through: Array("\r\n".utf8)).dropLast(2)
            guard let size = Int(String(decoding: line, as: UTF8.self), radix: 16) else {
                throw Failure.closed("a bad chunk size")
            }
            body += try take(size)
            guard try take(2) == Array("\r\n".utf8) else { throw Failure.closed("a chunk without CRLF") }
            if size == 0 { return body }
        }
    }

    /// Takes `count` bytes.
    public func take(_ count: Int) throws -> [UInt8] {
        while received.count < count { if try !fill() { throw Failure.closed(text) } }
        defer { received.removeFirst(count) }
        return Array(received.prefix(count))
    }

    /// Takes all bytes through the first `end`.
    public func take(through end: [UInt8]) throws -> [UInt8] {
        var searched = 0
        while true {
            var start = max(0, searched - end.count)
            while start + end.count <= received.count {
                if received[start..<start + end.count].elementsEqual(end) { return try take(start + end.count) }
                start += 1
            }
            searched = received.count
            if try !fill() { throw Failure.closed(text) }
        }
    }

    /// Takes everything until the peer closes its end. A reset counts as a failure.
    public func readToEnd() throws -> [UInt8] {
        while try fill() {}
        defer { received = [] }
        return received
    }

    /// Whether something has come that wasn't read yet, or the end.
    public var hasMore: Bool {
        var item = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return !received.isEmpty || poll(&item, 1, 0) > 0
    }

    /// Reads nothing for so long, unless something comes: the pace of a client.
    public func pause(seconds: Double) {
        var item = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        poll(&item, 1, Int32(seconds * 1000))
    }

    /// Waits until the peer has closed, be it by a reset; what comes before is dropped.
    /// - Returns: whether it was an orderly end.
    @discardableResult
    public func waitForClose() throws -> Bool {
        do {
            while try fill() {}
            return true
        } catch Failure.reset {
            return false
        }
    }

    private var text: String { String(decoding: received, as: UTF8.self) }

    /// Reads once; false at the end.
    private func fill() throws -> Bool {
        try wait(for: Int16(POLLIN))
        var chunk = [UInt8](repeating: 0, count: 65536)
        let count = chunk.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress, $0.count, 0) }
        if count < 0 { throw Failure.reset(text) }
        received += chunk.prefix(count)
        return count > 0
    }

    private func wait(for events: Int16) throws {
        var item = pollfd(fd: descriptor, events: events, revents: 0)
        if poll(&item, 1, Int32(seconds * 1000)) == 0 { throw Failure.timeout(text) }
    }
}

extension StringProtocol {
    fileprivate func trimmingSpaces() -> String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }

    fileprivate func components(separatedBy separator: String) -> [String] {
        var parts: [String] = []
        var rest = Substring(self)
        while let range = rest.firstRange(of: separator) {
            parts.append(String(rest[..<range.lowerBound]))
            rest = rest[range.upperBound...]
        }
        return parts + [String(rest)]
    }
}

extension Substring {
    fileprivate func firstRange(of separator: String) -> Range<Index>? {
        var index = startIndex
        while index < endIndex {
            if self[index...].hasPrefix(separator) { return index..<self.index(index, offsetBy: separator.count) }
            index = self.index(after: index)
        }
        return nil
    }
}
