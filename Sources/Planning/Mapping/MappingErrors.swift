public import GraphQL

/// Everything wrong with the directives of a schema, and with what the configuration says of its fields.
public struct MappingErrors: Error, Sendable {
    /// Problems in schema files, in the order of types, fields and directives.
    public let schema: [SchemaProblem]
    /// Problems in the configuration file.
    public let configuration: [ConfiguredProblem]
}

/// A problem with a coordinate in the configuration.
public struct ConfiguredProblem: Sendable, Hashable {
    /// The number that the gateway gave to the place.
    public let place: Int
    /// A sentence without a suggestion.
    public let message: String
    /// What was probably meant.
    public let suggestion: String?
}
