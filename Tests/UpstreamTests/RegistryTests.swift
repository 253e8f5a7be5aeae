import EventLoop
import Resilience
import Telemetry
import Testing

@testable import Upstream

@Suite("Upstreams and routes made ready")
struct RegistryTests {
    private func registry(
        _ routes: [RouteSettings], breaker: CircuitBreaker.Settings? = CircuitBreaker.Settings(),
        previous: UpstreamRegistry? = nil
    ) -> UpstreamRegistry {
        UpstreamRegistry(
            upstreams: [.up(ports: 80, timeout: 800, retry: RetrySettings(), breaker: breaker)], routes: routes,
            metrics: MetricsRegistry(), previous: previous)
    }

    @Test func `a route has its upstream's settings unless it has its own`() {
        let own = CircuitBreaker.Settings(minimumCalls: 1)
        let registry = registry([
            RouteSettings(name: "plain", upstream: "up"),
            RouteSettings(
                name: "own", upstream: "up", timeout: 5, retry: RetrySettings(policy: RetryPolicy(attempts: 7)),
                breaker: own),
            RouteSettings(name: "dangling", upstream: "nowhere"),
        ])
        #expect(registry.routes.map(\.name) == ["plain", "own"])
        #expect(registry.route("plain")?.breakerName == "up")
        #expect(registry.route("plain")?.timeout == 800_000_000)
        #expect(registry.route("plain")?.attempts == 2)
        #expect(registry.route("own")?.breakerName == "own")
        #expect(registry.route("own")?.timeout == 5)
        #expect(registry.route("own")?.attempts == 7)
        #expect(registry.route("own")?.bulkhead === registry.route("plain")?.bulkhead)
        #expect(registry.door(to: "up")?.breakerName == "up")
        #expect(registry.door(to: "nowhere") == nil)
        #expect(registry.breakers(now: MonotonicTime.current).map(\.name) == ["own", "up"])
    }

    @Test func `guards with the same settings outlive a new configuration`() {
        let first = registry([])
        let same = registry([], previous: first)
        let changed = registry([], breaker: CircuitBreaker.Settings(probes: 9), previous: same)
        #expect(first.upstreams[0].breaker === same.upstreams[0].breaker)
        #expect(first.upstreams[0].bulkhead === same.upstreams[0].bulkhead)
        #expect(first.upstreams[0].budget === same.upstreams[0].budget)
        #expect(changed.upstreams[0].breaker !== same.upstreams[0].breaker)
        #expect(changed.upstreams[0].bulkhead === same.upstreams[0].bulkhead)
    }

    @Test func `a route may be called like an upstream`() {
        let registry = registry([RouteSettings(name: "up", upstream: "up", breaker: CircuitBreaker.Settings(probes: 1))]
        )
        #expect(registry.route("up")?.breaker !== registry.upstreams[0].breaker)
        #expect(registry.force(breaker: "up", .open))
        #expect(registry.breakers(now: MonotonicTime.current).allSatisfy { $0.state == .open && $0.isForced })
    }

    @Test(
        arguments: [
            (TargetSettings(host: "a.example", port: 80), "a.example", "http://a.example"),
            (
                TargetSettings(host: "a.example", port: 8080, basePath: "/v1"), "a.example:8080",
                "http://a.example:8080/v1"
            ),
            (TargetSettings(isSecure: true, host: "a.example", port: 443), "a.example", "https://a.example"),
            (TargetSettings(host: "::1", port: 81), "[::1]:81", "http://[::1]:81"),
        ])
    func `Host leaves out the scheme's own port`(_ row: (target: TargetSettings, authority: String, url: String)) {
        let endpoint = Endpoint(row.target)
        #expect(endpoint.authority == row.authority)
        #expect(endpoint.url == row.url)
        #expect(endpoint.slot == Endpoint(row.target).slot)
    }
}
