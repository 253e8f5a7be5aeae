internal import Configuration
internal import GraphQL
internal import Planning

/// Reads and checks the file of a stored operation.
struct StoredOperation {
    let planner: Planner
    let profiles: ProfileSet
    /// What is wrong with the file.
    private(set) var problems: [Problem] = []

    init(planner: Planner, profiles: ProfileSet) {
        // An operation of the operator's own is trusted.
        self.planner = Planner(mapping: planner.mapping, limits: .none)
        self.profiles = profiles
    }

    /// The only operation of `file`, if it is valid and can be planned for every profile; else problems are there.
    mutating func read(_ file: SourceFile) -> OperationDefinition? {
        let source = Source(bytes: file.bytes, name: file.path)
        let document: Document
        do throws(GraphQLSyntaxError) {
            document = try Parser.parseDocument(source)
        } catch {
            report(error.message, source, error.offset)
            return nil
        }
        guard let operation = document.operations.first, document.operations.count == 1 else {
            let second = document.operations.dropFirst().first
            report(
                "The file of a stored operation holds one operation; this one holds \(document.operations.count).",
                source, second?.offset ?? 0)
            return nil
        }
        for problem in Validator.validate(document, against: planner.mapping.schema, allowsIntrospection: true) {
            report(problem.message, source, problem.offsets.first ?? 0)
        }
        guard problems.isEmpty else { return nil }
        let entry = OperationEntry(document: document, operation: operation)
        for profile in profiles.profiles {
            do throws(PlanningError) {
                _ = try planner.plan(entry, profile: profile)
            } catch {
                report(error.message, source, error.offset)
                return nil
            }
        }
        return operation
    }

    private mutating func report(_ message: String, _ source: Source, _ offset: UInt32) {
        let location = source.location(at: offset)
        problems.append(
            Problem(file: source.name, line: location.line, column: location.column, message: message))
    }
}
