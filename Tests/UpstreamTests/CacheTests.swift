import Bytes
import EventLoop
import HTTP
import Resilience
import Telemetry
import TestSupport
import Testing

@testable import Upstream

@Suite("The cache, on the wire")
struct CacheTests {
    private static let millisecond: UInt64 = 1_000_000
    private static let second: UInt64 = 1_000_000_000

    /// An upstream whose answers are counted, and made by a test.
    final class Counting: Sendable {
        let upstream: ScriptedUpstream

        init(_ answer: @escaping @Sendable (_ head: String, _ count: Int) -> String) {
            let count = Recorder<Bool>()
            upstream = ScriptedUpstream { peer, _ in
                while let head = try peer.readRequest() {
                    count.add(true)
                    try peer.send(answer(head, count.all.count))
                }
            }
        }

        var calls: Int { upstream.heads.all.count }

        func shard(
            _ policy: CachePolicy?, isShared: Bool = true, capacity: Int = 1 << 20, breaker: Bool = false
        ) throws -> Shard {
            try Shard(
                .up(ports: upstream.port, breaker: breaker ? .init(failureRatio: 0.5, minimumCalls: 1) : nil),
                routes: [
                    RouteSettings(name: "up", upstream: "up", isShared: isShared, cache: policy),
                    RouteSettings(name: "other", upstream: "up", isShared: isShared, cache: policy),
                ],
                cache: CacheSettings(capacity: capacity) { !$0.string.hasPrefix("<") })
        }
    }

    static func ok(_ body: String, _ fields: String = "", status: String = "200 OK") -> String {
        "HTTP/1.1 \(status)\r\nContent-Length: \(body.utf8.count)\r\n\(fields)\r\n\(body)"
    }

    /// Calls until `isEnough`, at most half a minute.
    private func callUntil(_ shard: Shard, _ isEnough: (Result) -> Bool) throws -> Result {
        let end = Clock.now + 30
        var result = try shard.call()
        while !isEnough(result), Clock.now < end { result = try shard.call() }
        return result
    }

    @Test func `what is fresh makes no call`() throws {
        let upstream = Counting { _, count in Self.ok("\(count)") }
        let shard = try upstream.shard(CachePolicy(ttl: 60 * Self.second))
        let results = try (0..<5).map { _ in try shard.call() }
        #expect(results.allSatisfy { $0.body == "1" && $0.status == 200 })
        #expect(results.map(\.verdict) == [.miss, .hit, .hit, .hit, .hit])
        #expect(results.map(\.age) == [nil, 0, 0, 0, 0] && results[1].attempts == 0)
        #expect(upstream.calls == 1)
        // Other requests and other routes have answers of their own.
        #expect(try shard.call("up", .get, "/?x").body == "2" && shard.call("other").body == "3")
        #expect(try shard.call("up", .get, "/", fields: [("authorization", "a")]).body == "4")
        #expect(try shard.call("up", .get, "/", fields: [("x-request-id", "a")]).body == "1")
    }

    @Test(arguments: [
        ("Set-Cookie: a=b\r\n", "200 OK"), ("Cache-Control: no-store\r\n", "200 OK"),
        ("Cache-Control: private\r\n", "200 OK"),
        ("Vary: *\r\n", "200 OK"), ("", "201 Created"), ("", "404 Not Found"), ("", "403 Forbidden"),
        ("", "500 Internal Server Error"), ("Location: /\r\n", "302 Found"),
    ])
    func `not every answer is stored`(_ row: (fields: String, status: String)) throws {
        let upstream = Counting { _, count in Self.ok("\(count)", row.fields, status: row.status) }
        let shard = try upstream.shard(CachePolicy(ttl: 60 * Self.second))
        #expect(try shard.call().body == "1" && shard.call().body == "2")
    }

    @Test func `a 404 is kept where the route says so`() throws {
        let upstream = Counting { _, count in Self.ok("\(count)", status: "404 Not Found") }
        let shard = try upstream.shard(CachePolicy(negative: 60 * Self.second))
        #expect(try shard.call().verdict == .miss)
        let second = try shard.call()
        #expect(second.status == 404 && second.verdict == .negative && upstream.calls == 1)
    }

    @Test func `without a ttl the upstream decides`() throws {
        let upstream = Counting { head, count in
            Self.ok("\(count)", head.contains("/fresh") ? "Cache-Control: max-age=60\r\n" : "")
        }
        let shard = try upstream.shard(CachePolicy())
        #expect(try shard.call("up", .get, "/fresh").body == "1" && shard.call("up", .get, "/fresh").body == "1")
        #expect(try shard.call().body == "2" && shard.call().body == "3")
    }

