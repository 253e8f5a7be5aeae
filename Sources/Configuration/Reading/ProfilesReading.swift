extension ProfilesConfiguration {
    /// Reads `profiles`, where `default` and `header` are no profiles.
    static func read(_ field: Field) -> ProfilesConfiguration {
        var result = ProfilesConfiguration()
        result.defaultName.mark = field.keyMark
        var isDefaultGiven = false
        for (name, value) in field.entries(of: "profiles such as {phone: {userAgent: [\"*iPhone*\"]}}") ?? [] {
            switch name.scalarText ?? "" {
            case "default":
                isDefaultGiven = true
                if let name = value.text("a profile's name such as web") { result.defaultName = name }
            case "header":
                if let header = readHeader(value) { result.header = header }
            case let text where text.isEmpty || !text.utf8.allSatisfy({ Characters.isNameByte($0) || $0 == 0x2D }):
                name.error("\"\(Field.clipped(text))\" is no profile name; use letters, digits, \"_\" and \"-\"")
            case let text:
                result.profiles.append(Profile.read(Located(text, at: name.mark), value))
            }
        }
        // Left out, the default profile is "web", which then needs no entry of its own.
        if !isDefaultGiven { result.addDefault() }
        return result
    }

    /// Adds an empty profile of the default's name where there is none.
    mutating func addDefault() {
        guard !profiles.contains(where: { $0.name.value == defaultName.value }) else { return }
        profiles.append(Profile(name: defaultName))
    }

    private static func readHeader(_ field: Field) -> String? {
        guard let name = field.text("a field name such as x-device-profile") else { return nil }
        guard name.value.utf8.allSatisfy(Characters.isTokenByte) else {
            field.mismatch("a field name such as x-device-profile")
            return nil
        }
        return name.value.lowercased()
    }
}

extension ProfilesConfiguration.Profile {
    fileprivate static func read(_ name: Located<String>, _ field: Field) -> ProfilesConfiguration.Profile {
        var profile = ProfilesConfiguration.Profile(name: name)
        let keys = ["userAgent", "drop", "lists", "timeout", "priority"]
        guard let object = field.object(keys: keys, example: "{userAgent: [\"*iPhone*\"]}") else { return profile }
        object.read("userAgent", into: &profile.userAgent) { field in
            field.texts("pattern", example: "\"*iPhone*\"")?.map(\.value)
        }
        object.read("timeout", into: &profile.timeout) { $0.locatedDuration() }
        object.read("priority", into: &profile.priority, RequestPriority.read)
        object.read("drop", into: &profile.drop) { field in
            field.items(of: "fields such as [User.history]")?.compactMap { item in
                item.text("a field such as User.history").flatMap { coordinate($0, in: item) }
            }
        }
        for (key, value) in object["lists"]?.entries(of: "list caps such as {default: 20}") ?? [] {
            let maximum = value.count()
            if key.scalarText == "default" {
                profile.listDefault = maximum
            } else if let place = coordinate(Located(key.scalarText ?? "", at: key.mark), in: key), let maximum {
                profile.lists.append(.init(coordinate: place, maximum: maximum))
            }
        }
        return profile
    }

    /// A schema coordinate `Type.field`; whether there is such a field is for who knows the schema.
    private static func coordinate(_ text: Located<String>, in field: Field) -> Located<String>? {
        let parts = text.value.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, Characters.isName(parts[0]), Characters.isName(parts[1]) else {
            field.error("\"\(Field.clipped(text.value))\" is no field of the schema such as User.history")
            return nil
        }
        return text
    }
}
