import Bytes
import Testing

@testable import JSON

@Suite("Leaving members out")
struct DropFilterTests {
    private func filter(_ text: String, _ paths: [String]) throws -> String {
        let body = ByteBuffer()
        body.append(text)
        let output = ByteBuffer()
        output.append("before ")
        try output.append(body, dropping: DropPaths(paths))
        return String(output.string.dropFirst(7))
    }

    @Test(arguments: [
        (#"{"a": 1, "b": {"c" : 2,"d":3}, "e":4}"#, ["b.c"], #"{"a": 1,"b": {"d":3},"e":4}"#),
        (#"{"a":1,"b":2}"#, ["a"], #"{"b":2}"#),
        (#"{"a":1,"b":2}"#, ["b"], #"{"a":1}"#),
        (#"{"a":1,"b":2}"#, ["a", "b"], "{}"),
        (#"{"a":1,"a":2,"c":3}"#, ["a"], #"{"c":3}"#),
        (#"{"h":[{"x":1,"d":2},{"d":3},4]}"#, ["h[*].d"], #"{"h":[{"x":1},{},4]}"#),
        (#"{"h":[{"x":1,"d":2},{"x":3,"d":3}]}"#, ["h[*].d", "h[1].x"], #"{"h":[{"x":1},{}]}"#),
        ("[1, 2, [3, 4]]", ["[0]", "[2][1]"], "[2,[3]]"),
        (#"[{"a":{"b":[1]}}]"#, ["[*].a.b[*]"], #"[{"a":{"b":[]}}]"#),
        (#"  {"a":"x"}  "#, ["nope", "a.b"], #"{"a":"x"}"#),
        (#"{"\u0061\n":1,"b":2}"#, ["a\n"], #"{"b":2}"#),
        ("7", ["a"], "7"),
        (#"{"a":{"b":1}}"#, [], #"{"a":{"b":1}}"#),
    ]) func `named members and elements are left out, the rest is as it was`(
        _ text: String, _ paths: [String], _ expected: String
    ) throws {
        #expect(try filter(text, paths) == expected)
    }

    @Test(arguments: [
        #"{"a":1,}"#, #"{"a":}"#, #"{"a" 1}"#, #"{"a":1"#, "[1,]", "[1", #"{"a":1} x"#, #"{"b":{"c":[1,}]}"#, "",
        "{a:1}",
        "[[tru]]", #"{"a":1 "b":2}"#,
    ]) func `a malformed text is refused and nothing is appended`(_ text: String) throws {
        let body = ByteBuffer()
        body.append(text)
        let output = ByteBuffer()
        output.append("kept")
        #expect(throws: JSONError.self) { try output.append(body, dropping: DropPaths(["a", "b.c[0]", "[0].x"])) }
        #expect(output.string == "kept")
    }

    @Test func `nesting is bounded, dropped or not`() throws {
        let deep = String(repeating: "[", count: 200) + String(repeating: "]", count: 200)
        for paths in [["[0][0]"], ["[*]"], ["a"]] {
            #expect(throws: JSONError.self) { try filter(deep, paths) }
        }
    }

    @Test(arguments: [
        ("", 0), ("a..b", 2), ("a[", 1), ("a[x]", 2), ("a[0]b", 4), ("a.", 2), ("a[-1]", 2), ("a[+1]", 2),
    ])
    func `a bad path is told with its place`(_ path: String, _ offset: Int) {
        let error = #expect(throws: DropPathError.self) { try DropPaths([path]) }
        #expect(error?.offset == offset)
    }
}
