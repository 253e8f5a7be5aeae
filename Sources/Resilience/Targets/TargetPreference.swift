/// What a request's own facts say of where it goes.
public struct TargetPreference: Hashable, Sendable {
    /// The hash of what shall always come to the same target; nil = nothing of the kind.
    public var key: UInt64?
    /// The group of targets that is asked first; 0 = those for everybody.
    public var group: Int

    /// A preference; by itself none.
    public init(key: UInt64? = nil, group: Int = 0) {
        self.key = key
        self.group = group
    }

    /// No preference.
    public static let none = TargetPreference()
}
