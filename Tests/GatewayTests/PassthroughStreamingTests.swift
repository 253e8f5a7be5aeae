import Glibc
import TestSupport
import Testing

@Suite("Contract §4: streaming through a passthrough door")
struct PassthroughStreamingTests {
    /// What the tests send: no two pieces alike, so that nothing can be lost, doubled or swapped unseen.
    private static func piece(_ number: Int, _ size: Int = 1 << 16) -> [UInt8] {
        var state = UInt64(number) &+ 0x9E37_79B9_7F4A_7C15
        var bytes = [UInt8](repeating: 0, count: size)
        for index in stride(from: 0, to: size, by: 16) {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            bytes[index] = UInt8(truncatingIfNeeded: state >> 33)
            bytes[index + 7] = UInt8(truncatingIfNeeded: state >> 41)
        }
        return bytes
    }

    private static let pieces = 800
    /// Time enough for 50 MB also under a sanitizer.
    private static let patience = "  timeouts: {request: 120s}"

    @Test(arguments: ["Content-Length: \(pieces << 16)", "Transfer-Encoding: chunked"])
    func `a download of 50 MB passes unchanged`(_ framing: String) throws {
        let upstream = ScriptedUpstream { peer, _ in
            _ = try peer.readRequest()
            try peer.send("HTTP/1.1 200 OK\r\n\(framing)\r\n\r\n")
            for number in 0..<Self.pieces {
                if framing.hasSuffix("chunked") {
                    try peer.send(Array("10000\r\n".utf8) + Self.piece(number) + [13, 10])
                } else {
                    try peer.send(Self.piece(number))
                }
            }
            if framing.hasSuffix("chunked") { try peer.send("0\r\n\r\n") }
        }
        let gateway = try PassthroughTests.gateway(port: upstream.port, server: Self.patience)
        let client = try gateway.connect(receiveBuffer: 1 << 16)
        try client.send("GET /p/big HTTP/1.1\r\nHost: g\r\n\r\n")
        let head = String(decoding: try client.take(through: Array("\r\n\r\n".utf8)), as: UTF8.self)
        #expect(head.lowercased().contains(framing.lowercased()))
        var decoder = TestChunks(isChunked: framing.hasSuffix("chunked"))
        for number in 0..<Self.pieces {
            let bytes = try decoder.take(1 << 16, from: client)
            guard bytes == Self.piece(number) else {
                Issue.record("piece \(number) differs")
                return
            }
        }
        #expect(try decoder.isAtEnd(client))
    }

    @Test(arguments: [true, false])
    func `an upload of 50 MB passes unchanged`(_ isChunked: Bool) throws {
        let outcome = Recorder<String>()
        let upstream = ScriptedUpstream { peer, _ in
            let head = try peer.readRequest() ?? ""
            outcome.add(head.lowercased().contains("transfer-encoding: chunked") ? "chunked" : "length")
            var source = TestChunks(isChunked: isChunked)
            for number in 0..<Self.pieces where try source.take(1 << 16, from: peer) != Self.piece(number) {
                outcome.add("piece \(number) differs")
            }
            try peer.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ndone")
        }
        let gateway = try PassthroughTests.gateway(port: upstream.port, server: Self.patience)
        let client = try gateway.connect()
        let framing = isChunked ? "Transfer-Encoding: chunked" : "Content-Length: \(Self.pieces << 16)"
        try client.send("PUT /p/big HTTP/1.1\r\nHost: g\r\n\(framing)\r\nX-Request-Timeout-Ms: 60000\r\n\r\n")
        for number in 0..<Self.pieces {
            if isChunked { try client.send("10000\r\n") }
            try client.send(Self.piece(number))
            if isChunked { try client.send("\r\n") }
        }
        if isChunked { try client.send("0\r\n\r\n") }
        #expect(try client.readResponse().text == "done")
        #expect(outcome.all == [isChunked ? "chunked" : "length"])
    }

