import EventLoop
import Foundation
import TestSupport
import Testing

@Suite("Hot reload")
struct ReloadTests {
    private static let schema = """
        type Query { who: Who @rest(route: "who") }
        type Who { name: String }
        """

    /// A gateway.yaml whose door `/v/{version}` and whose field `who` ask `upstream`.
    private static func configuration(
        _ upstream: ScriptedUpstream, version: Int = 1, listen: String = "127.0.0.1:0", admin: String = "127.0.0.1:0"
    ) -> String {
        """
        server: {listen: "\(listen)"}
        admin: {listen: "\(admin)"}
        graphql: {schemas: [schema.graphql]}
        upstreams:
          backend: {url: "http://127.0.0.1:\(upstream.port)", breaker: {}}
        routes:
          who: {upstream: backend, request: "GET /who/\(version)"}
        rest:
          "GET /v/\(version)": {route: who}
        """
    }

    /// An upstream that answers each path with its own name.
    private static func upstream() -> ScriptedUpstream {
        ScriptedUpstream { peer, _ in
            while let head = try peer.readRequest() {
                let path = head.split(separator: " ")[1]
                try peer.send(answer("{\"name\": \"\(path)\"}"))
            }
        }
    }

    private func name(_ gateway: ServedGateway) throws -> String? {
        let answer = try gateway.query("{ who { name } }")
        return (answer.value("who") as? [String: Any])?["name"] as? String
    }

    private func reload(_ gateway: ServedGateway) throws -> RawConnection.Response {
        try gateway.request("POST", "/reload", body: "", at: gateway.admin)
    }

    private func metrics(_ gateway: ServedGateway) throws -> String {
        try gateway.request("GET", "/metrics", at: gateway.admin).text
    }

    @Test func `POST reload serves the new file on every shard, and says its generation`() throws {
        let upstream = Self.upstream()
        let gateway = try ServedGateway(
            ["gateway.yaml": Self.configuration(upstream), "schema.graphql": Self.schema], shards: 2)
        #expect(try name(gateway) == "/who/1")
        try gateway.replace("gateway.yaml", Self.configuration(upstream, version: 2))
        #expect(try name(gateway) == "/who/1")
        let answer = try reload(gateway)
        #expect(answer.status == 200 && answer.text == #"{"generation":2}"#)
        for _ in 0..<8 {
            #expect(try name(gateway) == "/who/2")
            #expect(try gateway.request("GET", "/v/2").status == 200)
            #expect(try gateway.request("GET", "/v/1").status == 404)
        }
        #expect(try metrics(gateway).contains("sluice_config_reloads_total{result=\"success\"} 1\n"))
        #expect(try gateway.request("GET", "/reload", at: gateway.admin).status == 405)
    }

    @Test func `SIGHUP reloads, and a schema file is part of the configuration`() throws {
        let upstream = Self.upstream()
        let gateway = try ServedGateway(
            ["gateway.yaml": Self.configuration(upstream), "schema.graphql": Self.schema])
        try gateway.replace("schema.graphql", Self.schema.replacing("name: String", with: "name: String, also: String"))
        gateway.send(SIGHUP)
        #expect(gateway.line(with: "configuration reloaded") != nil)
        #expect(try gateway.query("{ who { also } }").status == 200)
    }

    @Test func `a bad configuration changes nothing, and log, state, metric and answer say what check says`() throws {
        let upstream = Self.upstream()
        let gateway = try ServedGateway(
            ["gateway.yaml": Self.configuration(upstream), "schema.graphql": Self.schema])
        let bad = Self.configuration(upstream, version: 2).replacing("routes:", with: "rutes:")
        try gateway.replace("gateway.yaml", bad)
        let answer = try reload(gateway)
        #expect(answer.status == 422 && answer.field("content-type") == "text/plain; charset=utf-8")
        #expect(answer.text == (try gateway.check()))
        #expect(answer.text.contains("gateway.yaml:6:1: error: "))
        #expect(gateway.line(with: "configuration not reloaded")?.contains("gateway.yaml:6:1: error: ") == true)
        #expect(try metrics(gateway).contains("sluice_config_reloads_total{result=\"failure\"} 1\n"))
        #expect(try metrics(gateway).contains("sluice_config_last_reload_successful 0\n"))
        let state = try gateway.request("GET", "/state", at: gateway.admin).text
        #expect(state.contains("\"generation\":1,") && state.contains("\"result\":\"failure\""))
        #expect(state.contains("gateway.yaml:6:1: error: "))
        #expect(try name(gateway) == "/who/1")
        try gateway.replace("gateway.yaml", Self.configuration(upstream, version: 2))
        #expect(try reload(gateway).status == 200)
        #expect(try metrics(gateway).contains("sluice_config_last_reload_successful 1\n"))
    }

