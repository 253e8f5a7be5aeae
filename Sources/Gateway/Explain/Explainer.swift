internal import Bytes
internal import Configuration
internal import GraphQL
internal import JSON
internal import Planning

/// Answers one `ExplainRequest`, and gathers what is wrong with it. What was typed is shown as a file of its own, under
/// the name of its option, so that every problem has a place.
struct Explainer {
    /// Ends the work; what is wrong is among `problems`.
    private struct Stopped: Error {}

    private let snapshot: Snapshot
    private(set) var problems: [Problem] = []
    private(set) var sources: [SourceFile] = []

    init(_ snapshot: Snapshot) {
        self.snapshot = snapshot
    }

    /// The explanation; nil where there are errors.
    mutating func explain(_ request: ExplainRequest) -> Explanation? {
        do throws(Stopped) {
            guard let mapping = snapshot.mapping, let planner = snapshot.planner else {
                throw stop(
                    snapshot.configuration.file, "the configuration has no graphql block: there are no operations")
            }
            let profile = try profile(request.profile)
            let document = try document(request, mapping)
            let entry = try operation(request.operationName, document)
            let given = try variables(request.variables)
            let conditions = try conditions(given, entry)
            let plan = try plan(entry, profile, conditions, planner)
            let sizes = try sizes(given, plan, entry)
            judge(plan, sizes, planner.limits, entry)
            return Explanation(
                plan, variables: sizes,
                requestTimeout: snapshot.requestTimeout(profile), limits: planner.limits,
                upstreamCalls: (snapshot.configuration.graphQL?.limits.upstreamCalls).map { Limit($0) })
        } catch {
            return nil
        }
    }

    // MARK: Problems

    private mutating func stop(
        _ file: String, _ message: String, line: Int = 1, column: Int = 1, suggestion: String? = nil
    ) -> Stopped {
        problems.append(
            Problem(file: file, line: line, column: column, message: message, suggestion: suggestion))
        return Stopped()
    }

    private mutating func stop(_ source: Source, _ message: String, at offset: UInt32) -> Stopped {
        let location = source.location(at: offset)
        return stop(source.name, message, line: location.line, column: location.column)
    }

    // MARK: Steps

    /// The profile called `name`, or the default one.
    private mutating func profile(_ name: String?) throws(Stopped) -> Profile {
        guard let name else { return snapshot.profiles.defaultProfile }
        if let profile = snapshot.profiles.profile(named: name) { return profile }
        sources.append(SourceFile(path: "--profile", bytes: Array(name.utf8)))
        let problem = snapshot.unknownProfile(name)
        problems.append(problem)
        throw Stopped()
    }

    /// The document of a file that exists, or of the text itself.
    private mutating func document(_ request: ExplainRequest, _ mapping: MappedSchema) throws(Stopped) -> Document {
        let text = request.document
        var file = SourceFile(path: "query", bytes: Array(text.utf8))
        do throws(SourceFile.ReadError) {
            if !request.isText { file = try SourceFile.read(path: text, maximumSize: 1 << 20) }
        } catch {
            // A path holds no brace, and every operation does.
            guard text.utf8.contains(UInt8(ascii: "{")) else {
                throw stop(text, "this is neither a file that can be read nor a query (\(error.message))")
            }
        }
        sources.append(file)
        let source = Source(bytes: file.bytes, name: file.path)
        let document: Document
        do throws(GraphQLSyntaxError) {
            document = try Parser.parseDocument(
                source, tokenLimit: snapshot.configuration.graphQL?.limits.tokens.enforced)
        } catch {
            throw stop(source, error.message, at: error.offset)
        }
        let found = Validator.validate(document, against: mapping.schema, allowsIntrospection: true)
        for problem in found { _ = stop(source, problem.message, at: problem.offsets.first ?? 0) }
        if !found.isEmpty { throw Stopped() }
        return document
    }

    private mutating func operation(_ name: String?, _ document: Document) throws(Stopped) -> OperationEntry {
        let operations = document.operations
        let names = operations.compactMap { $0.name?.value }
        if let name {
            if let operation = operations.first(where: { $0.name?.value == name }) {
                return OperationEntry(document: document, operation: operation)
            }
            throw stop(
                document.source.name, "there is no operation \"\(name)\" in it",
                suggestion: Suggestion.nearest(to: name, among: names))
        }
        guard operations.count < 2 else {
            let list = names.joined(separator: ", ")
            throw stop(document.source.name, "it holds several operations: choose one with --operation (\(list))")
        }
        guard let operation = operations.first else { throw stop(document.source.name, "it holds no operation") }
        return OperationEntry(document: document, operation: operation)
    }

