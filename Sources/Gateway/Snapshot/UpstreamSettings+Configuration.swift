internal import Bytes
internal import Configuration
internal import EventLoop
internal import JSON
internal import Resilience
internal import Upstream

extension UpstreamSettings {
    /// An upstream of the configuration.
    init(_ upstream: UpstreamConfiguration, in configuration: GatewayConfiguration) {
        let transport: TransportChoice =
            switch upstream.transport {
            case .auto: .auto
            case .curl: .curl
            case .direct: .direct
            }
        let tls = upstream.tls.map { ClientTLSSettings($0, in: configuration) }
        self.init(
            name: upstream.name.value,
            targets: upstream.targets.map {
                TargetSettings(
                    isSecure: $0.isSecure, host: $0.host, port: $0.port, socket: $0.socket, basePath: $0.basePath,
                    weight: $0.weight, condition: $0.condition.map { FieldCondition(name: $0.name, value: $0.value) },
                    share: $0.share?.value, isPublic: upstream.isPublic)
            },
            balancing: BalancingSettings(upstream),
            transport: transport, tls: tls ?? ClientTLSSettings(), timeout: upstream.timeout?.value.nanoseconds,
            retry: upstream.retry.map { RetrySettings($0) },
            breaker: upstream.breaker.map { CircuitBreaker.Settings($0) },
            concurrency: ConcurrencySettings(upstream.concurrency),
            hedge: upstream.hedge.map { Hedging.Settings($0) }, bodyLimit: upstream.limits.body,
            headLimit: upstream.limits.headers)
    }
}

extension ClientTLSSettings {
    /// A `tls` block of a server that we are the client of.
    init(_ tls: UpstreamConfiguration.TLS, in configuration: GatewayConfiguration) {
        let file = { (path: Located<String>?) in path.map { configuration.resolve($0.value) } }
        self.init(
            ca: file(tls.ca), certificate: file(tls.certificate), key: file(tls.key), serverName: tls.serverName,
            verify: tls.verify)
    }
}

extension RouteSettings {
    /// A route of the configuration.
    init(_ route: RouteConfiguration) {
        self.init(
            name: route.name.value, upstream: route.upstream.value, timeout: route.timeout?.value.nanoseconds,
            retry: route.retry.map { RetrySettings($0) }, breaker: route.breaker.map { CircuitBreaker.Settings($0) },
            concurrency: route.concurrency.map { ConcurrencySettings($0) },
            hedge: route.hedge.map { Hedging.Settings($0) }, isIdempotent: route.idempotent,
            isShared: route.singleFlight && route.method == "GET", cache: route.cache.map { CachePolicy($0) })
    }
}

extension ConcurrencySettings {
    fileprivate init(_ concurrency: ConcurrencyConfiguration) {
        self.init(max: concurrency.maximum, queue: concurrency.queue, isAdaptive: concurrency.isAdaptive)
    }
}

extension RetrySettings {
    fileprivate init(_ retry: RetryConfiguration) {
        self.init(
            policy: RetryPolicy(
                attempts: retry.attempts, failures: FailureSet(retry.on),
                backoff: Backoff(base: retry.backoffBase.nanoseconds, max: retry.backoffMaximum.nanoseconds)),
            budget: retry.budget)
    }
}

extension CircuitBreaker.Settings {
    fileprivate init(_ breaker: BreakerConfiguration) {
        self.init(
            window: breaker.window.nanoseconds, failureRatio: breaker.failureRatio,
            minimumCalls: breaker.minimumCalls, openFor: breaker.openFor.nanoseconds, probes: breaker.probes,
            closeAfter: breaker.closeAfter, failures: FailureSet(breaker.failures),
            slowerThan: breaker.slowerThan?.value.nanoseconds)
    }
}

extension Priority {
    /// A word of the configuration.
    init(_ word: RequestPriority) {
        self =
            switch word {
            case .high: .high
            case .normal: .normal
            case .low: .low
            }
    }
}

extension ShedLimits {
    /// What `server.limits.inFlight` and the priorities of `configuration` come to.
    init(_ configuration: GatewayConfiguration) {
        self.init(
            maximum: configuration.server.limits.inFlight,
            reservesForHigh: configuration.profiles.profiles.contains { $0.priority?.value == .high }
                || configuration.doors.contains { $0.priority?.value == .high })
    }
}

extension Hedging.Settings {
    fileprivate init(_ hedge: HedgeConfiguration) {
        let after: Hedging.Delay =
            switch hedge.after.value {
            case .fixed(let time): .fixed(time.nanoseconds)
            case .percentile(let percent): .quantile(Double(percent) / 100)
            }
        self.init(after: after, atMost: hedge.atMost)
    }
}

extension FailureSet {
    fileprivate init(_ kinds: [FailureKind]) {
        var classes: Classes = []
        var statuses: Set<Int> = []
        for kind in kinds {
            switch kind {
            case .connect: classes.insert(.connect)
            case .reset: classes.insert(.reset)
            case .timeout: classes.insert(.timeout)
            case .serverError: classes.insert(.serverError)
            case .status(let status): statuses.insert(status)
            }
        }
        self.init(classes: classes, statuses: statuses)
    }
}

extension CachePolicy {
    fileprivate init(_ cache: CacheConfiguration) {
        self.init(
            ttl: cache.ttl?.nanoseconds, staleWhileRevalidate: cache.staleWhileRevalidate?.nanoseconds,
            staleIfError: cache.staleIfError?.nanoseconds, negative: cache.negative?.nanoseconds,
            isShared: cache.store == .redis)
    }
}

extension CacheSettings {
    /// What the configuration says of the process's cache; nil where there is none.
    init?(_ configuration: GatewayConfiguration) {
        guard configuration.server.cache > 0 else { return nil }
        self.init(
            capacity: configuration.server.cache,
            refreshTimeout: configuration.server.timeouts.request.nanoseconds
        ) { body in
            do throws(JSONError) {
                // Nothing at all is a null.
                if !body.isEmpty { try body.validateJSON() }
                return true
            } catch {
                return false
            }
        }
    }
}
