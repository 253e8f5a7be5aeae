/// What is kept in Redis, and whether there is one.
struct RedisChecks {
    let configuration: GatewayConfiguration
    let problems: ProblemCollector
    /// Whether the file has the block, also where it can't be read.
    let hasBlock: Bool

    func check() {
        let marks =
            configuration.rateLimits.filter { $0.store == .redis }.map(\.mark)
            + configuration.routes.compactMap(\.cache).filter { $0.store == .redis }.map(\.mark)
        if !hasBlock {
            for mark in marks {
                problems.error(
                    "\"store: redis\" needs the block \"redis\", such as redis: {url: redis://127.0.0.1:6379}", at: mark
                )
            }
        } else if marks.isEmpty, let redis = configuration.redis {
            problems.warning(
                "nothing is kept in Redis: no rule of \"rateLimits\" and no \"cache\" says \"store: redis\"; add it "
                    + "there, or remove \"redis\"", at: redis.url.mark, rule: .redisWithoutEffect)
        }
    }
}
