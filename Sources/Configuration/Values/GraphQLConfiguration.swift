/// `graphql`: the GraphQL door and its schema.
public struct GraphQLConfiguration: Sendable {
    /// `path`: where the door is; begins with a slash.
    public var path = Located("/graphql", at: .start)
    /// `schemas`: file names and patterns (`*`), relative to the file; at least one.
    public var schemas = [Located("schemas/*.graphql", at: .start)]
    /// `introspection`: whether `__schema` and `__type` answer.
    public var introspection = true
    /// Where that is written; nil = it isn't.
    public var introspectionMark: Mark?
    /// `statusProfile`: which table of status codes (contract section 5).
    public var statusProfile = StatusProfile.compatible
    /// `limits`.
    public var limits = Limits()
    /// `persisted`: operations that are asked for by name.
    public var persisted = Persisted()

    /// The status codes of GraphQL answers.
    public enum StatusProfile: String, CaseIterable, Sendable {
        case compatible
        case draft2026 = "draft-2026"
    }

    /// `graphql.persisted`.
    public struct Persisted: Sendable {
        /// Whether clients may register documents by their hash (Apollo's automatic persisted queries). Also where the
        /// block is absent; not where `only` is set.
        public var automatic = true
        /// The file that lists the trusted operations, relative to the configuration's.
        public var manifest: Located<String>?
        /// Whether nothing but the manifest's operations runs at the GraphQL door.
        public var only = false
        /// Where `only: true` is written.
        public var onlyMark: Mark?
    }

    /// `graphql.limits`: each a number, or `{max: …, mode: …}`.
    public struct Limits: Sendable {
        /// Fields on the longest path.
        public var depth = Limit(max: 15)
        /// Lexical tokens.
        public var tokens = Limit(max: 10_000)
        /// Aliases after expansion.
        public var aliases = Limit(max: 30)
        /// Root fields after expansion.
        public var rootFields = Limit(max: 20)
        /// What an operation costs by `@cost` and `@listSize`.
        public var cost = Limit(max: 5_000)
        /// Calls made for one operation.
        public var upstreamCalls = Limit(max: 50)
        /// Operations in one batch.
        public var batch = Limit(max: 10)
    }

    /// One of `graphql.limits`.
    public struct Limit: Sendable, Hashable {
        /// `max`, or the number itself: the most that is allowed.
        public var max: Int
        /// `mode`: what comes of more.
        public var mode: LimitMode

        /// A limit.
        public init(max: Int, mode: LimitMode = .enforce) {
            self.max = max
            self.mode = mode
        }
    }

    /// What comes of an operation above a limit.
    public enum LimitMode: String, CaseIterable, Sendable {
        /// It is refused as `LIMIT_EXCEEDED`.
        case enforce
        /// It runs, and is counted.
        case measure
    }
}