    @Test func `a request under way ends on the configuration that it began with`() throws {
        let arrived = Latch(), go = Latch()
        let upstream = ScriptedUpstream { peer, _ in
            while let head = try peer.readRequest() {
                arrived.open()
                go.wait()
                try peer.send(answer("{\"name\": \"\(head.split(separator: " ")[1])\"}"))
            }
        }
        let gateway = try ServedGateway(
            ["gateway.yaml": Self.configuration(upstream), "schema.graphql": Self.schema])
        // Its call is on the wire.
        let calling = try RawConnection(gateway.address)
        try calling.send("GET /v/1 HTTP/1.1\r\nHost: a\r\n\r\n")
        arrived.wait()
        // Its content isn't complete.
        let content = "{\"query\": \"{ who { name } }\"}"
        let sending = try RawConnection(gateway.address)
        try sending.send(
            "POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                + "Expect: 100-continue\r\nContent-Length: \(content.utf8.count)\r\n\r\n")
        #expect(try sending.readResponse(hasBody: false).status == 100)
        try gateway.replace("gateway.yaml", Self.configuration(upstream, version: 2))
        #expect(try reload(gateway).status == 200)
        try sending.send(content)
        go.open()
        #expect(try calling.readResponse().text.contains("/who/1"))
        #expect(try sending.readResponse().text.contains("/who/1"))
        #expect(try name(gateway) == "/who/2")
    }

    @Test func `breakers of unchanged upstreams stay as they are`() throws {
        let upstream = Self.upstream()
        let gateway = try ServedGateway(
            ["gateway.yaml": Self.configuration(upstream), "schema.graphql": Self.schema])
        #expect(try gateway.request("POST", "/breakers/backend?state=open", body: "", at: gateway.admin).status == 200)
        try gateway.replace("gateway.yaml", Self.configuration(upstream, version: 2))
        #expect(try reload(gateway).status == 200)
        #expect(try gateway.request("GET", "/v/2").status == 503)
        #expect(try metrics(gateway).contains("sluice_breaker_state{breaker=\"backend\"} 2\n"))
        #expect(try gateway.request("POST", "/breakers/backend?state=auto", body: "", at: gateway.admin).status == 200)
        #expect(try gateway.request("GET", "/v/2").status == 200)
    }

    @Test func `connections to an unchanged upstream are used on`() throws {
        let upstream = Self.upstream()
        let gateway = try ServedGateway(
            ["gateway.yaml": Self.configuration(upstream), "schema.graphql": Self.schema])
        #expect(try name(gateway) == "/who/1")
        try gateway.replace("gateway.yaml", Self.configuration(upstream, version: 2))
        #expect(try reload(gateway).status == 200)
        #expect(try name(gateway) == "/who/2")
        #expect(upstream.connections == 1)
    }

    @Test func `listeners come and go, and open connections stay`() throws {
        let upstream = Self.upstream()
        let gateway = try ServedGateway(
            ["gateway.yaml": Self.configuration(upstream), "schema.graphql": Self.schema], shards: 2)
        let old = try RawConnection(gateway.address)
        // Another address of the loopback, where nobody else has these ports.
        let next = try ["server": gateway.address, "admin": gateway.admin].mapValues { address in
            String(try #require(address.description.split(separator: ":").last))
        }.mapValues { "127.0.0.2:\($0)" }
        let listen = try #require(next["server"]), admin = try #require(next["admin"])
        try gateway.replace("gateway.yaml", Self.configuration(upstream, listen: listen, admin: admin))
        #expect(try reload(gateway).status == 200)
        try old.send("GET /v/1 HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try old.readResponse().status == 200)
        // Nobody answers there now, or somebody else who got the port meanwhile.
        let calls = upstream.heads.all.count
        _ = try? gateway.request("GET", "/v/1")
        #expect(upstream.heads.all.count == calls)
        #expect((try? gateway.request("GET", "/state", at: gateway.admin))?.text.contains(listen) != true)
        #expect(try gateway.request("GET", "/v/1", at: SocketAddress(listen)).status == 200)
        #expect(try gateway.request("GET", "/state", at: SocketAddress(admin)).text.contains(listen))
    }

    @Test func `an address that can't be had leaves everything as it is`() throws {
        let upstream = Self.upstream()
        let gateway = try ServedGateway(
            ["gateway.yaml": Self.configuration(upstream), "schema.graphql": Self.schema])
        let taken = "127.0.0.1:\(upstream.port)"
        try gateway.replace("gateway.yaml", Self.configuration(upstream, version: 2, listen: taken))
        let answer = try reload(gateway)
        #expect(answer.status == 422 && answer.text.contains("Can't listen on \(taken)"))
        #expect(try gateway.request("GET", "/v/1").status == 200)
    }

    // MARK: Under load

    /// How many reloads: few in the suite; `SLUICE_RELOADS=300` for the long run.
    private static let reloads = ProcessInfo.processInfo.environment["SLUICE_RELOADS"].flatMap { Int($0) } ?? 40

    @Test func `reloads under load fail no request and leave no memory behind`() throws {
        let upstream = Self.upstream()
        let gateway = try ServedGateway(
            ["gateway.yaml": Self.configuration(upstream), "schema.graphql": Self.schema], shards: 2)
        let clients = (0..<4).map { _ in LoadClient(gateway.address) }
        func alternate(_ count: Int) throws {
            for index in 0..<count {
                try gateway.replace("gateway.yaml", Self.configuration(upstream, version: 2 - index % 2))
                try #require(try reload(gateway).status == 200)
            }
        }
        try alternate(Self.reloads / 2)
        let before = try gateway.memory()
        try alternate(Self.reloads)
        let after = try gateway.memory()
        let outcomes = clients.map { $0.stop() }
        #expect(outcomes.allSatisfy { $0.failures == 0 && $0.answers > 0 }, "\(outcomes)")
        // A sanitizer keeps memory of its own.
        if SanitizerOptions.environment.isEmpty {
            #expect(after < before + before / 10, "\(before) bytes, then \(after)")
        }
    }

    // MARK: Watching

    @Test func `watching, a file that is renamed over another is served`() throws {
        let upstream = Self.upstream()
        let gateway = try ServedGateway(
            ["gateway.yaml": Self.configuration(upstream), "schema.graphql": Self.schema], arguments: ["--watch"])
        try gateway.replace("gateway.yaml", Self.configuration(upstream, version: 2))
        #expect(gateway.line(with: "configuration reloaded") != nil)
        #expect(try name(gateway) == "/who/2")
        try gateway.replace("gateway.yaml", "nonsense: true\n")
        #expect(gateway.line(with: "configuration not reloaded") != nil)
        #expect(try name(gateway) == "/who/2")
        try gateway.replace("gateway.yaml", Self.configuration(upstream, version: 3))
        #expect(gateway.line(with: "configuration reloaded") != nil)
        #expect(try name(gateway) == "/who/3")
    }

    @Test func `watching, a link that is swapped to another folder is followed`() throws {
        let upstream = Self.upstream()
        // As Kubernetes mounts a ConfigMap: the files are links through `..data`, which alone is replaced.
        let workspace = try Workspace()
        let folder = workspace.folder
        let files = FileManager.default
        for version in 1...2 {
            let inner = folder.appending(path: "..v\(version)")
            try files.createDirectory(at: inner, withIntermediateDirectories: true)
            try Data(Self.configuration(upstream, version: version).utf8)
                .write(to: inner.appending(path: "gateway.yaml"))
            try Data(Self.schema.utf8).write(to: inner.appending(path: "schema.graphql"))
        }
        func link(_ name: String, _ target: String) throws {
            try files.createSymbolicLink(atPath: folder.appending(path: name).path, withDestinationPath: target)
        }
        try link("..data", "..v1")
        try link("gateway.yaml", "..data/gateway.yaml")
        try link("schema.graphql", "..data/schema.graphql")
        let gateway = try ServedGateway(
            configuration: folder.appending(path: "gateway.yaml"), in: workspace, environment: [:],
            arguments: ["--watch"])
        #expect(try name(gateway) == "/who/1")
        try link("..data_tmp", "..v2")
        let renamed = unsafe rename(folder.appending(path: "..data_tmp").path, folder.appending(path: "..data").path)
        #expect(renamed == 0)
        #expect(gateway.line(with: "configuration reloaded") != nil)
        #expect(try name(gateway) == "/who/2")
    }
}

/// A client that asks for `{ who { name } }` on one connection until it is stopped.
private final class LoadClient: Sendable {
    struct Outcome {
        var answers = 0
        var failures = 0
    }

    private let isStopped = Recorder<Bool>()
    private let outcome = Recorder<Outcome>()

    init(_ address: SocketAddress) {
        Thread.detachNewThread { [isStopped, outcome] in
            var counts = Outcome()
            let content = "{\"query\": \"{ who { name } }\"}"
            let head = "POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
            let request = "\(head)Content-Length: \(content.utf8.count)\r\n\r\n\(content)"
            let connection = try? RawConnection(address)
            while isStopped.all.isEmpty {
                try? connection?.send(request)
                let response = try? connection?.readResponse()
                if response?.status == 200, response?.text.contains("/who/") == true {
                    counts.answers += 1
                } else {
                    counts.failures += 1
                }
            }
            outcome.add(counts)
        }
    }

    /// Ends it, and says how its requests went.
    func stop() -> Outcome {
        isStopped.add(true)
        return outcome.wait(count: 1).first ?? Outcome(failures: 1)
    }
}
