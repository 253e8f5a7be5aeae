import EventLoop
import Foundation
import TestSupport
import Testing

@Suite("Metrics, as Prometheus reads them")
struct PrometheusTests {
    private let gateway: ServedGateway

    init() throws {
        gateway = try ServedGateway(running: ["demo", "--port", "0", "--admin-port", "0"])
        for _ in 0..<3 { #expect(try gateway.query("{ user(id: 1) { name } }").status == 200) }
    }

    @Test func `promtool finds nothing to say about the page`() throws {
        let page = try gateway.request("GET", "/metrics", at: gateway.admin)
        let outcome = try Tool.run("promtool", "check", "metrics", input: page.text)
        #expect(outcome.status == 0 && outcome.text.isEmpty, "\(outcome.text)")
    }

    @Test func `Prometheus scrapes it and answers queries about it`() throws {
        let prometheus = try RunningPrometheus(scraping: gateway)
        let query = "query?query=sum(http_server_request_duration_seconds_count%7Bdoor=%22graphql%22%7D)"
        try prometheus.wait(until: query, has: #","3"]"#)
    }

    @Test func `Prometheus takes exemplars, which lead to the traced request`() throws {
        let service = ScriptedUpstream(always: answer(#"{"id": "7"}"#))
        let traced = try ServedGateway([
            "schema.graphql": #"type Query { id: String @rest(route: "one") }"#,
            "gateway.yaml": """
            server: {listen: "127.0.0.1:0"}
            admin: {listen: "127.0.0.1:0"}
            graphql: {schemas: [schema.graphql]}
            upstreams: {one: {url: "http://127.0.0.1:\(service.port)"}}
            routes: {one: {upstream: one, request: "GET /one"}}
            telemetry: {metrics: {exemplars: true}}
            """,
        ])
        let trace = "0af7651916cd43dd8448eb211c80319c"
        #expect(try traced.query("{ id }", fields: ["traceparent: 00-\(trace)-00f067aa0ba902b7-01"]).status == 200)
        let other = "1bf7651916cd43dd8448eb211c80319c"
        #expect(try traced.query("{ id }", fields: ["traceparent: 00-\(other)-00f067aa0ba902b7-00"]).status == 200)
        let prometheus = try RunningPrometheus(scraping: traced)
        let query = "query_exemplars?query=http_server_request_duration_seconds_bucket&start=0&end=9999999999"
        let answer = try prometheus.wait(until: query, has: trace)
        #expect(!answer.contains(other), "not sampled: \(answer)")
        // Who asks for the text format gets that, without exemplars.
        let page = try traced.request("GET", "/metrics", at: traced.admin)
        #expect(page.field("content-type")?.hasPrefix("text/plain") == true && !page.text.contains(trace))
    }
}

/// Prometheus, which scrapes gateways five times a second as long as this lives.
private final class RunningPrometheus {
    private let address: SocketAddress
    private let gateway: ServedGateway
    private let server: RunningServer

    init(scraping gateway: ServedGateway) throws {
        self.gateway = gateway
        let workspace = try Workspace([
            "prometheus.yml": """
            global: {scrape_interval: 200ms, scrape_timeout: 200ms}
            scrape_configs: [{job_name: sluice, static_configs: [{targets: ["\(gateway.admin)"]}]}]
            """
        ])
        let port = ScriptedUpstream.closedPort()
        address = .ip(.v4(0x7F00_0001), port: port)
        server = try RunningServer(
            [
                "prometheus", "--config.file=\(workspace.path("prometheus.yml"))",
                "--storage.tsdb.path=\(workspace.path("data"))", "--web.listen-address=127.0.0.1:\(port)",
                "--log.level=error", "--enable-feature=exemplar-storage",
            ], ports: [port], in: workspace)
    }

    /// Asks until the answer to `query` has `part`.
    @discardableResult
    func wait(until query: String, has part: String) throws -> String {
        let end = ContinuousClock.now + .seconds(30)
        var text = ""
        while !text.contains(part), ContinuousClock.now < end {
            text = (try? gateway.request("GET", "/api/v1/\(query)", at: address).text) ?? ""
        }
        #expect(text.contains(part), "\(text)")
        return text
    }
}
