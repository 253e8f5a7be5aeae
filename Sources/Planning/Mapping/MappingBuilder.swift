internal import GraphQL

/// Reads the mapping directives of a schema. Problems are collected; what has one is left out and goes on.
struct MappingBuilder {
    let schema: Schema
    let routes: [RouteDescription]
    let profiles: ProfileSet
    let authorization: Authorization
    private(set) var fields: [String: [String: MappedField]] = [:]
    private(set) var kinds: [String: KindMapping] = [:]
    private var problems: [SchemaProblem] = []
    private var configurationProblems: [ConfiguredProblem] = []
    /// An interface's directive is looked at for each implementer, but reported once.
    private var reported: Set<ReportedProblem> = []

    private struct ReportedProblem: Hashable {
        let source: ObjectIdentifier
        let offset: UInt32
        let message: String
    }

    init(schema: Schema, routes: [RouteDescription], profiles: ProfileSet, authorization: Authorization) {
        self.schema = schema
        self.routes = routes
        self.profiles = profiles
        self.authorization = authorization
    }

    var errors: MappingErrors? {
        problems.isEmpty && configurationProblems.isEmpty
            ? nil : MappingErrors(schema: problems, configuration: configurationProblems)
    }

    mutating func build() {
        let settings = profileSettings()
        for type in schema.types where type.origin == .document {
            if type.isAbstract { kinds[type.name] = kindMapping(of: type) }
            for field in type.fields {
                if type.kind == .interface { checkAlone(field) }
                guard type.kind == .object else { continue }
                fields[type.name, default: [:]][field.name] = mapped(field, of: type, settings)
            }
        }
    }

    mutating func report(
        _ message: String, at position: SourcePosition, coordinate: String? = nil, suggestion: String? = nil
    ) {
        let key = ReportedProblem(
            source: ObjectIdentifier(position.source), offset: position.offset, message: message)
        guard reported.insert(key).inserted else { return }
        problems.append(SchemaProblem(message, at: position, coordinate: coordinate, suggestion: suggestion))
    }

    mutating func report(_ message: String, at place: Int, suggestion: String? = nil) {
        configurationProblems.append(ConfiguredProblem(place: place, message: message, suggestion: suggestion))
    }

    /// What can be told of the directives on an interface's field without an implementer.
    private mutating func checkAlone(_ field: SchemaField) {
        for use in field.appliedDirectives {
            switch use.name {
            case "rest": _ = route(of: use, field)
            case "from": _ = path(of: use, argument: "path", field)
            default: break
            }
            if use.name == "from" || use.name == "hide" { _ = profileIndices(of: use, field) }
        }
        _ = fieldCost(of: field, field.appliedDirectives)
        refuseHiding(field, field.appliedDirectives.filter { $0.name == "hide" })
    }

    // MARK: A field

    private mutating func mapped(
        _ field: SchemaField, of type: NamedType, _ settings: ProfileSettings
    ) -> MappedField {
        let rest = directives("rest", of: field, type).first
        let from = directives("from", of: field, type)
        let hide = directives("hide", of: field, type)
        if rest != nil, let first = from.first {
            report(
                "\(field.coordinate) has both @rest and @from: a fetched value is read at the path \"at\" of @rest.",
                at: first.position, coordinate: field.coordinate)
        }
        var base: [FieldMapping]
        if let rest {
            let mapping = restMapping(rest, field, of: type).map { FieldMapping.rest($0) } ?? .dropped
            base = Array(repeating: mapping, count: profiles.profiles.count)
        } else {
            requireRest(field, of: type)
            base = paths(from, field).map { .path($0) }
        }
        var hidden = settings.dropped[field.coordinate] ?? []
        for use in hide { hidden.formUnion(profileIndices(of: use, field)) }
        refuseHiding(field, hide)
        for index in hidden where base.indices.contains(index) { base[index] = .dropped }
        let caps = profiles.profiles.map { field.type.isList ? settings.cap(field.coordinate, $0.index) : nil }
        let cost = fieldCost(of: field, directives("cost", of: field, type) + directives("listSize", of: field, type))
        return MappedField(
            definition: field, coordinate: field.coordinate, mappings: base, caps: caps, cost: cost,
            access: access(of: field, type))
    }

