internal import Configuration
internal import Planning

extension PlanLimits {
    /// The limits of a configuration that planning knows of.
    init(_ limits: GraphQLConfiguration.Limits) {
        self.init(
            depth: Limit(limits.depth), tokens: Limit(limits.tokens), aliases: Limit(limits.aliases),
            rootFields: Limit(limits.rootFields), cost: Limit(limits.cost))
    }
}

extension Limit {
    /// One limit of a configuration.
    init(_ limit: GraphQLConfiguration.Limit) {
        self.init(max: limit.max, mode: limit.mode == .measure ? .measure : .enforce)
    }
}

extension GraphQLConfiguration.Limit {
    /// The number above which something is refused; nil where it is only measured.
    var enforced: Int? { mode == .enforce ? max : nil }
}
