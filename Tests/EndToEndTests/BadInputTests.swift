import Foundation
import TestSupport
import Testing

@Suite("Nothing that a client sends ends the gateway")
struct BadInputTests {
    static let schema = "type Query { thing(id: ID): Thing @rest(route: \"thing\") }\ntype Thing { name: String }"

    private func gateway() throws -> (ServedGateway, ScriptedUpstream) {
        let upstream = ScriptedUpstream(always: answer("{\"name\": \"well\"}"))
        let gateway = try ServedGateway([
            "gateway.yaml": """
            server: {listen: "127.0.0.1:0", limits: {body: 2MiB, headers: 8KiB}, timeouts: {headers: 300ms, body: 300ms}}
            admin: {listen: "127.0.0.1:0"}
            graphql: {schemas: [schema.graphql]}
            upstreams: {things: {url: "http://127.0.0.1:\(upstream.port)"}}
            routes: {thing: {upstream: things, request: "GET /things?id={id}"}}
            """,
            "schema.graphql": Self.schema,
        ])
        return (gateway, upstream)
    }

    /// Contents of a POST that are refused with a code.
    static let contents: [(name: String, body: String, status: Int, code: String)] = [
        ("no JSON", "query { thing { name } }", 400, "BAD_REQUEST"),
        ("truncated JSON", "{\"query\": \"{ thing { name } }\"", 400, "BAD_REQUEST"),
        ("500 levels", String(repeating: "[", count: 500) + String(repeating: "]", count: 500), 400, "BAD_REQUEST"),
        ("a number", "7", 400, "BAD_REQUEST"),
        ("an empty batch", "[]", 400, "BAD_REQUEST"),
        ("a batch with a number", "[7]", 400, "BAD_REQUEST"),
        ("no query", "{}", 400, "BAD_REQUEST"),
        ("a query that is a list", "{\"query\": []}", 400, "BAD_REQUEST"),
        ("variables that are a list", "{\"query\": \"{ thing { name } }\", \"variables\": [1]}", 400, "BAD_REQUEST"),
        ("a broken document", "{\"query\": \"{ thing {\"}", 400, "GRAPHQL_PARSE_FAILED"),
        ("an empty document", "{\"query\": \"\"}", 400, "GRAPHQL_PARSE_FAILED"),
        ("an unknown field", "{\"query\": \"{ thing { nme } }\"}", 400, "GRAPHQL_VALIDATION_FAILED"),
        (
            "an unknown operation", "{\"query\": \"{ thing { name } }\", \"operationName\": \"X\"}", 400,
            "OPERATION_RESOLUTION_FAILURE"
        ),
        (
            "a variable of the wrong type",
            "{\"query\": \"query($id: ID) { thing(id: $id) { name } }\", \"variables\": {\"id\": {}}}", 400,
            "BAD_USER_INPUT"
        ),
        (
            "10,000 levels of selection", "{\"query\": \"\(String(repeating: "{ thing", count: 10_000))\"}", 400,
            "GRAPHQL_PARSE_FAILED"
        ),
        (
            "10,000 levels of list value", "{\"query\": \"{ thing(id: \(String(repeating: "[", count: 10_000))\"}", 400,
            "GRAPHQL_PARSE_FAILED"
        ),
        (
            "a query of 1 MB", "{\"query\": \"{ \(String(repeating: "thing { name } ", count: 66_000)) }\"}", 400,
            "LIMIT_EXCEEDED"
        ),
        (
            "a batch over the limit",
            "[" + Array(repeating: "{\"query\": \"{ thing { name } }\"}", count: 11).joined(separator: ",") + "]", 400,
            "LIMIT_EXCEEDED"
        ),
        (
            "31 aliases", "{\"query\": \"{ thing { \((0..<31).map { "a\($0): name" }.joined(separator: " ")) } }\"}",
            400, "LIMIT_EXCEEDED"
        ),
        ("more than limits.body", "{\"query\": \"\(String(repeating: " ", count: 2 << 20))\"}", 413, "BAD_REQUEST"),
    ]

    @Test func `each content that is no request is refused with its code`() throws {
        let (gateway, upstream) = try gateway()
        for content in Self.contents {
            let response = try gateway.post(content.body, fields: ["Accept: application/graphql-response+json"])
            #expect(response.status == content.status, "\(content.name): \(response.text.prefix(200))")
            #expect(
                response.text.contains("\"code\":\"\(content.code)\""), "\(content.name): \(response.text.prefix(300))")
        }
        #expect(upstream.heads.all.isEmpty)
        #expect(try gateway.query("{ thing { name } }").failures.isEmpty)
    }

    @Test func `content that is no UTF-8 is refused`() throws {
        let (gateway, _) = try gateway()
        let body = Array("{\"query\": \"{ thing { name } } #".utf8) + [0xFF] + Array("\"}".utf8)
        let connection = try RawConnection(gateway.address)
        try connection.send(
            "POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: \(body.count)\r\n\r\n"
        )
        try connection.send(body)
        let response = try connection.readResponse()
        #expect(response.status == 400 && response.text.contains("\"BAD_REQUEST\""))
    }

    /// Requests that HTTP itself refuses; the connection closes after the answer.
    static let requests: [(name: String, text: String, status: Int)] = [
        (
            "both lengths",
            "POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n", 400
        ),
        ("two lengths", "POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n", 400),
        ("obs-fold", "GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n", 400),
        ("a bare CR", "GET / HTTP/1.1\r\nHost: x\r\nA: b\rc\r\n\r\n", 400),
        ("space before the colon", "GET / HTTP/1.1\r\nHost : x\r\n\r\n", 400),
        ("a NUL in a value", "GET / HTTP/1.1\r\nHost: x\r\nA: \0\r\n\r\n", 400),
        ("no Host", "GET / HTTP/1.1\r\n\r\n", 400),
        ("a long target", "GET /\(String(repeating: "a", count: 9000)) HTTP/1.1\r\nHost: x\r\n\r\n", 414),
        ("long fields", "GET / HTTP/1.1\r\nHost: x\r\nA: \(String(repeating: "a", count: 9000))\r\n\r\n", 431),
        ("half a head", "GET / HTTP/1.1\r\nHo", 408),
        (
            "half a body",
            "POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{", 408
        ),
    ]

    @Test func `each request that is no HTTP is refused and its connection closed`() throws {
        let (gateway, upstream) = try gateway()
        for request in Self.requests {
            let connection = try RawConnection(gateway.address)
            try connection.send(request.text)
            let response = try connection.readResponse()
            #expect(response.status == request.status, "\(request.name)")
            #expect(response.field("x-request-id") != nil, "\(request.name)")
            #expect(try connection.waitForClose(), "\(request.name)")
        }
        #expect(upstream.heads.all.isEmpty)
        #expect(try gateway.query("{ thing { name } }").failures.isEmpty)
    }
}
