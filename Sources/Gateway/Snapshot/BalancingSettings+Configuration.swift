internal import Configuration
internal import Resilience
internal import Upstream

extension BalancingSettings {
    /// How the configuration shares an upstream's calls among its targets.
    init(_ upstream: UpstreamConfiguration) {
        self.init(
            balance: Balance(upstream.balance.value), health: upstream.health.map { HealthSettings($0) },
            ejection: upstream.ejection.map {
                OutlierEjection.Settings(
                    consecutiveFailures: $0.consecutiveFailures, duration: $0.duration.nanoseconds, max: $0.max)
            },
            slowStart: upstream.health == nil && upstream.ejection == nil ? 0 : upstream.slowStart.nanoseconds)
    }
}

extension BalancingSettings.Balance {
    fileprivate init(_ balance: BalanceConfiguration) {
        self =
            switch balance {
            case .roundRobin: .roundRobin
            case .leastRequests: .leastRequests
            case .hash(.header(let name)): .hash(.header(name))
            case .hash(.claim(let path)): .hash(.claim(path))
            case .hash(.argument(let name)): .hash(.argument(name))
            }
    }
}

extension HealthSettings {
    fileprivate init(_ health: HealthConfiguration) {
        self.init(
            path: health.path, interval: health.interval.nanoseconds, timeout: health.timeout.nanoseconds,
            thresholds: HealthState.Settings(
                unhealthyAfter: health.unhealthyAfter, healthyAfter: health.healthyAfter))
    }
}