    @Test func `an entry is at most a mebibyte`() throws {
        let large = String(repeating: "x", count: 1 << 20)
        let upstream = Counting { head, _ in Self.ok(large + (head.contains("/more") ? "x" : "")) }
        let shard = try upstream.shard(CachePolicy(ttl: 60 * Self.second), capacity: 8 << 20)
        #expect(try shard.call().verdict == .miss && shard.call().verdict == .hit)
        #expect(try shard.call("up", .get, "/more").verdict == .miss)
        #expect(try shard.call("up", .get, "/more").verdict == .miss)
    }

    @Test func `never more bytes than there is room for`() throws {
        let content = String(repeating: "x", count: 5000)
        let upstream = Counting { _, _ in Self.ok(content) }
        let shard = try upstream.shard(CachePolicy(ttl: 60 * Self.second), capacity: 50_000)
        for index in 0..<40 {
            #expect(try shard.call("up", .get, "/\(index)").status == 200)
            #expect(shard.registry.cacheStatus.bytes <= 50_000)
        }
        let status = shard.registry.cacheStatus
        #expect(status.entries > 3 && status.evictions > 20 && status.capacity == 50_000)
    }

    @Test func `a validator is asked for, and a 304 renews what is stored`() throws {
        let upstream = Counting { head, count in
            let isAsked = head.lowercased().contains("if-none-match: \"v1\"")
            return isAsked
                ? "HTTP/1.1 304 Not Modified\r\nCache-Control: max-age=60\r\n\r\n"
                : Self.ok("\(count)", "ETag: \"v1\"\r\nCache-Control: max-age=0\r\n")
        }
        let shard = try upstream.shard(CachePolicy())
        let results = try (0..<3).map { _ in try shard.call() }
        #expect(results.map(\.body) == ["1", "1", "1"] && results.map(\.status) == [200, 200, 200])
        #expect(results.map(\.verdict) == [.miss, .revalidated, .hit])
        #expect(upstream.calls == 2)
    }

    @Test func `Last-Modified is a validator too, and a changed answer takes the place`() throws {
        let upstream = Counting { head, count in
            Self.ok(
                head.lowercased().contains("if-modified-since: sun, 06 nov 1994 08:49:37 gmt") ? "asked" : "\(count)",
                "Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT\r\n")
        }
        let shard = try upstream.shard(CachePolicy())
        #expect(try shard.call().body == "1" && shard.call().body == "asked")
    }

    @Test func `a client's own condition is passed on as it is`() throws {
        let upstream = Counting { head, _ in
            head.lowercased().contains("if-none-match: \"own\"")
                ? "HTTP/1.1 304 Not Modified\r\n\r\n" : Self.ok("x", "ETag: \"v1\"\r\n")
        }
        let shard = try upstream.shard(CachePolicy())
        let result = try shard.call("up", .get, "/", fields: [("if-none-match", "\"own\"")])
        #expect(result.status == 304)
    }

    @Test func `stale while revalidated: served at once, renewed once`() throws {
        let go = Recorder<Bool>()
        let upstream = Counting { _, count in
            if count == 2 { go.wait(count: 1) }
            return Self.ok("\(count)", "Cache-Control: max-age=\(count == 1 ? 0 : 60)\r\n")
        }
        let shard = try upstream.shard(CachePolicy(staleWhileRevalidate: 60 * Self.second))
        #expect(try shard.call().body == "1")
        let stale = try (0..<10).map { _ in try shard.call() }
        #expect(stale.allSatisfy { $0.body == "1" && $0.verdict == .stale && !$0.isFallback })
        upstream.upstream.heads.wait(count: 2)
        #expect(upstream.calls == 2)
        go.add(true)
        #expect(try callUntil(shard) { $0.body == "2" }.verdict == .hit)
        #expect(upstream.calls == 2)
    }

    @Test func `a refresh that fails is tried again by the next who asks`() throws {
        let upstream = Counting { _, count in
            count == 2
                ? Self.ok("no", status: "500 Internal Server Error")
                : Self.ok("\(count)", "Cache-Control: max-age=\(count == 1 ? 0 : 60)\r\n")
        }
        let shard = try upstream.shard(CachePolicy(staleWhileRevalidate: 60 * Self.second), isShared: false)
        #expect(try shard.call().body == "1")
        #expect(try callUntil(shard) { $0.body != "1" }.body == "3")
    }

    @Test(arguments: ["500 Internal Server Error", "302 Found", "broken", "invalid"])
    func `a failed call is answered by what is stored, if it isn't too old`(_ failure: String) throws {
        let upstream = Counting { _, count in
            if count == 1 { return Self.ok("good", "Age: 7\r\n") }
            if failure == "broken" { return "nonsense\r\n\r\n" }
            return failure == "invalid" ? Self.ok("<html>") : Self.ok("no", status: failure)
        }
        let shard = try upstream.shard(CachePolicy(ttl: 1, staleIfError: 60 * Self.second))
        #expect(try shard.call().body == "good")
        let result = try shard.call()
        #expect(result.body == "good" && result.status == 200 && result.isFallback && result.verdict == .stale)
        #expect(result.age == 7)
        let short = try upstream.shard(CachePolicy(ttl: 1, staleIfError: 1))
        #expect(try short.call().body != "good")
    }

