import Telemetry
import Testing

@Suite("Prometheus text exposition format 0.0.4")
struct MetricsTests {
    private func page(_ registry: MetricsRegistry) -> String { String(decoding: registry.page(), as: UTF8.self) }

    @Test func `a page names each family once, with help and type before its numbers`() {
        let registry = MetricsRegistry()
        registry.counter("sluice_retries_total", help: "Tries beyond the first.", labels: ["upstream": "users"]).add(3)
        registry.gauge("sluice_in_flight", help: "Requests under way.").set(-2)
        registry.counter("sluice_retries_total", help: "", labels: ["upstream": "posts"]).add()
        registry.collect("sluice_breaker_state", help: "0 closed,\n1 half-open, 2 open \\o/.") {
            [
                MetricsRegistry.Sample(["breaker": "users"], 2), MetricsRegistry.Sample(["breaker": "x"], 0.25),
                MetricsRegistry.Sample([:], .infinity), MetricsRegistry.Sample(["breaker": "nan"], .nan),
            ]
        }
        #expect(
            page(registry) == """
                # HELP sluice_breaker_state 0 closed,\\n1 half-open, 2 open \\\\o/.
                # TYPE sluice_breaker_state gauge
                sluice_breaker_state{breaker="users"} 2
                sluice_breaker_state{breaker="x"} 0.25
                sluice_breaker_state +Inf
                sluice_breaker_state{breaker="nan"} NaN
                # HELP sluice_in_flight Requests under way.
                # TYPE sluice_in_flight gauge
                sluice_in_flight -2
                # HELP sluice_retries_total Tries beyond the first.
                # TYPE sluice_retries_total counter
                sluice_retries_total{upstream="users"} 3
                sluice_retries_total{upstream="posts"} 1

                """)
    }

    @Test func `label values are escaped`() {
        let registry = MetricsRegistry()
        registry.counter("a_total", help: "A.", labels: ["route": "a\"b\\c\nd é"]).add()
        #expect(page(registry).contains(#"a_total{route="a\"b\\c\nd é"} 1"#))
    }

    @Test func `buckets are cumulative, with bounds that belong to the lower one`() {
        let registry = MetricsRegistry()
        let histogram = registry.histogram(
            "http_client_request_duration_seconds", help: "Calls.", labels: ["route": "users.get"])
        for nanoseconds: UInt64 in [0, 500_000, 500_001, 10_000_000_000, 10_000_000_001, 7_250_000_000] {
            histogram.record(nanoseconds: nanoseconds)
        }
        let name = "http_client_request_duration_seconds"
        let expected = [
            #"_bucket{route="users.get",le="0.0005"} 2"#, #"_bucket{route="users.get",le="0.001"} 3"#,
            #"_bucket{route="users.get",le="5"} 3"#, #"_bucket{route="users.get",le="10"} 5"#,
            #"_bucket{route="users.get",le="+Inf"} 6"#, #"_sum{route="users.get"} 27.251000002"#,
            #"_count{route="users.get"} 6"#,
        ]
        let text = page(registry)
        for line in expected { #expect(text.contains("\(name)\(line)\n"), "\(line)") }
        #expect(text.split(separator: "\n").count == 2 + 15 + 2)
        #expect(histogram.count == 6 && histogram.sumNanoseconds == 27_251_000_002)
    }

    @Test func `parts of a histogram of counts are shown as their sum`() {
        let registry = MetricsRegistry()
        let parts = (0..<2).map { _ in
            registry.histogramPart("depth", help: "Depth.", bounds: Histogram.Bounds(counts: [1, 5]))
        }
        parts[0].recordAlone(1)
        parts[0].recordAlone(9)
        parts[1].recordAlone(5)
        #expect(
            page(registry) == """
                # HELP depth Depth.
                # TYPE depth histogram
                depth_bucket{le="1"} 1
                depth_bucket{le="5"} 2
                depth_bucket{le="+Inf"} 3
                depth_sum 15
                depth_count 3

                """)
    }

    @Test func `the finer bounds begin at ten microseconds`() {
        let registry = MetricsRegistry()
        registry.histogram("sluice_gateway_overhead_seconds", help: "Own time.", bounds: .overhead)
            .record(nanoseconds: 9000)
        #expect(page(registry).contains(#"sluice_gateway_overhead_seconds_bucket{le="0.00001"} 1"#))
        #expect(page(registry).contains(#"sluice_gateway_overhead_seconds_sum 0.000009"#))
    }

    @Test func `asking again gives the same metric, and a collector is replaced`() {
        let registry = MetricsRegistry()
        let first = registry.counter("a_total", help: "A.", labels: ["b": "c"])
        #expect(first === registry.counter("a_total", help: "A.", labels: ["b": "c"]))
        #expect(first !== registry.counter("a_total", help: "A.", labels: ["b": "d"]))
        registry.collect("b", help: "B.") { [MetricsRegistry.Sample([:], 1)] }
        registry.collect("b", help: "B.") { [MetricsRegistry.Sample([:], 2)] }
        #expect(page(registry).hasSuffix("# TYPE b gauge\nb 2\n"))
    }

    @Test func `many threads lose no count`() async {
        let registry = MetricsRegistry()
        let histogram = registry.histogram("a_seconds", help: "A.")
        let counter = registry.counter("a_total", help: "A.")
        let gauge = registry.gauge("a", help: "A.")
        await withTaskGroup { group in
            for _ in 0..<4 {
                group.addTask { @concurrent in
                    for round in 0..<5000 {
                        histogram.record(nanoseconds: UInt64(round))
                        counter.add()
                        gauge.add(round % 2 == 0 ? 1 : -1)
                    }
                }
            }
        }
        #expect(histogram.count == 20_000 && counter.value == 20_000 && gauge.value == 0)
        #expect(histogram.sumNanoseconds == 4 * 4999 * 5000 / 2)
    }

    @Test func `OpenMetrics 1.0 names counters without total, and ends`() {
        let registry = MetricsRegistry()
        registry.counter("sluice_retries_total", help: #"Tries "beyond" the first."#).add(3)
        registry.gauge("sluice_in_flight", help: "Requests under way.").set(2)
        #expect(
            String(decoding: registry.page(.openMetrics), as: UTF8.self) == """
                # HELP sluice_in_flight Requests under way.
                # TYPE sluice_in_flight gauge
                sluice_in_flight 2
                # HELP sluice_retries Tries \\"beyond\\" the first.
                # TYPE sluice_retries counter
                sluice_retries_total 3
                # EOF

                """)
    }

    @Test func `the last traced value of each bucket is its exemplar, in OpenMetrics alone`() throws {
        let registry = MetricsRegistry()
        let histogram = registry.histogram("a_seconds", help: "A.", labels: ["door": "graphql"])
        let trace = TraceContext(traceHigh: 1, traceLow: 2, span: 0xAB, flags: 1)
        histogram.record(nanoseconds: 400_000, in: trace, at: WallTime(nanoseconds: 1))
        histogram.record(nanoseconds: 300_000, in: trace, at: WallTime(nanoseconds: 1_700_000_000_250_000_000))
        histogram.record(nanoseconds: 200_000)
        histogram.record(nanoseconds: 11_000_000_000, in: trace, at: WallTime(nanoseconds: 5_000_000_000))
        let lines = String(decoding: registry.page(.openMetrics), as: UTF8.self).split(separator: "\n")
        let name = #"{trace_id="00000000000000010000000000000002",span_id="00000000000000ab"}"#
        #expect(
            lines.filter { $0.contains("#") && !$0.hasPrefix("#") } == [
                #"a_seconds_bucket{door="graphql",le="0.0005"} 3 # \#(name) 0.0003 1700000000.25"#,
                #"a_seconds_bucket{door="graphql",le="+Inf"} 4 # \#(name) 11 5"#,
            ])
        #expect(!page(registry).contains("trace_id") && histogram.count == 4)
    }
}
