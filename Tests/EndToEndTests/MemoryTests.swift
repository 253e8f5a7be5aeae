import Foundation
import TestSupport
import Testing

/// A sanitizer keeps memory of its own beside the gateway's, so there is nothing to measure under one.
@Suite("What connections and streams cost", .serialized, .enabled(if: SanitizerOptions.environment.isEmpty))
struct MemoryTests {
    private func gateway(_ upstream: ScriptedUpstream) throws -> ServedGateway {
        try ServedGateway([
            "gateway.yaml": """
            server: {listen: "127.0.0.1:0", limits: {connections: 20000}, timeouts: {request: 60s}}
            admin: {listen: "127.0.0.1:0"}
            telemetry: {logs: {access: false}}
            upstreams: {files: {url: "http://127.0.0.1:\(upstream.port)"}}
            rest: {"ANY /{path...}": {upstream: files}}
            """
        ])
    }

    /// Lets this process have as many descriptors as the machine allows, and says how many.
    private func raiseDescriptorLimit() -> Int {
        var limit = rlimit()
        unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        limit.rlim_cur = limit.rlim_max
        unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        return Int(clamping: limit.rlim_cur)
    }

    @Test func `10,000 idle connections cost under 100 MB`() throws {
        let count = min(10_000, raiseDescriptorLimit() - 1000)
        let upstream = ScriptedUpstream(always: answer("{}"))
        let gateway = try gateway(upstream)
        #expect(try gateway.request("GET", "/warm").status == 200)
        let before = try gateway.memory()
        var connections: [RawConnection] = []
        for index in 0..<count {
            let connection = try RawConnection(gateway.address)
            // Every tenth has been used, as browsers' connections have.
            if index % 10 == 0 {
                try connection.send("GET /small HTTP/1.1\r\nHost: x\r\n\r\n")
                #expect(try connection.readResponse().status == 200)
            }
            connections.append(connection)
        }
        // The last one is answered, so all are accepted.
        try connections[count - 1].send("GET /small HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(try connections[count - 1].readResponse().status == 200)
        let grown = try gateway.memory() - before
        #expect(grown < 100 << 20 * count / 10_000, "\(count) connections: \(grown) bytes")
    }

    @Test func `a 50 MB download raises memory by less than 8 MB`() throws {
        let size = 50 << 20
        let upstream = ScriptedUpstream { peer, _ in
            while let head = try peer.readRequest() {
                if head.hasPrefix("GET /small") {
                    try peer.send(answer("{}"))
                    continue
                }
                try peer.send("HTTP/1.1 200 OK\r\nContent-Length: \(size)\r\n\r\n")
                let piece = [UInt8](repeating: 120, count: 1 << 20)
                for _ in 0..<50 { try peer.send(piece) }
            }
        }
        let gateway = try gateway(upstream)
        #expect(try gateway.request("GET", "/small").status == 200)
        let before = try gateway.memory("VmHWM")
        // Read slowly at first: a small receive buffer makes the gateway wait.
        let connection = try RawConnection(gateway.address, receiveBuffer: 4096)
        try connection.send("GET /large HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        let head = try connection.take(through: Array("\r\n\r\n".utf8))
        #expect(String(decoding: head, as: UTF8.self).contains("200 OK"))
        var received = 0
        while received < size {
            let part = min(1 << 20, size - received)
            received += try connection.take(part).count
        }
        #expect(received == size)
        let grown = try gateway.memory("VmHWM") - before
        #expect(grown < 8 << 20, "\(grown) bytes")
    }

    @Test(arguments: [true, false])
    func `a 50 MB upload raises memory by less than 8 MB`(_ isChunked: Bool) throws {
        let size = 50 << 20
        let upstream = ScriptedUpstream { peer, _ in
            while let head = try peer.readRequest() {
                if head.hasPrefix("PUT /large") {
                    if isChunked {
                        _ = try peer.readChunks()
                    } else {
                        for _ in 0..<50 { _ = try peer.readBody(1 << 20) }
                    }
                }
                try peer.send(answer("{}"))
            }
        }
        let gateway = try gateway(upstream)
        #expect(try gateway.request("GET", "/small").status == 200)
        let before = try gateway.memory("VmHWM")
        let connection = try RawConnection(gateway.address)
        let framing = isChunked ? "Transfer-Encoding: chunked" : "Content-Length: \(size)"
        try connection.send("PUT /large HTTP/1.1\r\nHost: x\r\n\(framing)\r\n\r\n")
        let piece = [UInt8](repeating: 120, count: 1 << 20)
        for _ in 0..<50 {
            if isChunked { try connection.send("100000\r\n") }
            try connection.send(piece)
            if isChunked { try connection.send("\r\n") }
        }
        if isChunked { try connection.send("0\r\n\r\n") }
        #expect(try connection.readResponse().status == 200)
        let grown = try gateway.memory("VmHWM") - before
        #expect(grown < 8 << 20, "\(grown) bytes")
    }
}