    @Test func `a client that doesn't read stops the upstream, and goes on later`() throws {
        let stuck = Recorder<Int>()
        let go = Latch()
        let block = [UInt8](repeating: 0x61, count: 1 << 20)
        let length = 48 << 20
        let upstream = ScriptedUpstream { peer, _ in
            _ = try peer.readRequest()
            try peer.send("HTTP/1.1 200 OK\r\nContent-Length: \(length)\r\n\r\n")
            var sent = 0
            var last = -1
            // Until for a whole round the kernel takes nothing more.
            while sent > last {
                last = sent
                for _ in 0..<50 {
                    while sent < length {
                        let count = peer.fillSendBuffer(block)
                        if count == 0 { break }
                        sent += count
                    }
                    peer.waitUntilWritable(milliseconds: 1)
                }
            }
            stuck.add(sent)
            go.wait()
            while sent < length {
                let count = min(block.count, length - sent)
                try peer.send(Array(block.prefix(count)))
                sent += count
            }
        }
        let gateway = try PassthroughTests.gateway(port: upstream.port, server: Self.patience)
        let client = try gateway.connect(receiveBuffer: 1 << 16)
        try client.send("GET /p/x HTTP/1.1\r\nHost: g\r\n\r\n")
        // The kernel's own buffers on the way hold some MB; without back-pressure all 48 would go.
        #expect((stuck.wait(count: 1, seconds: 20).first ?? .max) < 24 << 20)
        #expect(try gateway.send("GET /nowhere").status == 404)
        go.open()
        #expect(String(decoding: try client.take(through: Array("\r\n\r\n".utf8)), as: UTF8.self).contains("200"))
        var left = length
        while left > 0 { left -= try client.take(min(left, 1 << 20)).count }
        #expect(left == 0)
    }

    @Test func `pieces pass as they come, both ways`() throws {
        let upstream = ScriptedUpstream { peer, _ in
            _ = try peer.readRequest()
            try peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            for _ in 0..<3 {
                let asked = try peer.readBody(1)
                try peer.send(Array("2\r\n".utf8) + asked + asked + [13, 10])
            }
            try peer.send("0\r\n\r\n")
        }
        let gateway = try PassthroughTests.gateway(port: upstream.port, server: Self.patience)
        let client = try gateway.connect()
        try client.send("POST /p/x HTTP/1.1\r\nHost: g\r\nContent-Length: 3\r\n\r\n")
        for (index, letter) in ["a", "b", "c"].enumerated() {
            try client.send(letter)
            if index == 0 { _ = try client.take(through: Array("\r\n\r\n".utf8)) }
            #expect(try client.take(through: Array("\(letter)\(letter)\r\n".utf8)).count == 7)
        }
        #expect(try client.take(5) == Array("0\r\n\r\n".utf8))
    }

    @Test func `the client is told to go on when the upstream's connection stands`() throws {
        let upstream = ScriptedUpstream { peer, _ in
            let head = try peer.readRequest() ?? ""
            let text = String(decoding: try peer.readBody(4), as: UTF8.self)
            let expects = head.lowercased().contains("expect")
            try peer.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n\(text)\(expects ? "!" : ".")")
        }
        let gateway = try PassthroughTests.gateway(port: upstream.port, server: Self.patience)
        let client = try gateway.connect()
        try client.send("POST /p/x HTTP/1.1\r\nHost: g\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n")
        #expect(try client.readResponse().status == 100)
        try client.send("data")
        #expect(try client.readResponse().text == "data.")
    }

    @Test(arguments: ["Content-Length: 2000", "Transfer-Encoding: chunked"])
    func `a body over the door's limit is 413`(_ framing: String) throws {
        let upstream = ScriptedUpstream { peer, _ in
            _ = try peer.readRequest()
            peer.waitForClose()
        }
        let gateway = try PassthroughTests.gateway(port: upstream.port, door: ", body: 1KiB")
        let client = try gateway.connect()
        try client.send("POST /p/x HTTP/1.1\r\nHost: g\r\n\(framing)\r\n\r\n")
        if framing.hasSuffix("chunked") {
            try client.send("7d0\r\n\(String(repeating: "x", count: 2000))\r\n")
        }
        let answer = try client.readResponse()
        #expect(answer.status == 413 && answer.problemCode == "BAD_REQUEST")
    }

