import Bytes
import Telemetry
import TestSupport
import Testing

@testable import Gateway

@Suite("What becomes of spans")
struct SpanExporterTests {
    private static func spans(_ count: Int) -> ByteBuffer {
        let text = ByteBuffer()
        text.append(Array(repeating: "{}", count: count).joined(separator: ","))
        return text
    }

    private static func counts(_ registry: MetricsRegistry) -> [String: Int] {
        let page = String(decoding: registry.page(), as: UTF8.self)
        let lines = page.matches(of: #/sluice_spans_total\{result="([a-z]+)"\} ([0-9]+)\n/#)
        return Dictionary(uniqueKeysWithValues: lines.map { (String($0.output.1), Int($0.output.2) ?? -1) })
    }

    @Test func `what doesn't fit is dropped, and what can't be sent has failed`() {
        let registry = MetricsRegistry()
        let sentences = Recorder<String>()
        let exporter = SpanExporter("http://127.0.0.1:\(ScriptedUpstream.closedPort())/", registry) {
            sentences.add($0)
        }
        exporter.take(Self.spans(8193), count: 8193)
        #expect(Self.counts(registry) == ["dropped": 8193, "exported": 0, "failed": 0])
        exporter.take(Self.spans(8000), count: 8000)
        exporter.take(Self.spans(3), count: 3)
        exporter.flush()
        #expect(Self.counts(registry) == ["dropped": 8193, "exported": 0, "failed": 8003])
        // Once, however many documents there were.
        #expect(sentences.all.count == 1)
    }

    @Test func `a document holds spans of several requests, with commas between them`() {
        let documents = Recorder<String>()
        let collector = ScriptedUpstream { peer, _ in
            while let head = try peer.readRequest() {
                let length = head.lowercased().firstMatch(of: #/content-length: *([0-9]+)/#).flatMap {
                    Int($0.output.1)
                }
                documents.add(String(decoding: try peer.readBody(length ?? 0), as: UTF8.self))
                try peer.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            }
        }
        let registry = MetricsRegistry()
        let exporter = SpanExporter("http://127.0.0.1:\(collector.port)", registry) { _ in }
        exporter.take(Self.spans(1), count: 1)
        exporter.take(Self.spans(2), count: 2)
        exporter.flush()
        exporter.take(Self.spans(1), count: 1)
        exporter.flush()
        #expect(documents.all.map { $0.hasSuffix("\"spans\":[{},{},{}]}]}]}") } == [true, false])
        #expect(documents.all.last?.hasSuffix("\"spans\":[{}]}]}]}") == true)
        #expect(Self.counts(registry) == ["dropped": 0, "exported": 4, "failed": 0])
    }
}
