import Foundation
import TestSupport
import Testing

@Suite("Contract §6: single flight, end to end")
struct SingleFlightTests {
    /// An upstream that answers `/held/…` once it is told to, and everything else at once.
    private final class Held: Sendable {
        let go = Recorder<Bool>()
        let upstream: ScriptedUpstream

        init() {
            let go = go
            upstream = ScriptedUpstream { peer, _ in
                while let head = try peer.readRequest() {
                    let target = String(head.split(separator: " ")[1])
                    if target.hasPrefix("/held") {
                        go.wait(count: 1, seconds: 60)
                        // Whoever waits beside this one is woken by it.
                        go.add(true)
                    }
                    try peer.send(answer("{\"name\": \"\(target)\"}"))
                }
            }
        }

        var targets: [String] { upstream.heads.all.map { String($0.split(separator: " ")[1]) } }
    }

    private func gateway(_ held: Held, shards: Int = 1) throws -> ServedGateway {
        try ServedGateway(
            [
                "gateway.yaml": """
                server: {listen: "127.0.0.1:0", timeouts: {request: 60s}}
                admin: {listen: "127.0.0.1:0"}
                graphql: {schemas: [schema.graphql]}
                upstreams: {things: {url: "http://127.0.0.1:\(held.upstream.port)", headers: {forward: [authorization]}}}
                routes:
                  thing: {upstream: things, request: "GET /held/{id}"}
                  alone: {upstream: things, request: "GET /held/alone", singleFlight: false}
                  touch: {upstream: things, request: "POST /touch"}
                rest:
                  "GET /things/{id}": {route: thing}
                """,
                "schema.graphql": """
                type Query {
                  thing(id: ID!): Thing @rest(route: "thing")
                  alone: Thing @rest(route: "alone")
                }
                type Mutation { touch(id: ID!): Touched @rest(route: "touch") }
                type Touched { name: String, thing(id: ID = "m"): Thing @rest(route: "thing") }
                type Thing { name: String }
                """,
            ], shards: shards)
    }

    /// Sends a query and leaves the answer to be read.
    private func begin(_ gateway: ServedGateway, _ query: String, fields: [String] = []) throws -> RawConnection {
        let connection = try RawConnection(gateway.address)
        let body = "{\"query\": \(ServedGateway.quoted(query))}"
        let head = ["POST /graphql HTTP/1.1", "Host: localhost", "Content-Type: application/json"] + fields
        try connection.send(
            head.joined(separator: "\r\n") + "\r\nContent-Length: \(body.utf8.count)\r\n\r\n" + body)
        return connection
    }

    /// Waits until the gateway serves so many requests at once.
    private func waitForRequests(_ count: Int, _ gateway: ServedGateway) throws {
        let end = ContinuousClock.now + .seconds(20)
        while ContinuousClock.now < end {
            let page = try gateway.request("GET", "/metrics", at: gateway.admin).text
            if page.contains("\nsluice_requests_in_flight \(count)\n") { return }
        }
        Issue.record("there were never \(count) requests at once")
    }

    @Test(arguments: [1, 2])
    func `a thousand concurrent equal queries make one upstream call`(_ shards: Int) throws {
        let held = Held()
        let gateway = try gateway(held, shards: shards)
        let clients = try (0..<1000).map { _ in try begin(gateway, "{ thing(id: 7) { name } }") }
        try waitForRequests(1000, gateway)
        held.go.add(true)
        for client in clients {
            #expect(try client.readResponse().text == #"{"data":{"thing":{"name":"/held/7"}}}"#)
        }
        #expect(held.targets == ["/held/7"])
        let metrics = try gateway.request("GET", "/metrics", at: gateway.admin).text
        #expect(metrics.contains("sluice_cache_total{result=\"shared\"} 999"))
    }

    @Test func `a REST door and a query that ask the same share one call`() throws {
        let held = Held()
        let gateway = try gateway(held)
        let query = try begin(gateway, "{ thing(id: 7) { name } }")
        let door = try RawConnection(gateway.address)
        try door.send("GET /things/7 HTTP/1.1\r\nHost: localhost\r\n\r\n")
        try waitForRequests(2, gateway)
        held.go.add(true)
        #expect(try query.readResponse().status == 200)
        #expect(try door.readResponse().text == #"{"name": "/held/7"}"#)
        #expect(held.targets == ["/held/7"])
    }

    @Test func `two Authorization values never share an answer`() throws {
        let held = Held()
        let gateway = try gateway(held)
        let clients = try ["a", "a", "b", ""].map { token in
            try begin(gateway, "{ thing(id: 7) { name } }", fields: token.isEmpty ? [] : ["Authorization: \(token)"])
        }
        try waitForRequests(4, gateway)
        held.go.add(true)
        for client in clients { #expect(try client.readResponse().status == 200) }
        let tokens = held.upstream.heads.all.map { head in
            head.lowercased().split(separator: "\r\n").first { $0.hasPrefix("authorization:") } ?? ""
        }
        #expect(tokens.sorted() == ["", "authorization: a", "authorization: b"])
    }

    @Test func `the call goes on for the others when the leader's client leaves`() throws {
        let held = Held()
        let gateway = try gateway(held)
        var leader: RawConnection? = try begin(gateway, "{ thing(id: 7) { name } }")
        held.upstream.heads.wait(count: 1)
        let followers = try (0..<3).map { _ in try begin(gateway, "{ thing(id: 7) { name } }") }
        try waitForRequests(4, gateway)
        withExtendedLifetime(leader) {}
        leader = nil
        try waitForRequests(3, gateway)
        held.go.add(true)
        for client in followers { #expect(try client.readResponse().text.contains("/held/7")) }
        #expect(held.targets == ["/held/7"])
    }

    @Test func `each follower keeps its own deadline, and one with time left starts anew`() throws {
        let held = Held()
        let gateway = try gateway(held)
        let leader = try begin(gateway, "{ thing(id: 7) { name } }", fields: ["X-Request-Timeout-Ms: 150"])
        held.upstream.heads.wait(count: 1)
        let hurried = try begin(gateway, "{ thing(id: 7) { name } }", fields: ["X-Request-Timeout-Ms: 30"])
        let patient = try begin(gateway, "{ thing(id: 7) { name } }")
        #expect(try hurried.readResponse().text.contains("DEADLINE_EXCEEDED"))
        #expect(try leader.readResponse().text.contains("DEADLINE_EXCEEDED"))
        held.upstream.heads.wait(count: 2)
        held.go.add(true)
        #expect(try patient.readResponse().text == #"{"data":{"thing":{"name":"/held/7"}}}"#)
        #expect(held.targets == ["/held/7", "/held/7"])
    }

    @Test func `a route may keep its calls apart, and nothing is shared between root fields of a mutation`() throws {
        let held = Held()
        let gateway = try gateway(held)
        let alone = try (0..<3).map { _ in try begin(gateway, "{ alone { name } }") }
        held.upstream.heads.wait(count: 3)
        held.go.add(true)
        for client in alone { #expect(try client.readResponse().status == 200) }
        let mutation = "mutation { a: touch(id: 1) { thing { name } } b: touch(id: 2) { thing { name } } }"
        #expect(try gateway.query(mutation).failures.isEmpty)
        #expect(Array(held.targets.dropFirst(3)) == ["/touch", "/held/m", "/touch", "/held/m"])
    }
}
