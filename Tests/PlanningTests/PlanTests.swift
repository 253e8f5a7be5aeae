import GraphQL
import Testing

@testable import Planning

@Suite("Plans")
struct PlanTests {
    static let sdl = #"""
        type Query {
          user(id: ID!): User @rest(route: "users.get")
          other: User @rest(route: "users.get", with: {id: 7})
          feed: [Item!] @rest(route: "feed", at: "data.items")
        }
        type Mutation { createPost(input: PostInput!): Post @rest(route: "posts.create") }
        input PostInput { body: String }
        interface Node { id: ID! history: [String!] author: User @rest(route: "users.byIds", with: {ids: "$batch.authorId"}, key: "id") }
        type User implements Node {
          id: ID!
          name: String @from(path: "profile.displayName")
          avatar: String @from(path: "avatar.large") @from(path: "avatar[1].small", on: ["tv", "phone"])
          history: [String!] @hide(on: ["phone"])
          posts(limit: Int = 10): [Post!] @rest(route: "posts.ofUser", with: {id: "$this.id"}, at: "items")
          role: Role
          friend: User
          author: User @rest(route: "users.get")
        }
        enum Role { ADMIN USER }
        type Post implements Node {
          id: ID! body: String history: [String!]
          author: User
        }
        type Video implements Node { id: ID! history: [String!] @from(path: "h") author: User }
        union Item @kind(path: "type", map: {Post: "blog-post", Video: ["video", 3, true]}) = Post | Video
        """#

    static func fixture() throws -> Fixture { try Fixture(sdl, profiles: Fixture.deviceProfiles) }

    @Test func `members are read by name or by path, calls are joined, the same member is one slot`() throws {
        let plan = try Self.fixture().plan(
            """
            query Q($id: ID!) {
              user(id: $id) { id name role again: id friend { __typename id } posts { id author { name } } }
              other { id }
            }
            """)
        #expect(
            plan.dump == """
                user: User <- call 0
                  id: ID! <- id@1
                  name: String <- profile@2.displayName@0
                  role: Role <- role@3
                  again: ID! <- id@1
                  friend: User <- friend@4
                    __typename: String! <- type name
                    id: ID! <- id@0
                  posts: [Post!] <- call 2
                    id: ID! <- id@2
                    author: User <- call 3
                      name: String <- profile@1.displayName@0
                other: User <- call 1
                  id: ID! <- id@0
                call 0: users.get for user join@0 {id}=$args.id
                call 1: users.get for other join@1 {id}=7
                call 2: posts.ofUser for user.posts of call 0 join@0 {id}=$this.id@1 {limit}=$args.limit at items@0
                call 3: users.byIds for user.posts.author of call 2 join@0 {ids}=$batch batch authorId@1->id@0 max 50
                """)
        #expect(plan.rootRecordSlots == 2)
        #expect(plan.fetches[3].parentLists == [nil])
    }

    @Test func `types of an abstract position share slots and a call that they inherit`() throws {
        let plan = try Self.fixture().plan(
            """
            { feed {
                __typename
                ... on Node { id author { name } }
                ... on Post { body author { id } }
                ... on Video { history } } }
            """)
        #expect(
            plan.dump == """
                feed: [Item!] <- call 0
                  by type@0
                  Post
                    __typename: String! <- type name
                    id: ID! <- id@3
                    author: User <- call 1
                      name: String <- profile@1.displayName@0
                      id: ID! <- id@0
                    body: String <- body@4
                  Video
                    __typename: String! <- type name
                    id: ID! <- id@3
                    author: User <- call 1
                      name: String <- profile@1.displayName@0
                    history: [String!] <- h@5
                call 0: feed for feed join@0 at data@0.items@0
                call 1: users.byIds for feed.author of call 0 join@1 {ids}=$batch batch authorId@2->id@0 max 50
                """)
        guard case .list(.nonNull(.abstract(let items)), cap: nil) = plan.root.fields[0].type else {
            Issue.record("feed is not a list of an abstract type")
            return
        }
        let kinds = ["blog-post", "video", "Post"].map { text in
            let bytes = Array(text.utf8)
            return unsafe items.selection(forString: bytes.span.bytes)?.typeName
        }
        #expect(kinds == ["Post", "Video", nil])
        let literals = ["3", "true", "4"].map { text in
            let bytes = Array(text.utf8)
            return unsafe items.selection(forLiteral: bytes.span.bytes)?.typeName
        }
        #expect(literals == ["Video", "Video", nil])
    }

    @Test func `a profile has its own paths, drops and caps`() throws {
        let query = "{ user(id: 1) { avatar history posts { id } } feed { ... on Node { history } } }"
        #expect(
            try Self.fixture().plan(query, profile: "tv").dump == """
                user: User <- call 0
                  avatar: String <- avatar@2.[1].small@0
                  history:  <- dropped 0
                  posts: [Post!](5) <- call 2
                    id: ID! <- id@0
                feed: [Item!](10) <- call 1
                  by type@0
                  Post
                    history: [String!](10) <- history@1
                  Video
                    history: [String!](10) <- h@2
                call 0: users.get for user join@0 {id}=$args.id
                call 1: feed for feed join@1 at data@0.items@0
                call 2: posts.ofUser for user.posts of call 0 join@0 {id}=$this.id@1 {limit}=$args.limit at items@0
                dropped User.history
                """)
        #expect(try Self.fixture().plan(query, profile: "phone").dropped.map(\.coordinate) == ["User.history"])
        #expect(try Self.fixture().plan(query, profile: "web").dropped.isEmpty)
    }

    @Test(arguments: [
        ("{ feed { ... on Node { history } } }", ["Post.history?", "Video.history?"]),
        ("{ feed { ... on Post { history } ... on Node { history } } }", ["Post.history", "Video.history?"]),
        ("{ feed { ... on Node { history } ... on Post { again: history } } }", ["Post.history", "Video.history?"]),
        ("query($no: Boolean!) { feed { ... on Node @include(if: $no) { history } } }", []),
        ("{ feed { ... on Node @skip(if: true) { history } } }", []),
    ]) func `what is dropped of an abstract type counts where such objects come`(
        _ query: String, _ dropped: [String]
    ) throws {
        var fixture = try Self.fixture()
        fixture.profiles = ProfileSet([
            ProfileDefinition(name: "tv", drop: [ConfiguredCoordinate("Node.history")]),
            ProfileDefinition(name: "phone"),
        ])
        let plan = try fixture.plan(query)
        #expect(plan.dropped.map { $0.coordinate + ($0.isConditional ? "?" : "") } == dropped)
    }

    @Test(arguments: [
        ("{ feed { ... on Video { history } ... on Post { history } } }", ["Video.history", "Post.history"]),
        ("{ feed { ... on Post { history } ... on Video { history } } }", ["Post.history", "Video.history"]),
        (
            "{ feed { ...A ... on Post { history } } } fragment A on Video { history }",
            ["Video.history", "Post.history"]
        ),
        (
            "{ feed { ... on Video { a: history @skip(if: true) } ... on Post { history } ... on Video { history } } }",
            ["Post.history", "Video.history"]
        ),
    ]) func `what is dropped comes in order of first selection, whatever the order of types`(
        _ query: String, _ dropped: [String]
    ) throws {
        var fixture = try Self.fixture()
        fixture.profiles = ProfileSet([
            ProfileDefinition(name: "tv", drop: [ConfiguredCoordinate("Node.history")]),
            ProfileDefinition(name: "phone"),
        ])
        let plan = try fixture.plan(query)
        #expect(plan.droppedOrder.map { plan.dropped[$0].coordinate } == dropped)
    }

    @Test func `nothing below a dropped field is planned`() throws {
        var fixture = try Self.fixture()
        fixture.profiles = ProfileSet([
            ProfileDefinition(
                name: "tv", drop: [ConfiguredCoordinate("User.posts"), ConfiguredCoordinate("Post.body")]),
            ProfileDefinition(name: "phone"),
        ])
        let plan = try fixture.plan("{ user(id: 1) { posts { body } } }")
        #expect(plan.dropped == [DroppedField(coordinate: "User.posts", isConditional: false)])
        #expect(plan.fetches.count == 1)
    }

    @Test func `a plan is for the values of the variables in skip and include`() throws {
        let query =
            "query($a: Boolean!, $b: Boolean!) { user(id: 1) { id @skip(if: $b) ...F } } "
            + "fragment F on User { name @include(if: $a) @skip(if: $b) }"
        #expect(try Fixture.entry(query).conditionVariables == ["b", "a"])
        let expected: [(UInt64, [String])] = [(0b00, ["id"]), (0b01, []), (0b10, ["id", "name"]), (0b11, [])]
        for (bits, fields) in expected {
            let plan = try Self.fixture().plan(query, conditions: Conditions(bits: bits))
            guard case .object(let user) = plan.root.fields[0].type else { continue }
            #expect(user.fields.map(\.responseKey) == fields, "\(bits)")
        }
    }

    @Test func `a mutation's calls belong to their root fields`() throws {
        let plan = try Self.fixture().plan(
            "mutation($x: PostInput!) { a: createPost(input: $x) { author { id } } b: createPost(input: $x) { id } }")
        #expect(plan.fetches.map(\.rootIndex) == [0, 1, 0])
        #expect(plan.fetches.map(\.parent) == [nil, nil, 0])
        #expect(plan.fetches[0].dump == "call 0: posts.create for a join@0 $args.input=$args.input")
    }

    @Test func `introspection is left to the schema`() throws {
        let plan = try Self.fixture().plan("{ __typename __schema { types { name } } t: __type(name: \"A\") { name } }")
        #expect(
            plan.dump == """
                __typename: String! <- type name
                __schema: __Schema! <- introspection
                t: __Type <- introspection
                """)
    }

    @Test func `an operation that can't be run is refused`() throws {
        var fixture = try Self.fixture()
        fixture.sdl += " type Subscription { ticks: Int }"
        let error = #expect(throws: PlanningError.self) { try fixture.plan("subscription { ticks }") }
        #expect(error?.kind == .operationUnsupported)
        #expect(error?.message == "The gateway does not run subscription operations.")
    }

    @Test func `values of with may be constants, lists and objects`() throws {
        var fixture = try Fixture(
            #"""
            type Query {
              a(x: Int, y: Y): Int @rest(route: "r", with: {
                a: [1, "$args.x", {k: "$header.X-Y", l: null}], b: {c: [true, 1.5], d: SOME}, c: "$profile", d: "$$x",
                e: "$args.y.z" })
            }
            input Y { z: [Int] }
            """#)
        fixture.routes = [try Fixture.route(0, "r", "GET /r?a={a}&b={b}&c={c}&d={d}&e={e}")]
        #expect(
            try fixture.plan("{ a }").fetches[0].dump == """
                call 0: r for a join@0 {a}=[1,$args.x,{k:$header.x-y,l:null}] {b}={"c":[true,1.5],"d":"SOME"} {c}=$profile \
                {d}="$x" {e}=$args.y.z
                """)
    }
}
