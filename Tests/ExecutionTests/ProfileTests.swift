import Bytes
import Planning
import Testing

@testable import Execution

@Suite("Contract: profiles, kinds and shaped answers")
struct ProfileTests {
    static let sdl = #"""
        type Query { feed: [Item!] @rest(route: "feed") user: User @rest(route: "user") strict: [Item!] @rest(route: "feed") }
        union Item @kind(path: "type.name", map: {Post: "blog", Video: ["v/1", 3, true]}) = Post | Video
        interface Node { id: ID! history: [String!] }
        type Post implements Node { id: ID! history: [String!] title: String }
        type Video implements Node { id: ID! history: [String!] @hide(on: ["tv"]) url: String clips: [Node!] }
        type User {
          id: ID! name: String! @from(path: "profile.name") history: [String!] @hide(on: ["tv"]) secret: String @hide(on: ["tv"])
          tags: [[String!]!] posts: [Post!] @rest(route: "feed") friend: User
        }
        """#

    static func harness(feed: String = "[]", user: String = "{}") throws -> Harness {
        let harness = try Harness(
            sdl, [("feed", "GET /feed"), ("user", "GET /user")],
            profiles: ProfileSet([ProfileDefinition(name: "web"), ProfileDefinition(name: "tv", defaultListCap: 2)]))
        harness.script.replies = ["GET /feed": .content(200, feed), "GET /user": .content(200, user)]
        return harness
    }

    @Test(arguments: [
        (#""blog""#, #"{"__typename":"Post"}"#), (#""v\/1""#, #"{"__typename":"Video"}"#),
        ("3", #"{"__typename":"Video"}"#),
        ("true", #"{"__typename":"Video"}"#),
    ])
    func `the kind's value tells the type`(kind: String, item: String) throws {
        let harness = try Self.harness(feed: #"[{"type":{"name":\#(kind)}}]"#)
        #expect(try harness.answer("{ feed { __typename } }") == #"{"data":{"feed":[\#(item)]}}"#)
    }

    @Test(arguments: [
        (#"{"type":{"name":"x"}}"#, "string", "/0/type/name"), (#"{"type":{"name":null}}"#, "null", "/0/type/name"),
        ("{}", "null", "/0/type/name"), (#"{"type":[]}"#, "array", "/0/type"),
        (#"{"type":{"name":{}}}"#, "object", "/0/type/name"),
        ("7", "number", "/0"),
    ])
    func `a missing or unknown kind is a mismatch there`(item: String, found: String, pointer: String) throws {
        let text = try Self.harness(feed: "[\(item)]").answer("{ feed { __typename } }")
        #expect(Harness.outline(text).data == #"{"feed":null}"#)
        #expect(Harness.outline(text).errors == ["TYPE_MISMATCH feed.0"])
        #expect(text.contains(#""found":"\#(found)","pointer":"\#(pointer)""#))
    }

    @Test func `dropped fields are null and named in order of selection`() throws {
        let harness = try Self.harness(user: #"{"id":1,"history":["x"],"secret":"s","profile":{"name":"N"}}"#)
        #expect(
            try harness.answer("{ user { secret id x: history history } }", profile: "tv")
                == #"{"data":{"user":{"secret":null,"id":"1","x":null,"history":null}},"#
                + #""extensions":{"profile":{"dropped":["User.secret","User.history"]}}}"#)
        harness.script.replies["GET /user"] = .content(404, "")
        #expect(
            try harness.answer("{ user { secret } }", profile: "tv")
                == #"{"data":{"user":null},"extensions":{"profile":{"dropped":["User.secret"]}}}"#)
    }

    @Test func `one selected on an abstract type counts for the objects that came`() throws {
        let query = "{ feed { ... on Video { clips { id history } } } }"
        let post = #"{"type":{"name":3},"clips":[{"__typename":"Post","id":1,"history":["a"]}]}"#
        #expect(
            try Self.harness(feed: "[\(post)]").answer(query, profile: "tv")
                == #"{"data":{"feed":[{"clips":[{"id":"1","history":["a"]}]}]}}"#)
        let video = #"{"type":{"name":3},"clips":[{"__typename":"Video","id":1,"history":["a"]}]}"#
        #expect(
            try Self.harness(feed: "[\(video)]").answer(query, profile: "tv")
                == #"{"data":{"feed":[{"clips":[{"id":"1","history":null}]}]},"#
                + #""extensions":{"profile":{"dropped":["Video.history"]}}}"#)
    }

    @Test func `the outermost list is capped, what lies inside is not`() throws {
        let harness = try Self.harness(user: #"{"tags":[["a","b","c"],[],["d"]]}"#)
        #expect(try harness.answer("{ user { tags } }") == #"{"data":{"user":{"tags":[["a","b","c"],[],["d"]]}}}"#)
        #expect(
            try harness.answer("{ user { tags } }", profile: "tv") == #"{"data":{"user":{"tags":[["a","b","c"],[]]}}}"#)
    }

    @Test(arguments: [
        (
            #"{"id":7,"profile":{"name":"N"},"history":["h"],"other":1}"#, "web",
            #"{"id":"7","name":"N","history":["h"],"secret":null,"tags":null,"friend":null}"#
        ),
        (
            #"{"id":7,"profile":{"name":"N"},"history":["h"]}"#, "tv",
            #"{"id":"7","name":"N","tags":null,"friend":null}"#
        ),
        (
            #"[{"id":1,"profile":{"name":"A"}},null,{"id":3,"profile":{"name":"C"}}]"#, "tv",
            #"[{"id":"1","name":"A","tags":null,"friend":null},null]"#
        ),
        ("null", "web", "null"),
    ])
    func `a shaped door answers members under their GraphQL names`(content: String, profile: String, answer: String)
        throws
    {
        let (outcome, text) = try Self.shaped(content, profile)
        #expect(outcome == .written)
        #expect(text == answer)
    }

    @Test(
        arguments: [
            ("{", .invalidContent), ("3", .mismatch(expected: "object", found: "number")),
            (#"{"id":1}"#, .mismatch(expected: "String", found: "null")),
        ] as [(String, ShapedOutcome)])
    func `what can't be shaped leaves nothing`(content: String, expected: ShapedOutcome) throws {
        let (outcome, text) = try Self.shaped(content, "web")
        #expect(outcome == expected)
        #expect(text.isEmpty)
    }

    private static func shaped(_ content: String, _ profile: String) throws -> (ShapedOutcome, String) {
        let harness = try harness()
        let selected = try #require(harness.profiles.profile(named: profile))
        let door = ExecutableDoor(try ShapedDoor(mapping: harness.mapping, typeName: "User", profile: selected))
        let body = ByteBuffer()
        body.append(content)
        let output = ByteBuffer()
        let outcome = ShapedAnswerWriter().write(body, as: door, to: output)
        return (outcome, output.string)
    }
}
