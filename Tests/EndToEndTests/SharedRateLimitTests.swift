import EventLoop
import Foundation
import TestSupport
import Testing

@Suite("Rate limits that gateways share in Redis")
struct SharedRateLimitTests {
    private static func gateway(_ rules: String, _ redis: RealRedis, shards: Int = 1) throws -> ServedGateway {
        try gateway(rules, "{url: redis://127.0.0.1:\(redis.port)}", shards: shards)
    }

    private static func gateway(_ rules: String, _ redis: String, shards: Int = 1) throws -> ServedGateway {
        let gateway = try RateLimitTests.gateway(rules, more: "redis: \(redis)", shards: shards)
        return gateway
    }

    /// The statuses of `count` requests, in turn to each of the gateways.
    private static func statuses(_ count: Int, _ gateways: [ServedGateway], _ fields: String...) throws -> [Int] {
        try (0..<count).map { try gateways[$0 % gateways.count].request("GET", "/users/1", fields: fields).status }
    }

    @Test func `two gateways share a limit exactly`() throws {
        let redis = try RealRedis()
        let gateways = try (0..<2).map { _ in
            try Self.gateway("[{key: header.x-key, rate: 100/h, store: redis}]", redis, shards: 2)
        }
        for gateway in gateways { try gateway.waitForRedis() }
        let statuses = try Self.statuses(140, gateways, "x-key: a")
        // A token comes each 36 s.
        #expect((100...101).contains(statuses.count { $0 == 200 }), "\(statuses)")
        #expect(statuses.prefix(100).allSatisfy { $0 == 200 } && statuses.suffix(30).allSatisfy { $0 == 429 })
        #expect(try Self.statuses(2, gateways, "x-key: b") == [200, 200], "another key has a bucket of its own")
        #expect(try gateways.map { try $0.alone() } == [0, 0])
    }

    @Test func `fields and refusals are those of a local limit`() throws {
        let redis = try RealRedis()
        let rules = "[{key: ip, rate: 10/h, burst: 20, store: redis}, {key: [profile, ip], rate: 3/m, store: redis}]"
        let gateway = try Self.gateway(rules, redis)
        try gateway.waitForRedis()
        let first = try gateway.request("GET", "/users/1")
        #expect(first.fields("ratelimit") == [#""ip";r=19;t=360"#, #""profile+ip";r=2;t=20"#])
        #expect(first.fields("ratelimit-policy") == [#""ip";q=10;w=3600"#, #""profile+ip";q=3;w=60"#])
        #expect(try Self.statuses(2, [gateway]) == [200, 200])
        let refused = try gateway.post(#"{"query": "{ __typename }"}"#)
        #expect(refused.status == 429)
        #expect(try Answer(refused).failures.map(\.code) == ["RATE_LIMITED"])
        let wait = try #require(refused.field("retry-after").flatMap { Int($0) })
        #expect((1...20).contains(wait))
        #expect(
            refused.fields("ratelimit") == [
                #""ip";r=16;t=\#(try Self.seconds(refused))"#, #""profile+ip";r=0;t=\#(wait)"#,
            ])
        #expect(try gateway.alone(0) + gateway.alone(1) == 0)
        // What is full again is forgotten by itself; keys don't say what they are made of.
        let script = "return redis.call('PTTL', redis.call('KEYS', 'sluice:limit:ip:*')[1])"
        let answer = try redis.ask("EVAL \"\(script)\" 0")
        let lifetime = try #require(Int(answer.dropFirst()))
        #expect((1...1_440_000).contains(lifetime))
    }

    /// `t` of the first `RateLimit`.
    private static func seconds(_ answer: RawConnection.Response) throws -> Int {
        try #require(answer.fields("ratelimit").first?.split(separator: "t=").last.flatMap { Int($0) })
    }

    @Test func `weight, operations and batches count in Redis too`() throws {
        let redis = try RealRedis()
        let gateway = try Self.gateway(
            "[{key: profile, rate: 10/h, weight: cost, store: redis}, {key: operation, rate: 2/h, store: redis}]", redis
        )
        try gateway.waitForRedis()
        let costly = #"{"query": "{ users(first: 4) { name } }"}"#
        #expect(try gateway.post(costly).status == 200)
        #expect(try gateway.post(costly).status == 429)
        let entry = #"{"query": "query A { __typename }"}"#
        let batch = try gateway.post("[\(entry), \(entry)]", fields: ["x-device-profile: tv"])
        #expect(batch.status == 200 && !batch.text.contains("RATE_LIMITED"), "\(batch.text)")
        let more = try gateway.post("[\(entry)]", fields: ["x-device-profile: tv"])
        #expect(more.text.contains("RATE_LIMITED"))
        #expect(try gateway.alone(0) + gateway.alone(1) == 0)
    }

