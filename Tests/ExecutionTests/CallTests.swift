import Bytes
import EventLoop
import Planning
import Testing

@testable import Execution

@Suite("Contract: a failed call")
struct CallTests {
    static let sdl = #"""
        type Query {
          a: Thing @rest(route: "a") b: Thing @rest(route: "b") must: Thing! @rest(route: "a")
          items: [Thing!] @rest(route: "a", at: "data.items")
        }
        type Thing { id: ID next: Thing @rest(route: "next", with: {id: "$this.id"}) nexts: [Thing!] }
        """#

    static func harness(
        _ reply: Script.Reply, fallbacks: [String: String] = [:], notFoundIsError: Bool = false
    ) throws -> Harness {
        let harness = try Harness(
            sdl, [("a", "GET /a"), ("b", "GET /b"), ("next", "GET /next/{id}")], fallbacks: fallbacks,
            notFoundIsError: notFoundIsError)
        harness.script.replies["GET /a"] = reply
        harness.script.replies["GET /b"] = .content(200, #"{"id":"b"}"#)
        return harness
    }

    @Test(
        arguments: [
            (.content(503, "{}"), "UPSTREAM_STATUS"), (.content(301, ""), "UPSTREAM_STATUS"),
            (.content(400, #"{"id":1}"#), "UPSTREAM_STATUS"), (.content(200, "<html>"), "UPSTREAM_INVALID_BODY"),
            (.content(200, #"{"id":"#), "UPSTREAM_INVALID_BODY"), (.content(200, " "), "UPSTREAM_INVALID_BODY"),
            (.bytes(200, Array(#"{"x":""#.utf8) + [0xFF] + Array(#""}"#.utf8)), "UPSTREAM_INVALID_BODY"),
            (
                .content(200, String(repeating: "[", count: 500) + String(repeating: "]", count: 500)),
                "UPSTREAM_INVALID_BODY"
            ),
            (.failure(.upstreamTimeout), "UPSTREAM_TIMEOUT"), (.failure(.upstreamUnreachable), "UPSTREAM_UNREACHABLE"),
            (.failure(.breakerOpen), "BREAKER_OPEN"), (.failure(.overloaded), "OVERLOADED"),
            (.failure(.deadlineExceeded), "DEADLINE_EXCEEDED"),
            (.failure(.upstreamInvalidBody), "UPSTREAM_INVALID_BODY"),
        ] as [(Script.Reply, String)])
    func `a failed call is null with its code, the other fields arrive`(reply: Script.Reply, code: String) throws {
        let outline = try Self.harness(reply).outline("{ a { id } b { id } }")
        #expect(outline.data == #"{"a":null,"b":{"id":"b"}}"#)
        #expect(outline.errors == ["\(code) a"])
    }

    @Test func `the error names route, upstream, status and attempts`() throws {
        #expect(
            try Self.harness(.content(503, "secret")).answer("{ x: a { id } }")
                == #"{"data":{"x":null},"errors":[{"message":"Query.a: the route a answered with status 503","#
                + #""locations":[{"line":1,"column":3}],"path":["x"],"extensions":{"code":"UPSTREAM_STATUS","#
                + #""route":"a","upstream":"up","status":503,"attempts":1}}]}"#)
        #expect(
            try Self.harness(.failure(.upstreamTimeout)).answer("{ a { id } }")
                .contains(#""extensions":{"code":"UPSTREAM_TIMEOUT","route":"a","upstream":"up","attempts":2}"#))
    }

    @Test func `nothing in the body is null without an error, at Non-Null a mismatch`() throws {
        for reply in [Script.Reply.content(204, ""), .content(200, ""), .content(200, "null")] {
            let harness = try Self.harness(reply)
            #expect(try harness.answer("{ a { id } }") == #"{"data":{"a":null}}"#)
            let outline = try harness.outline("{ must { id } }")
            #expect(outline.data == "null")
            #expect(outline.errors == ["TYPE_MISMATCH must"])
            #expect(try harness.answer("{ must { id } }").contains(#""found":"null","pointer":"""#))
        }
    }

    @Test func `a 404 is null, an error where the route or the type says so`() throws {
        #expect(try Self.harness(.content(404, "")).answer("{ a { id } }") == #"{"data":{"a":null}}"#)
        #expect(try Self.harness(.content(404, "")).outline("{ must { id } }").errors == ["UPSTREAM_STATUS must"])
        #expect(
            try Self.harness(.content(404, ""), notFoundIsError: true).outline("{ a { id } }").errors
                == ["UPSTREAM_STATUS a"])
    }

    @Test(
        arguments: [
            (.content(500, ""), true), (.failure(.breakerOpen), true), (.content(200, "x"), true),
            (.content(302, ""), true), (.failure(.deadlineExceeded), true), (.content(404, ""), false),
            (.content(400, ""), false),
        ] as [(Script.Reply, Bool)])
    func `a fallback value stands in on any failure but a 4xx`(reply: Script.Reply, isServed: Bool) throws {
        let harness = try Self.harness(reply, fallbacks: ["a": #"{"id":"f","data":{"items":[{"id":1}]}}"#])
        let text = try harness.answer("{ a { id } items { id } }")
        if isServed {
            #expect(
                text == #"{"data":{"a":{"id":"f"},"items":[{"id":"1"}]},"extensions":{"fallbacks":["#
                    + #"{"path":["a"],"route":"a","kind":"value"},{"path":["items"],"route":"a","kind":"value"}]}}"#)
        } else {
            #expect(!text.contains("fallbacks"))
        }
    }

    @Test func `a fallback below a propagated null is not named`() throws {
        let harness = try Self.harness(.content(500, ""), fallbacks: ["a": #"{"id":[]}"#])
        #expect(try harness.answer("{ a { id } }").contains("fallbacks"))
        let strict = try Harness(
            "type Query { a: T @rest(route: \"a\") } type T { b: T! @rest(route: \"b\") id: ID! }",
            [("a", "GET /a"), ("b", "GET /b")], fallbacks: ["b": #"{"id":1}"#])
        strict.script.replies["GET /a"] = .content(200, "{}")
        strict.script.replies["GET /b"] = .content(500, "")
        #expect(try !strict.answer("{ a { b { id } id } }").contains("fallbacks"))
    }

    @Test func `the same call is made once per query, however often it is selected`() throws {
        let harness = try Self.harness(.content(200, #"{"id":"x","data":{"items":[{"id":"x"},{"id":"x"}]}}"#))
        harness.script.replies["GET /next/x"] = .content(200, #"{"id":"n"}"#)
        let text = try harness.answer("{ a { id next { id } } again: a { next { n: id } } items { next { id } } }")
        #expect(
            text == #"{"data":{"a":{"id":"x","next":{"id":"n"}},"again":{"next":{"n":"n"}},"#
                + #""items":[{"next":{"id":"n"}},{"next":{"id":"n"}}]}}"#)
        #expect(harness.script.log == ["GET /a", "GET /next/x"])
        #expect(harness.script.released == 0)
    }

    @Test func `more calls than the limit are errors at their fields`() throws {
        var harness = try Self.harness(.content(200, #"{"data":{"items":[{"id":1},{"id":2},{"id":1},{"id":3}]}}"#))
        harness.callLimit = 2
        harness.script.replies["GET /next/1"] = .content(200, #"{"id":"n"}"#)
        let outline = try harness.outline("{ items { next { id } } }")
        #expect(outline.data == #"{"items":[{"next":{"id":"n"}},{"next":null},{"next":{"id":"n"}},{"next":null}]}"#)
        #expect(outline.errors == ["LIMIT_EXCEEDED items.1.next", "LIMIT_EXCEEDED items.3.next"])
        #expect(harness.script.log == ["GET /a", "GET /next/1"])
    }

    @Test func `the deadline ends all calls and answers with what is there`() throws {
        let harness = try Self.harness(.none)
        let run = harness.run(try harness.plan("{ a { next { id } } b { id next { id } } }"))
        harness.script.replies["GET /next/b"] = Script.Reply.none
        var completions = 0
        run.run { _ in completions += 1 }
        #expect(completions == 0)
        run.deadlineReached()
        run.deadlineReached()
        #expect(completions == 1)
        let outline = Harness.outline(Harness.text(run))
        #expect(outline.data == #"{"a":null,"b":{"id":"b","next":null}}"#)
        #expect(outline.errors == ["DEADLINE_EXCEEDED a", "DEADLINE_EXCEEDED b.next"])
        #expect(Set(harness.script.cancelled) == ["GET /a", "GET /next/b"])
    }

    @Test func `calls that would start after the deadline are not made`() throws {
        let harness = try Self.harness(.content(200, #"{"id":"x"}"#), fallbacks: ["b": #"{"id":"f"}"#])
        harness.script.replies["GET /b"] = Script.Reply.none
        let run = harness.run(try harness.plan("{ b { next { id } } }"))
        run.run { _ in }
        run.deadlineReached()
        let text = Harness.text(run)
        #expect(Harness.outline(text).data == #"{"b":{"next":null}}"#)
        #expect(Harness.outline(text).errors == ["DEADLINE_EXCEEDED b.next"])
        #expect(harness.script.log == ["GET /b"])
    }

    @Test func `a client that leaves ends all calls`() throws {
        let harness = try Self.harness(.none)
        let run = harness.run(try harness.plan("{ a { id } b { id } }"))
        var completions = 0
        run.run { _ in completions += 1 }
        run.cancel()
        run.cancel()
        #expect(completions == 1)
        #expect(run.isCancelled)
        #expect(harness.script.cancelled == ["GET /a"])
        run.finish()
        #expect(harness.script.released == 1)
    }

    @Test func `a pooled run answers the same again`() throws {
        let harness = try Self.harness(.content(200, #"{"id":"x","data":{"items":[{"id":"x"}]}}"#))
        harness.script.replies["GET /next/x"] = .content(200, #"{"id":"n"}"#)
        let pool = OperationRunPool(starter: harness.script, loop: nil)
        let plans = [
            try harness.plan("{ a { id next { id } } items { next { id } } }"),
            try harness.plan("{ b { id } a { id } }"),
        ]
        var answers: [String] = []
        for round in 0..<6 {
            let run = pool.take(plans[round % 2], variables: [:], context: harness.client, callLimit: 10)
            run.run { _ in }
            answers.append(Harness.text(run))
            pool.giveBack(run)
        }
        #expect(answers == [answers[0], answers[1], answers[0], answers[1], answers[0], answers[1]])
        #expect(answers[0] == #"{"data":{"a":{"id":"x","next":{"id":"n"}},"items":[{"next":{"id":"n"}}]}}"#)
        #expect(harness.script.released == harness.script.log.count)
    }

    @Test func `root fields of a mutation run one after the other and share nothing`() throws {
        let sdl = #"""
            type Query { q: Int @rest(route: "q") }
            type Mutation { add: Thing @rest(route: "add") }
            type Thing { id: ID next: Thing @rest(route: "next", with: {id: "$this.id"}) }
            """#
        let harness = try Harness(sdl, [("q", "GET /q"), ("add", "POST /add"), ("next", "GET /next/{id}")])
        harness.script.isManual = true
        harness.script.replies = [
            "POST /add": .content(200, #"{"id":"x"}"#), "GET /next/x": .content(200, #"{"id":"n"}"#),
        ]
        let run = harness.run(try harness.plan("mutation { __typename a: add { next { id } } b: add { next { id } } }"))
        var isComplete = false
        run.run { _ in isComplete = true }
        for name in ["POST /add", "GET /next/x", "POST /add", "GET /next/x"] {
            #expect(harness.script.open.map(Script.name) == [name])
            try harness.script.answer(name)
        }
        #expect(isComplete)
        #expect(
            Harness.text(run) == #"{"data":{"__typename":"Mutation","a":{"next":{"id":"n"}},"b":{"next":{"id":"n"}}}}"#)
    }
}

@Suite("Contract: the whole-request deadline")
struct RunningTests {
    @Test func `the loop's timer ends a run at its deadline`() throws {
        let harness = try CallTests.harness(.none)
        let loop = try EventLoop()
        harness.client.deadline = loop.preciseNow().advanced(byNanoseconds: 5_000_000)
        let run = OperationRun(
            try harness.plan("{ a { id } b { id } }"), variables: [:], context: harness.client, starter: harness.script,
            loop: loop)
        run.run { _ in loop.stop() }
        loop.run()
        let outline = Harness.outline(Harness.text(run))
        #expect(outline.data == #"{"a":null,"b":{"id":"b"}}"#)
        #expect(outline.errors == ["DEADLINE_EXCEEDED a"])
    }

    @Test func `a task can wait for a run`() async throws {
        let harness = try CallTests.harness(.content(200, #"{"id":"x"}"#))
        let run = harness.run(try harness.plan("{ a { id } }"))
        await run.run()
        #expect(Harness.text(run) == #"{"data":{"a":{"id":"x"}}}"#)
    }

    @Test func `a list of nothing but errors is answered with a bounded number of them`() throws {
        let harness = try Harness("type Query { l: [Int] @rest(route: \"l\") }", [("l", "GET /l")])
        harness.script.replies["GET /l"] = .content(
            200, "[\(Array(repeating: "\"x\"", count: 12_000).joined(separator: ","))]")
        #expect(try harness.outline("{ l }").errors.count == 10_000)
    }

    @Test func `many keys beyond the limit of calls are refused in linear time`() throws {
        let posts = (0..<20_000).map { "{\"authorId\":\($0)}" }.joined(separator: ",")
        var harness = try BatchTests.harness("[\(posts)]", batchMax: 1)
        harness.callLimit = 3
        harness.script.replies["GET /users?ids=0"] = .content(200, #"[{"id":0,"name":"A"}]"#)
        harness.script.replies["GET /users?ids=1"] = .content(200, "[]")
        let outline = try harness.outline("{ posts { author { name } } }")
        #expect(outline.data.hasPrefix(#"{"posts":[{"author":{"name":"A"}},{"author":null},{"author":null}"#))
        #expect(outline.errors.first == "LIMIT_EXCEEDED posts.2.author")
        #expect(harness.script.log.count == 3)
    }
}
