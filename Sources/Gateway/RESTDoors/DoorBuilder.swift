internal import Configuration
internal import Execution
internal import GraphQL
internal import HTTP
internal import JSON
internal import Planning
internal import Resilience
internal import Upstream

/// Makes the REST doors of a configuration, and finds the problems that only schema and routes show.
struct DoorBuilder {
    let configuration: GatewayConfiguration
    let file: String
    /// Nil where there is none, or no valid one.
    let schema: Schema?
    let planner: Planner?
    let profiles: ProfileSet
    let routes: [RouteDescription]
    let registry: UpstreamRegistry
    /// The roles and scopes that are named anywhere.
    let table: GrantTable

    /// What was made.
    struct Built {
        var router: Router
        var problems: [Problem]
        /// Operation files that problems are in.
        var sources: [SourceFile]
    }

    private var problems: [Problem] = []
    private var sources: [SourceFile] = []

    init(
        configuration: GatewayConfiguration, file: String, schema: Schema?, planner: Planner?,
        profiles: ProfileSet, routes: [RouteDescription], registry: UpstreamRegistry, table: GrantTable
    ) {
        self.configuration = configuration
        self.file = file
        self.schema = schema
        self.planner = planner
        self.profiles = profiles
        self.routes = routes
        self.registry = registry
        self.table = table
    }

    /// Makes every door that can be made.
    func build() -> Built {
        var builder = self
        var entries: [Router.Entry] = []
        for door in configuration.doors {
            let text = "\(door.method ?? "ANY") \(door.pattern.value)"
            do throws(TemplateError) {
                let pattern = try DoorPattern(text)
                if let made = builder.door(door, pattern) {
                    let rules = DoorRules(
                        priority: door.priority.map { Priority($0.value) }, requirement: requirement(of: door),
                        routeName: door.routeName ?? text)
                    entries.append(Router.Entry(pattern: pattern, door: made, rules: rules))
                    builder.warnOfProtectedFields(door)
                }
            } catch {
                builder.report("The door's pattern can't be read: \(error.reason).", at: door.pattern.mark)
            }
        }
        return Built(router: Router(entries), problems: builder.problems, sources: builder.sources)
    }

    private mutating func door(_ door: DoorConfiguration, _ pattern: DoorPattern) -> (any RESTDoor)? {
        switch door.destination {
        case .route(let name, let drop): routeDoor(name, pattern, drop, door)
        case .shaped(let name, let type): shapedDoor(name, pattern, type)
        case .operation(let path): operationDoor(path, pattern, door)
        case .upstream(let name, let rewrite): passthroughDoor(name, pattern, rewrite, door)
        }
    }

    // MARK: Problems

    mutating func report(
        _ message: String, at mark: Mark, severity: Problem.Severity = .error, suggestion: String? = nil,
        rule: Rule? = nil
    ) {
        problems.append(
            Problem(file: file, at: mark, severity: severity, message: message, suggestion: suggestion, rule: rule))
    }

    // MARK: Route doors

    /// The route with its bindings. One that isn't there has been reported where the file was read.
    private mutating func bound(
        _ name: Located<String>, _ pattern: DoorPattern
    ) -> (route: RouteDescription, bindings: [Binding])? {
        guard let route = routes.first(where: { $0.name == name.value }) else { return nil }
        let used = Set(route.inputs.indices.map { route.inputName($0) })
        for parameter in pattern.variableNames
        where !used.contains("{\(parameter)}") && !used.contains("$args.\(parameter)") {
            report(
                "The route \"\(route.name)\" doesn't use the path parameter {\(parameter)}.", at: name.mark,
                severity: .warning, rule: .unusedParameter)
        }
        do throws(DoorBindingError) {
            return (route, try route.doorBindings(hasTokens: configuration.auth != nil))
        } catch {
            report(error.message, at: name.mark)
            return nil
        }
    }

    private mutating func routeDoor(
        _ name: Located<String>, _ pattern: DoorPattern, _ drops: [DoorConfiguration.Drop], _ door: DoorConfiguration
    ) -> (any RESTDoor)? {
        guard let bound = bound(name, pattern) else { return nil }
        var form = RouteDoor.Form.whole
        if !drops.isEmpty {
            var byProfile = [DropPaths?](repeating: nil, count: profiles.profiles.count)
            for drop in drops {
                guard let profile = profiles.profile(named: drop.profile.value) else { continue }
                byProfile[profile.index] = dropPaths(drop)
            }
            form = .dropping(byProfile)
        }
        return RouteDoor(bound.route, bindings: bound.bindings, pathParameters: pattern.variableNames, form: form)
    }

    private mutating func dropPaths(_ drop: DoorConfiguration.Drop) -> DropPaths? {
        do throws(DropPathError) {
            return try DropPaths(drop.paths.map(\.value))
        } catch {
            let path = drop.paths.first { $0.value == error.path }
            report("The path \"\(error.path)\" can't be read: \(error.message).", at: path?.mark ?? drop.profile.mark)
            return nil
        }
    }

    private mutating func shapedDoor(
        _ name: Located<String>, _ pattern: DoorPattern, _ type: Located<String>
    ) -> (any RESTDoor)? {
        guard configuration.graphQL != nil else {
            report("A \"shape\" needs a schema: the block \"graphql\" is missing.", at: type.mark)
            return nil
        }
        let bound = bound(name, pattern)
        do throws(ShapedDoorError) {
            if let schema { _ = try ShapedDoor.type(named: type.value, in: schema) }
            guard let bound, let mapping = planner?.mapping else { return nil }
            return RouteDoor(
                bound.route, bindings: bound.bindings, pathParameters: pattern.variableNames,
                form: .shaped(try ShapedDoors(mapping, type.value)))
        } catch {
            report(error.message, at: type.mark, suggestion: error.suggestion)
            return nil
        }
    }

    // MARK: Operation doors

    private mutating func operationDoor(
        _ path: Located<String>, _ pattern: DoorPattern, _ door: DoorConfiguration
    ) -> (any RESTDoor)? {
        guard configuration.graphQL != nil else {
            report("An operation needs a schema: the block \"graphql\" is missing.", at: path.mark)
            return nil
        }
        var check = StoredOperation(StoredDocumentCheck(schema: schema, planner: planner, profiles: profiles))
        let name = configuration.resolve(path.value)
        guard let source = readFile(name, path) else { return nil }
        guard let operation = check.read(source) else {
            problems += check.problems
            sources.append(source)
            return nil
        }
        if operation.kind == .mutation, pattern.method?.isSafe ?? true {
            report(
                "A mutation can't be run by \(pattern.method?.description ?? "ANY"): its door needs POST, PUT, PATCH or "
                    + "DELETE.", at: path.mark)
            return nil
        }
        let names = Set(operation.variables.map(\.name.value))
        for parameter in pattern.variableNames where !names.contains(parameter) {
            report(
                "The operation in \"\(path.value)\" has no variable $\(parameter).", at: path.mark, severity: .warning,
                suggestion: Suggestion.nearest(to: parameter, among: names), rule: .unusedParameter)
        }
        guard let planner else { return nil }
        return OperationDoor(
            document: source.bytes, variables: operation.variables, schema: planner.mapping.schema,
            pathParameters: pattern.variableNames, bodyLimit: door.body)
    }

    private mutating func readFile(_ name: String, _ path: Located<String>) -> SourceFile? {
        do throws(SourceFile.ReadError) {
            return try SourceFile.read(path: name, maximumSize: 1 << 20)
        } catch {
            report("The operation file \"\(name)\" can't be read: \(error.message)", at: path.mark)
            return nil
        }
    }
}
