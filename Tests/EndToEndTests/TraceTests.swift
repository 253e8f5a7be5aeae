import EventLoop
import Foundation
import TestSupport
import Testing

@Suite("Traces")
struct TraceTests {
    private static let trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    private static let parent = "00f067aa0ba902b7"

    /// A collector that keeps the documents it is posted.
    private final class Collector: Sendable {
        let documents: Recorder<String>
        private let server: ScriptedUpstream

        init() {
            let documents = Recorder<String>()
            self.documents = documents
            server = ScriptedUpstream { peer, _ in
                while let head = try peer.readRequest() {
                    let line = head.lowercased().split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
                    let length = line?.split(separator: ":").last.flatMap { Int($0.drop { $0 == " " }) } ?? 0
                    let body = try peer.readBody(length)
                    try peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
                    if head.hasPrefix("POST /v1/traces ") { documents.add(String(decoding: body, as: UTF8.self)) }
                }
            }
        }

        var url: String { "http://127.0.0.1:\(server.port)" }

        /// The spans that came, once there are so many.
        func spans(_ count: Int) throws -> [[String: Any]] {
            let all = documents.wait(seconds: 20) { documents in documents.map(Self.spans).joined().count >= count }
            return Array(all.map(Self.spans).joined())
        }

        private static func spans(_ document: String) -> [[String: Any]] {
            let root = (try? JSONSerialization.jsonObject(with: Data(document.utf8))) as? [String: Any]
            let resources = root?["resourceSpans"] as? [[String: Any]] ?? []
            let scopes = resources.flatMap { $0["scopeSpans"] as? [[String: Any]] ?? [] }
            return scopes.flatMap { $0["spans"] as? [[String: Any]] ?? [] }
        }
    }

    private static func gateway(_ upstream: ScriptedUpstream, traces: String) throws -> ServedGateway {
        try ServedGateway([
            "gateway.yaml": """
            server: {listen: "127.0.0.1:0"}
            admin: {listen: "127.0.0.1:0"}
            graphql: {schemas: [schema.graphql]}
            telemetry: {traces: \(traces)}
            upstreams:
              things: {url: "http://127.0.0.1:\(upstream.port)", retry: {attempts: 2, backoff: {base: 1ms, max: 2ms}}}
            routes:
              thing: {upstream: things, request: "GET /thing"}
            rest:
              "GET /thing": {route: thing}
              "ANY /legacy/{path...}": {upstream: things, rewrite: "/{path}"}
            """,
            "schema.graphql": """
            type Query { thing: Thing @rest(route: "thing") }
            type Thing { name: String }
            """,
        ])
    }

    private static func upstream() -> ScriptedUpstream {
        ScriptedUpstream { peer, number in
            while try peer.readRequest() != nil {
                // The first answer is one to try again after.
                if number == 0 {
                    try peer.send(answer("{}", status: "503 Service Unavailable", fields: "Connection: close\r\n"))
                    return
                }
                try peer.send(answer("{\"name\": \"a\"}"))
            }
        }
    }

    private func value(_ span: [String: Any], _ name: String) -> String? {
        let attributes = span["attributes"] as? [[String: Any]] ?? []
        let value = attributes.first { $0["key"] as? String == name }?["value"] as? [String: Any]
        return value?["stringValue"] as? String ?? value?["intValue"] as? String
    }

    @Test func `a caller's trace goes on with a span for the request, the plan, each call and each try`() throws {
        let upstream = Self.upstream(), collector = Collector()
        let gateway = try Self.gateway(upstream, traces: "{otlp: \"\(collector.url)\", sample: 0%}")
        let answer = try gateway.query(
            "query Look { thing { name } }", fields: ["traceparent: 00-\(Self.trace)-\(Self.parent)-01"])
        #expect(answer.status == 200)
        let spans = try collector.spans(5)
        #expect(spans.count == 5 && spans.allSatisfy { $0["traceId"] as? String == Self.trace })
        let request = try #require(spans.first { $0["parentSpanId"] as? String == Self.parent })
        #expect(request["name"] as? String == "graphql Look" && request["kind"] as? Int == 2)
        #expect(value(request, "http.response.status_code") == "200")
        let id = request["spanId"] as? String
        let children = spans.filter { $0["parentSpanId"] as? String == id }
        #expect(Set(children.map { $0["name"] as? String }) == ["plan", "thing"])
        let call = try #require(children.first { $0["name"] as? String == "thing" })
        #expect(call["kind"] as? Int == 3 && value(call, "peer.service") == "things")
        let tries = spans.filter { $0["parentSpanId"] as? String == call["spanId"] as? String }
        #expect(tries.map { value($0, "http.response.status_code") } == ["503", "200"])
        // What goes upstream names the call's span, in both forms.
        let head = try #require(upstream.heads.all.last?.lowercased())
        let span = try #require(call["spanId"] as? String)
        #expect(head.contains("\r\ntraceparent: 00-\(Self.trace)-\(span)-01\r\n"))
        #expect(head.contains("\r\nb3: \(Self.trace)-\(span)-1"))
        let line = gateway.line(with: "\"msg\":\"access\"")
        #expect(line?.contains("\"trace_id\":\"\(Self.trace)\"") == true)
    }

