public import GraphQL

/// What the configuration says of who may see what, for reading a schema.
public struct Authorization: Sendable {
    /// Whether tokens are believed at all.
    public var isOn: Bool
    /// Whether root fields that say nothing need a token.
    public var deniesByDefault: Bool
    /// Every role and scope that is named.
    public var table: GrantTable

    /// An authorization.
    public init(isOn: Bool, deniesByDefault: Bool = false, table: GrantTable = GrantTable()) {
        self.isOn = isOn
        self.deniesByDefault = deniesByDefault
        self.table = table
    }
}

extension GrantTable {
    /// Adds the roles and scopes that `@auth` names in a schema.
    public mutating func add(namesIn schema: Schema) {
        for type in schema.types where type.origin == .document {
            for use in type.appliedDirectives + type.fields.flatMap(\.appliedDirectives) where use.name == "auth" {
                for role in use.strings(of: "roles") { add(role: role) }
                for scope in use.strings(of: "scopes") { add(scope: scope) }
            }
        }
    }
}

extension AppliedDirective {
    /// The strings of an argument that is a list of them, or one (GraphQL §3.11, input coercion).
    func strings(of argument: String) -> [String] {
        guard let value = self.argument(named: argument) else { return [] }
        return (value.listValue ?? [value]).compactMap(\.stringValue)
    }
}

extension MappingBuilder {
    /// What has to be granted for an object type's field: by itself, by the type it belongs to, by the object type that
    /// it gives; and under `auth.default: deny` by every root field that isn't public.
    mutating func access(of field: SchemaField, _ type: NamedType) -> [AccessRequirement] {
        let own = directives("auth", of: field, type)
        let isPublic = field.appliedDirectives.first { $0.name == "public" }
        if let isPublic, !own.isEmpty {
            report(
                "\(field.coordinate) is both @public and under @auth.", at: isPublic.position,
                coordinate: field.coordinate)
        }
        var uses = own + type.appliedDirectives.filter { $0.name == "auth" }
        if let given = schema.type(of: field.type), given.kind == .object, given.name != type.name {
            uses += given.appliedDirectives.filter { $0.name == "auth" }
        }
        let isRoot = type.name == schema.queryType.name || type.name == schema.mutationType?.name
        if uses.isEmpty {
            return authorization.deniesByDefault && isRoot && isPublic == nil ? [.anyToken] : []
        }
        return uses.map {
            authorization.table.requirement(roles: $0.strings(of: "roles"), scopes: $0.strings(of: "scopes"))
        }
    }
}

extension MappedSchema {
    /// Whether a caller with these grants may see a field; of an interface's, whether it may for any implementer.
    public func mayRead(_ field: SchemaField, with grants: Grants) -> Bool {
        guard let parent = schema.type(named: field.parentName) else { return true }
        let implementers = schema.possibleTypes(of: parent)
        return implementers.isEmpty
            || implementers.contains { self.field(field.name, on: $0.name)?.refusal(of: grants) == nil }
    }

    /// A field under `@auth` that stands in what a route answers, by what `@rest` fields say of the route's answer; nil
    /// where there is none. Its coordinate.
    public func protectedField(inAnswersOf routes: Set<String>) -> String? {
        for type in schema.types where type.origin == .document && type.kind == .object {
            for field in type.fields {
                guard let mapped = self.field(field.name, on: type.name) else { continue }
                for profile in profiles.profiles {
                    guard case .rest(let rest) = mapped.mapping(for: profile),
                        routes.contains(self.routes[rest.route].name), let answered = schema.type(of: field.type)
                    else { continue }
                    var seen: Set<String> = []
                    if let found = protectedField(below: answered, &seen) { return found }
                }
            }
        }
        return nil
    }

    /// A field under `@auth`, if there is one; its coordinate.
    public var protectedCoordinate: String? {
        for type in schema.types where type.origin == .document && type.kind == .object {
            for field in type.fields {
                guard let mapped = self.field(field.name, on: type.name) else { continue }
                if !mapped.access.isEmpty { return mapped.coordinate }
            }
        }
        return nil
    }

    /// Whether some callers see less of a type than others, in the answer of one route.
    public func hasProtectedField(below typeName: String) -> Bool {
        var seen: Set<String> = []
        return schema.type(named: typeName).map { protectedField(below: $0, &seen) != nil } ?? false
    }

    private func protectedField(below type: NamedType, _ seen: inout Set<String>) -> String? {
        guard type.isComposite, seen.insert(type.name).inserted else { return nil }
        for possible in schema.possibleTypes(of: type) {
            for field in possible.fields {
                guard let mapped = self.field(field.name, on: possible.name) else { continue }
                guard profiles.profiles.contains(where: { mapped.isPath(for: $0) }) else { continue }
                if !mapped.access.isEmpty { return mapped.coordinate }
                if let below = schema.type(of: field.type), let found = protectedField(below: below, &seen) {
                    return found
                }
            }
        }
        return nil
    }
}

extension MappedField {
    fileprivate func isPath(for profile: Profile) -> Bool {
        if case .path = mapping(for: profile) { true } else { false }
    }
}