    @Test func `server limits don't bound a passthrough body`() throws {
        let upstream = ScriptedUpstream { peer, _ in
            _ = try peer.readRequest()
            _ = try peer.readBody(100_000)
            try peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        }
        let gateway = try PassthroughTests.gateway(port: upstream.port, server: "  limits: {body: 1KiB}")
        let client = try gateway.connect()
        try client.send("POST /p/x HTTP/1.1\r\nHost: g\r\nContent-Length: 100000\r\n\r\n")
        try client.send([UInt8](repeating: 1, count: 100_000))
        #expect(try client.readResponse().text == "ok")
    }

    @Test func `an answer before the body is whole reaches the client`() throws {
        let upstream = ScriptedUpstream { peer, _ in
            _ = try peer.readRequest()
            try peer.send("HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno")
            peer.waitForClose()
        }
        let gateway = try PassthroughTests.gateway(port: upstream.port, server: Self.patience)
        let client = try gateway.connect()
        try client.send("POST /p/x HTTP/1.1\r\nHost: g\r\nContent-Length: 50000000\r\n\r\nsome of it")
        let answer = try client.readResponse()
        #expect(answer.status == 413 && answer.text == "no")
    }

    @Test func `broken chunks of the client are 400 and end the call`() throws {
        let closed = Recorder<Bool>()
        let upstream = ScriptedUpstream { peer, _ in
            _ = try peer.readRequest()
            peer.waitForClose()
            closed.add(true)
        }
        let gateway = try PassthroughTests.gateway(port: upstream.port, server: Self.patience)
        let client = try gateway.connect()
        try client.send("POST /p/x HTTP/1.1\r\nHost: g\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nxyz\r\n")
        #expect(try client.readResponse().status == 400)
        #expect(closed.wait(count: 1, seconds: 3) == [true])
    }

    @Test func `a pause after the head is bounded by timeouts.body`() throws {
        let upstream = ScriptedUpstream { peer, _ in
            _ = try peer.readRequest()
            try peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")
            peer.waitForClose()
        }
        let gateway = try PassthroughTests.gateway(
            port: upstream.port, server: "  timeouts: {body: 100ms, request: 50ms}")
        let client = try gateway.connect()
        let start = Clock.now
        try client.send("GET /p/x HTTP/1.1\r\nHost: g\r\n\r\n")
        #expect(throws: RawConnection.Failure.self) { try client.readResponse() }
        #expect(Clock.now - start < 4)
    }

    @Test func `one connection carries request after request`() throws {
        let upstream = ScriptedUpstream(answering: {
            "HTTP/1.1 200 OK\r\nContent-Length: \($0.utf8.count)\r\n\r\n\($0)"
        })
        let gateway = try PassthroughTests.gateway(port: upstream.port, server: Self.patience)
        for number in 0..<200 {
            #expect(try gateway.send("GET /p/\(number)").text == "GET /\(number) HTTP/1.1")
        }
        #expect(upstream.connections == 1)
    }
}

/// Content read off a connection, chunks undone.
private struct TestChunks {
    let isChunked: Bool
    private var left = 0

    init(isChunked: Bool) { self.isChunked = isChunked }

    mutating func take(_ count: Int, from client: RawConnection) throws -> [UInt8] {
        if !isChunked { return try client.take(count) }
        var bytes: [UInt8] = []
        while bytes.count < count {
            if left == 0 { left = try size(client.take(through: [13, 10])) }
            let part = try client.take(min(left, count - bytes.count))
            bytes += part
            left -= part.count
            if left == 0 { _ = try client.take(2) }
        }
        return bytes
    }

    mutating func take(_ count: Int, from peer: Peer) throws -> [UInt8] {
        if !isChunked { return try peer.readBody(count) }
        var bytes: [UInt8] = []
        while bytes.count < count {
            if left == 0 {
                var line: [UInt8] = []
                while line.last != 10 { line += try peer.readBody(1) }
                left = try size(line)
            }
            let part = try peer.readBody(min(left, count - bytes.count))
            bytes += part
            left -= part.count
            if left == 0 { _ = try peer.readBody(2) }
        }
        return bytes
    }

    func isAtEnd(_ client: RawConnection) throws -> Bool {
        try !isChunked || client.take(5) == Array("0\r\n\r\n".utf8)
    }

    private func size(_ line: [UInt8]) throws -> Int {
        try #require(Int(String(decoding: line.dropLast(2), as: UTF8.self), radix: 16))
    }
}
