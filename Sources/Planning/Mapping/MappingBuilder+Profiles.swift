internal import GraphQL

/// What the profiles of the configuration say of object types' fields.
struct ProfileSettings {
    /// Coordinates to indices of the profiles that drop them.
    var dropped: [String: Set<Int>] = [:]
    /// Coordinates to caps by profile index.
    var caps: [String: [Int: Int]] = [:]
    /// By profile index.
    var defaultCaps: [Int?] = []

    func cap(_ coordinate: String, _ profile: Int) -> Int? {
        caps[coordinate]?[profile] ?? (defaultCaps.indices.contains(profile) ? defaultCaps[profile] : nil)
    }
}

extension MappingBuilder {
    /// Checks the coordinates of all profiles. One of an interface's field holds for all implementers.
    mutating func profileSettings() -> ProfileSettings {
        var settings = ProfileSettings()
        for (index, definition) in profiles.definitions.enumerated() {
            settings.defaultCaps.append(definition.defaultListCap)
            for coordinate in definition.drop {
                for field in fields(at: coordinate) {
                    if field.type.isNonNull {
                        report(
                            "\(field.coordinate) can't be dropped: its type \(field.type) is Non-Null.",
                            at: coordinate.place)
                    }
                    settings.dropped[field.coordinate, default: []].insert(index)
                }
            }
            // The caps of interfaces first, so that those of objects win.
            let caps = definition.listCaps.map { ($0, fields(at: $0.coordinate)) }
            for (configured, found) in caps.filter({ $0.1.count != 1 }) + caps.filter({ $0.1.count == 1 }) {
                for field in found {
                    if !field.type.isList {
                        report(
                            "\(field.coordinate) is not a list: its type is \(field.type).",
                            at: configured.coordinate.place)
                    }
                    settings.caps[field.coordinate, default: [:]][index] = configured.cap
                }
            }
        }
        return settings
    }

    /// The object types' fields that a coordinate names; reports what does not exist.
    private mutating func fields(at coordinate: ConfiguredCoordinate) -> [SchemaField] {
        let parts = coordinate.text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2 else {
            report("\"\(coordinate.text)\" is not the coordinate of a field: write Type.field.", at: coordinate.place)
            return []
        }
        let composites = schema.types.lazy.filter { !$0.fields.isEmpty && $0.origin == .document }
        guard let type = composites.first(where: { $0.name == parts[0] }) else {
            let isKnown = schema.type(named: parts[0])?.origin == .document
            report(
                isKnown
                    ? "\(parts[0]) in \"\(coordinate.text)\" is no object or interface type."
                    : "Unknown type \"\(parts[0])\" in \"\(coordinate.text)\".", at: coordinate.place,
                suggestion: isKnown
                    ? nil : suggestion(for: parts[0], among: composites.map(\.name)).map { "\($0).\(parts[1])" })
            return []
        }
        guard type.fields[parts[1]] != nil else {
            report(
                "\(type.name) has no field \"\(parts[1])\".", at: coordinate.place,
                suggestion: suggestion(for: parts[1], among: type.fields.names).map { "\(type.name).\($0)" })
            return []
        }
        return schema.possibleTypes(of: type).compactMap { $0.fields[parts[1]] }
    }
}
