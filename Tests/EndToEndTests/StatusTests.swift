import Foundation
import TestSupport
import Testing

@Suite("Contract §5: status codes of GraphQL answers")
struct StatusTests {
    static let modern = "application/graphql-response+json"
    static let plain = "application/json"

    private func gateway(_ upstream: ScriptedUpstream, profile: String) throws -> ServedGateway {
        try ServedGateway([
            "gateway.yaml": """
            server: {listen: "127.0.0.1:0", limits: {body: 4KiB}}
            admin: {listen: "127.0.0.1:0"}
            graphql: {schemas: [schema.graphql], statusProfile: \(profile), limits: {depth: 3}}
            upstreams: {things: {url: "http://127.0.0.1:\(upstream.port)"}}
            routes:
              thing: {upstream: things, request: "GET /thing"}
              make: {upstream: things, request: "POST /thing"}
              lost: {upstream: things, request: "GET /lost", notFound: error}
            profiles: {default: web, web: {}, tv: {drop: [Thing.name]}}
            """,
            "schema.graphql": """
            type Query { thing: Thing @rest(route: "thing") lost: Thing @rest(route: "lost") must: Thing! @rest(route: "lost") }
            type Mutation { make: Thing @rest(route: "make") }
            type Thing { name: String inner: Thing }
            """,
        ])
    }

    private static func upstream() -> ScriptedUpstream {
        ScriptedUpstream { peer, _ in
            while let head = try peer.readRequest() {
                let isLost = head.contains(" /lost ")
                try peer.send(isLost ? answer("{}", status: "404 Not Found") : answer("{\"name\": \"well\"}"))
            }
        }
    }

