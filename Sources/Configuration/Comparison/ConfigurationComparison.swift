/// What changes from one `gateway.yaml` to another, key by key: what is written, with the standard values where nothing
/// is. For files without errors.
public struct ConfigurationComparison: Sendable {
    /// Every difference, in the order of the new file; what is gone stands where its block is.
    public private(set) var changes: [ConfigurationChange] = []

    /// Blocks whose keys the operator chooses, by the pattern of their path.
    private static let named: Set<String> = [
        "upstreams", "routes", "rest", "upstreams.*.headers.set", "routes.*.headers.set", "rest.*.drop",
    ]
    /// Keys of `profiles` that are no profiles.
    private static let reserved = ["default", "header"]

    /// Compares two files that are in memory.
    /// - Parameter environment: the variables for `${NAME}`, of both.
    public init(from old: SourceFile, to new: SourceFile, environment: [String: String]) {
        compare(Place(), Self.root(of: old, environment), Self.root(of: new, environment))
    }

    private static func root(of file: SourceFile, _ environment: [String: String]) -> YAMLNode? {
        let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let text = file.bytes.starts(with: byteOrderMark) ? file.bytes[3...] : file.bytes[...]
        var composer = YAMLComposer(text, environment: environment, problems: ProblemCollector(file: file.path))
        return try? composer.compose()
    }

    /// A key, and the pattern by which its meaning is known.
    private struct Place {
        var path = ""
        var pattern = ""

        func child(_ name: String) -> Place {
            let isNamed = named.contains(pattern) || (pattern == "profiles" && !reserved.contains(name))
            let join = { (path: String, name: String) in path.isEmpty ? name : "\(path).\(name)" }
            return Place(path: join(path, name), pattern: join(pattern, isNamed ? "*" : name))
        }
    }

    private mutating func add(_ severity: ConfigurationChange.Severity, _ place: Place, _ message: String) {
        changes.append(ConfigurationChange(severity: severity, path: place.path, message: message))
    }

    // MARK: The walk

    private mutating func compare(_ place: Place, _ old: YAMLNode?, _ new: YAMLNode?) {
        guard old != nil || new != nil else { return }
        switch ChangeEffect.at(place.pattern) {
        case .elsewhere: return
        case .container: compareMembers(place, old, new)
        case .block(let added, let removed):
            compareBlock(place, old, new, added: added, removed: removed)
        case .value(let severity, let standard): compareValue(place, old, new, severity, standard)
        case .less(let severity, let standard, let unbounded):
            compareBound(place, old, new, severity, standard, unbounded)
        case .flag(let on, let off, let standard): compareFlag(place, old, new, on: on, off: off, standard)
        case .members(let added, let removed, let standard):
            compareItems(place, old, new, added: added, removed: removed, standard)
        case nil where place.pattern.isEmpty: compareMembers(place, old, new)
        case nil where old?.members != nil || new?.members != nil:
            compareBlock(place, old, new, added: .notable, removed: .notable)
        case nil where old?.items != nil || new?.items != nil:
            compareItems(place, old, new, added: .notable, removed: .notable, [])
        case nil: compareValue(place, old, new, .notable, nil)
        }
    }

    private mutating func compareMembers(_ place: Place, _ old: YAMLNode?, _ new: YAMLNode?) {
        let isDoors = place.pattern == "rest"
        let identity = { (key: String) in isDoors ? Self.doorIdentity(key) : key }
        let before = Dictionary(
            (old?.members ?? []).map { (identity($0.key), $0.value) }, uniquingKeysWith: { first, _ in first })
        let after = new?.members ?? []
        for (key, value) in after { compare(place.child(key), before[identity(key)], value) }
        let known = Set(after.map { identity($0.key) })
        for (key, value) in old?.members ?? [] where !known.contains(identity(key)) {
            compare(place.child(key), value, nil)
        }
    }

    /// What requests a door takes: its method and path, whatever its parameters are called.
    private static func doorIdentity(_ key: String) -> String {
        var identity = ""
        var isInside = false
        for character in key.split(separator: " ").joined(separator: " ") {
            if character == "{" { isInside = true }
            if !isInside || character == "." || character == "{" { identity.append(character) }
            if character == "}" { isInside = false }
        }
        return identity
    }

    // MARK: One key

    private mutating func compareBlock(
        _ place: Place, _ old: YAMLNode?, _ new: YAMLNode?, added: ConfigurationChange.Severity,
        removed: ConfigurationChange.Severity
    ) {
        switch (old, new) {
        case (nil, .some): add(added, place, "was added")
        case (.some, nil): add(removed, place, "was removed")
        case (let old?, let new?) where old.members == nil || new.members == nil:
            compareValue(place, old, new, .notable, nil)
        default: compareMembers(place, old, new)
        }
    }

    private mutating func compareValue(
        _ place: Place, _ old: YAMLNode?, _ new: YAMLNode?, _ severity: ConfigurationChange.Severity,
        _ standard: String?
    ) {
        let (before, after) = (old?.comparable ?? standard, new?.comparable ?? standard)
        if before != after { add(severity, place, Self.change(old, new, standard)) }
    }

    private mutating func compareBound(
        _ place: Place, _ old: YAMLNode?, _ new: YAMLNode?, _ severity: ConfigurationChange.Severity,
        _ standard: String?, _ unbounded: Double?
    ) {
        let bound = { (node: YAMLNode?) -> Double in
            let amount = node.map { $0.bound(standard) } ?? standard.flatMap(Quantity.init)?.amount
            return amount.map { $0 == unbounded ? .infinity : $0 } ?? .infinity
        }
        let (before, after) = (bound(old), bound(new))
        if before != after { add(after < before ? severity : .safe, place, Self.change(old, new, standard)) }
    }

    private mutating func compareFlag(
        _ place: Place, _ old: YAMLNode?, _ new: YAMLNode?, on: ConfigurationChange.Severity,
        off: ConfigurationChange.Severity, _ standard: Bool
    ) {
        let before = old.map { $0.comparable == "true" } ?? standard
        let after = new.map { $0.comparable == "true" } ?? standard
        if before != after { add(after ? on : off, place, after ? "was turned on" : "was turned off") }
    }

    private mutating func compareItems(
        _ place: Place, _ old: YAMLNode?, _ new: YAMLNode?, added: ConfigurationChange.Severity,
        removed: ConfigurationChange.Severity, _ standard: [String]
    ) {
        let items = { (node: YAMLNode?) -> [(text: String, shown: String)] in
            guard let node else { return standard.map { ($0, $0) } }
            return (node.items ?? [node]).map { ($0.comparable, $0.shown) }
        }
        let (before, after) = (items(old), items(new))
        for item in before where !after.contains(where: { $0.text == item.text }) {
            add(removed, place, "no longer has \(item.shown)")
        }
        for item in after where !before.contains(where: { $0.text == item.text }) {
            add(added, place, "now has \(item.shown)")
        }
    }

    private static func change(_ old: YAMLNode?, _ new: YAMLNode?, _ standard: String?) -> String {
        switch (old, new) {
        case (let old?, let new?): "is \(new.shown), and was \(old.shown)"
        case (nil, let new?): "is \(new.shown), and " + (standard.map { "was \($0)" } ?? "wasn't given")
        case (let old?, nil): standard.map { "is \($0), and was \(old.shown)" } ?? "isn't given, and was \(old.shown)"
        case (nil, nil): ""
        }
    }
}
