import Foundation
import TestSupport
import Testing

@Suite("Contract §6: cache and fallbacks, end to end")
struct CacheTests {
    /// An upstream that answers with how often its path was asked for, until the path is told to fail.
    private final class Things: Sendable {
        /// Paths that fail from now on, each with how.
        let failing = Recorder<(path: String, status: String)>()
        private let asked = Recorder<String>()
        let upstream: ScriptedUpstream

        init(fields: String = "") {
            let failing = failing
            let asked = asked
            upstream = ScriptedUpstream { peer, _ in
                while let head = try peer.readRequest() {
                    let target = String(head.split(separator: " ")[1])
                    asked.add(target)
                    if let failure = failing.all.last(where: { $0.path == target }) {
                        if failure.status == "silent" { return peer.waitForClose() }
                        try peer.send(answer("{}", status: failure.status))
                    } else {
                        let count = asked.all.count { $0 == target }
                        try peer.send(answer("{\"name\": \"\(count)\"}", fields: fields))
                    }
                }
            }
        }

        func calls(_ path: String) -> Int { asked.all.count { $0 == path } }

        func fail(_ path: String, _ status: String = "500 Internal Server Error") { failing.add((path, status)) }
    }

    private func gateway(_ things: Things, server: String = "", shards: Int = 1) throws -> ServedGateway {
        try ServedGateway(
            [
                "gateway.yaml": Self.configuration(things, server: server),
                "schema.graphql": """
                type Query {
                  fresh: Thing @rest(route: "fresh")
                  short: Thing @rest(route: "short")
                  laddered: Thing @rest(route: "laddered")
                  plain: Thing @rest(route: "plain")
                  mine: Thing @rest(route: "mine")
                }
                type Mutation { touch: Touched @rest(route: "touch") }
                type Touched { name: String, fresh: Thing @rest(route: "fresh") }
                type Thing { name: String }
                """,
                "both.graphql": "query { fresh { name } short { name } }",
            ], shards: shards)
    }

    private static func configuration(_ things: Things, server: String = "", ttl: String = "60s") -> String {
        """
        server: {listen: "127.0.0.1:0"\(server)}
        admin: {listen: "127.0.0.1:0"}
        graphql: {schemas: [schema.graphql]}
        upstreams:
          things: {url: "http://127.0.0.1:\(things.upstream.port)"}
        routes:
          fresh: {upstream: things, request: "GET /fresh", cache: {ttl: \(ttl), staleIfError: 1m}}
          short: {upstream: things, request: "GET /short", cache: {ttl: 1ms, staleIfError: 1m}}
          laddered: {upstream: things, request: "GET /laddered", cache: {ttl: 1ms, staleIfError: 1ms}, fallback: {value: {name: spare}}}
          guarded: {upstream: things, request: "GET /guarded", cache: {ttl: 1ms, staleIfError: 1m}, breaker: {minimumCalls: 1, failureRatio: 0.1, openFor: 60s}}
          plain: {upstream: things, request: "GET /plain"}
          mine: {upstream: things, request: "GET /mine", headers: {forward: [authorization]}, cache: {ttl: 60s}}
          touch: {upstream: things, request: "POST /touch"}
        rest:
          "GET /fresh": {route: fresh}
          "GET /short": {route: short}
          "GET /guarded": {route: guarded}
          "GET /shaped": {route: fresh, shape: Thing}
          "GET /both": {operation: both.graphql}
        """
    }

    private func get(_ gateway: ServedGateway, _ query: String, fields: [String] = []) throws -> RawConnection.Response
    {
        let encoded = try #require(query.addingPercentEncoding(withAllowedCharacters: .alphanumerics))
        return try gateway.request("GET", "/graphql?query=\(encoded)", fields: fields)
    }

    /// Asks until the answer is one that `isMeant`: a short life is over soon, but not at once.
    private func ask(
        _ gateway: ServedGateway, _ query: String, until isMeant: (Answer) -> Bool
    ) throws -> Answer {
        let end = ContinuousClock.now + .seconds(30)
        var answer = try gateway.query(query)
        while !isMeant(answer), ContinuousClock.now < end { answer = try gateway.query(query) }
        return answer
    }

    // MARK: Fresh

