import GraphQL
import Testing

@testable import Planning

@Suite("What `check` says of the directives")
struct MappingProblemTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let about: String
        let sdl: String
        let problem: String
        var testDescription: String { about }

        init(_ about: String, _ sdl: String, _ problem: String) {
            self.about = about
            self.sdl = sdl
            self.problem = "s.graphql:" + problem
        }
    }

    static let rest = [
        Case(
            "unknown route", #"type Query { a(id: ID): Int @rest(route: "user.get") }"#,
            #"1:42: Unknown route "user.get". (did you mean "users.get"?)"#),
        Case(
            "root field without a call", "type Query { a: Int }",
            "1:14: Query.a has no @rest: a field of Query has no parent to read from."),
        Case(
            "nothing binds a variable", #"type Query { a: Int @rest(route: "users.get") }"#,
            #"1:21: Nothing binds {id} of route "users.get": Query.a has no argument "id"; give it in "with"."#),
        Case(
            "nothing binds a variable below the root",
            #"type Query { u: U @rest(route: "feed") } type U { a: Int @rest(route: "users.get") }"#,
            #"1:58: Nothing binds {id} of route "users.get": U.a has no argument "id", U no field of that name; "#
                + #"give it in "with"."#),
        Case(
            "variable that the route has not",
            #"type Query { a(id: ID): Int @rest(route: "users.get", with: {idd: 1}) }"#,
            #"1:62: Route "users.get" has no variable "idd". (did you mean "id"?)"#),
        Case(
            "with is no object", #"type Query { a(id: ID): Int @rest(route: "users.get", with: 3) }"#,
            #"1:61: "with" is an object, {id: "$this.id"}; found 3."#),
        Case(
            "parent of a root field", #"type Query { a: Int @rest(route: "users.get", with: {id: "$this.id"}) }"#,
            #"1:58: "$this.id": Query.a is a root field, it has no parent."#),
        Case(
            "batch at a root field",
            #"type Query { a: Int @rest(route: "users.byIds", with: {ids: "$batch.id"}, key: "id") }"#,
            #"1:61: "$batch.id": Query.a is a root field, it has no parents."#),
        Case(
            "argument that the field has not",
            #"type Query { a(code: ID): Int @rest(route: "users.get", with: {id: "$args.cod"}) }"#,
            #"1:68: "$args.cod": Query.a has no argument "cod". (did you mean "$args.code"?)"#),
        Case(
            "field that an input object has not",
            #"type Query { a(x: I): Int @rest(route: "users.get", with: {id: "$args.x.nam"}) } input I { name: ID }"#,
            #"1:64: "$args.x.nam": I has no field "nam". (did you mean "name"?)"#),
        Case(
            "argument that the route needs", #"type Query { a: Int @rest(route: "posts.create") }"#,
            #"1:21: Route "posts.create" uses $args.input: Query.a has no argument "input"."#),
        Case(
            "claims", #"type Query { a: Int @rest(route: "users.get", with: {id: "$claims.sub"}) }"#,
            #"1:58: "$claims.sub": there are no claims without auth.jwt in the configuration."#),
        Case(
            "no expression", #"type Query { a: Int @rest(route: "users.get", with: {id: "$arg.x"}) }"#,
            #"1:58: "$arg.x" is not a value: use $args.x, $this.x, $batch.x, $claims.x, $header.x, $client.subject or $profile, or $$ "#
                + #"for a text that begins with $. (did you mean "$args.x"?)"#),
        Case(
            "bad path", #"type Query { a: Int @rest(route: "feed", at: "items[x]") }"#,
            #"1:52: "items[x]" is not a path: an index is a number between brackets."#),
        Case(
            "batch without key",
            #"type Query { u: U @rest(route: "feed") } type U { a: U @rest(route: "users.byIds", with: {ids: "$batch.x"}) }"#,
            #"1:56: U.a uses $batch without "key": say which member of an answer's item holds the key."#),
        Case(
            "batch in a path",
            #"type Query { u: U @rest(route: "feed") } type U { a: U @rest(route: "users.get", with: {id: "$batch.x"}, key: "id") }"#,
            #"1:88: Route "users.get" takes {id} in its path, where no list can stand: $batch needs a variable in "#
                + "the query or the body."),
        Case(
            "key without batch", #"type Query { a: Int @rest(route: "feed", key: "id") }"#,
            #"1:42: "key" means nothing without $batch in "with"."#),
        Case(
            "batch within a list",
            #"type Query { u: U @rest(route: "feed") } type U { a: U @rest(route: "users.byIds", with: {ids: ["$batch.x"]}) }"#,
            "1:97: $batch is a variable's whole value, not a part of it."),
        Case(
            "both sources",
            #"type Query { a: Int @rest(route: "feed") @from(path: "b") }"#,
            #"1:42: Query.a has both @rest and @from: a fetched value is read at the path "at" of @rest."#),
    ]

    static let others = [
        Case(
            "auth and public", #"type Query { a: Int @rest(route: "feed") @auth @public }"#,
            "1:48: Query.a is both @public and under @auth."),
        Case(
            "negative weight", #"type Query { a: Int @rest(route: "feed") @cost(weight: -2) }"#,
            #"1:56: "weight" of @cost is -2; it must be 0 or more."#),
        Case(
            "size of what is no list", #"type Query { a: Int @rest(route: "feed") @listSize(assumed: 2) }"#,
            "1:42: @listSize stands on a field that is not a list: its type is Int."),
        Case(
            "negative size", #"type Query { a: [Int] @rest(route: "feed") @listSize(assumed: -1) }"#,
            #"1:63: "assumed" of @listSize is -1; it must be 0 or more."#),
        Case(
            "size of nothing", #"type Query { a: [Int] @rest(route: "feed") @listSize }"#,
            #"1:44: @listSize says nothing here: give "assumed", "argument" or both."#),
        Case(
            "argument that is not there",
            #"type Query { a(first: Int): [Int] @rest(route: "feed") @listSize(argument: "frist") }"#,
            #"1:76: The field has no argument "frist" that @listSize could read. (did you mean "first"?)"#),
        Case(
            "argument that is no Int",
            #"type Query { a(first: [Int]): [Int] @rest(route: "feed") @listSize(argument: "first") }"#,
            #"1:78: The argument "first" has the type [Int]; @listSize can read an Int only."#),
        Case(
            "a bad default on an interface is said once",
            #"type Query { n: N @rest(route: "feed") } interface N { a: Int @cost(weight: -1) } "#
                + "type A implements N { a: Int } type B implements N { a: Int }",
            #"1:77: "weight" of @cost is -1; it must be 0 or more."#),
        Case(
            "hidden Non-Null", #"type Query { a: Int! @rest(route: "feed") @hide(on: ["tv"]) }"#,
            "1:43: Query.a can't be hidden: its type Int! is Non-Null."),
        Case(
            "unknown profile in hide", #"type Query { a: Int @rest(route: "feed") @hide(on: ["tw"]) }"#,
            #"1:53: Unknown profile "tw"; there are web, tv. (did you mean "tv"?)"#),
        Case(
            "unknown profile in from",
            #"type Query { u: U @rest(route: "feed") } type U { a: Int @from(path: "b", on: "webb") }"#,
            #"1:79: Unknown profile "webb"; there are web, tv. (did you mean "web"?)"#),
        Case(
            "bad path in from", #"type Query { u: U @rest(route: "feed") } type U { a: Int @from(path: "b..c") }"#,
            #"1:73: "b..c" is not a path: a member's name is missing."#),
        Case(
            "index of an object",
            #"type Query { u: U @rest(route: "feed") } type U { a: Int @from(path: "[0].c") }"#,
            #"1:71: "[0].c" is not a path: it begins with an index, but starts at an object."#),
        Case(
            "two paths for all",
            #"type Query { u: U @rest(route: "feed") } type U { a: Int @from(path: "b") @from(path: "c") }"#,
            #"1:75: U.a has more than one @from without "on"."#),
        Case(
            "two paths for a profile",
            #"type Query { u: U @rest(route: "feed") } type U { a: Int @from(path: "b", on: ["tv"]) @from(path: "c", on: ["tv"]) }"#,
            #"1:87: U.a has more than one @from for profile "tv"."#),
        Case(
            "kind of no member",
            #"type Query { u: U @rest(route: "feed") } union U @kind(map: {Pst: "p"}) = Post type Post { a: Int }"#,
            #"1:62: "Pst" in the map of @kind is not an object type of U. (did you mean "Post"?)"#),
        Case(
            "kind for two types",
            #"type Query { u: U @rest(route: "feed") } union U @kind(map: {A: 1, B: [2, 1]}) = A | B type A { a: Int } type B { a: Int }"#,
            "1:75: The value 1 stands for both A and B in the map of @kind."),
        Case(
            "kind that is no value",
            #"type Query { u: U @rest(route: "feed") } union U @kind(map: {A: null}) = A type A { a: Int }"#,
            "1:65: A value in the map of @kind is a string, a number or a boolean; found null."),
        Case(
            "kind whose map is no map",
            #"type Query { u: U @rest(route: "feed") } union U @kind(map: "A") = A type A { a: Int }"#,
            #"1:61: The map of @kind goes from type names to values, {Post: "post"}; found "A"."#),
        Case(
            "different defaults of two interfaces",
            #"""
            type Query { u: U @rest(route: "feed") }
            interface A { x: Int @from(path: "a") } interface B { x: Int @from(path: "b") }
            type U implements A & B { x: Int }
            """#,
            "3:27: The interfaces A and B give U.x different defaults of @from: say on the field which it is."),
        Case(
            "an interface's unknown route, reported once",
            #"""
            type Query { u: A @rest(route: "feed") }
            interface A { x: Int @rest(route: "fed") }
            type U implements A { x: Int } type V implements A { x: Int }
            """#,
            #"2:35: Unknown route "fed". (did you mean "feed"?)"#),
    ]

    @Test(arguments: rest + others) func `a mistake is reported at its place`(_ example: Case) throws {
        let problems = try Fixture(example.sdl).problems
        #expect(problems == [example.problem])
    }

    @Test func `every mistake of a schema is reported`() throws {
        let sdl = """
            type Query { a: Int b: Int @rest(route: "nope") }
            type U { c: Int @from(path: "") }
            """
        #expect(try Fixture(sdl).problems.count == 3)
    }

    @Test(arguments: [
        ("Usr.history", #"[3] Unknown type "Usr" in "Usr.history". (did you mean "User.history"?)"#),
        ("User.histry", #"[3] User has no field "histry". (did you mean "User.history"?)"#),
        ("User", #"[3] "User" is not the coordinate of a field: write Type.field."#),
        ("User.id", "[3] User.id can't be dropped: its type ID! is Non-Null."),
        ("Node.id", "[3] User.id can't be dropped: its type ID! is Non-Null."),
    ]) func `a profile drops what exists and may be null`(_ coordinate: String, _ problem: String) throws {
        var fixture = try Fixture(PlanTests.sdl)
        fixture.profiles = ProfileSet([
            ProfileDefinition(name: "tv", drop: [ConfiguredCoordinate(coordinate, place: 3)])
        ])
        #expect(try fixture.problems.contains(problem))
    }

    @Test func `a profile caps lists`() throws {
        var fixture = try Fixture(PlanTests.sdl)
        fixture.profiles = ProfileSet([
            ProfileDefinition(
                name: "tv", listCaps: [ConfiguredListCap(ConfiguredCoordinate("User.name", place: 4), cap: 1)])
        ])
        #expect(try fixture.problems.contains("[4] User.name is not a list: its type is String."))
    }

    @Test func `a route's templates are checked too`() throws {
        let errors = #expect(throws: RouteTemplateErrors.self) {
            try Fixture.route(
                0, "r", "POST /r", headers: [("x-a", "$nope"), ("x-b", "{id} and $x")],
                body: .object([
                    TemplateMember(name: "a", value: .list([.string("$args.")])),
                    TemplateMember(name: "b", value: .string("$$ literal")),
                ]))
        }
        #expect(errors?.problems.map(\.part) == [.header("x-a"), .body(["a", "0"])])
    }
}
