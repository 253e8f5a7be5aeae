import EventLoop
import Foundation
import TestSupport
import Testing

/// The listeners' TLS, as OpenSSL's own client, curl and Python's ssl see it.
@Suite("TLS of the listeners")
struct TLSTests {
    /// Two certificates, one with an OCSP response, and two for clients, one of which a stranger has issued.
    static let authority: Result<TestAuthority, any Error> = Result {
        let authority = try TestAuthority()
        try authority.issue("a", names: "DNS:a.test,DNS:*.a.test")
        try authority.issue("b", names: "DNS:b.test", rsaBits: 2048)
        try authority.issue("client", subject: "/O=Example/CN=app, one")
        try authority.staple("a")
        return authority
    }

    let authority: TestAuthority
    let upstream = ScriptedUpstream { peer, _ in
        while let head = try peer.readRequest() {
            let path = head.split(separator: " ").dropFirst().first ?? ""
            if path.hasSuffix("large") {
                try peer.send(answer(String(repeating: "0123456789abcdef", count: 200_000)))
            } else if path.hasSuffix("upload") {
                try peer.send(answer("\(try peer.readBody(1_000_000).count)"))
            } else {
                try peer.send(answer("small"))
            }
        }
    }

    init() throws { authority = try Self.authority.get() }

    func gateway(
        _ extra: String = "", shards: Int = 1, files: [String: String] = [:]
    ) throws -> ServedGateway {
        let a = "certificate: \(authority.path("a.pem")), key: \(authority.path("a.key"))"
        let b = "certificate: \(authority.path("b.pem")), key: \(authority.path("b.key"))"
        let configuration = """
            server:
              listen: 127.0.0.1:0
              timeouts: {headers: 1s}
              tls:
                certificates: [{\(a), ocsp: \(authority.path("a.ocsp"))}, {\(b)}]
            \(extra)
            admin: {listen: 127.0.0.1:0}
            upstreams:
              one: {url: "http://127.0.0.1:\(upstream.port)"}
            rest:
              "ANY /x/{path...}": {upstream: one, rewrite: "/{path}"}
            """
        return try ServedGateway(["gateway.yaml": configuration].merging(files) { $1 }, shards: shards)
    }

    /// What OpenSSL's client prints of a handshake.
    func client(_ gateway: ServedGateway, _ arguments: String..., input: String = "Q\n") throws -> Tool.Outcome {
        try Tool.run(
            ["openssl", "s_client", "-connect", gateway.address.description, "-CAfile", authority.path("ca.pem")]
                + arguments, input: input)
    }

    func isOpen(_ outcome: Tool.Outcome) -> Bool {
        outcome.text.contains("Cipher is ") && !outcome.text.contains("Cipher is (NONE)")
            && !outcome.text.contains("alert")
    }

    // MARK: Versions, ciphers, names

    @Test(arguments: [
        ("-tls1", false), ("-tls1_1", false), ("-tls1_2", true), ("-tls1_3", true),
    ])
    func `only TLS 1.2 and 1.3 are spoken`(version: String, isSpoken: Bool) throws {
        let outcome = try client(try gateway(), version, "-cipher", "ALL:@SECLEVEL=0")
        #expect(isOpen(outcome) == isSpoken, "\(outcome.text)")
    }

    @Test func `of TLS 1.2's ciphers only those with forward secrecy and authenticated encryption are taken`() throws {
        let gateway = try gateway()
        let all = try Tool.run("openssl", "ciphers", "-tls1_2", "-s", "ALL:COMPLEMENTOFALL:@SECLEVEL=0").text
            .trimmingCharacters(in: .whitespacesAndNewlines).split(separator: ":").map(String.init)
        #expect(all.count > 60)
        // In one go: what isn't good is refused together, each good one is taken alone.
        let isGood = { (name: String) in name.hasPrefix("ECDHE-") && (name.contains("GCM") || name.contains("CHACHA")) }
        let bad = all.filter { !isGood($0) }
        let refused = try client(
            gateway, "-tls1_2", "-servername", "b.test", "-cipher",
            bad.joined(separator: ":") + ":@SECLEVEL=0")
        #expect(!isOpen(refused), "\(refused.text)")
        for (name, host) in all.filter(isGood).compactMap({ cipher in
            cipher.contains("ECDSA") ? (cipher, "a.test") : cipher.contains("RSA") ? (cipher, "b.test") : nil
        }) {
            let outcome = try client(gateway, "-tls1_2", "-servername", host, "-cipher", name)
            // Suites with a short tag (CCM8) or national ciphers aren't offered by us.
            if name.contains("AES") || name.contains("CHACHA20") {
                #expect(outcome.text.contains("Cipher is \(name)"), "\(name)")
            } else {
                #expect(!isOpen(outcome), "\(name)")
            }
        }
    }

    @Test(arguments: [
        ("a.test", "a"), ("www.a.test", "a"), ("A.TEST", "a"), ("b.test", "b"), ("x.www.a.test", "a"), ("c.test", "a"),
        ("www.b.test", "a"),
    ])
    func `the name that the client asks for picks the certificate`(name: String, expected: String) throws {
        let outcome = try client(try gateway(), "-servername", name)
        #expect(outcome.text.contains("subject=CN = \(expected)\n"), "\(outcome.text)")
    }

    @Test(arguments: [("http/1.1", "ALPN protocol: http/1.1"), ("h2,http/1.1", "ALPN protocol: http/1.1"), ("h2", nil)])
    func `http 1.1 is agreed on, or nothing`(offer: String, expected: String?) throws {
        let outcome = try client(try gateway(), "-alpn", offer)
        if let expected {
            #expect(outcome.text.contains(expected), "\(outcome.text)")
        } else {
            #expect(outcome.text.contains("no application protocol"), "\(outcome.text)")
        }
    }