    private mutating func plan(
        _ entry: OperationEntry, _ profile: Profile, _ conditions: Conditions, _ planner: Planner
    ) throws(Stopped) -> Plan {
        do throws(PlanningError) {
            let measures = try planner.measure(entry, profile: profile, conditions: conditions)
            return try planner.plan(entry, profile: profile, conditions: conditions, measures: measures)
        } catch {
            throw stop(entry.document.source, error.message, at: error.offset)
        }
    }

    /// Says which limits would refuse the operation; it is explained all the same.
    private mutating func judge(
        _ plan: Plan, _ variables: CoercedVariables, _ limits: PlanLimits, _ entry: OperationEntry
    ) {
        let excesses = limits.excesses(of: plan.measures, cost: plan.measures.cost.value(variables))
        for excess in excesses where excess.isEnforced {
            _ = stop(entry.document.source, excess.message, at: entry.operation.offset)
        }
    }

    // MARK: Variables

    /// The values of the variables that `@skip` and `@include` read: as given, else their defaults, else false with a
    /// warning. No other variable changes a plan.
    private mutating func conditions(
        _ given: [InputMember], _ entry: OperationEntry
    ) throws(Stopped) -> Conditions {
        var conditions = Conditions()
        for (index, name) in entry.conditionVariables.enumerated() {
            let definition = entry.operation.variables.first { $0.name.value == name }
            if let member = given.first(where: { $0.name == name }) {
                guard case .boolean(let value) = member.value else {
                    throw stop("--variables", "\"\(name)\" must be true or false")
                }
                conditions[index] = value
            } else if let value = definition?.defaultValue {
                if case .boolean(true) = value.kind { conditions[index] = true }
            } else {
                warn(
                    "$\(name) decides what is fetched and has no value: false is taken; set it by --variables",
                    entry.document.source, definition?.offset ?? entry.operation.offset)
            }
        }
        return conditions
    }

    /// The values of the variables that lists' sizes, and so the cost, depend on: as given, else their defaults, else
    /// none with a warning.
    private mutating func sizes(
        _ given: [InputMember], _ plan: Plan, _ entry: OperationEntry
    ) throws(Stopped) -> CoercedVariables {
        var values: CoercedVariables = [:]
        let names = plan.measures.cost.variables
        for definition in entry.operation.variables where names.contains(definition.name.value) {
            let name = definition.name.value
            if let member = given.first(where: { $0.name == name }) {
                values[name] = try size(member)
            } else if case .int(let digits) = definition.defaultValue?.kind, let size = Int(digits) {
                values[name] = .int(size)
            } else if definition.defaultValue == nil {
                warn(
                    "$\(name) decides how long a list is and has no value: what the schema assumes is taken; set it by "
                        + "--variables", entry.document.source, definition.offset)
            }
        }
        return values
    }

    private mutating func size(_ member: InputMember) throws(Stopped) -> InputValue {
        switch member.value {
        case .null: return .null
        case .number(let text):
            if let value = Double(text).flatMap({ Int(exactly: $0) }) { return .int(value) }
        default: break
        }
        throw stop("--variables", "\"\(member.name)\" must be a whole number")
    }

    private mutating func warn(_ message: String, _ source: Source, _ offset: UInt32) {
        let location = source.location(at: offset)
        problems.append(
            Problem(
                file: source.name, line: location.line, column: location.column, severity: .warning, message: message))
    }

    private mutating func variables(_ text: String?) throws(Stopped) -> [InputMember] {
        guard let text else { return [] }
        sources.append(SourceFile(path: "--variables", bytes: Array(text.utf8)))
        let body = ByteBuffer(capacity: text.utf8.count)
        body.append(text)
        var cause: JSONError?
        do throws(JSONError) {
            var cursor = try JSONCursor(body)
            let value = try cursor.value()
            if value.kind == .object { return VariableValues.read(value, in: body) }
        } catch {
            cause = error
        }
        guard let cause else { throw stop("--variables", "this is JSON, but no object") }
        let source = Source(text, name: "--variables")
        throw stop(source, "this is not JSON: \(cause)", at: UInt32(clamping: cause.offset))
    }
}
