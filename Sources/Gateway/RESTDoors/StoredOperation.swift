internal import Configuration
internal import GraphQL
internal import Planning

/// Checks documents of the operator's own: files of operation doors, entries of a manifest. They are trusted, so no
/// limit applies to them, but for what planning itself can take.
struct StoredDocumentCheck {
    private let schema: Schema?
    private let planner: Planner?
    private let profiles: ProfileSet

    /// - Parameters:
    ///   - schema: nil where there is no valid one: only the syntax is checked then.
    ///   - planner: nil where the schema's directives have problems: nothing is planned then.
    init(schema: Schema?, planner: Planner?, profiles: ProfileSet) {
        self.schema = schema
        self.planner = planner.map { Planner(mapping: $0.mapping, limits: .none) }
        self.profiles = profiles
    }

    init(planner: Planner, profiles: ProfileSet) {
        self.init(schema: planner.mapping.schema, planner: planner, profiles: profiles)
    }

    /// Something wrong with a document, at a byte of it.
    struct Finding {
        let message: String
        let offset: UInt32
    }

    /// What is wrong with `source`: its syntax, else its validity, else that a plan can't be made for some profile.
    /// - Returns: the document where it could be parsed.
    func check(_ source: Source) -> (document: Document?, findings: [Finding]) {
        let document: Document
        do throws(GraphQLSyntaxError) {
            document = try Parser.parseDocument(source)
        } catch {
            return (nil, [Finding(message: error.message, offset: error.offset)])
        }
        guard let schema else { return (document, []) }
        let problems = Validator.validate(document, against: schema, allowsIntrospection: true)
        guard problems.isEmpty else {
            return (document, problems.map { Finding(message: $0.message, offset: $0.offsets.first ?? 0) })
        }
        guard let planner else { return (document, []) }
        return (document, document.operations.compactMap { unplannable($0, document, planner) })
    }

    private func unplannable(
        _ operation: OperationDefinition, _ document: Document, _ planner: Planner
    ) -> Finding? {
        let entry = OperationEntry(document: document, operation: operation)
        for profile in profiles.profiles {
            do throws(PlanningError) {
                _ = try planner.plan(entry, profile: profile)
            } catch {
                return Finding(message: error.message, offset: error.offset)
            }
        }
        return nil
    }
}

/// Reads and checks the file of an operation door.
struct StoredOperation {
    private let check: StoredDocumentCheck
    /// What is wrong with the file.
    private(set) var problems: [Problem] = []

    init(_ check: StoredDocumentCheck) {
        self.check = check
    }

    /// The only operation of `file`, if it is valid and can be planned for every profile; else problems are there.
    mutating func read(_ file: SourceFile) -> OperationDefinition? {
        let source = Source(bytes: file.bytes, name: file.path)
        let (document, findings) = check.check(source)
        if let document, document.operations.count != 1 {
            let second = document.operations.dropFirst().first
            report(
                "The file of a stored operation holds one operation; this one holds \(document.operations.count).",
                source, second?.offset ?? 0)
            return nil
        }
        for finding in findings { report(finding.message, source, finding.offset) }
        return problems.isEmpty ? document?.operations.first : nil
    }

    private mutating func report(_ message: String, _ source: Source, _ offset: UInt32) {
        let location = source.location(at: offset)
        problems.append(
            Problem(file: source.name, line: location.line, column: location.column, message: message))
    }
}
