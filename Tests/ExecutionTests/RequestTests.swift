import GraphQL
import HTTP
import Planning
import Testing

@testable import Execution

@Suite("Contract: template variables")
struct RequestTests {
    static let sdl = #"""
        scalar Any
        input In { a: Int b: [String] c: Float d: In2 = {e: 1} } input In2 { e: Int! f: E } enum E { X Y }
        type Query {
          path(id: ID): T @rest(route: "path")
          query(q: Any, l: [Int], f: Float, b: Boolean, s: String = "d f", e: E, i: In): T @rest(route: "query")
          joined(l: [String]): T @rest(route: "joined")
          body(i: In, s: String, n: Any): T @rest(route: "body")
          whole(i: In): T @rest(route: "whole", with: {input: "$args.i"})
          need(id: ID!, l: [Int!]): T @rest(route: "path")
          header(id: ID): T @rest(route: "path", with: {id: "$header.x-id"})
          profile: T @rest(route: "path", with: {id: "$profile"})
          literal: T @rest(route: "joined", with: {l: ["a", 1, "$header.x-id"]})
          parent: P @rest(route: "parent")
        }
        type P { id: Any child: T @rest(route: "path", with: {id: "$this.x.y"}) kids: T @rest(route: "repeated", with: {q: "$this.x"}) }
        type T { ok: Boolean }
        """#

    static func harness() throws -> Harness {
        try Harness(
            sdl,
            [
                ("path", "GET /p/{id}/end"), ("query", "GET /q?v=1&q={q}&l={l}&f={f}&b={b}&s={s}&e={e}&i={i}&x"),
                ("joined", "GET /j?l={l:,}"), ("body", "POST /body"), ("whole", "POST /whole"),
                ("parent", "GET /parent"),
                ("repeated", "GET /k?v=1&q={q}&x"),
            ],
            bodies: [
                "body": .object([
                    TemplateMember(name: "i", value: .string("$args.i")),
                    TemplateMember(name: "s", value: .string("pre-{s}")),
                    TemplateMember(name: "c", value: .number("1.50")),
                    TemplateMember(name: "l", value: .list([.string("{n}"), .null])),
                ]), "whole": .string("{input}"),
            ])
    }

    static func request(_ query: String, variables: CoercedVariables = [:]) throws -> [String] {
        let harness = try harness()
        _ = try harness.answer(query, variables: variables)
        return harness.script.log
    }

    @Test(arguments: [
        (#"{ path(id: "a/b?c d%ü") { ok } }"#, "GET /p/a%2Fb%3Fc%20d%25%C3%BC/end"),
        ("{ path(id: 7) { ok } }", "GET /p/7/end"),
        ("{ query { ok } }", "GET /q?v=1&s=d%20f&x"), ("{ query(s: null) { ok } }", "GET /q?v=1&x"),
        (
            #"{ query(q: {a: [1, "x"]}, l: [1, null, 2], f: 3.0, b: true, s: "", e: X) { ok } }"#,
            "GET /q?v=1&q=%7B%22a%22%3A%5B1%2C%22x%22%5D%7D&l=1&l=2&f=3&b=true&s=&e=X&x"
        ),
        (
            "{ query(f: 1.5e300, l: [], i: {c: 2}) { ok } }",
            "GET /q?v=1&f=1.5e%2B300&s=d%20f&i=%7B%22c%22%3A2%2C%22d%22%3A%7B%22e%22%3A1%7D%7D&x"
        ),
        (#"{ query(q: 12345678901234567890.50, l: 5) { ok } }"#, "GET /q?v=1&q=12345678901234567890.50&l=5&s=d%20f&x"),
        (#"{ joined(l: ["a,b", null, "c"]) { ok } }"#, "GET /j?l=a%2Cb,c"), ("{ joined { ok } }", "GET /j"),
        ("{ profile { ok } }", "GET /p/web/end"), ("{ literal { ok } }", "GET /j?l=a,1"),
    ])
    func `values are written where the template has them`(query: String, request: String) throws {
        #expect(try Self.request(query) == [request])
    }

    @Test(arguments: ["null", "\"\"", "\".\"", "\"..\"", #""a\u0000""#, #""a\r""#, #""a\nb""#])
    func `a path value that can't be is BAD_USER_INPUT and no call`(value: String) throws {
        let harness = try Self.harness()
        let outline = try harness.outline("{ path(id: \(value)) { ok } profile { ok } }")
        #expect(outline.errors == ["BAD_USER_INPUT path"])
        #expect(harness.script.log == ["GET /p/web/end"])
    }

    @Test func `an absent argument or header in a path is BAD_USER_INPUT`() throws {
        #expect(
            try Self.harness().outline("{ path { ok } header { ok } }").errors == [
                "BAD_USER_INPUT path", "BAD_USER_INPUT header",
            ])
        let harness = try Self.harness()
        harness.client.requestFields?.append(name: "X-Id", value: "h 1")
        _ = try harness.answer("{ header { ok } }")
        #expect(harness.script.log == ["GET /p/h%201/end"])
    }

    @Test(
        arguments: [
            ("7", "GET /p/7/end", ""), ("7.0", "GET /p/7/end", ""), ("1.5", "GET /p/1.5/end", ""),
            (#""\u0041""#, "GET /p/A/end", ""), ("true", "GET /p/true/end", ""), ("null", nil, "/x/y"),
            ("[1]", nil, "/x/y"), ("{}", nil, "/x/y"), (#""..""#, nil, "/x/y"),
        ] as [(String, String?, String)])
    func `a path value of the parent is read raw, or is a mismatch`(y: String, request: String?, pointer: String) throws
    {
        let harness = try Self.harness()
        harness.script.replies["GET /parent"] = .content(200, #"{"x":{"y":\#(y)}}"#)
        let text = try harness.answer("{ parent { child { ok } } }")
        #expect(harness.script.log == ["GET /parent"] + (request.map { [$0] } ?? []))
        if request == nil {
            #expect(Harness.outline(text).errors == ["TYPE_MISMATCH parent.child"])
            #expect(text.contains(#""pointer":"\#(pointer)""#))
        }
    }

    @Test func `a parent's list and object stand in the query`() throws {
        for (x, query) in [
            (#"["a", null,{"b":1}]"#, "&q=a&q=%7B%22b%22%3A1%7D"), (#"{"a": 1}"#, "&q=%7B%22a%22%3A%201%7D"),
            ("[]", ""),
            ("null", ""),
        ] {
            let harness = try Self.harness()
            harness.script.replies["GET /parent"] = .content(200, "{\"x\":\(x)}")
            _ = try harness.answer("{ parent { kids { ok } } }")
            #expect(harness.script.log.last == "GET /k?v=1\(query)&x")
        }
    }

    @Test(
        arguments: [
            (
                #"{ body(i: {a: null, b: ["x\"", null]}, s: "ü") { ok } }"#,
                #"{"i":{"a":null,"b":["x\"",null],"d":{"e":1}},"s":"pre-ü","c":1.50,"l":[null,null]}"#
            ),
            (#"{ body(i: null, s: null, n: 1.0) { ok } }"#, #"{"i":null,"s":null,"c":1.50,"l":[1.0,null]}"#),
            ("{ body { ok } }", #"{"c":1.50,"l":[null,null]}"#), ("{ whole { ok } }", nil),
            ("{ whole(i: null) { ok } }", "null"),
            ("{ whole(i: {d: {e: 2, f: Y}, c: 3.0}) { ok } }", #"{"c":3,"d":{"e":2,"f":"Y"}}"#),
        ] as [(String, String?)])
    func `in a body null is null, what is absent is left out`(query: String, body: String?) throws {
        let harness = try Self.harness()
        _ = try harness.answer(query)
        #expect(harness.script.contents == [body])
        #expect(harness.script.headers[0]["content-type"] == (body == nil ? nil : "application/json"))
    }

    @Test func `variables are put in, and a null at a Non-Null argument is BAD_USER_INPUT`() throws {
        let query = "query($id: ID, $l: Int, $o: In2) { need(id: $id, l: [$l]) { ok } }"
        #expect(try Self.request(query, variables: ["id": .string("v"), "l": .int(1)]) == ["GET /p/v/end"])
        for variables: CoercedVariables in [
            [:], ["id": .null], ["id": .string("v")], ["id": .string("v"), "l": .null],
        ] {
            let outline = try Self.harness().outline(query, variables: variables)
            #expect(outline.errors == ["BAD_USER_INPUT need"])
        }
        let nested = "query($e: Int, $s: String) { whole(i: {d: {e: $e}, b: [$s], a: $e}) { ok } }"
        let harness = try Self.harness()
        _ = try harness.answer(nested, variables: ["e": .int(4)])
        #expect(harness.script.contents == [#"{"a":4,"b":[null],"d":{"e":4}}"#])
    }

    @Test func `headers are set from templates, none with a control character`() throws {
        let sdl = "type Query { h(a: String): T @rest(route: \"r\", with: {a: \"$args.a\"}) } type T { ok: Boolean }"
        let harness = try Harness(
            sdl, [("r", "GET /r")],
            headers: [("x-fixed", "sluice"), ("x-a", "v {a}!"), ("x-p", "$profile"), ("x-h", "$header.cookie")])
        _ = try harness.answer(#"{ h(a: "é 1") { ok } }"#)
        #expect(harness.script.headers == [["x-fixed": "sluice", "x-a": "v é 1!", "x-p": "web"]])
        let outline = try harness.outline(#"{ h(a: "a\r\nb: c") { ok } x: h(a: "z") { ok } y: h(a: "y") { ok } }"#)
        #expect(outline.errors == ["BAD_USER_INPUT h"])
        #expect(harness.script.log.count == 3)
    }
}
