import GraphQL
import Testing

@testable import Planning

@Suite("From one mapping to another")
struct ComparisonTests {
    static let sdl = """
        type Query { user(id: ID!): User @rest(route: "users.get") feed: [User!] @rest(route: "feed") }
        type User { id: ID! name: String friends: [User] bestId: ID
          best: User @rest(route: "users.get", with: {id: "$this.bestId"}) }
        """

    static func profiles(drop: String? = nil, cap: Int? = nil) -> ProfileSet {
        let dropped = drop.map { [ConfiguredCoordinate($0, place: 0)] } ?? []
        return ProfileSet(
            [ProfileDefinition(name: "web"), ProfileDefinition(name: "tv", drop: dropped, defaultListCap: cap)],
            defaultName: "web", header: "x-device-profile")
    }

    static func changes(
        _ old: String, _ new: String, from: ProfileSet? = nil, to: ProfileSet? = nil
    ) throws -> [String] {
        let before = try Fixture(old, profiles: from).mapping
        let after = try Fixture(new, profiles: to).mapping
        return MappingComparison(from: before, to: after).changes.map {
            "\($0.severity.rawValue) \($0.coordinate) \($0.message)"
        }
    }

    @Test func `the same is no change`() throws {
        #expect(try Self.changes(Self.sdl, Self.sdl).isEmpty)
    }

    @Test(
        arguments: [
            (
                "name: String", #"name: String @from(path: "profile.name")"#,
                [#"notable User.name is read from "profile.name", and was read from "name""#]
            ),
            (
                "name: String", #"name: String @from(path: "name") @from(path: "n", on: ["tv"])"#,
                [#"notable User.name is read from "n", and was read from "name" (tv)"#]
            ),
            (
                "name: String", #"name: String @hide(on: ["tv"])"#, ["notable User.name is left out (tv)"]
            ),
            (
                #"name: String @hide(on: ["tv", "web"])"#, "name: String", ["safe User.name is no longer left out"]
            ),
            (
                "$this.bestId", "$this.id", ["notable User.best is fetched with other values"]
            ),
            (
                #"feed: [User!] @rest(route: "feed")"#, #"feed: [User!] @rest(route: "feed", at: "items")"#,
                [#"notable Query.feed is fetched by feed at "items", and was fetched by feed"#]
            ),
            (
                "friends: [User]", #"friends: [User] @rest(route: "feed")"#,
                [#"notable User.friends is fetched by feed, and was read from "friends""#]
            ),
        ])
    func `where a value comes from`(old: String, new: String, expected: [String]) throws {
        let base = Self.sdl.replacing("name: String", with: old.hasPrefix("name") ? old : "name: String")
        #expect(try Self.changes(base, base.replacing(old, with: new)) == expected)
    }

    @Test func `what profiles say of fields`() throws {
        let changes = try Self.changes(
            Self.sdl, Self.sdl, from: Self.profiles(), to: Self.profiles(drop: "User.best", cap: 5))
        #expect(
            changes == [
                "notable Query.feed has at most 5 items, and had any number of (tv)",
                "notable User.friends has at most 5 items, and had any number of (tv)",
                "notable User.best is left out (tv)",
            ])
    }

    static func comparison(_ old: (String, ProfileSet), _ new: (String, ProfileSet), _ query: String) throws
        -> PlanComparison
    {
        let explain = { (side: (String, ProfileSet)) in
            Explanation(try Fixture(side.0, profiles: side.1).plan(query, profile: "tv"))
        }
        return PlanComparison(from: try explain(old), to: try explain(new))
    }

    @Test func `more calls are notable, fewer are safe`() throws {
        let query = "{ user(id: 1) { name best { name } } }"
        let lean = Self.sdl.replacing(
            #" @rest(route: "users.get", with: {id: "$this.bestId"})"#, with: "")
        let more = try Self.comparison((lean, Self.profiles()), (Self.sdl, Self.profiles()), query)
        #expect(more.severity == .notable)
        #expect(more.message == "makes at most 2 calls, and made 1; now calls users.get for user.best")
        let fewer = try Self.comparison((Self.sdl, Self.profiles()), (lean, Self.profiles()), query)
        #expect(fewer.severity == .safe)
        #expect(fewer.message == "makes at most 1 calls, and made 2; no longer calls users.get for user.best")
        let same = try Self.comparison((Self.sdl, Self.profiles()), (Self.sdl, Self.profiles()), query)
        #expect(same.severity == nil)
    }

    @Test func `a field that is left out is notable, though a call less is made`() throws {
        let change = try Self.comparison(
            (Self.sdl, Self.profiles()), (Self.sdl, Self.profiles(drop: "User.best")),
            "{ user(id: 1) { name best { name } } }")
        #expect(change.severity == .notable && change.dropped == ["User.best"])
    }

    @Test func `calls that the items of a list decide are more than any number`() throws {
        let query = "{ feed { best { name } } }"
        let change = try Self.comparison((Self.sdl, Self.profiles(cap: 5)), (Self.sdl, Self.profiles()), query)
        #expect(change.severity == .notable)
        #expect(change.message == "makes at most as many as the items need calls, and made 6")
    }
}
