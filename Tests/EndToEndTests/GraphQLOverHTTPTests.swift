import Foundation
import TestSupport
import Testing

@Suite("GraphQL over HTTP")
struct GraphQLOverHTTPTests {
    static let served = #"{"data":{"thing":{"name":"well"}}}"#
    static let query = #"{"query": "{ thing { name } }"}"#

    private func gateway(_ profile: String = "compatible") throws -> (ServedGateway, ScriptedUpstream) {
        let upstream = ScriptedUpstream { peer, _ in
            while try peer.readRequest() != nil { try peer.send(answer("{\"name\": \"well\"}")) }
        }
        let gateway = try ServedGateway([
            "gateway.yaml": """
            server: {listen: "127.0.0.1:0", limits: {body: 4KiB, headers: 4KiB}}
            admin: {listen: "127.0.0.1:0"}
            graphql: {schemas: [schema.graphql], statusProfile: \(profile), limits: {batch: 2}}
            upstreams: {things: {url: "http://127.0.0.1:\(upstream.port)"}}
            routes: {thing: {upstream: things, request: "GET /thing?id={id}&n={n}"}}
            """,
            "schema.graphql": """
            type Query { thing(id: ID, n: Int): Thing @rest(route: "thing") }
            type Thing { name: String }
            """,
        ])
        return (gateway, upstream)
    }

    /// Content types of a POST, and the status.
    static let types: [(type: String?, status: Int)] = [
        ("application/json", 200), ("application/json; charset=utf-8", 200), ("application/json;charset=UTF-8", 200),
        ("application/json; charset=\"utf-8\"", 200), ("Application/JSON", 200),
        ("application/json; profile=x; charset=utf-8", 200),
        (nil, 415), ("", 415), ("application/json; charset=utf-16", 415), ("application/graphql", 415),
        ("application/graphql-response+json", 415), ("text/plain", 415), ("application/x-www-form-urlencoded", 415),
        ("multipart/form-data; boundary=x", 415), ("application/jsonp", 415), ("application/json+x", 415),
    ]

    @Test func `content is taken as JSON in UTF-8 and nothing else`() throws {
        let (gateway, upstream) = try gateway()
        defer { withExtendedLifetime(upstream) {} }
        for row in Self.types {
            let fields = row.type.map { ["Content-Type: \($0)"] } ?? []
            let response = try gateway.request("POST", "/graphql", fields: fields, body: Self.query)
            #expect(response.status == row.status, "\(row.type ?? "none")")
            guard row.status != 200 else { continue }
            #expect(response.text.contains("\"BAD_REQUEST\""))
            #expect(response.field("content-type")?.hasPrefix("application/json") == true)
        }
    }

    /// Accept, and the type that is answered; nil is 406.
    static let accepts: [(accept: String, type: String?)] = [
        ("application/json", "application/json"), ("APPLICATION/JSON", "application/json"),
        ("application/json;q=0.1, text/html", "application/json"),
        ("application/graphql-response+json;q=0.5, application/json;q=0.5", "application/graphql-response+json"),
        ("application/graphql-response+json;q=0.4, application/json;q=0.5", "application/json"),
        ("application/graphql-response+json; charset=utf-8", "application/graphql-response+json"),
        ("application/json; charset=utf-8", "application/json"),
        ("text/html, application/xhtml+xml, */*;q=0.8", "application/json"),
        ("application/*;q=0.5", "application/graphql-response+json"),
        ("*/*;q=0, application/json", "application/json"),
        ("application/json;q=0, */*", "application/graphql-response+json"),
        ("text/html", nil), ("application/json;q=0", nil), ("*/*;q=0", nil), ("application/xml, text/*", nil),
    ]

    @Test func `Accept chooses by q-value, then by how exact it is, then the type of GraphQL`() throws {
        let (gateway, upstream) = try gateway()
        for row in Self.accepts {
            for isGet in [false, true] {
                let fields = ["Accept: \(row.accept)"]
                let response =
                    isGet
                    ? try gateway.request("GET", "/graphql?query=%7Bthing%7Bname%7D%7D", fields: fields)
                    : try gateway.post(Self.query, fields: fields)
                #expect(response.status == (row.type == nil ? 406 : 200), "\(row.accept)")
                let type = "\(row.type ?? "application/json"); charset=utf-8"
                #expect(response.field("content-type") == type, "\(row.accept)")
            }
        }
        let split = try gateway.post(Self.query, fields: ["Accept: text/html", "Accept: application/json"])
        #expect(split.status == 200)
        let served = Self.accepts.filter { $0.type != nil }.count
        #expect(upstream.heads.all.count == served * 2 + 1)
    }