    @Test func `Redis killed and started again costs no answer`() throws {
        let redis = try RealRedis()
        let gateway = try Self.gateway("[{key: header.x-key, rate: 1000/h, store: redis}]", redis, shards: 2)
        try gateway.waitForRedis()
        #expect(try Self.statuses(10, [gateway], "x-key: a").allSatisfy { $0 == 200 })
        redis.stop()
        #expect(try Self.statuses(40, [gateway], "x-key: a").allSatisfy { $0 == 200 })
        try gateway.waitForRedis("down")
        let alone = try gateway.alone()
        #expect(alone >= 20, "it counts alone meanwhile")
        #expect(gateway.line(with: "Redis can't be used")?.contains("\"level\":\"warn\"") == true)
        try redis.start()
        try gateway.waitForRedis()
        #expect(gateway.line(with: "Redis can be used again") != nil)
        let before = try gateway.alone()
        let answers = try (0..<20).map { _ in try gateway.request("GET", "/users/1", fields: ["x-key: a"]) }
        #expect(answers.allSatisfy { $0.status == 200 })
        #expect(try gateway.alone() == before, "and with all others again")
        #expect(answers.last?.field("ratelimit")?.hasPrefix(#""header.x-key";r=980;"#) == true)
    }

    @Test func `a Redis that hangs is asked no more`() throws {
        let redis = try RealRedis()
        let gateway = try Self.gateway("[{key: ip, rate: 1000/h, store: redis}]", redis)
        try gateway.waitForRedis()
        redis.hold()
        #expect(try Self.statuses(30, [gateway]).allSatisfy { $0 == 200 })
        // The first waited; those after it didn't.
        #expect(try gateway.commands("late") == 1 && gateway.alone() == 30)
        #expect(try gateway.redisState()["state"] as? String == "down")
        redis.release()
        try gateway.waitForRedis()
        #expect(try Self.statuses(10, [gateway]).allSatisfy { $0 == 200 })
        #expect(try gateway.alone() == 30)
    }

    @Test func `a limit holds where Redis never was`() throws {
        let gateway = try Self.gateway(
            "[{key: ip, rate: 2/h, store: redis}]", "{url: \"redis://127.0.0.1:\(ScriptedUpstream.closedPort())\"}")
        #expect(try Self.statuses(4, [gateway]) == [200, 200, 429, 429])
        #expect(try gateway.alone() == 4)
        try gateway.waitForRedis("down")
        #expect(try (gateway.redisState()["problem"] as? String)?.contains("Connection refused") == true)
        let metrics = try gateway.request("GET", "/metrics", at: gateway.admin).text
        #expect(metrics.contains("sluice_redis_connections 0"))
        #expect(metrics.contains(#"sluice_rate_limited_alone_total{rule="ip"} 4"#))
    }

    @Test func `scripts that Redis has forgotten are sent again`() throws {
        let redis = try RealRedis()
        let gateway = try Self.gateway("[{key: ip, rate: 5/h, store: redis}]", redis)
        try gateway.waitForRedis()
        #expect(try Self.statuses(2, [gateway]) == [200, 200])
        #expect(try redis.ask("SCRIPT FLUSH") == "+OK")
        #expect(try Self.statuses(4, [gateway]) == [200, 200, 200, 429])
        #expect(try gateway.alone() == 0)
    }

    @Test func `a value that isn't ours is a full bucket, and one of another kind leaves the gateway alone`() throws {
        let redis = try RealRedis()
        let gateway = try Self.gateway("[{key: ip, rate: 2/h, store: redis}]", redis)
        try gateway.waitForRedis()
        #expect(try Self.statuses(3, [gateway]) == [200, 200, 429])
        let key = "redis.call('KEYS', 'sluice:limit:*')[1]"
        try redis.ask("EVAL \"return redis.call('SET', \(key), 'nonsense')\" 0")
        #expect(try Self.statuses(3, [gateway]) == [200, 200, 429])
        try redis.ask("EVAL \"local key = \(key) redis.call('DEL', key) return redis.call('LPUSH', key, 'a')\" 0")
        #expect(try Self.statuses(3, [gateway]) == [200, 200, 429])
        #expect(try gateway.alone() == 3 && gateway.commands("refused") == 3)
    }

