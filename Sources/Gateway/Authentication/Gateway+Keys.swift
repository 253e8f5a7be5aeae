public import Configuration
internal import Dispatch
internal import Planning
internal import Redis

extension Gateway {
    /// How long serving waits for keys: with an issuer that answers, no request finds them missing.
    private static let firstFetch = DispatchTimeInterval.seconds(2)

    /// Begins to fetch the keys of a snapshot's issuers, and waits a moment for those that aren't there yet. Not to be
    /// called on a loop's thread.
    func fetchKeys(_ snapshot: Snapshot) {
        let sources = snapshot.authentication?.sources ?? []
        let fetches = DispatchGroup()
        for source in sources {
            fetches.enter()
            source.start(serverLog) { fetches.leave() }
        }
        _ = fetches.wait(timeout: .now() + Self.firstFetch)
    }
}

extension CheckedGateway {
    /// The report, where it has no errors, with a warning for each server of the configuration that can't be reached
    /// now. Blocks on the network.
    public func addingReachability(of path: String, environment: [String: String]) -> ProblemReport {
        if report.hasErrors { return report }
        let loaded = GatewayConfiguration.load(path: path, environment: environment)
        var problems: [Problem] = []
        for jwks in loaded.configuration?.auth?.issuers.compactMap(\.jwks) ?? [] where jwks.value.isURL {
            guard let reason = KeySource.problem(of: jwks.value) else { continue }
            problems.append(
                Problem(
                    file: path, at: jwks.mark, severity: .warning,
                    message:
                        "The keys at \(jwks.value) can't be fetched: \(reason). Until they are, every token is 401.",
                    rule: .unreachableKeys))
        }
        if let configuration = loaded.configuration, let redis = configuration.redis {
            let settings = RedisSettings(redis, in: configuration)
            if let reason = try? RedisServer.problem(of: settings) {
                problems.append(
                    Problem(
                        file: path, at: redis.url.mark, severity: .warning,
                        message:
                            "Redis at \(settings.url) can't be used: \(reason). Until it can, every gateway counts "
                            + "and stores for itself.", rule: .unreachableRedis))
            }
        }
        return report.adding(problems, sources: [loaded.source])
    }
}
