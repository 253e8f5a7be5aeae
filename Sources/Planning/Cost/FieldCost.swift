/// What a field adds to an operation's cost (`@cost`, `@listSize`), after the field cost of the IBM GraphQL Cost
/// Directives: its weight for each time that it is resolved, and its selection once for each item of its list.
struct FieldCost: Sendable, Hashable {
    /// Added each time that the field is resolved: 1 for one that has a selection and 0 for a leaf, unless `@cost` says.
    var weight: Int
    /// How many items the field's list has at most, largest of these; empty where it is no list.
    var sizes: [ListSize]

    /// The larger of two costs, for a field that several types may resolve.
    func merged(with other: FieldCost) -> FieldCost {
        FieldCost(
            weight: max(weight, other.weight), sizes: sizes + other.sizes.filter { !sizes.contains($0) })
    }
}

/// How many items a list has at most, as far as the schema and the profile tell (`@listSize`, `profiles.X.lists`).
struct ListSize: Sendable, Hashable {
    /// Items where no argument gives the number.
    var assumed: Int
    /// The argument that does.
    var argument: String?
    /// Items that the profile keeps; nil for all.
    var cap: Int?
    /// Lists inside of the list, none of which `@listSize` speaks of.
    var innerLists = 0

    /// Items of a list about which nothing is said.
    static let unknown = 10

    /// Items at most where the argument is `given`, or there is none.
    func items(_ given: Int?) -> Int {
        var items = max(given ?? assumed, 0)
        if let cap { items = min(items, cap) }
        for _ in 0..<innerLists { items = items.multiplyingSaturating(Self.unknown) }
        return items
    }
}
