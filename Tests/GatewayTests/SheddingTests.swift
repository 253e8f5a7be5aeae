import Dispatch
import EventLoop
import Resilience
import Synchronization
import TestSupport
import Testing

@testable import Gateway

@Suite("Contract §6: shedding")
struct SheddingTests {
    private let millisecond: UInt64 = 1_000_000

    private func time(_ milliseconds: UInt64) -> MonotonicTime {
        MonotonicTime(nanoseconds: 1_000_000_000_000 + milliseconds * 1_000_000)
    }

    @Test(arguments: [
        (0, false, [0, 0, 1]), (1, false, [1, 1, 1]), (1, true, [1, 1, 1]), (10, false, [10, 10, 8]),
        (10, true, [10, 9, 8]), (100, false, [100, 100, 80]), (100, true, [100, 95, 80]), (3, true, [3, 2, 2]),
    ])
    func `low priority leaves a fifth, normal a twentieth where anything is high`(
        maximum: Int, reserves: Bool, expected: [Int]
    ) {
        let limits = ShedLimits(maximum: maximum, reservesForHigh: reserves)
        #expect(Priority.allCases.map { limits.limit($0) } == expected)
        #expect(limits.isOn == (maximum > 0))
    }

    @Test func `urgencies of RFC 9218`() {
        let expected: [Priority] = [.high, .high, .high, .normal, .low, .low, .low, .low]
        #expect((0...7).map { Priority(urgency: $0) } == expected)
    }

    @Test func `without a limit everything is taken in`() {
        let shedder = LoadShedder()
        let limits = ShedLimits(maximum: 0, reservesForHigh: false)
        let taken = (0..<100).map { _ in shedder.admit(.low, limits, now: time(0)) }
        #expect(taken.allSatisfy { $0 })
        #expect(shedder.inFlight == 100 && !shedder.isShedding(limits, now: time(0)))
    }

