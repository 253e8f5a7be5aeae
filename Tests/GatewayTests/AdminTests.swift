import Configuration
import EventLoop
import HTTPServer
import Resilience
import Synchronization
import Telemetry
import TestSupport
import Testing
import Upstream

@testable import Gateway

/// What an admin listener shows, made up for a test.
private final class FakeGateway: AdminSource {
    let adminHosts = ["ops.internal"]
    let metrics = MetricsRegistry()
    let keepsExemplars = false
    let registry: UpstreamRegistry
    private let reason = Mutex<String?>(nil)

    func purge(route: String, target: [UInt8]?) -> Int? { registry.purge(route: route, target: target) }

    init() {
        registry = UpstreamRegistry(
            upstreams: [
                UpstreamSettings(
                    name: "users",
                    targets: [TargetSettings(host: "10.0.0.1", port: 80), TargetSettings(host: "::1", port: 7001)],
                    breaker: CircuitBreaker.Settings()),
                UpstreamSettings(name: "posts", targets: [TargetSettings(host: "posts", port: 7002, basePath: "/v1")]),
            ],
            routes: [
                RouteSettings(name: "posts.get", upstream: "posts", breaker: CircuitBreaker.Settings()),
                RouteSettings(name: "a b", upstream: "posts", breaker: CircuitBreaker.Settings()),
            ], metrics: metrics)
        registry.publish(to: metrics)
    }

    var unreadiness: String? {
        get { reason.withLock { $0 } }
        set { reason.withLock { $0 = newValue } }
    }

    func reload(_ done: @escaping @Sendable (ReloadOutcome) -> Void) -> Bool { false }

    let profileField = "x-device-profile"

    func explain(_ request: ExplainRequest) -> Snapshot.Explained {
        Snapshot.Explained(explanation: nil, report: ProblemReport([]))
    }

    /// Answers with what it was sent.
    func ask(
        _ content: [UInt8], fields: [String],
        _ done: @escaping @Sendable (Result<ConsoleReply, ConsoleReply.Failure>) -> Void
    ) {
        done(.success(ConsoleReply(status: 294, content: content + Array(fields.joined(separator: "|").utf8))))
    }

    var state: GatewayState {
        GatewayState(
            version: "1.2.3", uptime: 7, phase: "serving", generation: 1, shards: 2, listeners: ["127.0.0.1:8080"],
            connections: 3, inFlight: 1)
    }
}

/// An admin listener on a free port for one test.
private final class AdminTest {
    let gateway = FakeGateway()
    private let server: AdminServer
    private let connection: RawConnection

    init() throws {
        server = try AdminServer.start(on: try #require(SocketAddress("127.0.0.1:0")), source: gateway)
        connection = try RawConnection(server.address)
    }

    deinit { server.stop() }

    func send(_ line: String, _ fields: String...) throws -> RawConnection.Response {
        let host = fields.contains { $0.hasPrefix("Host:") } ? [] : ["Host: \(server.address)"]
        let length = line.hasPrefix("POST") ? ["Content-Length: 0"] : []
        let head = (["\(line) HTTP/1.1"] + host + fields + length).joined(separator: "\r\n")
        try connection.send("\(head)\r\n\r\n")
        return try connection.readResponse(hasBody: !line.hasPrefix("HEAD"))
    }
}

@Suite("Contract §8: the admin listener")
struct AdminTests {
    @Test func `alive is one line, and with full=1 the upstreams and breakers`() throws {
        let test = try AdminTest()
        #expect(try test.send("GET /healthz").text == #"{"status":"ok"}"#)
        #expect(try test.send("GET /healthz?full=0").text == #"{"status":"ok"}"#)
        let full = try test.send("GET /healthz?full=1")
        #expect(full.status == 200 && full.field("content-type") == "application/json")
        #expect(
            full.text
                == #"{"status":"ok","upstreams":{"users":{"targets":[{"url":"http://10.0.0.1","state":"up"},"#
                + #"{"url":"http://[::1]:7001","state":"up"}],"inFlight":0,"breaker":"closed"},"#
                + #""posts":{"targets":[{"url":"http://posts:7002/v1","state":"up"}],"inFlight":0}},"#
                + #""breakers":{"a b":{"state":"closed","forced":false},"posts.get":{"state":"closed","forced":false},"#
                + #""users":{"state":"closed","forced":false}}}"#)
    }

    @Test func `every answer has an identifier, the client's own where it has a good one`() throws {
        let test = try AdminTest()
        for line in ["GET /healthz", "GET /nowhere", "GET /state", "POST /breakers/users?state=auto"] {
            #expect(try test.send(line).field("x-request-id")?.count == 32, "\(line)")
            #expect(try test.send(line, "X-Request-Id: a/b=1").field("x-request-id") == "a/b=1", "\(line)")
            #expect(try test.send(line, "X-Request-Id: a b").field("x-request-id")?.count == 32, "\(line)")
        }
    }

    @Test func `ready is 503 while it isn't`() throws {
        let test = try AdminTest()
        #expect(try test.send("GET /readyz").text == #"{"status":"ready"}"#)
        test.gateway.unreadiness = "draining"
        let response = try test.send("GET /readyz")
        #expect(response.status == 503 && response.field("content-type") == "application/problem+json")
        #expect(response.text.contains("The gateway is draining."))
        #expect(try test.send("GET /healthz").status == 200)
    }

