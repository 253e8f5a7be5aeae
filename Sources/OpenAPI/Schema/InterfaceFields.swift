internal import GraphQL

/// Gives interfaces their fields, once those of their members are known.
enum InterfaceFields {
    /// An interface has the fields of its base schema that all members have with the same type: then the members may
    /// implement it, whatever they say anew of a property. One without any becomes a union.
    static func fill(_ types: [ImportedType], _ families: [Family]) -> [ImportedType] {
        var types = types
        let places = Dictionary(types.enumerated().map { ($1.name, $0) }) { first, _ in first }
        for family in families {
            guard let place = places[family.name], case .interface(_, let kind) = types[place].kind else { continue }
            let members = family.members.compactMap { places[$0] }
            let shared = sharedFields(family, members.map { types[$0] })
            guard !shared.isEmpty else {
                types[place].kind = .union(members: family.members, kind: kind)
                continue
            }
            types[place].kind = .interface(fields: shared, kind: kind)
            for member in members { types[member].interfaces.append(family.name) }
        }
        return types
    }

    private static func sharedFields(_ family: Family, _ members: [ImportedType]) -> [ImportedField] {
        let tables = members.map { member -> [String: ImportedField] in
            guard case .object(let fields) = member.kind else { return [:] }
            return Dictionary(fields.map { ($0.name, $0) }) { first, _ in first }
        }
        guard let first = members.first, case .object(let fields) = first.kind else { return [] }
        return fields.filter { field in
            family.properties.contains(field.member ?? field.name)
                && tables.allSatisfy { $0[field.name]?.type == field.type && $0[field.name]?.member == field.member }
        }
    }
}
