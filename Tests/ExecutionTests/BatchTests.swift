import Planning
import TestSupport
import Testing

@testable import Execution

@Suite("Contract: batches")
struct BatchTests {
    static let sdl = #"""
        type Query { posts: [Post!] @rest(route: "posts") }
        type Post {
          id: ID
          author: User @rest(route: "users", with: {ids: "$batch.authorId"}, key: "id")
          comments: [Comment!] @rest(route: "comments", with: {posts: "$batch.id"}, key: "post.id", at: "items")
        }
        type User { id: ID name: String! company: Company @rest(route: "companies", with: {ids: "$batch.companyId"}, key: "id") }
        type Comment { text: String author: User @rest(route: "users", with: {ids: "$batch.by"}, key: "id") }
        type Company { name: String }
        """#

    static func harness(_ posts: String, batchMax: Int? = nil) throws -> Harness {
        let harness = try Harness(
            sdl,
            [
                ("posts", "GET /posts"), ("users", "GET /users?ids={ids:,}"),
                ("comments", "GET /comments?post={posts}"),
                ("companies", "POST /companies"),
            ], batchMax: batchMax,
            bodies: ["companies": .object([TemplateMember(name: "ids", value: .string("{ids}"))])])
        harness.script.replies["GET /posts"] = .content(200, posts)
        return harness
    }

    @Test func `one call for all parents, keys once each, nulls left out`() throws {
        let harness = try Self.harness(
            #"[{"authorId":7},{"authorId":"7"},{"authorId":null},{},{"authorId":"a b"},{"authorId":8}]"#)
        harness.script.replies["GET /users?ids=7,a%20b,8"] = .content(
            200, #"[{"id":"a b","name":"A"},{"id":"7","name":"B"},{"id":7,"name":"C"},3,{"name":"?"}]"#)
        #expect(
            try harness.answer("{ posts { author { name } } }")
                == #"{"data":{"posts":[{"author":{"name":"B"}},{"author":{"name":"B"}},{"author":null},"#
                + #"{"author":null},{"author":{"name":"A"}},{"author":null}]}}"#)
        #expect(harness.script.log.count == 2)
    }

    @Test func `no keys, no call`() throws {
        let harness = try Self.harness(#"[{"authorId":null},{}]"#)
        #expect(
            try harness.answer("{ posts { author { name } } }")
                == #"{"data":{"posts":[{"author":null},{"author":null}]}}"#)
        #expect(harness.script.log == ["GET /posts"])
    }

    @Test func `a list field gets every match in the answer's order`() throws {
        let harness = try Self.harness(#"[{"id":1},{"id":2},{"id":3}]"#)
        harness.script.replies["GET /comments?post=1&post=2&post=3"] = .content(
            200,
            #"{"items":[{"post":{"id":2},"text":"a"},{"post":{"id":1},"text":"b"},{"post":{"id":"2"},"text":"c"}]}"#)
        #expect(
            try harness.answer("{ posts { comments { text } } }")
                == #"{"data":{"posts":[{"comments":[{"text":"b"}]},{"comments":[{"text":"a"},{"text":"c"}]},"#
                + #"{"comments":[]}]}}"#)
    }

    @Test func `the keys are split at the route's maximum, a failed part is its parents' alone`() throws {
        let harness = try Self.harness(#"[{"authorId":1},{"authorId":2},{"authorId":3},{"authorId":1}]"#, batchMax: 2)
        harness.script.replies["GET /users?ids=1,2"] = .content(503, "")
        harness.script.replies["GET /users?ids=3"] = .content(200, #"[{"id":3,"name":"C"}]"#)
        let outline = try harness.outline("{ posts { author { name } } }")
        #expect(
            outline.data == #"{"posts":[{"author":null},{"author":null},{"author":{"name":"C"}},{"author":null}]}"#)
        #expect(
            outline.errors == [0, 1, 3].map { "UPSTREAM_STATUS posts.\($0).author" })
    }

    @Test func `an error in an element points into the answer's list`() throws {
        let harness = try Self.harness(#"[{"authorId":1,"id":1},{"authorId":2}]"#)
        harness.script.replies["GET /users?ids=1,2"] = .content(200, #"[{"id":9},{"id":2,"name":5},{"id":1}]"#)
        let text = try harness.answer("{ posts { author { name } } }")
        #expect(
            Harness.outline(text).errors
                == ["TYPE_MISMATCH posts.0.author.name", "TYPE_MISMATCH posts.1.author.name"])
        #expect(text.contains(#""found":"null","pointer":"/2/name""#))
        #expect(text.contains(#""found":"number","pointer":"/1/name""#))
    }

    @Test(arguments: [("{}", "object"), ("3", "number"), (#""x""#, "string")])
    func `a batch's answer that is no list is a mismatch at each parent`(content: String, found: String) throws {
        let harness = try Self.harness(#"[{"authorId":1},{"authorId":2}]"#)
        harness.script.replies["GET /users?ids=1,2"] = .content(200, content)
        let text = try harness.answer("{ posts { author { name } } }")
        #expect(
            Harness.outline(text).errors == ["TYPE_MISMATCH posts.0.author", "TYPE_MISMATCH posts.1.author"])
        #expect(text.contains(#""expected":"array","found":"\#(found)","pointer":"""#))
    }

    @Test func `a key that is no scalar is a mismatch at its parent`() throws {
        let harness = try Self.harness(#"[{"authorId":{"x":1}},{"authorId":2}]"#)
        harness.script.replies["GET /users?ids=2"] = .content(200, #"[{"id":2,"name":"B"}]"#)
        let text = try harness.answer("{ posts { author { name } } }")
        #expect(Harness.outline(text).errors == ["TYPE_MISMATCH posts.0.author"])
        #expect(text.contains(#""pointer":"/0/authorId""#))
    }

    @Test func `a batch below a batch waits for all of its parents, keys keep their JSON in a body`() throws {
        let harness = try Self.harness(#"[{"authorId":1},{"authorId":2},{"authorId":3}]"#, batchMax: 2)
        harness.script.isManual = true
        harness.script.replies["GET /users?ids=1,2"] = .content(
            200, #"[{"id":1,"name":"A","companyId":"c\u0031"},{"id":2,"name":"B","companyId":7}]"#)
        harness.script.replies["GET /users?ids=3"] = .content(200, #"[{"id":3,"name":"C","companyId":"c1"}]"#)
        harness.script.replies["POST /companies"] = .content(
            200, #"[{"id":"7","name":"Seven"},{"id":"c1","name":"One"}]"#)
        let run = harness.run(try harness.plan("{ posts { author { company { name } } } }"))
        run.run { _ in }
        try harness.script.answer("GET /posts")
        try harness.script.answer("GET /users?ids=1,2")
        #expect(harness.script.open.map(Script.name) == ["GET /users?ids=3"])
        try harness.script.answer("GET /users?ids=3")
        #expect(harness.script.contents.last == #"{"ids":["c\u0031",7]}"#)
        try harness.script.answer("POST /companies")
        #expect(
            Harness.text(run) == #"{"data":{"posts":[{"author":{"company":{"name":"One"}}},"#
                + #"{"author":{"company":{"name":"Seven"}}},{"author":{"company":{"name":"One"}}}]}}"#)
    }

    @Test func `capped items make no calls`() throws {
        let profiles = ProfileSet([ProfileDefinition(name: "tv", defaultListCap: 1)])
        var harness = try Self.harness(#"[{"authorId":1},{"authorId":2}]"#)
        harness.profiles = profiles
        harness.script.replies["GET /users?ids=1"] = .content(200, #"[{"id":1,"name":"A"}]"#)
        #expect(
            try harness.answer("{ posts { author { name } } }", profile: "tv")
                == #"{"data":{"posts":[{"author":{"name":"A"}}]}}"#)
    }

    @Test func `any order of completion gives the same answer`() throws {
        var generator = SystemRandomNumberGenerator()
        let seed = UInt64.random(in: 1...(.max), using: &generator)
        var random = Seeded(seed)
        let query =
            "{ posts { id author { id name company { name } } comments { text author { name } } } x: posts { id } }"
        var answers: Set<String> = []
        for round in 0..<40 {
            let harness = try Self.harness(
                #"[{"id":1,"authorId":1},{"id":2,"authorId":2},{"id":3,"authorId":3}]"#, batchMax: 1)
            harness.script.isManual = true
            for id in 1...3 {
                harness.script.replies["GET /users?ids=\(id)"] =
                    id == 2
                    ? .content(500, "") : .content(200, #"[{"id":\#(id),"name":"N\#(id)","companyId":\#(id)}]"#)
                harness.script.replies["GET /comments?post=\(id)"] = .content(
                    200,
                    #"{"items":[{"post":{"id":\#(id)},"text":"t\#(id)","by":\#(4 - id)},{"post":{"id":\#(id)},"text":3}]}"#
                )
            }
            harness.script.replies["POST /companies"] = .content(
                200, #"[{"id":1,"name":"One"},{"id":3,"name":"Three"}]"#)
            let run = harness.run(try harness.plan(query))
            run.run { _ in }
            harness.script.answerAll { count in
                round == 0 ? 0 : round == 1 ? count - 1 : Int(random.next() % UInt64(count))
            }
            answers.insert(Harness.text(run))
            #expect(harness.script.log.count == 9, "seed \(seed)")
        }
        #expect(answers.count == 1, "seed \(seed)")
    }
}