    @Test func `metrics are Prometheus text, the breakers' states among them`() throws {
        let test = try AdminTest()
        let page = try test.send("GET /metrics")
        #expect(page.field("content-type") == "text/plain; version=0.0.4; charset=utf-8")
        #expect(page.text.contains("sluice_breaker_state{breaker=\"users\"} 0\n"))
        #expect(try test.send("HEAD /metrics").status == 200)
    }

    @Test func `state holds counts and names`() throws {
        let text = try AdminTest().send("GET /state").text
        #expect(
            text.hasPrefix(
                #"{"version":"1.2.3","uptime":7,"phase":"serving","generation":1,"shards":2,"#
                    + #""listeners":["127.0.0.1:8080"],"connections":3,"inFlight":1,"breakers":{"#))
        #expect(
            text.hasSuffix(
                #""guards":[{"upstream":"users","inFlight":0,"queued":0,"limit":256},"#
                    + #"{"upstream":"posts","inFlight":0,"queued":0,"limit":256}]}"#))
    }

    @Test func `a breaker is forced open, closed, and let go again`() throws {
        let test = try AdminTest()
        let open = try test.send("POST /breakers/users?state=open")
        #expect(open.status == 200 && open.text == #"{"name":"users","state":"open","forced":true}"#)
        #expect(try test.send("GET /metrics").text.contains("sluice_breaker_state{breaker=\"users\"} 2\n"))
        #expect(try test.send("POST /breakers/users?state=closed").text.contains(#""state":"closed","forced":true"#))
        #expect(try test.send("POST /breakers/users?state=auto").text.contains(#""state":"closed","forced":false"#))
        #expect(try test.send("POST /breakers/a%20b?state=open").text.contains(#""name":"a b","state":"open""#))
    }

    @Test(arguments: [
        ("POST /breakers/nope?state=open", 404, nil), ("POST /breakers/?state=open", 404, nil),
        ("POST /breakers/%GG?state=open", 404, nil), ("POST /breakers/users", 400, nil),
        ("POST /breakers/users?state=half", 400, nil), ("POST /breakers/users?state=open&state=auto", 400, nil),
        ("GET /breakers/users?state=open", 405, "POST"), ("POST /healthz", 405, "GET, HEAD"),
        ("DELETE /state", 405, "GET, HEAD"), ("GET /", 404, nil), ("GET /healthz/", 404, nil),
        ("POST /reload", 404, nil),
        ("GET /console/nothing", 404, nil), ("POST /console", 405, "GET, HEAD"), ("GET /console/query", 405, "POST"),
        ("POST /console/explain", 400, nil),
    ])
    func `what isn't there is a problem document`(line: String, status: Int, allow: String?) throws {
        let response = try AdminTest().send(line)
        #expect(response.status == status && response.field("allow") == allow)
        #expect(response.field("content-type") == "application/problem+json")
        #expect(response.text.hasPrefix(#"{"type":"about:blank","title":""#))
    }

    @Test func `a gateway without a file has nothing to reload`() throws {
        let response = try AdminTest().send("POST /reload")
        #expect(response.status == 404 && response.problemCode == "BAD_REQUEST")
        #expect(try AdminTest().send("GET /reload").status == 405)
    }

    @Test func `a request that is no HTTP is refused with a problem document too`() throws {
        let response = try AdminTest().send("GET /healthz", "Bad Name: x")
        #expect(response.status == 400 && response.field("content-type") == "application/problem+json")
    }
}

@Suite("Contract §7: who may use the admin listener")
struct AdminGuardTests {
    @Test(arguments: [
        ("127.0.0.1:9090", 200), ("127.0.0.1", 200), ("[::1]:9090", 200), ("localhost:9090", 200), ("LOCALHOST", 200),
        ("ops.internal:9090", 200), ("ops.internal.evil.example", 421), ("evil.example", 421),
        ("127.0.0.1.evil.example", 421),
        ("1.2.3", 421),
    ])
    func `only names that no page can own are taken as Host`(host: String, status: Int) throws {
        #expect(try AdminTest().send("GET /healthz", "Host: \(host)").status == status)
    }

    @Test(arguments: [
        ("Origin: http://evil.example", 403), ("Origin: null", 403), ("Origin: http://localhost:9091", 403),
        ("Origin: http://localhost:9090", 200), ("Origin: https://LOCALHOST:9090", 200),
        ("Sec-Fetch-Site: cross-site", 403), ("Sec-Fetch-Site: Cross-Site", 403), ("Sec-Fetch-Site: same-origin", 200),
        ("Sec-Fetch-Site: none", 200), ("X-Other: 1", 200),
    ])
    func `a POST of another page's changes nothing`(field: String, status: Int) throws {
        let test = try AdminTest()
        let response = try test.send("POST /breakers/users?state=open", "Host: localhost:9090", field)
        #expect(response.status == status)
        let state = try test.send("GET /healthz?full=1", "Origin: http://evil.example")
        #expect(
            state.status == 200 && state.text.contains(#""users":{"state":"open","forced":true}"#) == (status == 200))
    }
}