    /// Content, and its status by `compatible` with the modern type, with JSON only, and by `draft-2026`.
    static let contents: [(name: String, body: String, modern: Int, onlyJSON: Int, draft: Int)] = [
        ("data", #"{"query": "{ thing { name } }"}"#, 200, 200, 200),
        ("data with errors", #"{"query": "{ thing { name } lost { name } }"}"#, 200, 200, 294),
        ("null data with errors", #"{"query": "{ must { name } }"}"#, 200, 200, 294),
        ("no JSON", "{", 400, 400, 400),
        ("not well-formed", #"{"query": 7}"#, 400, 400, 422),
        ("an empty batch", "[]", 400, 400, 422),
        ("no document", #"{"query": "{"}"#, 400, 200, 400),
        ("invalid", #"{"query": "{ nothing }"}"#, 400, 200, 422),
        (
            "bad variables", #"{"query": "query($x: Int!) { thing { name @skip(if: false) } a: thing { name } }"}"#,
            400, 200, 422
        ),
        ("no such operation", #"{"query": "query A { thing { name } }", "operationName": "B"}"#, 400, 200, 422),
        ("too deep", #"{"query": "{ thing { inner { inner { name } } } }"}"#, 400, 200, 422),
        ("an unknown hash", #"{"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "00"}}}"#, 200, 200, 422),
        ("a batch", #"[{"query": "{"}, {"query": "{ thing { name } }"}]"#, 200, 200, 200),
    ]

    /// Contents that hold no document: refused as `application/json`, whatever Accept says.
    static let beforeDocument = ["no JSON", "not well-formed", "an empty batch"]

    @Test func `each kind of answer has its status, by Accept and by profile`() throws {
        let upstream = Self.upstream()
        let compatible = try gateway(upstream, profile: "compatible")
        let draft = try gateway(upstream, profile: "draft-2026")
        for content in Self.contents {
            let modern = try compatible.post(content.body, fields: ["Accept: \(Self.modern)"])
            #expect(modern.status == content.modern, "\(content.name): \(modern.text)")
            let type = Self.beforeDocument.contains(content.name) ? Self.plain : Self.modern
            #expect(modern.field("content-type")?.hasPrefix(type) == true, "\(content.name)")
            let plain = try compatible.post(content.body, fields: ["Accept: \(Self.plain)"])
            #expect(plain.status == content.onlyJSON, "\(content.name) as JSON: \(plain.text)")
            #expect(plain.field("content-type")?.hasPrefix(Self.plain) == true)
            let newest = try draft.post(content.body, fields: ["Accept: \(Self.modern)"])
            #expect(newest.status == content.draft, "\(content.name) by the draft: \(newest.text)")
        }
    }

    /// Accept, the type that is answered, and the status of an invalid document.
    static let accepts: [(accept: String?, type: String, status: Int)] = [
        (nil, plain, 400),
        ("*/*", plain, 400),
        ("text/html, */*;q=0.1", plain, 400),
        (modern, modern, 400),
        (plain, plain, 200),
        ("\(plain), \(modern)", modern, 400),
        ("\(plain), \(modern);q=0.9", plain, 400),
        ("\(plain);q=0.5, */*;q=0.8", modern, 400),
        ("\(plain), */*", plain, 400),
        ("application/*", modern, 400),
        ("\(modern);q=0, */*", plain, 200),
    ]

    @Test func `the type is the one that Accept prefers`() throws {
        let upstream = Self.upstream()
        let gateway = try gateway(upstream, profile: "compatible")
        for row in Self.accepts {
            let fields = row.accept.map { ["Accept: \($0)"] } ?? []
            let response = try gateway.post(#"{"query": "{ nothing }"}"#, fields: fields)
            #expect(response.field("content-type")?.hasPrefix(row.type) == true, "\(row.accept ?? "none")")
            #expect(response.status == row.status, "\(row.accept ?? "none")")
        }
        #expect(try gateway.post("{}", fields: ["Accept: text/html"]).status == 406)
    }

    @Test func `methods and content types that aren't GraphQL's are refused`() throws {
        let upstream = Self.upstream()
        let gateway = try gateway(upstream, profile: "compatible")
        let put = try gateway.request("PUT", "/graphql", body: "{}")
        #expect(put.status == 405 && put.field("allow") == "GET, POST")
        let form = try gateway.request("POST", "/graphql", fields: ["Content-Type: text/plain"], body: "{}")
        #expect(form.status == 415 && form.text.contains("\"BAD_REQUEST\""))
        let latin = "Content-Type: application/json; charset=iso-8859-1"
        #expect(try gateway.request("POST", "/graphql", fields: [latin], body: "{}").status == 415)
        let large = try gateway.post("{\"query\": \"\(String(repeating: " ", count: 5000))\"}")
        #expect(large.status == 413)
    }

    @Test func `GET runs queries, refuses mutations, and says what it depends on`() throws {
        let upstream = Self.upstream()
        let gateway = try gateway(upstream, profile: "compatible")
        let query = try gateway.request("GET", "/graphql?query=%7B+thing+%7B+name+%7D+%7D")
        #expect(query.status == 200 && query.text == #"{"data":{"thing":{"name":"well"}}}"#)
        #expect(query.field("vary") == "x-device-profile")
        let mutation = try gateway.request("GET", "/graphql?query=mutation%7Bmake%7Bname%7D%7D")
        #expect(mutation.status == 405 && mutation.field("allow") == "POST")
        #expect(mutation.text.contains("\"BAD_REQUEST\""))
        let broken = try gateway.request("GET", "/graphql?query=%7Bthing%7Bname%7D%7D&variables=%7B")
        #expect(broken.status == 400)
        #expect(upstream.heads.all.count == 1)
    }

    @Test func `a profile drops its fields and says so once`() throws {
        let upstream = Self.upstream()
        let gateway = try gateway(upstream, profile: "compatible")
        let answer = try gateway.post(
            #"{"query": "{ thing { name } a: thing { name } }"}"#, fields: ["X-Device-Profile: tv"])
        #expect(
            answer.text
                == #"{"data":{"thing":{"name":null},"a":{"name":null}},"extensions":{"profile":{"dropped":["Thing.name"]}}}"#
        )
    }
}
