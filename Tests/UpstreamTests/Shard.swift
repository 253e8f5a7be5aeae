import Bytes
import EventLoop
import HTTP
import Resilience
import Synchronization
import Telemetry
import TestSupport

@testable import Upstream

/// What came of a call, for a test to look at.
struct Result: Sendable, Equatable {
    var status: Int?
    var body = ""
    var fields: [String] = []
    var failure: CallFailure?
    var attempts = 0
    var hedges = 0
    var verdict: CacheVerdict?
    var age: Int?
    var isFallback = false

    func field(_ name: String) -> String? {
        fields.first { $0.hasPrefix("\(name): ") }.map { String($0.dropFirst(name.count + 2)) }
    }
}

/// A loop with an upstream client and a registry, used from a test's thread.
final class Shard: Sendable {
    let thread: LoopThread
    let registry: UpstreamRegistry
    let metrics = MetricsRegistry()
    let client: LoopConfined<UpstreamClient>

    /// - Parameters:
    ///   - upstream: called `up`, like the one route to it unless `routes` names others.
    ///   - resolver: who knows what names stand for.
    init(
        _ upstream: UpstreamSettings, routes: [RouteSettings] = [RouteSettings(name: "up", upstream: "up")],
        cache: CacheSettings? = nil, resolver: NameResolver = .shared
    ) throws {
        thread = try LoopThread()
        registry = UpstreamRegistry(
            upstreams: [upstream], routes: routes, metrics: metrics, cache: cache, previous: nil, resolver: resolver)
        registry.publish(to: metrics)
        let loop = thread.loop
        client = try thread.run { LoopConfined(UpstreamClient(loop: loop), to: loop) }
    }

    /// Another shard over the same registry.
    convenience init(sharing other: Shard) throws { try self.init(over: other.registry) }

    /// A shard over a registry that is there.
    init(over registry: UpstreamRegistry) throws {
        thread = try LoopThread()
        self.registry = registry
        let loop = thread.loop
        client = try thread.run { LoopConfined(UpstreamClient(loop: loop), to: loop) }
    }

    deinit {
        // The last owner may be a callback, on the loop itself: nothing here may wait for the loop.
        let client = client
        thread.loop.execute { client.unwrapped.close() }
    }

    /// A call that was started.
    final class Running: Sendable {
        let results = Recorder<Result>()
        let call: LoopConfined<UpstreamCall>
        private let thread: LoopThread

        init(_ call: LoopConfined<UpstreamCall>, _ thread: LoopThread) {
            self.call = call
            self.thread = thread
        }

        func wait() -> Result { results.wait(count: 1).first ?? Result() }

        func cancel(recycling: Bool = false) throws {
            let call = call
            try thread.run {
                let call = call.unwrapped
                call.cancel()
                if recycling { call.client.recycle(call) }
            }
        }
    }

    /// Starts a call; `configure` fills in what differs from `GET /`.
    func start(
        _ route: String = "up", _ method: HTTP.Method = .get, _ target: String = "/", body: String? = nil,
        fields: [(String, String)] = [], milliseconds: UInt64 = 5000, preference: TargetPreference = .none,
        isExclusive: Bool = false
    ) throws -> Running {
        let client = client
        let loop = thread.loop
        let prepared = try thread.run { LoopConfined(client.unwrapped.makeCall(), to: loop) }
        let running = Running(prepared, thread)
        let registry = registry
        try thread.run {
            let call = prepared.unwrapped
            call.route = registry.route(route)
            call.method = method
            call.preference = preference
            call.target.append(target)
            for (name, value) in fields { call.fields.append(name: name, value: value) }
            if let body {
                let buffer = ByteBuffer()
                buffer.append(body)
                call.body = buffer
            }
            call.isExclusive = isExclusive
            call.deadline = loop.preciseNow().advanced(byNanoseconds: milliseconds * 1_000_000)
            call.completion = { call in
                call.completion = nil
                running.results.add(Shard.result(of: call))
            }
            client.unwrapped.start(call)
        }
        return running
    }

    /// Makes a call and waits for it.
    func call(
        _ route: String = "up", _ method: HTTP.Method = .get, _ target: String = "/", body: String? = nil,
        fields: [(String, String)] = [], milliseconds: UInt64 = 5000, preference: TargetPreference = .none
    ) throws -> Result {
        try start(
            route, method, target, body: body, fields: fields, milliseconds: milliseconds, preference: preference
        ).wait()
    }

    private static func result(of call: UpstreamCall) -> Result {
        var result = Result(attempts: call.attempts, hedges: call.hedges)
        result.verdict = call.cacheVerdict
        result.age = call.age
        result.isFallback = call.isFallback
        switch call.outcome {
        case .answer(let status, let head, let body):
            result.status = status
            result.body = body.string
            result.fields = (0..<head.fields.count).map {
                "\(head.fields.nameString(at: $0).lowercased()): \(head.fields.valueString(at: $0))"
            }
        case .failed(let failure): result.failure = failure
        case nil: break
        }
        return result
    }

    /// The state of the breaker called `up`.
    var breaker: BreakerStatus? { registry.breakers(now: MonotonicTime.current).first { $0.name == "up" } }

    /// Waits until the breaker is in `state`.
    func waitForBreaker(_ state: CircuitBreaker.State) -> Bool {
        let end = Clock.now + 5
        while Clock.now < end {
            if breaker?.state == state { return true }
            _ = try? thread.run {}
        }
        return false
    }
}

extension UpstreamSettings {
    /// An upstream called `up` with targets on these ports of the loopback.
    static func up(
        _ transport: TransportChoice = .auto, ports: UInt16..., timeout: UInt64? = nil, retry: RetrySettings? = nil,
        breaker: CircuitBreaker.Settings? = nil, concurrency: ConcurrencySettings = ConcurrencySettings(),
        hedge: Hedging.Settings? = nil, bodyLimit: Int = 16 << 20, headLimit: Int = 64 << 10
    ) -> UpstreamSettings {
        UpstreamSettings(
            name: "up", targets: ports.map { TargetSettings(host: "127.0.0.1", port: $0) }, transport: transport,
            timeout: timeout.map { $0 * 1_000_000 }, retry: retry, breaker: breaker, concurrency: concurrency,
            hedge: hedge, bodyLimit: bodyLimit, headLimit: headLimit)
    }
}

/// Both ways of reaching an upstream.
let transports: [TransportChoice] = [.direct, .curl]