    @Test func `other methods are 405 with Allow`() throws {
        let (gateway, upstream) = try gateway()
        for method in ["PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "QUERY"] {
            let response = try gateway.request(method, "/graphql?query=%7Bthing%7Bname%7D%7D")
            #expect(response.status == 405 && response.field("allow") == "GET, POST", "\(method) \(response.status)")
        }
        #expect(upstream.heads.all.isEmpty)
    }

    /// Query strings of a GET; the answer's status by both profiles; nil = it is served.
    static let gets: [(query: String, refused: (compatible: Int, draft: Int)?)] = [
        ("query=%7Bthing%7Bname%7D%7D", nil),
        ("query=%7B+thing+%7B+name+%7D+%7D&variables=&operationName=&extensions=", nil),
        ("query=%7Bthing%7Bname%7D%7D&variables=null&extensions=null", nil),
        ("query=query+Q($id:ID)%7Bthing(id:$id)%7Bname%7D%7D&variables=%7B%22id%22:%221%22%7D&operationName=Q", nil),
        ("other=1&query=%7Bthing%7Bname%7D%7D&Query=%7B", nil),
        ("query=%7Bthing%7Bname%7D%7D&variables=%7B", (400, 422)),
        ("query=%7Bthing%7Bname%7D%7D&variables=[]", (400, 422)),
        ("query=%7Bthing%7Bname%7D%7D&extensions=x", (400, 422)),
        ("query=%7Bthing%7Bname%7D%7D&extensions=7", (400, 422)),
        ("query=%zz", (400, 422)), ("", (400, 422)), ("query=", (400, 422)), ("variables=%7B%7D", (400, 422)),
        ("query=%7B", (400, 400)), ("query=%7Bnothing%7D", (400, 422)),
    ]

    @Test func `GET takes its parameters from the query string`() throws {
        for (profile, isDraft) in [("compatible", false), ("draft-2026", true)] {
            let (gateway, upstream) = try gateway(profile)
            defer { withExtendedLifetime(upstream) {} }
            for row in Self.gets {
                let response = try gateway.request("GET", "/graphql?\(row.query)")
                let refused = row.refused.map { isDraft ? $0.draft : $0.compatible }
                #expect(response.status == refused ?? 200, "\(row.query): \(response.text)")
                #expect(refused != nil || response.text == Self.served, "\(row.query)")
            }
            #expect(try gateway.request("GET", "/graphql").status == (isDraft ? 422 : 400))
        }
    }

    @Test func `a byte order mark is no JSON, and says so`() throws {
        let (gateway, upstream) = try gateway()
        defer { withExtendedLifetime(upstream) {} }
        let response = try gateway.post("\u{FEFF}" + Self.query)
        #expect(response.status == 400 && response.text.contains("\"BAD_REQUEST\""))
        // In a document it is ignored (GraphQL §2.1.1).
        #expect(try gateway.post(#"{"query": "\uFEFF{ thing { name } }"}"#).text == Self.served)
    }

    /// Batches, the status and the code of the one error; an empty code: each entry has its own answer.
    static let batches: [(body: String, compatible: Int, draft: Int, code: String)] = [
        ("[\(query)]", 200, 200, ""),
        ("[\(query), {\"query\": \"{\"}]", 200, 200, ""),
        ("[{}, {\"query\": 7}]", 400, 422, "BAD_REQUEST"),
        ("[]", 400, 422, "BAD_REQUEST"), ("[7]", 400, 422, "BAD_REQUEST"),
        ("[\(query), null]", 400, 422, "BAD_REQUEST"), ("[[\(query)]]", 400, 422, "BAD_REQUEST"),
        ("[\(query), \(query), \(query)]", 400, 422, "LIMIT_EXCEEDED"),
        ("[\(query)", 400, 400, "BAD_REQUEST"),
    ]

