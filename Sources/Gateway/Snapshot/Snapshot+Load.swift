public import Configuration
internal import GraphQL
internal import Planning
public import Telemetry
internal import Upstream

/// What came of reading a configuration with all that it names.
public struct CheckedGateway: Sendable {
    /// The snapshot; nil where there are errors.
    public let snapshot: Snapshot?
    /// Every problem found, also mere warnings.
    public let report: ProblemReport
    /// The files and patterns of files that were read or wanted.
    public let files: [String]
}

extension Snapshot {
    /// Reads the configuration at `path` with its schemas and stored operations, and checks all of it in one run.
    /// - Parameters:
    ///   - environment: what `${NAME}` takes.
    ///   - metrics: where the snapshot's upstreams count.
    ///   - previous: the snapshot that this one follows; breakers and the like of unchanged routes go on.
    ///   - adjust: changes the configuration after it was read: where it listens, say.
    public static func load(
        path: String, environment: [String: String], metrics: MetricsRegistry, previous: Snapshot? = nil,
        adjusting adjust: (inout GatewayConfiguration) -> Void = { _ in }
    ) -> CheckedGateway {
        let loaded = GatewayConfiguration.load(path: path, environment: environment)
        guard var configuration = loaded.configuration else {
            return CheckedGateway(
                snapshot: nil, report: ProblemReport(loaded.problems, sources: [loaded.source]), files: [path])
        }
        adjust(&configuration)
        var builder = SnapshotBuilder(configuration, loaded.source)
        builder.problems = loaded.problems
        let parts = builder.build(metrics: metrics, previous: previous)
        if let parts, !builder.problems.contains(where: { $0.severity == .error }) {
            builder.problems += configuration.advice
            builder.problems += SchemaAdvice(configuration: configuration, mapping: parts.mapping).problems()
        }
        let report = ProblemReport(builder.problems, sources: builder.sources)
        let files = configuration.files
        guard let parts, !report.hasErrors else {
            return CheckedGateway(snapshot: nil, report: report, files: files)
        }
        let generation = (previous?.generation ?? 0) + 1
        return CheckedGateway(snapshot: Snapshot(parts, generation: generation), report: report, files: files)
    }
}