    @Test func `OpenTelemetry's own types read what is sent`() throws {
        let upstream = Self.upstream(), collector = Collector()
        let gateway = try Self.gateway(upstream, traces: "{otlp: \"\(collector.url)\", sample: 100%}")
        #expect(try gateway.query("query Look { thing { name } }").status == 200)
        _ = try collector.spans(5)
        let text = try #require(collector.documents.all.first)
        let script = ClientTests.clients.appending(path: "spans.py").path
        let printed = String(decoding: try Python.run([script], input: Data(text.utf8)), as: UTF8.self)
        #expect(
            printed.split(separator: "\n").sorted()
                == [
                    "INTERNAL plan", "INTERNAL try", "INTERNAL try", "CLIENT thing", "SERVER graphql Look", "sluice",
                ].sorted().map { Substring($0) }, "\(printed)")
    }

    @Test func `the document is the same to the byte but for identities and times`() throws {
        let upstream = Self.upstream(), collector = Collector()
        let gateway = try Self.gateway(upstream, traces: "{otlp: \"\(collector.url)\", sample: 0%}")
        let answer = try gateway.query(
            "query Look { thing { name } }",
            fields: ["traceparent: 00-\(Self.trace)-\(Self.parent)-01", "x-request-id: r-1"])
        #expect(answer.status == 200)
        _ = try collector.spans(5)
        func span(_ parent: String, _ name: String, _ kind: Int, _ attributes: [String], isError: Bool = false)
            -> String
        {
            #"{"traceId":"\#(Self.trace)","spanId":"ID","parentSpanId":"\#(parent)","name":"\#(name)","kind":\#(kind),"#
                + #""startTimeUnixNano":"TIME","endTimeUnixNano":"TIME","attributes":[\#(attributes.joined(separator: ","))],"#
                + #""status":\#(isError ? #"{"code":2}"# : "{}")}"#
        }
        func text(_ name: String, _ value: String) -> String {
            #"{"key":"\#(name)","value":{"stringValue":"\#(value)"}}"#
        }
        func number(_ name: String, _ value: Int) -> String { #"{"key":"\#(name)","value":{"intValue":"\#(value)"}}"# }
        let request = [
            text("http.request.method", "POST"), text("url.path", "/graphql"), number("http.response.status_code", 200),
            text("sluice.door", "graphql"), text("sluice.request_id", "r-1"), text("sluice.profile", "web"),
            text("graphql.operation.name", "Look"),
        ]
        let call = [
            text("peer.service", "things"), number("sluice.attempts", 2), text("sluice.route", "thing"),
            number("http.response.status_code", 200),
        ]
        let spans = [
            span(Self.parent, "graphql Look", 2, request), span("ID", "plan", 1, []), span("ID", "thing", 3, call),
            span("ID", "try", 1, [number("http.response.status_code", 503)], isError: true),
            span("ID", "try", 1, [number("http.request.resend_count", 1), number("http.response.status_code", 200)]),
        ]
        var document = try #require(collector.documents.all.first)
        document.replace(#/UnixNano":"[0-9]{19}"/#, with: "UnixNano\":\"TIME\"")
        document.replace(#/panId":"(?!00f067aa0ba902b7)[0-9a-f]{16}"/#, with: "panId\":\"ID\"")
        document.replace(#/"service.version","value":{"stringValue":"[^"]*"/#, with: "VERSION")
        #expect(
            document
                == #"{"resourceSpans":[{"resource":{"attributes":[\#(text("service.name", "sluice")),{"key":VERSION}}]},"#
                + #""scopeSpans":[{"scope":{"name":"sluice"},"spans":[\#(spans.joined(separator: ","))]}]}]}"#)
    }

    @Test func `a streamed call's own span takes the place of the client's`() throws {
        let upstream = ScriptedUpstream(always: answer("{}")), collector = Collector()
        let gateway = try Self.gateway(upstream, traces: "{otlp: \"\(collector.url)\", sample: 0%}")
        let fields = [
            "X-B3-TraceId: \(Self.trace)", "X-B3-SpanId: \(Self.parent)", "X-B3-Sampled: 1", "X-Other: 1",
        ]
        #expect(try gateway.request("GET", "/legacy/a", fields: fields).status == 200)
        let spans = try collector.spans(3)
        let call = try #require(spans.first { $0["kind"] as? Int == 3 })
        let span = try #require(call["spanId"] as? String)
        let head = try #require(upstream.heads.all.last?.lowercased())
        #expect(head.contains("\r\nb3: \(Self.trace)-\(span)-1") && head.contains("\r\nx-other: 1"))
        #expect(!head.contains("x-b3-"))
    }

    @Test func `kinds of doors have shares of their own, and a caller's decision comes before them`() throws {
        let (collector, upstream) = (Collector(), Self.upstream())
        let gateway = try Self.gateway(
            upstream, traces: "{otlp: \"\(collector.url)\", sample: 0%, doors: {route: 100%}}")
        for _ in 0..<5 {
            #expect(try gateway.query("{ thing { name } }").status == 200)
            #expect(try gateway.request("GET", "/legacy/x").status == 200)
            #expect(try gateway.request("GET", "/nowhere").status == 404)
        }
        #expect(try gateway.request("GET", "/thing").status == 200)
        let caller = "traceparent: 00-\(Self.trace)-\(Self.parent)-01"
        #expect(try gateway.request("GET", "/legacy/x", fields: [caller]).status == 200)
        // The request, its call and its try, twice.
        let spans = try collector.spans(6)
        let doors = spans.flatMap { $0["attributes"] as? [[String: Any]] ?? [] }
            .filter { $0["key"] as? String == "sluice.door" }
            .compactMap { ($0["value"] as? [String: Any])?["stringValue"] as? String }
        #expect(doors.sorted() == ["passthrough", "route"], "\(spans)")
        #expect(spans.count { $0["traceId"] as? String == Self.trace } == 3)
    }

    @Test func `what a caller doesn't record isn't recorded, and its context passes unchanged`() throws {
        let upstream = ScriptedUpstream(always: answer("{\"name\": \"a\"}")), collector = Collector()
        let gateway = try Self.gateway(upstream, traces: "{otlp: \"\(collector.url)\", sample: 100%, propagate: [w3c]}")
        let context = "00-\(Self.trace)-\(Self.parent)-00"
        #expect(try gateway.request("GET", "/thing", fields: ["traceparent: \(context)"]).status == 200)
        #expect(upstream.heads.all.last?.lowercased().contains("\r\ntraceparent: \(context)") == true)
        // One without a caller is recorded: all of them are.
        #expect(try gateway.request("GET", "/thing").status == 200)
        let spans = try collector.spans(3)
        #expect(spans.allSatisfy { $0["traceId"] as? String != Self.trace })
        #expect(upstream.heads.all.last?.lowercased().contains("\r\ntraceparent: 00-") == true)
    }

    @Test func `many spans come in several documents, each request's whole in one`() throws {
        let upstream = ScriptedUpstream(always: answer("{\"name\": \"a\"}")), collector = Collector()
        let gateway = try Self.gateway(upstream, traces: "{otlp: \"\(collector.url)\", sample: 100%}")
        let requests = 400
        for _ in 0..<requests { #expect(try gateway.request("GET", "/thing").status == 200) }
        // The request, its call and its try; a document with 512 or more is full.
        let spans = try collector.spans(3 * requests)
        #expect(spans.count == 3 * requests && Set(spans.map { $0["spanId"] as? String }).count == spans.count)
        #expect(collector.documents.all.count >= 3)
        for document in collector.documents.all {
            let traces = document.matches(of: #/"traceId":"([0-9a-f]{32})"/#).map(\.output.1)
            #expect(traces.count <= 513 && traces.count == 3 * Set(traces).count)
        }
        let metrics = try gateway.request("GET", "/metrics", at: gateway.admin).text
        #expect(metrics.contains("sluice_spans_total{result=\"dropped\"} 0\n"))
    }

    @Test func `a collector that is gone costs spans, not requests`() throws {
        let upstream = ScriptedUpstream(always: answer("{\"name\": \"a\"}"))
        let closed = ScriptedUpstream.closedPort()
        let gateway = try Self.gateway(upstream, traces: "{otlp: \"http://127.0.0.1:\(closed)\", sample: 100%}")
        #expect(try gateway.request("GET", "/thing").status == 200)
        #expect(gateway.line(with: "Spans can't be sent to http://127.0.0.1:\(closed)") != nil)
        let metrics = try gateway.request("GET", "/metrics", at: gateway.admin).text
        #expect(metrics.contains("sluice_spans_total{result=\"failed\"} 3\n"))
        #expect(try gateway.request("GET", "/thing").status == 200)
    }
}