    @Test func `an upstream's refusal is its answer`() throws {
        let upstream = Counting { _, count in
            count == 1 ? Self.ok("good") : Self.ok("no", status: count == 2 ? "404 Not Found" : "500 No")
        }
        let shard = try upstream.shard(CachePolicy(ttl: 1, staleIfError: 60 * Self.second))
        #expect(try shard.call().body == "good")
        #expect(try shard.call().status == 404)
        // And what was there before is over.
        #expect(try shard.call().status == 500)
    }

    @Test func `while the breaker is open what is stored is served without a call`() throws {
        let upstream = Counting { _, count in
            count == 1 ? Self.ok("good") : Self.ok("no", status: "500 Internal Server Error")
        }
        let shard = try upstream.shard(CachePolicy(ttl: 1, staleIfError: 60 * Self.second), breaker: true)
        #expect(try shard.call().body == "good")
        let results = try (0..<5).map { _ in try shard.call() }
        #expect(results.allSatisfy { $0.body == "good" && $0.isFallback })
        #expect(upstream.calls == 2)
    }

    @Test func `followers have the leader's fallback`() throws {
        let go = Recorder<Bool>()
        let upstream = Counting { _, count in
            if count == 1 { return Self.ok("good") }
            go.wait(count: 1)
            return Self.ok("no", status: "500 Internal Server Error")
        }
        let shard = try upstream.shard(CachePolicy(ttl: 1, staleIfError: 60 * Self.second))
        #expect(try shard.call().body == "good")
        let calls = try (0..<5).map { _ in try shard.start() }
        let hurried = try shard.start(milliseconds: 20)
        #expect(hurried.wait().body == "good" && hurried.wait().isFallback)
        go.add(true)
        for call in calls { #expect(call.wait().body == "good" && call.wait().isFallback) }
        #expect(upstream.calls == 2)
    }

    @Test func `a mutation's calls are sent, and what they bring is stored`() throws {
        let upstream = Counting { _, count in Self.ok("\(count)") }
        let shard = try upstream.shard(CachePolicy(ttl: 60 * Self.second))
        #expect(try shard.call().body == "1")
        let own = try shard.start(isExclusive: true).wait()
        #expect(own.body == "2" && own.verdict == .bypass)
        #expect(try shard.call().body == "2")
    }

    @Test func `purging takes a route's answers, or those to one path`() throws {
        let upstream = Counting { _, count in Self.ok("\(count)") }
        let shard = try upstream.shard(CachePolicy(ttl: 60 * Self.second))
        for target in ["/a", "/b?c=d", "/c"] { _ = try shard.call("up", .get, target) }
        _ = try shard.call("other", .get, "/a")
        #expect(shard.registry.purge(route: "none") == nil)
        #expect(shard.registry.purge(route: "up", target: Array("/b?c=d".utf8)) == 1)
        #expect(try shard.call("up", .get, "/a").verdict == .hit)
        #expect(shard.registry.purge(route: "up") == 2)
        #expect(try shard.call("up", .get, "/a").verdict == .miss)
        #expect(try shard.call("other", .get, "/a").verdict == .hit)
    }

    @Test func `another configuration keeps the answers of the routes that stay as they are`() throws {
        let upstream = Counting { _, count in Self.ok("\(count)") }
        let policy = CachePolicy(ttl: 60 * Self.second)
        let shard = try upstream.shard(policy)
        _ = try shard.call("up")
        _ = try shard.call("other")
        let routes = [
            RouteSettings(name: "up", upstream: "up", timeout: Self.second, isShared: true, cache: policy),
            RouteSettings(
                name: "other", upstream: "up", isShared: true, cache: CachePolicy(ttl: 30 * Self.second)),
        ]
        let next = UpstreamRegistry(
            upstreams: [.up(ports: upstream.upstream.port)], routes: routes, metrics: shard.metrics,
            cache: CacheSettings(capacity: 1 << 20), previous: shard.registry)
        let reloaded = try Shard(over: next)
        #expect(try reloaded.call("up").body == "1" && reloaded.call("other").body == "3")
    }

    @Test func `metrics tell what the cache does`() throws {
        let upstream = Counting { _, _ in Self.ok("x") }
        let shard = try upstream.shard(CachePolicy(ttl: 60 * Self.second))
        for _ in 0..<3 { _ = try shard.call() }
        let page = String(decoding: shard.metrics.page(), as: UTF8.self)
        #expect(page.contains("sluice_cache_total{result=\"hit\"} 2\n"))
        #expect(page.contains("sluice_cache_total{result=\"miss\"} 1\n"))
        #expect(page.contains("sluice_cache_evictions_total 0\n"))
        #expect(page.contains("sluice_cache_bytes \(shard.registry.cacheStatus.bytes)\n"))
    }
}
