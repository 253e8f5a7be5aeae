import Foundation
import Synchronization
import TestSupport
import Testing

@Suite("Contract §6: an upstream that fails wholly, under load")
struct StormTests {
    /// What the upstream that fails was asked, and when.
    private final class Storm: Sendable {
        let isRaging = Atomic<Bool>(false)
        let calls = Recorder<Double>()

        /// Fails in all its ways while it rages.
        func upstream() -> ScriptedUpstream {
            ScriptedUpstream { [self] peer, number in
                while let head = try peer.readRequest() {
                    calls.add(Clock.now)
                    guard isRaging.load(ordering: .relaxed) else {
                        try peer.send(answer(StormTests.identifier(in: head)))
                        continue
                    }
                    switch number % 4 {
                    case 0: return peer.reset()
                    case 1: return
                    default: try peer.send(answer("{}", status: "503 Service Unavailable"))
                    }
                }
            }
        }
    }

    /// One request's fate.
    private struct Outcome: Sendable {
        var begun: Double
        var ended: Double
        /// How many answers named it.
        var isAnswered: Bool
        /// The field of the healthy upstream.
        var isGood: Bool
        /// The code of the other field, or nil if it was there.
        var code: String?
    }

    private static func identifier(in head: String) -> String {
        String(head.split(separator: " ")[1].split(separator: "/").last ?? "")
    }

    private func gateway(_ good: ScriptedUpstream, _ bad: ScriptedUpstream) throws -> ServedGateway {
        try ServedGateway([
            "gateway.yaml": """
            server: {listen: "127.0.0.1:0"}
            admin: {listen: "127.0.0.1:0"}
            telemetry: {logs: {access: false}}
            graphql: {schemas: [schema.graphql]}
            upstreams:
              good: {url: "http://127.0.0.1:\(good.port)"}
              bad:
                url: "http://127.0.0.1:\(bad.port)"
                timeout: 2s
                retry: {attempts: 2, backoff: {base: 1ms, max: 5ms}, budget: 20%}
                breaker: {window: 1s, failureRatio: 0.5, minimumCalls: 20, openFor: 300ms, probes: 2, closeAfter: 3}
            routes:
              good: {upstream: good, request: "GET /good/{id}"}
              bad: {upstream: bad, request: "GET /bad/{id}"}
            """,
            "schema.graphql": """
            type Query { good(id: Int!): Int @rest(route: "good") bad(id: Int!): Int @rest(route: "bad") }
            """,
        ])
    }

    /// Sends numbered requests at an even pace from `threads` connections until `isOver`.
    private func load(
        _ gateway: ServedGateway, perSecond: Double, threads: Int, until isOver: @escaping @Sendable () -> Bool
    ) -> Recorder<Outcome> {
        let outcomes = Recorder<Outcome>()
        let address = gateway.address
        let done = Recorder<Bool>()
        for thread in 0..<threads {
            Thread.detachNewThread {
                defer { done.add(true) }
                guard let connection = try? RawConnection(address) else { return }
                let start = Clock.now
                var turn = 0
                while !isOver() {
                    let due = start + Double(turn * threads + thread) / perSecond
                    if Clock.now < due { connection.pause(seconds: due - Clock.now) }
                    guard let outcome = try? Self.ask(connection, turn * threads + thread) else { return }
                    outcomes.add(outcome)
                    turn += 1
                }
            }
        }
        done.wait(count: threads, seconds: 30)
        return outcomes
    }

    private static func ask(_ connection: RawConnection, _ number: Int) throws -> Outcome {
        let body = #"{"query": "query($id: Int!) { good(id: $id) bad(id: $id) }", "variables": {"id": \#(number)}}"#
        let begun = Clock.now
        try connection.send(
            "POST /graphql HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nX-Request-ID: r\(number)\r\n"
                + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
        let response = try connection.readResponse()
        let answer = try Answer(response)
        let bad = answer.value("bad") as? Int
        return Outcome(
            begun: begun, ended: Clock.now,
            // Nothing more has come than the one answer to this request.
            isAnswered: response.field("x-request-id") == "r\(number)" && connection.received.isEmpty
                && (bad == nil || bad == number),
            isGood: answer.value("good") as? Int == number,
            code: bad == nil ? answer.failures.first?.code ?? "none" : nil)
    }

    @Test func `it is called within its budget, then probed, then used again, and nobody else notices`() throws {
        let storm = Storm()
        let good = ScriptedUpstream { peer, _ in
            while let head = try peer.readRequest() { try peer.send(answer(Self.identifier(in: head))) }
        }
        let bad = storm.upstream()
        let gateway = try gateway(good, bad)
        let start = Clock.now
        let broke = start + 0.5
        let mended = start + 2.0
        let outcomes = load(gateway, perSecond: 500, threads: 16) {
            let now = Clock.now
            storm.isRaging.store(now >= broke && now < mended, ordering: .relaxed)
            return now > mended + 1.5
        }.all
        let calls = storm.calls.all
        #expect(outcomes.count > 300)
        #expect(outcomes.allSatisfy { $0.isAnswered && $0.isGood })
        let codes = Set(outcomes.compactMap(\.code))
        #expect(codes.isSubset(of: ["UPSTREAM_STATUS", "UPSTREAM_UNREACHABLE", "BREAKER_OPEN"]), "\(codes)")

        // Until the breaker opens: a call for each request, retries within the budget, and once more for free what was
        // sent on a connection that closed before a byte of the answer: each of those that were there when it broke.
        let refusals = outcomes.filter { $0.code == "BREAKER_OPEN" }
        let opened = try #require(refusals.map(\.ended).min())
        let begun = outcomes.count { $0.begun < opened }
        let called = calls.count { $0 < opened }
        #expect(Double(called) <= 1.2 * Double(begun) + 3 + 16, "\(called) calls for \(begun) requests")

        // While it is open: two probes of two tries at most each time that it is half-open. A try that was under way
        // when it opened may come a moment later.
        let openUntil = max(mended, opened)
        let probes = calls.count { $0 > opened + 0.05 && $0 < openUntil }
        let rounds = Int((openUntil - opened) / 0.3) + 1
        #expect(probes <= rounds * 4, "\(probes) calls in \(rounds) rounds")

        // Then it is used again.
        #expect(outcomes.suffix(16).allSatisfy { $0.code == nil })
        #expect(refusals.count < outcomes.count)
    }
}
