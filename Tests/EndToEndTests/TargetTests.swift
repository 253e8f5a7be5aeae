import EventLoop
import Foundation
import Synchronization
import TestSupport
import Testing

@Suite("Contract §6: several targets, end to end")
struct TargetTests {
    /// An upstream that says its name, and fails while it is told to.
    private final class Named: Sendable {
        let server: ScriptedUpstream
        let isFailing: Recorder<Bool>

        init(_ name: String) {
            let isFailing = Recorder<Bool>()
            self.isFailing = isFailing
            server = ScriptedUpstream { peer, _ in
                while try peer.readRequest() != nil {
                    let fails = isFailing.all.last == true
                    try peer.send(
                        answer("{\"server\": \"\(name)\"}", status: fails ? "503 Service Unavailable" : "200 OK"))
                }
            }
        }

        var url: String { "http://127.0.0.1:\(server.port)" }
    }

    private func gateway(_ upstream: String, shards: Int = 1) throws -> ServedGateway {
        try ServedGateway(
            [
                "gateway.yaml": """
                server: {listen: "127.0.0.1:0", timeouts: {request: 10s}}
                admin: {listen: "127.0.0.1:0"}
                telemetry: {logs: {access: false}}
                graphql: {schemas: [schema.graphql]}
                upstreams:
                  things:
                \(upstream.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n"))
                routes:
                  thing: {upstream: things, request: "GET /things/{id}"}
                rest:
                  "GET /things/{id}": {route: thing}
                  "ANY /raw/{path...}": {upstream: things, rewrite: "/{path}"}
                """,
                "schema.graphql": """
                type Query { thing(id: Int!): Thing @rest(route: "thing") }
                type Thing { server: String }
                """,
            ], shards: shards)
    }

