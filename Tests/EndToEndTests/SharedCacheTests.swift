import Foundation
import TestSupport
import Testing

@Suite("Stored answers that gateways share in Redis")
struct SharedCacheTests {
    /// An upstream that answers with how often the path was asked for.
    private final class Things: Sendable {
        private let asked = Recorder<String>()
        let upstream: ScriptedUpstream

        init() {
            let asked = asked
            upstream = ScriptedUpstream { peer, _ in
                while let head = try peer.readRequest() {
                    let target = String(head.split(separator: " ")[1])
                    asked.add(target)
                    let count = asked.all.count { $0 == target }
                    if target == "/checked/1", head.lowercased().contains("if-none-match: \"1\"") {
                        try peer.send("HTTP/1.1 304 Not Modified\r\nETag: \"1\"\r\n\r\n")
                    } else if target == "/large/1" {
                        let text = String(repeating: "x", count: 300 << 10)
                        try peer.send(answer("{\"name\": \"\(count)\", \"text\": \"\(text)\"}"))
                    } else {
                        try peer.send(answer("{\"name\": \"\(count)\"}", fields: "ETag: \"1\"\r\n"))
                    }
                }
            }
        }

        func calls(_ path: String) -> Int { asked.all.count { $0 == path } }
    }

    private static func gateway(_ things: Things, _ redis: RealRedis) throws -> ServedGateway {
        let gateway = try ServedGateway([
            "gateway.yaml": """
            server: {listen: "127.0.0.1:0"}
            admin: {listen: "127.0.0.1:0"}
            upstreams: {things: {url: "http://127.0.0.1:\(things.upstream.port)"}}
            routes:
              thing: {upstream: things, request: "GET /things/{id}", cache: {ttl: 60s, store: redis}}
              mine:
                {upstream: things, request: "GET /mine/{id}", headers: {forward: [authorization]},
                 cache: {ttl: 60s, store: redis}}
              large: {upstream: things, request: "GET /large/{id}", cache: {ttl: 60s, store: redis}}
              checked: {upstream: things, request: "GET /checked/{id}", cache: {ttl: 1ms, store: redis}}
              local: {upstream: things, request: "GET /local/{id}", cache: {ttl: 60s}}
            rest:
              "GET /things/{id}": {route: thing}
              "GET /mine/{id}": {route: mine}
              "GET /large/{id}": {route: large}
              "GET /checked/{id}": {route: checked}
              "GET /local/{id}": {route: local}
            redis: {url: "redis://127.0.0.1:\(redis.port)"}
            """
        ])
        try gateway.waitForRedis()
        return gateway
    }

    /// Waits until Redis holds so many answers.
    private static func wait(for count: Int, in redis: RealRedis) throws {
        let end = Clock.now + 10
        while try redis.ask("DBSIZE") != ":\(count)" {
            try #require(Clock.now < end, "an answer is written after it was given")
            sched_yield()
        }
    }

    @Test func `what one gateway has fetched another finds`() throws {
        let (things, redis) = (Things(), try RealRedis())
        let (one, other) = (try Self.gateway(things, redis), try Self.gateway(things, redis))
        #expect(try one.request("GET", "/things/1").text == #"{"name": "1"}"#)
        try Self.wait(for: 1, in: redis)
        let found = try other.request("GET", "/things/1")
        #expect(found.text == #"{"name": "1"}"# && things.calls("/things/1") == 1)
        #expect(found.field("cache-status")?.contains("hit") == true && found.field("age") != nil)
        #expect(found.field("content-type") == "application/json")
        // Then it has it itself.
        redis.stop()
        #expect(try other.request("GET", "/things/1").text == #"{"name": "1"}"#)
        #expect(things.calls("/things/1") == 1)
        #expect(try other.request("GET", "/things/2").text == #"{"name": "1"}"#, "and does without Redis")
    }