    @Test func `a user, a password and a database`() throws {
        let redis = try RealRedis(["--requirepass", "s3cret"])
        func admin(_ command: String) throws {
            let connection = try RawConnection(.ip(.v4(0x7F00_0001), port: redis.port))
            for line in ["AUTH s3cret", command] {
                try connection.send(line + "\r\n")
                #expect(try connection.take(5) == Array("+OK\r\n".utf8))
            }
        }
        try admin("ACL SETUSER app on >p@ss:word ~sluice:* +@all")
        let rules = "[{key: ip, rate: 2/h, store: redis}]"
        for place in [":s3cret@127.0.0.1:\(redis.port)", "app:p%40ss%3Aword@127.0.0.1:\(redis.port)/3"] {
            let gateway = try Self.gateway(rules, "{url: \"redis://\(place)\"}")
            try gateway.waitForRedis()
            #expect(try Self.statuses(3, [gateway]) == [200, 200, 429], "each database has buckets of its own")
            #expect(try gateway.alone() == 0)
            #expect(try gateway.request("GET", "/state", at: gateway.admin).text.contains("@127") == false)
        }
        for place in ["127.0.0.1:\(redis.port)", ":wrong@127.0.0.1:\(redis.port)"] {
            let gateway = try Self.gateway(rules, "{url: \"redis://\(place)\"}")
            try gateway.waitForRedis("down")
            let problem = try gateway.redisState()["problem"] as? String
            #expect(problem?.contains("it refuses: \(place.hasPrefix("127") ? "NOAUTH" : "WRONGPASS")") == true)
            #expect(try Self.statuses(3, [gateway]) == [200, 200, 429])
        }
    }

    @Test func `TLS, with certificates of both ends`() throws {
        let authority = try TestAuthority()
        try authority.issue("redis", names: "DNS:localhost,IP:127.0.0.1")
        try authority.issue("gateway")
        let redis = try RealRedis(certificates: authority)
        let rules = "[{key: ip, rate: 2/h, store: redis}]"
        let own = "certificate: \(authority.path("gateway.pem")), key: \(authority.path("gateway.key"))"
        for (number, host) in ["localhost", "127.0.0.1"].enumerated() {
            let gateway = try Self.gateway(
                rules,
                "{url: \"rediss://\(host):\(redis.port)/\(number)\", tls: {ca: \(authority.path("ca.pem")), \(own)}}"
            )
            try gateway.waitForRedis()
            #expect(try Self.statuses(3, [gateway]) == [200, 200, 429])
            #expect(try gateway.alone() == 0)
        }
        let unfit = [
            ("{\(own)}", "certificate verify failed"),
            ("{ca: \(authority.path("ca.pem")), serverName: other.test, \(own)}", "certificate verify failed"),
            // Redis asks for one.
            ("{ca: \(authority.path("ca.pem"))}", "certificate required"),
        ]
        for (tls, reason) in unfit {
            let gateway = try Self.gateway(rules, "{url: \"rediss://127.0.0.1:\(redis.port)\", tls: \(tls)}")
            try gateway.waitForRedis("down")
            let problem = try gateway.redisState()["problem"] as? String
            #expect(problem?.contains(reason) == true, "\(problem ?? "") \(tls)")
            #expect(try Self.statuses(3, [gateway]) == [200, 200, 429])
        }
    }

    @Test func `a reload can change the Redis`() throws {
        let (first, second) = (try RealRedis(), try RealRedis())
        let gateway = try Self.gateway("[{key: ip, rate: 2/h, store: redis}]", first)
        try gateway.waitForRedis()
        #expect(try Self.statuses(3, [gateway]) == [200, 200, 429])
        let file = try String(contentsOf: #require(gateway.folder).appending(path: "gateway.yaml"), encoding: .utf8)
        try gateway.replace("gateway.yaml", file.replacingOccurrences(of: "\(first.port)", with: "\(second.port)"))
        #expect(try gateway.request("POST", "/reload", body: "", at: gateway.admin).status == 200)
        try gateway.waitForRedis()
        #expect(try Self.statuses(3, [gateway]) == [200, 200, 429], "it has buckets of its own")
        #expect(try gateway.alone() == 0)
    }
}