    @Test func `the limit itself is no reason to be unready, the first refusal is, until a second of relief`() {
        let shedder = LoadShedder()
        let limits = ShedLimits(maximum: 10, reservesForHigh: false)
        for _ in 0..<10 { #expect(shedder.admit(.normal, limits, now: time(0))) }
        #expect(!shedder.isShedding(limits, now: time(0)))
        #expect(!shedder.admit(.normal, limits, now: time(1)))
        #expect(shedder.inFlight == 10)
        #expect(shedder.isShedding(limits, now: time(1)))
        shedder.leave(limits, now: time(100))
        // Nine of ten is not below 90 %.
        #expect(shedder.isShedding(limits, now: time(5000)))
        shedder.leave(limits, now: time(5000))
        #expect(shedder.isShedding(limits, now: time(5999)))
        #expect(!shedder.isShedding(limits, now: time(6000)))
        // It isn't shedding again because it is crowded again.
        #expect(shedder.admit(.normal, limits, now: time(6001)))
        #expect(!shedder.isShedding(limits, now: time(6001)))
    }

    @Test func `crowding within the second begins it anew`() {
        let shedder = LoadShedder()
        let limits = ShedLimits(maximum: 10, reservesForHigh: false)
        for _ in 0..<11 { _ = shedder.admit(.normal, limits, now: time(0)) }
        for _ in 0..<5 { shedder.leave(limits, now: time(0)) }
        for _ in 0..<4 { _ = shedder.admit(.normal, limits, now: time(500)) }
        shedder.leave(limits, now: time(600))
        #expect(shedder.isShedding(limits, now: time(1500)))
        #expect(!shedder.isShedding(limits, now: time(1600)))
    }

    @Test func `low is refused first, and that alone is no reason to be unready`() {
        let shedder = LoadShedder()
        let limits = ShedLimits(maximum: 20, reservesForHigh: true)
        func taken(_ priority: Priority) -> Int {
            var count = 0
            while shedder.admit(priority, limits, now: time(0)) { count += 1 }
            return count
        }
        #expect(taken(.low) == 16)
        #expect(!shedder.isShedding(limits, now: time(0)))
        #expect(taken(.normal) == 3)
        #expect(shedder.isShedding(limits, now: time(0)))
        #expect(taken(.high) == 1)
        for _ in 0..<20 { shedder.leave(limits, now: time(1)) }
        #expect(shedder.inFlight == 0)
    }

    @Test func `threads that come and go leave nobody counted`() {
        let shedder = LoadShedder()
        let limits = ShedLimits(maximum: 4, reservesForHigh: false)
        let served = Atomic<Int>(0)
        DispatchQueue.concurrentPerform(iterations: 8) { _ in
            for _ in 0..<5000 where shedder.admit(.normal, limits, now: .current) {
                served.add(1, ordering: .relaxed)
                shedder.leave(limits, now: .current)
            }
        }
        #expect(shedder.inFlight == 0)
        #expect(served.load(ordering: .relaxed) > 0)
    }

    // MARK: On the wire

    private static func slow(_ release: TestSupport.Latch) -> ScriptedUpstream {
        ScriptedUpstream(always: json("1"), after: release)
    }

    private static let doors = """
        upstreams: {up: {url: "http://127.0.0.1:PORT"}}
        routes: {slow: {upstream: up, request: "GET /slow", singleFlight: false}}
        rest:
          "GET /slow": {route: slow}
          "GET /backup": {route: slow, priority: low}
          "GET /checkout": {route: slow, priority: high}
        """

    private func gateway(_ upstream: ScriptedUpstream, inFlight: Int, trusted: Bool = false) throws -> RunningGateway {
        let proxies = trusted ? "\n  trustedProxies: [127.0.0.1]" : ""
        return try RunningGateway(
            Self.doors.replacing("PORT", with: "\(upstream.port)"),
            server: "  limits: {inFlight: \(inFlight)}\(proxies)", upstream: upstream)
    }

    /// Keeps `count` requests under way.
    private func occupy(
        _ gateway: RunningGateway, _ upstream: ScriptedUpstream, _ count: Int
    ) throws -> [RawConnection] {
        let connections = try (0..<count).map { _ in try gateway.connect() }
        for connection in connections { try connection.send("GET /slow HTTP/1.1\r\nHost: h\r\n\r\n") }
        upstream.heads.wait(count: count)
        return connections
    }

    @Test func `low, normal and high priority are refused in this order`() throws {
        let release = TestSupport.Latch()
        let upstream = Self.slow(release)
        let gateway = try gateway(upstream, inFlight: 5)
        // Four of five: 80 %, and with something high configured normal stops there too.
        let busy = try occupy(gateway, upstream, 4)
        let low = try gateway.send("GET /backup")
        #expect(low.status == 503 && low.problemCode == "OVERLOADED" && low.field("retry-after") == "1")
        #expect(try gateway.send("GET /slow").status == 503)
        let high = try gateway.connect()
        try high.send("GET /checkout HTTP/1.1\r\nHost: h\r\n\r\n")
        upstream.heads.wait(count: 5)
        #expect(try gateway.send("GET /checkout").status == 503)
        release.open()
        #expect(try high.readResponse().status == 200)
        for connection in busy { #expect(try connection.readResponse().status == 200) }
        #expect(try gateway.send("GET /backup").status == 200)
        #expect(upstream.heads.all.count == 6)
    }

    @Test func `a trusted proxy says how urgent a request is, anybody else doesn't`() throws {
        for isTrusted in [true, false] {
            let release = TestSupport.Latch()
            let upstream = Self.slow(release)
            let gateway = try gateway(upstream, inFlight: 5, trusted: isTrusted)
            let busy = try occupy(gateway, upstream, 4)
            let urgent = try gateway.connect()
            try urgent.send("GET /backup HTTP/1.1\r\nHost: h\r\nPriority: u=1, i\r\n\r\n")
            if isTrusted {
                upstream.heads.wait(count: 5)
                #expect(try gateway.send("GET /checkout", "Priority: u=6").status == 503)
            } else {
                #expect(try urgent.readResponse().status == 503)
            }
            release.open()
            if isTrusted { #expect(try urgent.readResponse().status == 200) }
            for connection in busy { #expect(try connection.readResponse().status == 200) }
        }
    }
}
