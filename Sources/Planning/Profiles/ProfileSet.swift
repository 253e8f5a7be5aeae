/// The device profiles, and which of them a request gets.
public struct ProfileSet: Sendable {
    /// All profiles, in the configuration's order; at least one.
    public let profiles: [Profile]
    /// What each of them says, in the same order.
    public let definitions: [ProfileDefinition]
    /// What a request gets that nothing else matches.
    public let defaultProfile: Profile
    /// The request header, in lower case, whose value names a profile; nil: none does.
    public let header: String?

    /// A set of these profiles; of one named `default` if there are none.
    ///
    /// - Parameters:
    ///   - defaultName: the default profile; the first one if nil or unknown.
    ///   - header: the header whose value wins over User-Agent, where it names a profile.
    public init(_ definitions: [ProfileDefinition], defaultName: String? = nil, header: String? = nil) {
        let definitions = definitions.isEmpty ? [ProfileDefinition(name: "default")] : definitions
        self.definitions = definitions
        profiles = definitions.enumerated().map { Profile(index: $0.offset, name: $0.element.name) }
        defaultProfile = profiles.first { $0.name == defaultName } ?? Profile(index: 0, name: definitions[0].name)
        self.header = header?.lowercased()
    }

    /// The profile of that name.
    public func profile(named name: String) -> Profile? { profiles.first { $0.name == name } }

    /// The profile of a request: the one that the header's value names, else the first one in order with a pattern
    /// that its User-Agent matches, else the default.
    ///
    /// - Parameters:
    ///   - headerValue: the value of the header `header`, as received.
    ///   - userAgent: the value of User-Agent, as received.
    public func select(headerValue: RawSpan?, userAgent: RawSpan?) -> Profile {
        if let headerValue {
            for profile in profiles where headerValue.holds(text: profile.name) { return profile }
        }
        if let userAgent {
            for profile in profiles
            where definitions[profile.index].userAgents.contains(where: { $0.matches(userAgent) }) {
                return profile
            }
        }
        return defaultProfile
    }

    /// The request fields that an answer's `Vary` names where the answer depends on the profile: none if there is no
    /// choice.
    public var varyFields: [String] {
        guard profiles.count > 1 else { return [] }
        let byUserAgent = definitions.contains { !$0.userAgents.isEmpty }
        return (header.map { [$0] } ?? []) + (byUserAgent ? ["user-agent"] : [])
    }
}

/// What the configuration says of one profile.
public struct ProfileDefinition: Sendable {
    /// The name.
    public let name: String
    /// Patterns for User-Agent.
    public let userAgents: [Glob]
    /// Coordinates of fields that are left out.
    public let drop: [ConfiguredCoordinate]
    /// How many items the outermost list of any field keeps at most.
    public let defaultListCap: Int?
    /// The same for single fields; these win.
    public let listCaps: [ConfiguredListCap]

    /// A profile as configured.
    public init(
        name: String, userAgents: [String] = [], drop: [ConfiguredCoordinate] = [], defaultListCap: Int? = nil,
        listCaps: [ConfiguredListCap] = []
    ) {
        self.name = name
        self.userAgents = userAgents.map(Glob.init)
        self.drop = drop
        self.defaultListCap = defaultListCap
        self.listCaps = listCaps
    }
}

/// A schema coordinate that stands in the configuration.
public struct ConfiguredCoordinate: Sendable, Hashable {
    /// `Type.field`.
    public let text: String
    /// A number by which the gateway finds the place in its file; problems carry it.
    public let place: Int

    /// A coordinate and where it stands.
    public init(_ text: String, place: Int = 0) {
        self.text = text
        self.place = place
    }
}

/// How many items of a field's list a profile keeps.
public struct ConfiguredListCap: Sendable, Hashable {
    /// The field.
    public let coordinate: ConfiguredCoordinate
    /// Items at most.
    public let cap: Int

    /// A cap for one field.
    public init(_ coordinate: ConfiguredCoordinate, cap: Int) {
        self.coordinate = coordinate
        self.cap = cap
    }
}
