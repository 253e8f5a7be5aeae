import Testing

@testable import Execution

@Suite("Contract: values (GraphQL §6.4.3)")
struct ValueTests {
    static let sdl = #"""
        scalar Any
        enum Color { RED GREEN }
        type Query { thing: Thing @rest(route: "thing") }
        type Thing {
          int: Int float: Float string: String boolean: Boolean id: ID color: Color any: Any
          must: Int! list: [Int] items: [Int!] both: [Int!]! thing: Thing deep: String @from(path: "a.b[1].c")
          other: Other
        }
        type Other { must: String! may: String }
        """#

    static func outline(_ content: String, _ selection: String) throws -> (data: String, errors: [String]) {
        let harness = try Harness(sdl, [("thing", "GET /thing")])
        harness.script.replies["GET /thing"] = .content(200, content)
        return try harness.outline("{ thing { \(selection) } }")
    }

    @Test(arguments: [
        ("int", "7", "7"), ("int", "1.0", "1"), ("int", "1e2", "100"), ("int", "-0", "0"), ("int", "-5", "-5"),
        ("int", "2147483647", "2147483647"), ("int", "-2147483648", "-2147483648"), ("int", "0.70e1", "7"),
        ("float", "1.50", "1.50"), ("float", "1e308", "1e308"),
        ("float", "12345678901234567890", "12345678901234567890"),
        ("string", #""a\u0041\"""#, #""a\u0041\"""#), ("boolean", "true", "true"), ("boolean", "false", "false"),
        ("id", #""x""#, #""x""#), ("id", "7", #""7""#), ("id", "7.0", #""7""#),
        ("id", "123456789012345678901234", #""123456789012345678901234""#),
        ("color", #""RED""#, #""RED""#), ("color", #""\u0052ED""#, #""\u0052ED""#),
        ("any", #"{"a": [1.50,  2]}"#, #"{"a": [1.50,  2]}"#), ("any", "1.0e99", "1.0e99"),
        ("list", "[1,null,2]", "[1,null,2]"), ("items", "[]", "[]"), ("int", "null", "null"),
    ])
    func `a value that fits is answered`(field: String, json: String, answer: String) throws {
        let outline = try Self.outline("{\"\(field)\":\(json)}", field)
        #expect(outline.data == "{\"thing\":{\"\(field)\":\(answer)}}")
        #expect(outline.errors.isEmpty)
    }

    @Test(arguments: [
        ("int", "1.5"), ("int", "2147483648"), ("int", "-2147483649"), ("int", "1e40"), ("int", "\"1\""),
        ("int", "true"), ("float", "1e309"), ("float", "\"1\""), ("string", "1"), ("string", "{}"),
        ("boolean", "1"), ("boolean", "\"true\""), ("id", "1.5"), ("id", "true"), ("id", "1e9999"),
        ("color", "\"BLUE\""), ("color", "1"), ("list", "{}"), ("list", "1"), ("thing", "[]"), ("thing", "\"x\""),
    ])
    func `a value that does not fit is null and TYPE_MISMATCH`(field: String, json: String) throws {
        let outline = try Self.outline("{\"\(field)\":\(json)}", field == "thing" ? "thing { int }" : field)
        #expect(outline.data == "{\"thing\":{\"\(field)\":null}}")
        #expect(outline.errors == ["TYPE_MISMATCH thing.\(field)"])
    }

    @Test(arguments: [
        (#"{"must":null}"#, "must", #"{"thing":null}"#, ["thing.must"]),
        ("{}", "must", #"{"thing":null}"#, ["thing.must"]),
        (#"{"items":[1,null]}"#, "items", #"{"thing":{"items":null}}"#, ["thing.items.1"]),
        (#"{"both":[1,"x"]}"#, "both", #"{"thing":null}"#, ["thing.both.1"]),
        (#"{"list":[1,"x",2]}"#, "list", #"{"thing":{"list":[1,null,2]}}"#, ["thing.list.1"]),
        (
            #"{"thing":{"must":"x"},"int":1}"#, "int thing { must }", #"{"thing":{"int":1,"thing":null}}"#,
            ["thing.thing.must"]
        ),
        (
            #"{"int":"x","thing":{"must":"x"}}"#, "int thing { int must }", #"{"thing":{"int":null,"thing":null}}"#,
            ["thing.int", "thing.thing.must"]
        ),
        (
            #"{"other":{"may":1}}"#, "other { may must }", #"{"thing":{"other":null}}"#,
            ["thing.other.may", "thing.other.must"]
        ),
    ])
    func `null goes to the nearest nullable position, errors stay in response order`(
        content: String, selection: String, data: String, errors: [String]
    ) throws {
        let outline = try Self.outline(content, selection)
        #expect(outline.data == data)
        #expect(outline.errors == errors.map { "TYPE_MISMATCH \($0)" })
    }

    @Test(
        arguments: [
            (#"{"a":{"b":[0,{"c":"x"}]}}"#, #""x""#, nil), (#"{"a":null}"#, "null", nil), ("{}", "null", nil),
            (#"{"a":{"b":[0]}}"#, "null", nil), (#"{"a":{"b":[0,null]}}"#, "null", nil),
            (#"{"a":1}"#, "null", ("object", "number", "/a")),
            (#"{"a":{"b":{}}}"#, "null", ("array", "object", "/a/b")),
            (#"{"a":{"b":[0,"x"]}}"#, "null", ("object", "string", "/a/b/1")),
            (#"{"a":{"b":[0,{"c":1}]}}"#, "null", ("String", "number", "/a/b/1/c")),
        ] as [(String, String, (String, String, String)?)])
    func `a path that meets nothing is null, one that meets something else a mismatch`(
        content: String, value: String, mismatch: (String, String, String)?
    ) throws {
        let harness = try Harness(Self.sdl, [("thing", "GET /thing")])
        harness.script.replies["GET /thing"] = .content(200, content)
        let text = try harness.answer("{ thing { deep } }")
        #expect(Harness.outline(text).data == #"{"thing":{"deep":\#(value)}}"#)
        if let (expected, found, pointer) = mismatch {
            #expect(text.contains(#""expected":"\#(expected)","found":"\#(found)","pointer":"\#(pointer)""#))
        } else {
            #expect(!text.contains("errors"))
        }
    }

    @Test func `an error tells all there is to tell, and no value`() throws {
        let harness = try Harness(Self.sdl, [("thing", "GET /thing")])
        harness.script.replies["GET /thing"] = .content(200, #"{"list":[1,"secret"]}"#)
        #expect(
            try harness.answer("{\n  a: thing { all: list } }")
                == #"{"data":{"a":{"all":[1,null]}},"errors":[{"message":"Thing.list: expected Int, found string","#
                + #""locations":[{"line":2,"column":14}],"path":["a","all",1],"extensions":{"code":"TYPE_MISMATCH","#
                + #""expected":"Int","found":"string","pointer":"/list/1"}}]}"#)
    }

    @Test func `a word that an enum doesn't have is told apart from a value of another kind`() throws {
        let harness = try Harness(Self.sdl, [("thing", "GET /thing")])
        for (value, found) in [(#""red""#, "string that is none of its values"), ("1", "number")] {
            harness.script.replies["GET /thing"] = .content(200, "{\"color\":\(value)}")
            let text = try harness.answer("{ thing { color } }")
            #expect(text.contains("\"message\":\"Thing.color: expected Color, found \(found)\""), "\(text)")
        }
    }
}
