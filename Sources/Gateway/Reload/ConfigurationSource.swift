public import Configuration
public import Telemetry

/// Where a gateway's configuration comes from, so that it can be read again.
public struct ConfigurationSource: Sendable {
    /// The `gateway.yaml`.
    public let path: String
    /// What `${NAME}` takes.
    public let environment: [String: String]
    private let adjust: @Sendable (inout GatewayConfiguration) -> Void

    /// A file on the disk.
    /// - Parameters:
    ///   - environment: what `${NAME}` takes, at every reading.
    ///   - adjust: changes the configuration each time it was read: where it listens, say.
    public init(
        path: String, environment: [String: String],
        adjusting adjust: @escaping @Sendable (inout GatewayConfiguration) -> Void = { _ in }
    ) {
        self.path = path
        self.environment = environment
        self.adjust = adjust
    }

    /// Reads the file with all that it names, and checks it. Any thread; it blocks on the disk.
    /// - Parameters:
    ///   - metrics: where the snapshot's upstreams count.
    ///   - previous: the snapshot that this one follows.
    public func load(metrics: MetricsRegistry, previous: Snapshot? = nil) -> CheckedGateway {
        Snapshot.load(
            path: path, environment: environment, metrics: metrics, previous: previous, adjusting: adjust)
    }
}
