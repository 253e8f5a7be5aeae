public import Configuration
internal import GraphQL
internal import Planning

extension GatewayComparison {
    /// What comparing two configurations gave.
    public struct Outcome: Sendable {
        /// The differences; nil where one of the two can't be read.
        public let comparison: GatewayComparison?
        /// What is wrong with the old configuration, and with the new one.
        public let reports: (old: ProblemReport, new: ProblemReport)
    }

    /// Compares the configurations at two paths, each with its schemas and stored operations. A new one whose stored
    /// operations have errors is compared all the same, as that is what a change may break. Any thread; it reads the
    /// disk.
    /// - Parameter environment: what `${NAME}` takes, in both.
    public static func compare(old: String, new: String, environment: [String: String]) -> Outcome {
        let (former, formerReport) = ComparedGateway.load(path: old, environment: environment)
        let (latter, latterReport) = ComparedGateway.load(path: new, environment: environment)
        guard let former, let latter else {
            return Outcome(comparison: nil, reports: (formerReport, latterReport))
        }
        return Outcome(
            comparison: GatewayComparison(changes(former, latter, environment)), reports: (formerReport, latterReport))
    }

    private static func changes(
        _ old: ComparedGateway, _ new: ComparedGateway, _ environment: [String: String]
    ) -> [GatewayChange] {
        let configuration = ConfigurationComparison(from: old.source, to: new.source, environment: environment)
        var changes = configuration.changes.map { change in
            GatewayChange(
                severity: ChangeSeverity(rawValue: change.severity.rawValue) ?? .notable, subject: change.path,
                message: change.message)
        }
        if let before = old.mapping, let after = new.mapping {
            let schema = SchemaComparison(from: before.schema, to: after.schema).changes
            let mapping = MappingComparison(from: before, to: after).changes
            changes += (schema + mapping).map {
                GatewayChange(severity: $0.severity, subject: $0.coordinate, message: $0.message)
            }
        }
        return changes + OperationComparison(from: old, to: new).changes
    }
}