    /// Who answered; nil where nobody did.
    private func server(_ gateway: ServedGateway, _ path: String, _ fields: String...) throws -> String? {
        let answer = try gateway.request("GET", path, fields: fields)
        guard answer.status == 200 else { return nil }
        let object = try JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: String]
        return object?["server"]
    }

    private func states(_ gateway: ServedGateway) throws -> [String] {
        let health = try gateway.request("GET", "/healthz?full=1", at: gateway.admin)
        let whole = try JSONSerialization.jsonObject(with: Data(health.body)) as? [String: Any]
        let upstreams = whole?["upstreams"] as? [String: [String: Any]]
        let targets = upstreams?["things"]?["targets"] as? [[String: Any]]
        return (targets ?? []).compactMap { $0["state"] as? String }
    }

    private func wait(_ gateway: ServedGateway, for states: [String]) throws -> Bool {
        let end = Clock.now + 15
        while Clock.now < end { if try self.states(gateway) == states { return true } }
        return false
    }

    // MARK: A server dies

    /// What a client's requests came to.
    private struct Load: Sendable {
        let failures = Recorder<String>()
        let servers = Recorder<String>()
        let isOver = Recorder<Bool>()
        let ended = Recorder<Bool>()
        let threads = 4

        /// Sends GETs one after the other over `threads` connections, half of them to a route door and half through a
        /// passthrough door.
        func start(_ address: SocketAddress) {
            for thread in 0..<threads {
                Thread.detachNewThread { [self] in
                    defer { ended.add(true) }
                    guard let connection = try? RawConnection(address, seconds: 30) else { return }
                    while isOver.all.isEmpty {
                        let path = thread % 2 == 0 ? "/things/1" : "/raw/things/1"
                        do {
                            try connection.send("GET \(path) HTTP/1.1\r\nHost: localhost\r\n\r\n")
                            let answer = try connection.readResponse()
                            if answer.status != 200 { failures.add("\(path): \(answer.status) \(answer.text)") }
                            servers.add(answer.text)
                        } catch {
                            return failures.add("\(path): \(error)")
                        }
                    }
                }
            }
        }

        func stop() {
            isOver.add(true)
            ended.wait(count: threads, seconds: 30)
        }
    }

    @Test(.enabled(if: RealServer.isInstalled))
    func `one of three servers dies under load and comes back, and no client sees it`() throws {
        let servers = try ["a", "b", "c"].map { try RealServer($0) }
        let urls = servers.map { "http://127.0.0.1:\($0.port)" }.joined(separator: ", ")
        let gateway = try gateway(
            """
            urls: [\(urls)]
            health: {path: /healthz, interval: 50ms, timeout: 40ms, unhealthyAfter: 3, healthyAfter: 2}
            ejection: {consecutiveFailures: 5, for: 100ms}
            slowStart: 100ms
            retry: {attempts: 3, backoff: {base: 1ms, max: 5ms}}
            """, shards: 2)
        #expect(try wait(gateway, for: ["up", "up", "up"]))
        let load = Load()
        load.start(gateway.address)
        load.servers.wait(seconds: 15) { Set($0).count == 3 && $0.count > 200 }
        servers[1].stop()
        #expect(try wait(gateway, for: ["up", "down", "up"]))
        let before = load.servers.all.count
        load.servers.wait(seconds: 15) { $0.count > before + 200 }
        try servers[1].start()
        #expect(try wait(gateway, for: ["up", "up", "up"]))
        let after = load.servers.all.count
        let all = load.servers.wait(seconds: 15) { $0[after...].contains { $0.contains("\"b\"") } }
        #expect(all[after...].contains { $0.contains("\"b\"") })
        load.stop()
        #expect(load.failures.all == [])
    }

    // MARK: Ejection

    @Test func `an ejected target is shown, and stays out over a reload`() throws {
        let servers = ["a", "b"].map { Named($0) }
        let gateway = try gateway(
            """
            urls: ["\(servers[0].url)", "\(servers[1].url)"]
            ejection: {consecutiveFailures: 2, for: 60s, max: 50%}
            """)
        servers[0].isFailing.add(true)
        for _ in 0..<4 { _ = try server(gateway, "/things/1") }
        #expect(try states(gateway) == ["ejected", "up"])
        servers[0].isFailing.add(false)
        let file = try #require(gateway.folder).appending(path: "gateway.yaml")
        let text = try String(contentsOf: file, encoding: .utf8)
        try text.replacing("request: 10s", with: "request: 9s").write(to: file, atomically: true, encoding: .utf8)
        #expect(try gateway.request("POST", "/reload", at: gateway.admin).status == 200)
        #expect(try states(gateway) == ["ejected", "up"])
        #expect(try (0..<4).map { _ in try server(gateway, "/things/1") } == ["b", "b", "b", "b"])
        let metrics = try gateway.request("GET", "/metrics", at: gateway.admin).text
        #expect(metrics.contains("sluice_ejections_total{upstream=\"things\"} 1"))
        #expect(metrics.contains("sluice_upstream_targets{upstream=\"things\",state=\"ejected\"} 1"))
        #expect(metrics.contains("sluice_upstream_panic{upstream=\"things\"} 0"))
    }

    // MARK: Keys

    @Test(arguments: ["header.x-user", "args.id"])
    func `the same key comes to the same target, whichever shard it meets`(_ key: String) throws {
        let servers = ["a", "b", "c"].map { Named($0) }
        let urls = servers.map { "\"\($0.url)\"" }.joined(separator: ", ")
        let gateway = try gateway("urls: [\(urls)]\nbalance: {hash: \(key)}", shards: 2)
        var owners: [Int: String] = [:]
        // Each request is a connection of its own, so both shards get some.
        for round in 0..<4 {
            for user in 0..<24 {
                let path = key == "args.id" ? "/things/\(user)" : round % 2 == 0 ? "/things/0" : "/raw/things/0"
                let owner = try #require(try server(gateway, path, "x-user: \(user)"))
                if let known = owners[user] { #expect(known == owner, "\(user)") }
                owners[user] = owner
            }
        }
        #expect(Set(owners.values).count >= 2)
        // Fields of an operation have the same key as a door that binds the same value.
        guard key == "args.id" else { return }
        for user in 0..<24 {
            let answer = try gateway.query("{ thing(id: \(user)) { server } }")
            #expect(answer.value("thing", "server") as? String == owners[user])
        }
    }

    // MARK: Canaries

    @Test func `a canary gets the requests that ask for it`() throws {
        let servers = ["main", "canary"].map { Named($0) }
        let gateway = try gateway(
            """
            urls: ["\(servers[0].url)", {url: "\(servers[1].url)", when: {header: {X-Env: canary}}}]
            """)
        #expect(try server(gateway, "/things/1") == "main")
        #expect(try server(gateway, "/things/1", "x-env: other") == "main")
        #expect(try server(gateway, "/things/1", "x-env: canary") == "canary")
        #expect(try server(gateway, "/raw/things/1", "x-env: canary") == "canary")
        let asked = try gateway.query("{ thing(id: 1) { server } }", fields: ["X-ENV: canary"])
        #expect(asked.value("thing", "server") as? String == "canary")
    }

    @Test func `a canary gets its share of the clients, and keeps them`() throws {
        let servers = ["main", "canary"].map { Named($0) }
        let gateway = try gateway(
            """
            urls: ["\(servers[0].url)", {url: "\(servers[1].url)", share: 30%}]
            balance: {hash: header.x-user}
            """)
        let first = try (0..<60).map { try server(gateway, "/things/1", "x-user: \($0)") }
        #expect(try (0..<60).map { try server(gateway, "/raw/x", "x-user: \($0)") } == first)
        let share = first.count { $0 == "canary" }
        #expect((5...35).contains(share), "\(share) of 60")
        // Without a key it is the client's address that decides.
        let unkeyed = try Set((0..<5).map { _ in try server(gateway, "/things/1") })
        #expect(unkeyed.count == 1)
    }
}