    @Test func `there is no compression, no renegotiation, and the status is stapled`() throws {
        let gateway = try gateway()
        let outcome = try client(gateway, "-tls1_2", "-servername", "a.test", "-status", input: "R\n")
        #expect(outcome.text.contains("Compression: NONE"))
        #expect(outcome.text.contains("no renegotiation"), "\(outcome.text)")
        #expect(outcome.text.contains("OCSP Response Status: successful"))
        #expect(outcome.text.contains("Verify return code: 0 (ok)"))
        let other = try client(gateway, "-servername", "b.test", "-status")
        #expect(other.text.contains("OCSP response: no response sent"))
    }

    @Test(arguments: ["-tls1_2", "-tls1_3"])
    func `a client comes back without a full handshake, on whatever shard`(version: String) throws {
        let gateway = try gateway(shards: 3)
        let session = authority.path("session\(version)")
        let request = "GET /x/small HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n"
        let first = try client(
            gateway, version, "-servername", "a.test", "-ign_eof", "-sess_out", session, input: request)
        #expect(first.text.contains("New, TLSv1"), "\(first.text)")
        for _ in 0..<6 {
            let next = try client(
                gateway, version, "-servername", "a.test", "-ign_eof", "-sess_in", session, input: request)
            #expect(next.text.contains("Reused, TLSv1"), "\(next.text)")
            #expect(next.text.contains("small"))
        }
    }

    // MARK: Client certificates

    @Test func `a client certificate is required, checked, and told apart from a stranger's`() throws {
        let stranger = try TestAuthority()
        try stranger.issue("client")
        let gateway = try gateway("    clientCA: \(authority.path("ca.pem"))")
        let request = "GET /x/small HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n"
        for version in ["-tls1_2", "-tls1_3"] {
            let without = try client(gateway, version, "-ign_eof", input: request)
            #expect(!without.text.contains("small"), "\(without.text)")
            #expect(without.text.contains("alert"), "\(without.text)")
            let strange = try client(
                gateway, version, "-ign_eof", "-cert", stranger.path("client.pem"), "-key", stranger.path("client.key"),
                input: request)
            #expect(!strange.text.contains("small") && strange.text.contains("alert"), "\(strange.text)")
            let good = try client(
                gateway, version, "-ign_eof", "-cert", authority.path("client.pem"), "-key",
                authority.path("client.key"), input: request)
            #expect(good.text.contains("small"), "\(good.text)")
        }
    }

    @Test func `a requested client certificate may be left out, but not be a bad one`() throws {
        let stranger = try TestAuthority()
        try stranger.issue("client")
        let gateway = try gateway("    clientCA: \(authority.path("ca.pem"))\n    clientAuth: request")
        let request = "GET /x/small HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n"
        #expect(try client(gateway, "-ign_eof", input: request).text.contains("small"))
        let strange = try client(
            gateway, "-ign_eof", "-cert", stranger.path("client.pem"), "-key", stranger.path("client.key"),
            input: request)
        #expect(!strange.text.contains("small"), "\(strange.text)")
    }

    // MARK: HTTP above it

    /// Runs the script of checks; its lines.
    func python(_ gateway: ServedGateway, _ command: String...) throws -> [String] {
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/tls_client.py")
        let port = gateway.address.description.split(separator: ":").last.map(String.init) ?? ""
        let outcome = try Tool.run(
            [
                "python3", script.path, port, authority.path("ca.pem"), authority.path("client.pem"),
                authority.path("client.key"),
            ]
                + command)
        return outcome.text.split(whereSeparator: \.isNewline).map(String.init)
    }

    @Test func `Python's client sees HTTP as it is without TLS`() throws {
        let lines = try python(try gateway("    clientCA: \(authority.path("ca.pem"))"), "checks")
        #expect(lines.count == 10)
        for line in lines { #expect(line.hasPrefix("ok "), "\(line)") }
    }

    @Test func `curl gets an answer and an upstream is told that the client came by https`() throws {
        let gateway = try gateway()
        let port = gateway.address.description.split(separator: ":").last ?? ""
        let outcome = try Tool.run(
            "curl", "-sS", "--cacert", authority.path("ca.pem"), "--resolve", "b.test:\(port):127.0.0.1",
            "https://b.test:\(port)/x/small")
        #expect(outcome.text == "small")
        #expect(
            upstream.heads.all.last?.contains("X-Forwarded-Proto: https") == true
                || upstream.heads.all.last?.contains("x-forwarded-proto: https") == true)
    }

    @Test func `a handshake that isn't ended is cut`() throws {
        let gateway = try gateway()
        let connection = try RawConnection(gateway.address, seconds: 20)
        // The beginning of a record with a ClientHello that never comes.
        try connection.send([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00])
        #expect(try connection.waitForClose())
    }

    @Test func `handshakes leave nothing behind`() throws {
        let count = ProcessInfo.processInfo.environment["SLUICE_TLS_HANDSHAKES"].flatMap { Int($0) } ?? 200
        let gateway = try gateway("    clientCA: \(authority.path("ca.pem"))")
        #expect(try python(gateway, "handshakes", "100") == ["ok handshakes"])
        let descriptors = { try FileManager.default.contentsOfDirectory(atPath: "/proc/\(gateway.pid)/fd").count }
        let before = (memory: try gateway.memory(), descriptors: try descriptors())
        #expect(try python(gateway, "handshakes", "\(count)") == ["ok handshakes"])
        let grown = try gateway.memory() - before.memory
        if SanitizerOptions.environment.isEmpty { #expect(grown < 4 << 20, "\(count) handshakes") }
        #expect(try descriptors() <= before.descriptors + 1)
    }
}