    /// The directives of a name that hold for an object's field: its own, else those that an interface's field gives as
    /// default. An interface overrides the interfaces that it implements itself.
    mutating func directives(_ name: String, of field: SchemaField, _ type: NamedType) -> [AppliedDirective] {
        let own = field.appliedDirectives.filter { $0.name == name }
        guard own.isEmpty else { return own }
        var defaults: [(interface: NamedType, uses: [AppliedDirective])] = []
        for interface in type.interfaces.compactMap({ schema.type(named: $0) }) {
            let uses = interface.fields[field.name]?.appliedDirectives.filter { $0.name == name } ?? []
            if !uses.isEmpty { defaults.append((interface, uses)) }
        }
        let givers = defaults.filter { candidate in
            !defaults.contains { $0.interface.interfaces.contains(candidate.interface.name) }
        }
        guard let first = givers.first else { return [] }
        for other in givers.dropFirst() where Self.text(of: other.uses) != Self.text(of: first.uses) {
            report(
                "The interfaces \(first.interface.name) and \(other.interface.name) give \(field.coordinate) "
                    + "different defaults of @\(name): say on the field which it is.",
                at: field.position, coordinate: field.coordinate)
        }
        return first.uses
    }

    /// The same for the same meaning: arguments by name, values as written.
    private static func text(of uses: [AppliedDirective]) -> [String] {
        uses.map { use in
            use.directive.arguments.map { "\($0.name.value):\($0.value)" }.sorted().joined(separator: ",")
        }.sorted()
    }

    private mutating func requireRest(_ field: SchemaField, of type: NamedType) {
        guard type.name == schema.queryType.name || type.name == schema.mutationType?.name else { return }
        // One whose directive has a wrong name is told so, and no more.
        guard field.appliedDirectives.allSatisfy({ schema.directives[$0.name] != nil }) else { return }
        report(
            "\(field.coordinate) has no @rest: a field of \(type.name) has no parent to read from.",
            at: field.position, coordinate: field.coordinate)
    }

    private mutating func refuseHiding(_ field: SchemaField, _ uses: [AppliedDirective]) {
        guard field.type.isNonNull else { return }
        for use in uses {
            report(
                "\(field.coordinate) can't be hidden: its type \(field.type) is Non-Null.", at: use.position,
                coordinate: field.coordinate)
        }
    }

    // MARK: Profiles and paths in directives

    /// The profiles in a directive's `on`; reports unknown ones.
    mutating func profileIndices(of use: AppliedDirective, _ field: SchemaField) -> Set<Int> {
        var indices: Set<Int> = []
        guard let value = use.argument(named: "on") else { return [] }
        // A single value stands for a list of one (GraphQL §3.11).
        for item in value.listValue ?? [value] {
            guard let name = item.stringValue else { continue }
            if let profile = profiles.profile(named: name) {
                indices.insert(profile.index)
            } else {
                report(
                    "Unknown profile \"\(name)\"; there are \(profiles.profiles.map(\.name).joined(separator: ", ")).",
                    at: use.position(at: item.offset), coordinate: field.coordinate,
                    suggestion: suggestion(for: name, among: profiles.profiles.map(\.name)))
            }
        }
        return indices
    }

    /// A path argument; nil where it is absent or bad, the latter reported.
    mutating func path(of use: AppliedDirective, argument: String, _ field: SchemaField) -> JSONPath? {
        guard let value = use.argument(named: argument), let text = value.stringValue else { return nil }
        return path(text, value.offset, use, coordinate: field.coordinate, mayBeginWithIndex: argument == "at")
    }

    mutating func path(
        _ text: String, _ offset: UInt32, _ use: AppliedDirective, coordinate: String, mayBeginWithIndex: Bool = false
    ) -> JSONPath? {
        do throws(PathError) {
            let path = try JSONPath(text)
            if path.beginsWithIndex, !mayBeginWithIndex {
                throw PathError(message: "it begins with an index, but starts at an object", offset: 0)
            }
            return path
        } catch {
            // Behind the opening quote; where the string has escapes before, it is a little early.
            let place = offset &+ 1 &+ UInt32(clamping: error.offset)
            report(
                "\"\(text)\" is not a path: \(error.message).", at: use.position(at: place), coordinate: coordinate)
            return nil
        }
    }

    /// `@from`: for each profile the path that names it, else the one for all, else the field's own name.
    private mutating func paths(_ uses: [AppliedDirective], _ field: SchemaField) -> [JSONPath] {
        var general: JSONPath?
        var special: [Int: JSONPath] = [:]
        for use in uses {
            let parsed = path(of: use, argument: "path", field)
            let path = parsed ?? JSONPath(steps: [.member(field.name)])
            if let on = use.argument(named: "on"), !on.isNull {
                for index in profileIndices(of: use, field).sorted() {
                    if special.updateValue(path, forKey: index) != nil {
                        report(
                            "\(field.coordinate) has more than one @from for profile "
                                + "\"\(profiles.profiles[index].name)\".",
                            at: use.position, coordinate: field.coordinate)
                    }
                }
            } else {
                if general != nil {
                    report(
                        "\(field.coordinate) has more than one @from without \"on\".", at: use.position,
                        coordinate: field.coordinate)
                }
                general = path
            }
        }
        let fallback = general ?? JSONPath(steps: [.member(field.name)])
        return profiles.profiles.map { special[$0.index] ?? fallback }
    }
}
