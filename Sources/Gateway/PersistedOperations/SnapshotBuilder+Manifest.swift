internal import Configuration
internal import GraphQL
internal import Planning

/// The manifest of trusted operations.
extension SnapshotBuilder {
    /// Bytes that a manifest may have.
    private static let manifestLimit = 64 << 20
    /// Problems of a manifest that are shown: one that fits another schema would have one for each operation.
    private static let shownProblems = 200

    /// The operations that `graphql.persisted.manifest` lists; nil where there is none, or where something is wrong with
    /// it, which is reported.
    mutating func trustedOperations(_ check: StoredDocumentCheck) -> TrustedOperations? {
        guard let name = configuration.graphQL?.persisted.manifest else { return nil }
        let path = configuration.resolve(name.value)
        let file: SourceFile
        do throws(SourceFile.ReadError) {
            file = try SourceFile.read(path: path, maximumSize: Self.manifestLimit)
        } catch {
            report("The manifest \"\(path)\" can't be read: \(error.message)", at: name.mark)
            return nil
        }
        let manifest = OperationManifest(file.bytes)
        let findings = manifest.findings + manifest.entries.flatMap { Self.findings($0, manifest, check) }
        guard findings.isEmpty else {
            addSource(file)
            report(findings, in: file)
            return nil
        }
        if manifest.entries.isEmpty, configuration.graphQL?.persisted.only == true {
            report(
                "The manifest \"\(path)\" lists no operation, and no other may run.", at: name.mark, severity: .warning,
                rule: .emptyManifest)
        }
        return TrustedOperations(manifest.entries.map { TrustedOperations.Entry(id: $0.id, text: $0.text) })
    }

    private static func findings(
        _ entry: OperationManifest.Entry, _ manifest: OperationManifest, _ check: StoredDocumentCheck
    ) -> [OperationManifest.Finding] {
        check.check(Source(bytes: entry.text)).findings.map { finding in
            OperationManifest.Finding(
                message: "Operation \"\(entry.title)\": \(finding.message)",
                offset: manifest.offset(of: Int(finding.offset), in: entry))
        }
    }

    private mutating func report(_ findings: [OperationManifest.Finding], in file: SourceFile) {
        let shown = findings.prefix(Self.shownProblems)
        let places = Source(bytes: file.bytes, name: file.path).locations(
            at: shown.map { [UInt32(clamping: $0.offset)] })
        for (finding, place) in zip(shown, places) {
            guard let place = place.first else { continue }
            problems.append(
                Problem(
                    file: file.path, line: place.line, column: place.column, message: finding.message,
                    suggestion: finding.suggestion))
        }
        if findings.count > shown.count, let name = configuration.graphQL?.persisted.manifest {
            report("The manifest has \(findings.count - shown.count) more problems than are shown.", at: name.mark)
        }
    }
}
