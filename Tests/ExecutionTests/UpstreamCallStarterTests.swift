import Bytes
import EventLoop
import HTTP
import Telemetry
import Testing
import Upstream

@testable import Execution

/// A transport that answers every request in the next part of the tick: `/up` paths well, others not at all.
private final class FakeTransport: Transport {
    final class Exchange: TransportCall {
        func cancel() {}
        func pause() {}
        func resume() {}
        func write(_ bytes: RawSpan) -> Bool { true }
        func endBody() {}
    }

    let loop: EventLoop
    var log: [String] = []

    init(loop: EventLoop) { self.loop = loop }

    func start(_ request: TransportRequest, _ receiver: any TransportReceiver) -> any TransportCall {
        let fields = (0..<request.fields.count).map {
            "\(request.fields.nameString(at: $0))=\(request.fields.valueString(at: $0))"
        }
        log.append("\(request.method) \(request.target.string) \(fields.joined(separator: ","))")
        loop.atEndOfTick {
            guard request.target.string == "/a" else {
                receiver.failed(TransportFailure(.reset, nothingSent: false, nothingReceived: false, reused: false))
                return
            }
            let text = ByteBuffer()
            text.append("HTTP/1.1 200 OK\r\ncontent-length: 12\r\n\r\n")
            var parser = ResponseParser()
            _ = try? parser.parse(text, into: request.head, limits: HeadLimits(), method: .get)
            receiver.head()
            let body = ByteBuffer()
            body.append(#"{"id":"one"}"#)
            receiver.body(body.bytes)
            receiver.ended()
        }
        return Exchange()
    }

    func closeRetired() {}

    func close() {}
}

private final class Forwarder: UpstreamCallDelegate {
    let registry: UpstreamRegistry
    var ended = 0

    init(_ registry: UpstreamRegistry) { self.registry = registry }

    func prepare(_ upstreamCall: UpstreamCall, for call: ExecutionCall) {
        upstreamCall.route = registry.routes[call.route]
        upstreamCall.fields.append(name: "Authorization", value: "client")
        upstreamCall.fields.append(name: "accept", value: "x")
    }

    func ended(_ upstreamCall: UpstreamCall, for call: ExecutionCall) { ended += 1 }
}

@Suite("Calls through an upstream client")
struct UpstreamCallStarterTests {
    @Test func `calls carry forwarded and set fields, outcomes come back`() throws {
        let loop = try EventLoop()
        let transport = FakeTransport(loop: loop)
        let upstream = UpstreamSettings(name: "up", targets: [TargetSettings(host: "127.0.0.1", port: 1)])
        let registry = UpstreamRegistry(
            upstreams: [upstream],
            routes: ["a", "b", "next"].map { RouteSettings(name: $0, upstream: "up") }, metrics: MetricsRegistry())
        let forwarder = Forwarder(registry)
        let starter = UpstreamCallStarter(
            client: UpstreamClient(loop: loop, direct: transport, curl: nil), delegate: forwarder)
        let harness = try Harness(
            CallTests.sdl, [("a", "GET /a"), ("b", "GET /b"), ("next", "GET /next/{id}")],
            headers: [("authorization", "gateway")])
        harness.client.deadline = loop.preciseNow().advanced(byNanoseconds: 10_000_000_000)
        let pool = OperationRunPool(starter: starter, loop: loop)
        for round in 1...2 {
            let run = pool.take(
                try harness.plan("{ a { id } b { id } }"), variables: [:], context: harness.client, callLimit: 9)
            run.run { _ in loop.stop() }
            loop.run()
            let text = Harness.text(run)
            #expect(Harness.outline(text).data == #"{"a":{"id":"one"},"b":null}"#)
            #expect(text.contains(#""code":"UPSTREAM_UNREACHABLE","route":"b","upstream":"up","attempts":1}"#))
            #expect(forwarder.ended == round * 2)
            pool.giveBack(run)
        }
        #expect(transport.log[0].hasPrefix("GET /a "))
        #expect(transport.log[0].contains("accept=x"))
        #expect(transport.log[0].contains("authorization=gateway"))
        #expect(!transport.log[0].contains("client"))
    }
}
