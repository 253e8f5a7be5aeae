internal import Execution
internal import Planning

extension ServedSnapshot {
    /// Makes plans for documents that clients of another snapshot use, so that the first of them don't wait for it here.
    /// What isn't valid any more is left out: whoever sends it is told why.
    func warm(_ documents: [UsedDocument], previous: Snapshot, _ metrics: LimitMetrics) {
        guard let mapping = snapshot.mapping else { return }
        // The most used last, as that is the one to be forgotten last.
        for used in documents.reversed() {
            let reader = OperationPreparation(self, snapshot.profiles.defaultProfile, metrics)
            let text = used.text
            guard let document = try? unsafe reader.parse(text.span.bytes, mapping, isTrusted: false) else { continue }
            for purpose in used.plans {
                let name = previous.profiles.profiles[purpose.profile].name
                guard let profile = snapshot.profiles.profiles.first(where: { $0.name == name }) else { continue }
                let planning = OperationPreparation(self, profile, metrics)
                guard let measures = try? planning.measure(purpose.operation, of: document, mapping, purpose.conditions)
                else { continue }
                _ = try? planning.plan(purpose.operation, of: document, mapping, purpose.conditions, measures)
            }
        }
    }
}
