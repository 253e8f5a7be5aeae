public import GraphQL

/// What changes in where values come from, between two schemas with their directives and profiles: only fields and
/// profiles that both have.
public struct MappingComparison: Sendable {
    /// Every difference, in the order of the new schema.
    public private(set) var changes: [SchemaChange] = []

    /// Compares two mapped schemas.
    public init(from old: MappedSchema, to new: MappedSchema) {
        for type in new.schema.types where type.kind == .object && type.origin == .document {
            for field in type.fields { compare(old, new, type.name, field.name) }
        }
    }

    private mutating func compare(_ old: MappedSchema, _ new: MappedSchema, _ type: String, _ field: String) {
        guard let before = old.field(field, on: type), let after = new.field(field, on: type) else { return }
        // What is true of some profiles is said once, with their names.
        var found: [(severity: ChangeSeverity, message: String, profiles: [String])] = []
        var common = 0
        for profile in new.profiles.profiles {
            guard let former = old.profiles.profile(named: profile.name) else { continue }
            common += 1
            let sides = (
                Side(field: before, profile: former, routes: old.routes),
                Side(field: after, profile: profile, routes: new.routes)
            )
            for (severity, message) in Self.differences(sides.0, sides.1) {
                if let index = found.firstIndex(where: { $0.message == message }) {
                    found[index].profiles.append(profile.name)
                } else {
                    found.append((severity, message, [profile.name]))
                }
            }
        }
        for change in found {
            let whose = change.profiles.count == common ? "" : " (\(change.profiles.joined(separator: ", ")))"
            changes.append(SchemaChange(change.severity, after.coordinate, change.message + whose))
        }
    }

    /// A field as one profile sees it.
    private struct Side {
        let field: MappedField
        let profile: Profile
        let routes: [RouteDescription]

        var mapping: FieldMapping { field.mapping(for: profile) }
        var cap: Int? { field.cap(for: profile) }

        /// Where the value comes from, for a reader.
        var source: String {
            switch mapping {
            case .path(let path): "read from \"\(path)\""
            case .rest(let rest):
                "fetched by \(routes[rest.route].name)" + (rest.at.steps.isEmpty ? "" : " at \"\(rest.at)\"")
            case .dropped: "left out"
            }
        }

        /// What the inputs of the call's route are bound to, by their names.
        var bindings: [String: MappedBinding] {
            guard case .rest(let rest) = mapping else { return [:] }
            let named = rest.bindings.enumerated().map { (routes[rest.route].inputName($0.offset), $0.element) }
            return Dictionary(named, uniquingKeysWith: { first, _ in first })
        }
    }

    private static func differences(_ old: Side, _ new: Side) -> [(ChangeSeverity, String)] {
        switch (old.mapping, new.mapping) {
        case (.dropped, .dropped): return []
        case (_, .dropped): return [(.notable, "is left out")]
        case (.dropped, _): return [(.safe, "is no longer left out")]
        default: break
        }
        var differences: [(ChangeSeverity, String)] = []
        if old.source != new.source {
            differences.append((.notable, "is \(new.source), and was \(old.source)"))
        } else if old.bindings != new.bindings {
            differences.append((.notable, "is fetched with other values"))
        }
        if old.cap != new.cap {
            let isLess = new.cap.map { cap in old.cap.map { cap < $0 } ?? true } ?? false
            let text = { (cap: Int?) in cap.map { "at most \($0)" } ?? "any number of" }
            differences.append((isLess ? .notable : .safe, "has \(text(new.cap)) items, and had \(text(old.cap))"))
        }
        return differences
    }
}