    @Test(arguments: [1, 2])
    func `queries and doors are answered from one cache, on every shard`(_ shards: Int) throws {
        let things = Things()
        let gateway = try gateway(things, shards: shards)
        for _ in 0..<10 {
            #expect(try gateway.query("{ fresh { name } }").text == #"{"data":{"fresh":{"name":"1"}}}"#)
            #expect(try gateway.request("GET", "/fresh").text == #"{"name": "1"}"#)
            #expect(try gateway.request("GET", "/shaped").text == #"{"name":"1"}"#)
        }
        #expect(things.calls("/fresh") == 1)
    }

    @Test func `a door says where its answer came from, and the log too`() throws {
        let things = Things()
        let gateway = try gateway(things)
        let first = try gateway.request("GET", "/fresh")
        #expect(
            first.field("age") == nil && first.field("cache-status")?.hasPrefix("sluice; fwd=uri-miss; stored") == true)
        let second = try gateway.request("GET", "/fresh")
        #expect(second.field("age") == "0" && second.field("cache-status")?.hasPrefix("sluice; hit; ttl=") == true)
        let line = try #require(gateway.line(with: "\"cache\":\"hit\""))
        #expect(line.contains("\"attempts\":0"))
    }

    @Test func `an Authorization that is forwarded keeps answers apart`() throws {
        let things = Things()
        let gateway = try gateway(things)
        let names = try ["a", "b", "a", "b"].map { token in
            try gateway.query("{ mine { name } }", fields: ["Authorization: Bearer \(token)"]).value("mine", "name")
                as? String
        }
        #expect(names == ["1", "2", "1", "2"])
    }

    @Test func `a mutation reads what is new`() throws {
        let things = Things()
        let gateway = try gateway(things)
        _ = try gateway.query("{ fresh { name } }")
        let mutation = "mutation { a: touch { fresh { name } } b: touch { fresh { name } } }"
        #expect(try gateway.query(mutation).value("b", "fresh", "name") as? String == "3")
        #expect(try gateway.query("{ fresh { name } }").value("fresh", "name") as? String == "3")
    }

    @Test func `nothing is stored where the cache has no room`() throws {
        let things = Things()
        let gateway = try gateway(things, server: ", cache: 0")
        for _ in 0..<3 { _ = try gateway.query("{ fresh { name } }") }
        #expect(things.calls("/fresh") == 3)
    }

    // MARK: The ladder

    @Test func `a failed call is answered by what is stored, without an error and marked`() throws {
        let things = Things()
        let gateway = try gateway(things)
        _ = try gateway.query("{ short { name } }")
        for status in ["500 Internal Server Error", "302 Found"] {
            things.fail("/short", status)
            #expect(
                try ask(gateway, "{ short { name } }") { $0.text.contains("fallbacks") }.text
                    == #"{"data":{"short":{"name":"1"}},"extensions":{"fallbacks":[{"path":["short"],"route":"short","kind":"stale","age":0}]}}"#
            )
        }
        var door = try gateway.request("GET", "/short")
        while door.field("cache-status")?.contains("hit") == true { door = try gateway.request("GET", "/short") }
        #expect(door.status == 200 && door.text == #"{"name": "1"}"# && door.field("age") == "0")
        #expect(door.field("cache-status") == "sluice; fwd=stale; detail=stale-if-error")
        #expect(door.field("cache-control") == "no-store")
    }

    @Test func `an upstream's 4xx is its answer`() throws {
        let things = Things()
        let gateway = try gateway(things)
        _ = try gateway.query("{ short { name } }")
        things.fail("/short", "403 Forbidden")
        let refused = try ask(gateway, "{ short { name } }") { !$0.failures.isEmpty }
        #expect(refused.failures.map(\.code) == ["UPSTREAM_STATUS"])
        #expect(try gateway.request("GET", "/short").status == 403)
    }

    @Test func `what is too old gives way to the fallback value`() throws {
        let things = Things()
        let gateway = try gateway(things)
        #expect(try gateway.query("{ laddered { name } }").value("laddered", "name") as? String == "1")
        things.fail("/laddered")
        #expect(
            try ask(gateway, "{ laddered { name } }") { $0.text.contains("spare") }.text
                == #"{"data":{"laddered":{"name":"spare"}},"extensions":{"fallbacks":[{"path":["laddered"],"route":"laddered","kind":"value"}]}}"#
        )
    }

    @Test func `the deadline is a failure too`() throws {
        let things = Things()
        let gateway = try gateway(things)
        _ = try gateway.query("{ short { name } }")
        things.fail("/short", "silent")
        var late = try gateway.query("{ short { name } }", fields: ["X-Request-Timeout-Ms: 50"])
        if !late.text.contains("fallbacks") {
            late = try gateway.query("{ short { name } }", fields: ["X-Request-Timeout-Ms: 50"])
        }
        #expect(late.failures.isEmpty && late.value("short", "name") as? String == "1")
        #expect(late.text.contains(#""kind":"stale""#))
        #expect(try gateway.request("GET", "/short", fields: ["X-Request-Timeout-Ms: 50"]).status == 200)
        let plain = try gateway.query("{ plain { name } short { name } }", fields: ["X-Request-Timeout-Ms: 50"])
        #expect(plain.failures.isEmpty && plain.value("plain", "name") as? String == "1")
    }

    @Test func `while a breaker is open what is stored is served without a call`() throws {
        let things = Things()
        let gateway = try gateway(things)
        _ = try gateway.request("GET", "/guarded")
        things.fail("/guarded")
        for _ in 0..<5 { #expect(try gateway.request("GET", "/guarded").text == #"{"name": "1"}"#) }
        #expect(things.calls("/guarded") == 2)
    }

    // MARK: Clients' caches

    /// The seconds of a `max-age` that is public or private.
    private func age(_ response: RawConnection.Response, _ scope: String) -> Int? {
        let parts = response.field("cache-control")?.components(separatedBy: ", ") ?? []
        guard parts.count == 2, parts[1] == scope, parts[0].hasPrefix("max-age=") else { return nil }
        return Int(parts[0].dropFirst(8))
    }

    @Test func `a client may keep an answer as long as its parts are fresh`() throws {
        let things = Things()
        let gateway = try gateway(things)
        for _ in 0..<2 {
            #expect((50...60).contains(age(try get(gateway, "{ fresh { name } }"), "public") ?? -1))
            #expect((50...60).contains(age(try gateway.request("GET", "/fresh"), "public") ?? -1))
            #expect((50...60).contains(age(try gateway.request("GET", "/shaped"), "public") ?? -1))
        }
        let mine = try get(gateway, "{ mine { name } fresh { name } }", fields: ["Authorization: Bearer a"])
        #expect((50...60).contains(age(mine, "private") ?? -1))
    }

    @Test func `no client keeps what is short-lived, unknown or not whole`() throws {
        let things = Things()
        let gateway = try gateway(things)
        #expect(try get(gateway, "{ fresh { name } short { name } }").field("cache-control") == "no-store")
        #expect(try gateway.request("GET", "/both").field("cache-control") == "no-store")
        #expect(try get(gateway, "{ fresh { name } plain { name } }").field("cache-control") == "no-store")
        #expect(try get(gateway, "{ __typename }").field("cache-control") == "no-store")
        things.fail("/plain")
        #expect(try get(gateway, "{ fresh { name } plain { name } }").field("cache-control") == "no-store")
        #expect(try gateway.post(#"{"query": "{ fresh { name } }"}"#).field("cache-control") == nil)
    }

    // MARK: Operating

    @Test func `an operator sees the cache and empties it`() throws {
        let things = Things()
        let gateway = try gateway(things)
        for _ in 0..<2 { _ = try gateway.request("GET", "/fresh") }
        let state = try gateway.request("GET", "/state", at: gateway.admin).text
        #expect(state.contains(#""cache":{"capacity":67108864,"entries":1,"bytes":"#))
        #expect(state.contains(#""hit":1"#) && state.contains(#""miss":1"#))
        let metrics = try gateway.request("GET", "/metrics", at: gateway.admin).text
        #expect(metrics.contains("sluice_cache_total{result=\"hit\"} 1\n"))
        func purge(_ query: String) throws -> RawConnection.Response {
            try gateway.request("POST", "/cache/purge\(query)", at: gateway.admin)
        }
        #expect(try purge("?route=none").status == 404 && purge("").status == 400)
        #expect(try gateway.request("GET", "/cache/purge?route=fresh", at: gateway.admin).status == 405)
        #expect(try purge("?route=fresh&path=%2Fother").text == #"{"purged":0}"#)
        #expect(try purge("?route=fresh&path=%2Ffresh").text == #"{"purged":1}"#)
        _ = try gateway.request("GET", "/fresh")
        #expect(try purge("?route=fresh").text == #"{"purged":1}"#)
        #expect(things.calls("/fresh") == 2)
    }
}
