import Bytes
import HTTP
import Resilience
import TestSupport
import Testing

@testable import Upstream

@Suite("What makes two calls the same (contract §6, Single flight)")
struct CallKeyTests {
    /// A request as its parts, which the key has to tell apart.
    struct Request: Hashable {
        var route: UInt64 = 0
        var method = "GET"
        var group = 0
        var target = "/"
        var body: String?
        var fields: [[String]] = []
    }

    private static func key(_ request: Request, _ thread: LoopThread) throws -> [UInt8] {
        let loop = thread.loop
        return try thread.run {
            let call = UpstreamClient(loop: loop).makeCall()
            call.method = HTTP.Method(request.method)
            call.preference.group = request.group
            call.target.append(request.target)
            if let body = request.body {
                let buffer = ByteBuffer()
                buffer.append(body)
                call.body = buffer
            }
            for field in request.fields { call.fields.append(name: field[0], value: field[1]) }
            let key = ByteBuffer()
            CallKey.append(call, route: request.route, to: key)
            return (0..<key.count).map { key[$0] }
        }
    }

    @Test func `two requests have one key exactly when they are the same`() throws {
        let thread = try LoopThread()
        var random = Seeded(.random(in: 0 ... .max))
        // Few and short pieces, made to run into each other.
        let pieces = ["", "/", "a", "b", "ab", "a\u{1}", "\u{0}", ":", "a:b", "authorization", "\u{1}\u{0}\u{0}\u{0}"]
        let names = ["authorization", "cookie", "x-a", "x-ab", "accept-language", "a"]
        func request() -> Request {
            Request(
                route: UInt64.random(in: 0..<2, using: &random),
                method: ["GET", "HEAD", "PUT"].randomElement(using: &random)!,
                group: Int.random(in: 0..<2, using: &random),
                target: pieces.randomElement(using: &random)! + pieces.randomElement(using: &random)!,
                body: [nil, "", "a", "\u{1}"].randomElement(using: &random)!,
                fields: (0..<Int.random(in: 0..<3, using: &random)).map { _ in
                    [names.randomElement(using: &random)!, pieces.randomElement(using: &random)!]
                })
        }
        var known: [[UInt8]: Request] = [:]
        for _ in 0..<4000 {
            let next = request()
            let key = try Self.key(next, thread)
            if let other = known[key] { #expect(other == next, "\(random)") }
            known[key] = next
        }
        #expect(Set(known.values).count == known.count, "\(random)")
    }

    @Test func `a route that forwards a credential is private to its value`() throws {
        let thread = try LoopThread()
        for name in ["authorization", "cookie", "Authorization", "x-user"] {
            let one = try Self.key(Request(fields: [[name, "a"]]), thread)
            #expect(try one != Self.key(Request(fields: [[name, "b"]]), thread))
            #expect(try one != Self.key(Request(), thread))
            #expect(try one == Self.key(Request(fields: [[name.uppercased(), "a"]]), thread))
        }
    }

    @Test(arguments: [
        "x-request-id", "traceparent", "tracestate", "baggage", "b3", "x-b3-traceid", "X-B3-Sampled",
        "x-request-timeout-ms",
    ])
    func `what is of one request only is no part of the key`(_ name: String) throws {
        let thread = try LoopThread()
        #expect(try Self.key(Request(fields: [[name, "1"]]), thread) == Self.key(Request(), thread))
    }

    @Test func `names that only look like those are`() throws {
        let thread = try LoopThread()
        for name in ["x-b3", "x-b4-traceid", "x-b3-"] {
            #expect(try Self.key(Request(fields: [[name, "1"]]), thread) != Self.key(Request(), thread))
        }
    }
}