    @Test func `two values of Authorization never share, and nothing readable names them`() throws {
        let (things, redis) = (Things(), try RealRedis())
        let (one, other) = (try Self.gateway(things, redis), try Self.gateway(things, redis))
        let (ann, bob) = ("Authorization: Bearer ann", "Authorization: Bearer bob")
        #expect(try one.request("GET", "/mine/1", fields: [ann]).text == #"{"name": "1"}"#)
        try Self.wait(for: 1, in: redis)
        #expect(try other.request("GET", "/mine/1", fields: [bob]).text == #"{"name": "2"}"#)
        #expect(try other.request("GET", "/mine/1").text == #"{"name": "3"}"#)
        #expect(try other.request("GET", "/mine/1", fields: [ann]).text == #"{"name": "1"}"#)
        try Self.wait(for: 3, in: redis)
        let script = "return redis.call('KEYS', '*ann*')[1] or 'none'"
        #expect(try redis.ask("EVAL \"\(script)\" 0") == "$4")
        let key = try redis.ask("EVAL \"return string.len(redis.call('KEYS', '*')[1])\" 0")
        #expect(key == ":209", "every key is as long")
    }

    @Test func `large answers and other routes stay in the process`() throws {
        let (things, redis) = (Things(), try RealRedis())
        let (one, other) = (try Self.gateway(things, redis), try Self.gateway(things, redis))
        for path in ["/large/1", "/local/1"] {
            #expect(try one.request("GET", path).status == 200)
            #expect(try other.request("GET", path).status == 200)
            #expect(things.calls(path) == 2)
        }
        #expect(try redis.ask("DBSIZE") == ":0")
    }

    @Test func `an answer past its time is asked about`() throws {
        let (things, redis) = (Things(), try RealRedis())
        let (one, other) = (try Self.gateway(things, redis), try Self.gateway(things, redis))
        #expect(try one.request("GET", "/checked/1").text == #"{"name": "1"}"#)
        try Self.wait(for: 1, in: redis)
        #expect(try other.request("GET", "/checked/1").text == #"{"name": "1"}"#)
        #expect(
            things.calls("/checked/1") == 2
                && things.upstream.heads.all.last?.lowercased().contains("if-none-match") == true)
    }

    @Test func `a value that isn't one is as good as none`() throws {
        let (things, redis) = (Things(), try RealRedis())
        let (one, other) = (try Self.gateway(things, redis), try Self.gateway(things, redis))
        #expect(try one.request("GET", "/things/1").status == 200)
        try Self.wait(for: 1, in: redis)
        let key = "redis.call('KEYS', '*')[1]"
        try redis.ask("EVAL \"return redis.call('SET', \(key), 'sluice')\" 0")
        #expect(try other.request("GET", "/things/1").text == #"{"name": "2"}"#)
        try redis.ask("EVAL \"local key = \(key) redis.call('DEL', key) return redis.call('LPUSH', key, 'a')\" 0")
        let third = try Self.gateway(things, redis)
        #expect(try third.request("GET", "/things/1").text == #"{"name": "3"}"#)
    }

    @Test func `a purge forgets the answers in Redis too`() throws {
        let (things, redis) = (Things(), try RealRedis())
        let gateway = try Self.gateway(things, redis)
        for path in ["/things/1", "/things/2", "/mine/1"] { #expect(try gateway.request("GET", path).status == 200) }
        try Self.wait(for: 3, in: redis)
        _ = try gateway.request("POST", "/cache/purge?route=thing&path=%2Fthings%2F1", body: "", at: gateway.admin)
        try Self.wait(for: 2, in: redis)
        #expect(try gateway.request("GET", "/things/1").text == #"{"name": "2"}"#)
        try Self.wait(for: 3, in: redis)
        _ = try gateway.request("POST", "/cache/purge?route=thing", body: "", at: gateway.admin)
        try Self.wait(for: 1, in: redis)
        #expect(things.calls("/mine/1") == 1)
    }

    @Test func `while Redis hangs calls are made, and their answers stored here`() throws {
        let (things, redis) = (Things(), try RealRedis())
        let gateway = try Self.gateway(things, redis)
        redis.hold()
        for path in ["/things/1", "/things/2", "/things/1"] {
            #expect(try gateway.request("GET", path).text == #"{"name": "1"}"#)
        }
        #expect(try gateway.commands("late") == 1, "the first waited, the second didn't ask")
        redis.release()
        try gateway.waitForRedis()
        #expect(try gateway.request("GET", "/things/3").status == 200)
    }
}
