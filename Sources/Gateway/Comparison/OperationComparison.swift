internal import Configuration
internal import GraphQL
internal import Planning

/// What changes for the operations that are stored: which no longer run, and which make other calls.
struct OperationComparison {
    private(set) var changes: [GatewayChange] = []
    private let old: ComparedGateway
    private let new: ComparedGateway

    init(from old: ComparedGateway, to new: ComparedGateway) {
        self.old = old
        self.new = new
        let later = Dictionary(new.operations.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        for document in old.operations {
            if let next = later[document.name] {
                compare(document, next)
            } else if case .manifest = document.name {
                add(.breaking, document, "is no longer in the manifest")
            }
        }
        let known = Set(old.operations.map(\.name))
        for document in new.operations where !known.contains(document.name) {
            // A new door is said with the configuration.
            if case .manifest = document.name { add(.safe, document, "was added to the manifest") }
        }
    }

    private mutating func add(_ severity: ChangeSeverity, _ document: StoredDocument, _ message: String) {
        changes.append(GatewayChange(severity: severity, subject: document.title, message: message))
    }

    private mutating func compare(_ document: StoredDocument, _ next: StoredDocument) {
        if document.text != next.text { add(.notable, next, "has another text") }
        guard let planner = new.planner else { return }
        let check = StoredDocumentCheck(planner: planner, profiles: new.profiles).check(Source(bytes: next.text))
        for finding in check.findings { add(.breaking, next, "no longer runs: \(finding.message)") }
        guard check.findings.isEmpty, let formerPlanner = old.planner else { return }
        let former = StoredDocumentCheck(planner: formerPlanner, profiles: old.profiles)
            .check(Source(bytes: document.text))
        guard former.findings.isEmpty else { return }
        comparePlans(former.document, check.document, next)
    }

    /// The plans of each operation for each profile that both have: with everything conditional left out, and with all
    /// of it.
    private mutating func comparePlans(_ former: Document?, _ latter: Document?, _ document: StoredDocument) {
        for operation in latter?.operations ?? [] {
            guard let latter, let former,
                let before = former.operations.first(where: { $0.name?.value == operation.name?.value })
            else { continue }
            let entries = (
                OperationEntry(document: former, operation: before),
                OperationEntry(document: latter, operation: operation)
            )
            var said: [(severity: ChangeSeverity, message: String, profiles: [String])] = []
            for profile in new.profiles.profiles {
                guard let formerProfile = old.profiles.profile(named: profile.name) else { continue }
                for conditions in [Conditions(), Conditions(bits: .max)] {
                    guard let one = explanation(entries.0, formerProfile, conditions, old),
                        let other = explanation(entries.1, profile, conditions, new)
                    else { continue }
                    let comparison = PlanComparison(from: one, to: other)
                    guard let severity = comparison.severity else { continue }
                    let message = comparison.message
                    if let index = said.firstIndex(where: { $0.message == message }) {
                        if !said[index].profiles.contains(profile.name) { said[index].profiles.append(profile.name) }
                    } else {
                        said.append((severity, message, [profile.name]))
                    }
                }
            }
            for change in said {
                add(change.severity, document, "\(change.message) (\(change.profiles.joined(separator: ", ")))")
            }
        }
    }

    private func explanation(
        _ entry: OperationEntry, _ profile: Profile, _ conditions: Conditions, _ side: ComparedGateway
    ) -> Explanation? {
        let limit = side.configuration.graphQL.map { Limit($0.limits.upstreamCalls) }
        return (try? side.planner?.plan(entry, profile: profile, conditions: conditions)).map {
            Explanation($0, upstreamCalls: limit)
        }
    }
}
