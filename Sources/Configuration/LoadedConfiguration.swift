/// What reading a `gateway.yaml` gave: as much of it as could be read, and every problem.
public struct LoadedConfiguration: Sendable {
    /// What could be read; nil where the file is missing or is not YAML. With errors it is still good for checking
    /// what it refers to, never for serving.
    public var configuration: GatewayConfiguration?
    /// Every problem of the file, sorted by place.
    public var problems: [Problem]
    /// The file itself, to show lines of.
    public var source: SourceFile

    /// Whether a gateway must not start with it.
    public var hasErrors: Bool { problems.contains { $0.severity == .error } }
}
