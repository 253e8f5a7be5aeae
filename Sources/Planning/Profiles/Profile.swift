/// A device profile, as plans and requests carry it.
public struct Profile: Sendable, Hashable {
    /// Its index in the `ProfileSet`, and in tables that hold a value for each profile.
    public let index: Int
    /// Its name.
    public let name: String

    /// A profile from its index and name.
    public init(index: Int, name: String) {
        self.index = index
        self.name = name
    }
}
