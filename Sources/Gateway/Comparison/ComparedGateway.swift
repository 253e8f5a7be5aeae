internal import Configuration
internal import GraphQL
internal import Planning
internal import Telemetry

/// One side of a comparison: a configuration as far as it can be read, also where stored operations have errors.
struct ComparedGateway {
    let configuration: GatewayConfiguration
    let source: SourceFile
    /// The schema with its directives; nil where there is none, or where it has errors.
    let mapping: MappedSchema?
    let planner: Planner?
    let profiles: ProfileSet
    let operations: [StoredDocument]
    /// What `check` says of it.
    let report: ProblemReport

    /// Reads the configuration at `path` with all that it names; nil, and the problems, where nothing can be made of it.
    static func load(path: String, environment: [String: String]) -> (side: ComparedGateway?, report: ProblemReport) {
        let loaded = GatewayConfiguration.load(path: path, environment: environment)
        guard let configuration = loaded.configuration, !loaded.hasErrors else {
            return (nil, ProblemReport(loaded.problems, sources: [loaded.source]))
        }
        var builder = SnapshotBuilder(configuration, loaded.source)
        builder.problems = loaded.problems
        let parts = builder.build(metrics: MetricsRegistry(), previous: nil)
        let report = ProblemReport(builder.problems, sources: builder.sources)
        guard let parts, configuration.graphQL == nil || parts.mapping != nil else { return (nil, report) }
        let side = ComparedGateway(
            configuration: configuration, source: loaded.source, mapping: parts.mapping,
            planner: parts.mapping.map { Planner(mapping: $0, limits: .none) }, profiles: parts.profiles,
            operations: StoredDocument.all(of: configuration), report: report)
        return (side, report)
    }
}

/// An operation that the operator keeps: of the manifest, or behind a door.
struct StoredDocument {
    /// Who asks for it by what.
    enum Name: Hashable {
        /// An entry of the manifest, by its id.
        case manifest(String)
        /// A door's method and pattern.
        case door(String)
    }

    let name: Name
    /// What messages call it.
    let title: String
    let text: [UInt8]

    /// All that can be read; that one can't is for `check` to say.
    static func all(of configuration: GatewayConfiguration) -> [StoredDocument] {
        var documents: [StoredDocument] = []
        let read = { (path: String) -> SourceFile? in
            do throws(SourceFile.ReadError) {
                return try SourceFile.read(path: configuration.resolve(path), maximumSize: 64 << 20)
            } catch {
                return nil
            }
        }
        if let manifest = configuration.graphQL?.persisted.manifest, let file = read(manifest.value) {
            documents = OperationManifest(file.bytes).entries.map {
                StoredDocument(name: .manifest($0.id), title: "operation \"\($0.title)\"", text: $0.text)
            }
        }
        for door in configuration.doors {
            guard case .operation(let path) = door.destination, let file = read(path.value) else { continue }
            let name = "\(door.method ?? "ANY") \(door.pattern.value)"
            documents.append(StoredDocument(name: .door(name), title: "door \"\(name)\"", text: file.bytes))
        }
        return documents
    }
}
