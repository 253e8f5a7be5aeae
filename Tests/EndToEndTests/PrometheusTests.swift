import EventLoop
import Foundation
import TestSupport
import Testing

@Suite("Metrics, as Prometheus reads them")
struct PrometheusTests {
    private let gateway: ServedGateway
    private let folder: URL

    init() throws {
        gateway = try ServedGateway(running: ["demo", "--port", "0", "--admin-port", "0"])
        folder = FileManager.default.temporaryDirectory.appending(path: "prometheus-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for _ in 0..<3 { #expect(try gateway.query("{ user(id: 1) { name } }").status == 200) }
    }

    @Test func `promtool finds nothing to say about the page`() throws {
        let page = try gateway.request("GET", "/metrics", at: gateway.admin)
        let outcome = try Tool.run("promtool", "check", "metrics", input: page.text)
        #expect(outcome.status == 0 && outcome.text.isEmpty, "\(outcome.text)")
    }

    @Test func `Prometheus scrapes it and answers queries about it`() throws {
        let configuration = folder.appending(path: "prometheus.yml")
        try Data(
            """
            global: {scrape_interval: 200ms, scrape_timeout: 200ms}
            scrape_configs: [{job_name: sluice, static_configs: [{targets: ["\(gateway.admin)"]}]}]
            """.utf8
        ).write(to: configuration)
        let port = ScriptedUpstream.closedPort()
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/prometheus")
        process.arguments = [
            "--config.file=\(configuration.path)", "--storage.tsdb.path=\(folder.path)/data",
            "--web.listen-address=127.0.0.1:\(port)", "--log.level=error",
        ]
        process.standardError = FileHandle.nullDevice
        try process.run()
        defer {
            process.terminate()
            process.waitUntilExit()
            try? FileManager.default.removeItem(at: folder)
        }
        let address = SocketAddress.ip(.v4(0x7F00_0001), port: port)
        let path = "/api/v1/query?query=sum(http_server_request_duration_seconds_count%7Bdoor=%22graphql%22%7D)"
        let end = ContinuousClock.now + .seconds(30)
        var text = ""
        while !text.contains(#","3"]"#), ContinuousClock.now < end {
            text = (try? gateway.request("GET", path, at: address).text) ?? ""
        }
        #expect(text.contains(#","3"]"#), "\(text)")
    }
}
