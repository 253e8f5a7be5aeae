import Foundation
import TestSupport
import Testing

@Suite("Fields of upstreams on composed answers")
struct ExposedFieldsTests {
    private func gateway(_ one: ScriptedUpstream, _ two: ScriptedUpstream) throws -> ServedGateway {
        try ServedGateway([
            "gateway.yaml": """
            server: {listen: "127.0.0.1:0"}
            admin: {listen: "127.0.0.1:0"}
            graphql: {schemas: [schema.graphql]}
            upstreams:
              one:
                url: "http://127.0.0.1:\(one.port)"
                headers: {expose: [x-first, {name: x-all, merge: append}, {name: x-left, merge: least}, {name: set-cookie, merge: append}]}
              two:
                url: "http://127.0.0.1:\(two.port)"
                headers: {expose: [x-first, {name: x-all, merge: append}, {name: x-left, merge: least}]}
              silent: {url: "http://127.0.0.1:\(two.port)"}
            routes:
              one: {upstream: one, request: "GET /one"}
              two: {upstream: two, request: "GET /two/{after}"}
              silent: {upstream: silent, request: "GET /silent"}
            rest:
              "GET /one": {route: one}
              "GET /shaped": {route: one, shape: Thing}
              "GET /silent": {route: silent}
              "GET /operation": {operation: both.graphql}
            """,
            "schema.graphql": """
            type Query { one: Thing @rest(route: "one"), silent: Thing @rest(route: "silent") }
            type Thing { name: String, two: Thing @rest(route: "two", with: {after: "$this.name"}) }
            """,
            "both.graphql": "query Both { one { name two { name } } }",
        ])
    }

    private let one = ScriptedUpstream(
        always: answer(
            "{\"name\": \"one\"}",
            fields:
                "X-First: one\r\nX-All: one\r\nX-Left: 17\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nX-Hidden: yes\r\n"))
    private let two = ScriptedUpstream(
        always: answer(
            "{\"name\": \"two\"}",
            fields: "X-First: two\r\nX-All: two\r\nX-Left: 9\r\nSet-Cookie: c=3\r\nX-Hidden: yes\r\n"))

    @Test func `GraphQL and operation doors merge them by their rules`() throws {
        let gateway = try gateway(one, two)
        let answers = [
            try gateway.post("{\"query\": \"{ one { name two { name } } }\"}"),
            try gateway.request("GET", "/operation"),
        ]
        for answer in answers {
            #expect(answer.status == 200 && answer.text.contains("\"two\""), "\(answer.text)")
            #expect(answer.fields("x-first") == ["one"])
            #expect(answer.fields("x-all") == ["one", "two"])
            #expect(answer.fields("x-left") == ["9"])
            #expect(answer.fields("set-cookie") == ["a=1", "b=2"])
            #expect(answer.fields("x-hidden").isEmpty)
        }
    }

    @Test func `route and shaped doors pass what is named, and nothing that isn't`() throws {
        let gateway = try gateway(one, two)
        for path in ["/one", "/shaped"] {
            let answer = try gateway.request("GET", path)
            #expect(answer.fields("x-first") == ["one"])
            #expect(answer.fields("set-cookie") == ["a=1", "b=2"])
            #expect(answer.fields("x-hidden").isEmpty)
        }
        let silent = try gateway.request("GET", "/silent")
        #expect(silent.status == 200)
        for name in ["x-first", "x-all", "x-left", "set-cookie", "x-hidden"] { #expect(silent.fields(name).isEmpty) }
    }
}
