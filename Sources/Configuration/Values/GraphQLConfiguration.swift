/// `graphql`: the GraphQL door and its schema.
public struct GraphQLConfiguration: Sendable {
    /// `path`: where the door is; begins with a slash.
    public var path = Located("/graphql", at: .start)
    /// `schemas`: file names and patterns (`*`), relative to the file; at least one.
    public var schemas = [Located("schemas/*.graphql", at: .start)]
    /// `introspection`: whether `__schema` and `__type` answer.
    public var introspection = true
    /// `statusProfile`: which table of status codes (contract section 5).
    public var statusProfile = StatusProfile.compatible
    /// `limits`.
    public var limits = Limits()

    /// The status codes of GraphQL answers.
    public enum StatusProfile: String, CaseIterable, Sendable {
        case compatible
        case draft2026 = "draft-2026"
    }

    /// `graphql.limits`: counts, refused above as `LIMIT_EXCEEDED`.
    public struct Limits: Sendable {
        /// Fields on the longest path.
        public var depth = 15
        /// Lexical tokens.
        public var tokens = 10_000
        /// Aliases after expansion.
        public var aliases = 30
        /// Root fields after expansion.
        public var rootFields = 20
        /// Calls made for one operation.
        public var upstreamCalls = 50
        /// Operations in one batch.
        public var batch = 10
    }
}
