import Foundation
import GraphQL
import Testing

/// The answer's text.
private func answer(_ query: String, _ thing: String) throws -> String {
    try SpecificationRequest(thing: thing).harness.answer(query)
}

private func object(_ text: String) throws -> [String: Any] {
    try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
}

@Suite("GraphQL §7.1.1 Execution Result")
struct ExecutionResultTests {
    @Test func `there is data, and errors only where there are any`() throws {
        #expect(try answer("{ thing { int } }", #"{"int":1}"#) == #"{"data":{"thing":{"int":1}}}"#)
        let failed = try object(answer("{ thing { int } }", #"{"int":"x"}"#))
        #expect(Set(failed.keys) == ["data", "errors"])
        #expect((failed["errors"] as? [Any])?.count == 1)
    }
}

@Suite("GraphQL §7.1.4 Response Position")
struct ResponsePositionTests {
    @Test func `a path is made of response names and of indices from 0`() throws {
        let text = try answer("{ a: thing { b: grid } }", #"{"grid":[[1],[2,"x"]]}"#)
        #expect(text.contains(#""path":["a","b",1,1]"#))
    }

    @Test func `it leads to where the error was, also below a null`() throws {
        let text = try answer("{ thing { strict { strict { must } } } }", #"{"strict":{"strict":{}}}"#)
        #expect(
            text.hasPrefix(#"{"data":{"thing":null},"#) && text.contains(#""path":["thing","strict","strict","must"]"#))
    }
}

@Suite("GraphQL §7.1.5 Data")
struct ResponseDataTests {
    @Test func `data is null if an error at the root could go nowhere else`() throws {
        #expect(try answer("{ must { int } }", "null").hasPrefix(#"{"data":null,"errors":[{"#))
    }

    @Test func `data is an empty object if nothing is left to execute`() throws {
        #expect(try answer("{ thing @skip(if: true) { int } }", "{}") == #"{"data":{}}"#)
    }
}

@Suite("GraphQL §7.1.6 Errors")
struct ResponseErrorTests {
    @Test func `an error has message, locations, path and extensions, and nothing else`() throws {
        let errors = try object(answer("{\n  thing {\n    int list\n  }\n}", #"{"int":"x","list":[true]}"#))["errors"]
        let list = try #require(errors as? [[String: Any]])
        #expect(list.count == 2)
        for error in list {
            #expect(Set(error.keys) == ["message", "locations", "path", "extensions"])
            #expect((error["message"] as? String)?.isEmpty == false)
        }
        #expect(list.map { "\($0["locations"] ?? "")" }.allSatisfy { $0.contains("line") })
        let lines = list.compactMap { ($0["locations"] as? [[String: Int]])?.first }
        #expect(lines == [["line": 3, "column": 5], ["line": 3, "column": 9]])
    }

    @Test func `every occurrence of a merged field is a location`() throws {
        let text = try answer("{ thing { int } thing { int } }", #"{"int":"x"}"#)
        #expect(text.contains(#""locations":[{"line":1,"column":11},{"line":1,"column":25}]"#))
    }
}

@Suite("GraphQL §7.1.7 Extensions")
struct ResponseExtensionTests {
    @Test func `extensions are an object, of an error its code`() throws {
        let failed = try object(answer("{ thing { int } }", #"{"int":"x"}"#))
        let error = (failed["errors"] as? [[String: Any]])?.first?["extensions"] as? [String: Any]
        #expect(error?["code"] as? String == "TYPE_MISMATCH")
    }
}

@Suite("GraphQL §7.1.8 Additional Entries")
struct AdditionalEntryTests {
    @Test(arguments: [#"{"int":1}"#, #"{"int":"x"}"#, "null", "[]"])
    func `an answer has no entries but the three`(thing: String) throws {
        let keys = try object(answer("{ thing { int } }", thing)).keys
        #expect(Set(keys).isSubset(of: ["data", "errors", "extensions"]))
    }
}

@Suite("GraphQL §7.2.1 JSON Serialization")
struct JSONSerializationTests {
    @Test(arguments: [
        ("string", #""a\"\\\/\b\f\n\r\t\u0001é😀""#), ("float", "-1.5e10"), ("float", "0.1"), ("int", "-7"),
        ("boolean", "false"), ("string", "null"), ("list", "[1,2]"), ("string", #""""#),
    ])
    func `scalars, lists and null are what they are in JSON`(field: String, value: String) throws {
        #expect(
            try answer("{ thing { \(field) } }", "{\"\(field)\":\(value)}")
                == "{\"data\":{\"thing\":{\"\(field)\":\(value)}}}")
    }

    @Test func `an enum value is a string, an identifier too`() throws {
        #expect(
            try answer("{ thing { color id } }", #"{"color":"RED","id":12}"#)
                == #"{"data":{"thing":{"color":"RED","id":"12"}}}"#)
    }
}

@Suite("GraphQL §7.2.2 Serialized Map Ordering")
struct MapOrderTests {
    @Test func `members have the order of the query`() throws {
        #expect(
            try answer(
                "{ thing { string ...F int } } fragment F on Thing { float id }",
                #"{"id":1,"int":2,"float":3,"string":"s"}"#)
                == #"{"data":{"thing":{"string":"s","float":3,"id":"1","int":2}}}"#)
    }
}
