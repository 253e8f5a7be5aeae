/// What gateway.yaml knows by name and this version doesn't do: refused at the key, and nothing below it is read.
///
/// The only place that says so. To build one: remove its line, name the key where its block is read, and describe it in
/// `ConfigurationSchema`.
enum UnavailableKeys {
    struct Entry {
        /// The key's path; `*` stands for any name.
        var path: String
        /// Values that mean "off", as they are written; those are taken.
        var off: [String] = []
    }

    static let entries = [
        Entry(path: "redis")
    ]

    private static let byPath = Dictionary(uniqueKeysWithValues: entries.map { ($0.path, $0) })

    /// The entry for a path in which names are `*`.
    static func entry(at path: String) -> Entry? { byPath[path] }
}
