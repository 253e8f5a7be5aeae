import GraphQL
import JSON
import Testing

@testable import Planning

@Suite("Shaped REST doors")
struct ShapedDoorTests {
    private func dump(_ type: OutputType) -> String {
        guard case .object(let selection) = type.nullable else { return "no object" }
        var lines: [String] = []
        Plan.append(selection, 0, &lines)
        return lines.joined(separator: "\n")
    }

    @Test func `a type's own fields are answered, under their names and by the profile's paths`() throws {
        var fixture = try Fixture(PlanTests.sdl, profiles: Fixture.deviceProfiles)
        fixture.sdl = fixture.sdl.replacing("friend: User\n", with: "tags: [String!]\n")
        let mapping = try fixture.mapping
        let profile = try #require(mapping.profiles.profile(named: "tv"))
        let door = try ShapedDoor(mapping: mapping, typeName: "User", profile: profile)
        #expect(
            dump(door.object) == """
                id: ID! <- id@0
                name: String <- profile@1.displayName@0
                avatar: String <- avatar@2.[1].small@0
                role: Role <- role@3
                tags: [String!](10) <- tags@4
                """)
        guard case .list(let item, cap: 10) = door.list.nullable else {
            Issue.record("a list is not capped")
            return
        }
        #expect(dump(item) == dump(door.object))
    }

    @Test func `an abstract type is answered by kind`() throws {
        let mapping = try Fixture(PlanTests.sdl, profiles: Fixture.deviceProfiles).mapping
        let door = try ShapedDoor(mapping: mapping, typeName: "Item", profile: mapping.profiles.defaultProfile)
        guard case .abstract(let item) = door.object.nullable else {
            Issue.record("no abstract type")
            return
        }
        #expect(
            item.selections.map { $0.fields.map(\.responseKey) } == [["id", "body", "history"], ["id", "history"]])
    }

    @Test func `a recursive type is answered some levels deep`() throws {
        let sdl = #"type Query { c: Comment @rest(route: "feed") } type Comment { text: String replies: [Comment!] }"#
        let mapping = try Fixture(sdl).mapping
        let door = try ShapedDoor(mapping: mapping, typeName: "Comment", profile: mapping.profiles.defaultProfile)
        #expect(dump(door.object).split(separator: "text:").count == 8)
    }

    @Test func `types that lead to each other many ways stay within bounds`() throws {
        let fields = (0..<8).map { "f\($0): T\($0)" }.joined(separator: " ")
        let types = (0..<8).map { "type T\($0) { x: Int \(fields) }" }.joined(separator: "\n")
        let mapping = try Fixture("type Query { t: T0 @rest(route: \"feed\") }\n" + types).mapping
        let door = try ShapedDoor(mapping: mapping, typeName: "T0", profile: mapping.profiles.defaultProfile)
        let count = dump(door.object).split(separator: "\n").count
        #expect(count > 100 && count <= 8_192)
    }

    @Test func `an unknown type is told with what was meant`() throws {
        let mapping = try Fixture(PlanTests.sdl, profiles: Fixture.deviceProfiles).mapping
        for (name, suggestion) in [("Usr", "User" as String?), ("Role", "Node"), ("Zzzzzzz", nil)] {
            let error = #expect(throws: ShapedDoorError.self) {
                try ShapedDoor(mapping: mapping, typeName: name, profile: mapping.profiles.defaultProfile)
            }
            #expect(error?.suggestion == suggestion)
        }
    }
}

@Suite("Routes at REST doors")
struct DoorBindingTests {
    @Test func `parameters bind variables by name`() throws {
        let route = try Fixture.route(
            0, "r", "GET /u/{id}?l={limit}", headers: [("x-p", "$profile"), ("x-l", "$header.Accept-Language")],
            body: .string("$args.input"))
        #expect(
            try route.doorBindings(hasTokens: false).map(\.dump) == [
                "$args.id", "$args.limit", "$profile", "$header.accept-language", "$args.input",
            ])
    }

    @Test(arguments: ["$this.id", "$claims.sub", "$args.input.name"])
    func `what needs a parent or a token is refused`(_ expression: String) throws {
        let route = try Fixture.route(0, "r", "POST /u", body: .string(expression))
        let error = #expect(throws: DoorBindingError.self) { try route.doorBindings(hasTokens: false) }
        #expect(error?.input == expression)
    }
}