    @Test func `a batch is answered in its order, or refused as one`() throws {
        for (profile, isDraft) in [("compatible", false), ("draft-2026", true)] {
            let (gateway, upstream) = try gateway(profile)
            defer { withExtendedLifetime(upstream) {} }
            for row in Self.batches {
                let accept = "Accept: application/graphql-response+json"
                let response = try gateway.post(row.body, fields: [accept])
                #expect(response.status == (isDraft ? row.draft : row.compatible), "\(row.body): \(response.text)")
                let isList = response.text.hasPrefix("[") && response.text.hasSuffix("]")
                #expect(isList == row.code.isEmpty, "\(row.body): \(response.text)")
                #expect(row.code.isEmpty || response.text.contains("\"code\":\"\(row.code)\""), "\(row.body)")
            }
        }
    }

    @Test func `what is too large is 413, 414 and 431`() throws {
        let (gateway, upstream) = try gateway()
        defer { withExtendedLifetime(upstream) {} }
        let long = String(repeating: "a", count: 9000)
        #expect(try gateway.post("{\"query\": \"\(long)\"}").status == 413)
        #expect(try gateway.request("GET", "/graphql?query=\(long)").status == 414)
        #expect(try gateway.post(Self.query, fields: ["X-Long: \(long)"]).status == 431)
        let chunked = try RawConnection(gateway.address)
        try chunked.send(
            "POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "2000\r\n\(String(repeating: " ", count: 0x2000))\r\n0\r\n\r\n")
        #expect(try chunked.readResponse().status == 413)
    }

    // MARK: Bad input

    /// Documents, and what their refusal says: the code, the message, and the place.
    static let messages: [(query: String, more: String, code: String, message: String, place: (Int, Int)?)] = [
        ("{ thing { nme } }", "", "GRAPHQL_VALIDATION_FAILED", #"Did you mean \"name\"?"#, (1, 11)),
        ("{ thng { name } }", "", "GRAPHQL_VALIDATION_FAILED", #"Did you mean \"thing\"?"#, (1, 3)),
        ("{ thing(idd: 1) { name } }", "", "GRAPHQL_VALIDATION_FAILED", #"Did you mean \"id\"?"#, (1, 9)),
        ("{ thing { ... on Thng { name } } }", "", "GRAPHQL_VALIDATION_FAILED", #"Did you mean \"Thing\"?"#, (1, 18)),
        (
            "query($x: Itn) { thing(n: $x) { name } }", "", "GRAPHQL_VALIDATION_FAILED", #"Did you mean \"Int\"?"#,
            (1, 11)
        ),
        ("{ thing { name @skp(if: true) } }", "", "GRAPHQL_VALIDATION_FAILED", #"\"@skp\""#, (1, 16)),
        ("{ thing }", "", "GRAPHQL_VALIDATION_FAILED", #"Did you mean \"thing { ... }\"?"#, (1, 3)),
        ("{ thing(n: \"a\") { name } }", "", "GRAPHQL_VALIDATION_FAILED", "Int", (1, 12)),
        ("{ thing { name }", "", "GRAPHQL_PARSE_FAILED", "Syntax Error", (1, 17)),
        (
            "query($n: Int) { thing(n: $n) { name } }", #""variables": {"n": "a"}"#, "BAD_USER_INPUT", #"\"$n\""#,
            (1, 7)
        ),
        ("query($n: Int!) { thing(n: $n) { name } }", "", "BAD_USER_INPUT", #"\"$n\""#, (1, 7)),
        ("query A { thing { name } }", #""operationName": "B""#, "OPERATION_RESOLUTION_FAILURE", #"\"B\""#, nil),
        (
            "query A { thing { name } } query B { thing { name } }", "", "OPERATION_RESOLUTION_FAILURE",
            "operationName", nil
        ),
    ]

    @Test func `a refusal names what is wrong, where, and what was probably meant`() throws {
        let (gateway, upstream) = try gateway()
        for row in Self.messages {
            let more = row.more.isEmpty ? "" : ", " + row.more
            let response = try gateway.post("{\"query\": \(ServedGateway.quoted(row.query))\(more)}")
            #expect(response.status == 400)
            #expect(response.text.contains("\"code\":\"\(row.code)\""), "\(row.query): \(response.text)")
            #expect(response.text.contains(row.message), "\(row.query): \(response.text)")
            let place = row.place.map { "\"locations\":[{\"line\":\($0.0),\"column\":\($0.1)}" }
            #expect(response.text.contains(place ?? "\"message\""), "\(row.query): \(response.text)")
        }
        #expect(upstream.heads.all.isEmpty)
    }
}
